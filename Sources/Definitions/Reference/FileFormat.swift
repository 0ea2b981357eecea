import Kubernetes

/// A format of ours, described: what `docs/reference.md` and the JSON Schemas under `schemas/` are made of.
public struct FileFormat: Sendable {
  /// `microservice.yaml`
  public let file: String
  let kind: String
  let shape: Shape

  public static let microservice = FileFormat(
    file: "microservice.yaml", kind: "Microservice", shape: MicroserviceShape.document)
  public static let platform = FileFormat(file: "platform.yaml", kind: "Platform", shape: PlatformShape.document)

  /// Those that people write to have services run.
  public static let all = [microservice, platform]

  /// Fields without a description, by their paths: there are none.
  public var undescribed: [String] {
    var found: [String] = []
    var visited: Set<String> = []
    for section in sections(of: shape, at: "", &visited) {
      found += section.fields.filter(\.doc.isEmpty).map { "\(file): \(section.path).\($0.name)" }
    }
    return found
  }
}

extension FileFormat {
  /// A map of fields, and where it stands: `spec.scale`, `spec.jobs.NAME`, `spec.nodeGroups[]`.
  struct Section {
    var path: String
    var fields: [Field]
  }

  /// Every map of fields, outer ones first. `environments` states `spec` again and is not gone into.
  func sections() -> [Section] {
    var visited: Set<String> = []
    return sections(of: shape, at: "", &visited)
  }

  private func sections(of shape: Shape, at path: String, _ visited: inout Set<String>) -> [Section] {
    switch shape {
    case .object(let fields):
      guard visited.insert(path).inserted else { return [] }
      var found = [Section(path: path, fields: fields)]
      for field in fields where field.name != "environments" {
        found += sections(of: field.shape, at: path.isEmpty ? field.name : "\(path).\(field.name)", &visited)
      }
      return found
    case .list(let element): return sections(of: element, at: path + "[]", &visited)
    case .map(let element), .named(let element): return sections(of: element, at: path + ".NAME", &visited)
    case .either(let alternatives): return alternatives.flatMap { sections(of: $0, at: path, &visited) }
    default: return []
    }
  }
}
