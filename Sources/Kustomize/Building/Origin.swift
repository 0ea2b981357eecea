/// Where an object or a step of the build comes from, as `buildMetadata` has it written into annotations
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/resource/origin.go).
struct Origin {
  var path = ""
  var configuredIn = ""
  var configuredBy: (apiVersion: String, kind: String, name: String, namespace: String)?

  static let annotation = "config.kubernetes.io/origin"
  static let transformationsAnnotation = "alpha.config.kubernetes.io/transformations"

  func appending(_ path: String) -> Origin {
    var origin = self
    origin.path = self.path.isEmpty ? FilePath.clean(path) : FilePath.join(self.path, path)
    return origin
  }

  /// A built-in step of a kustomization.
  func builtIn(_ kind: String, in fileName: String) -> Origin {
    Origin(configuredIn: appending(fileName).path, configuredBy: ("builtin", kind, "", ""))
  }

  private var lines: [String] {
    var lines: [String] = []
    if !path.isEmpty { lines.append("path: \(Self.scalar(path))") }
    if !configuredIn.isEmpty { lines.append("configuredIn: \(Self.scalar(configuredIn))") }
    if let configuredBy {
      lines.append("configuredBy:")
      for (name, value) in [
        ("apiVersion", configuredBy.apiVersion), ("kind", configuredBy.kind), ("name", configuredBy.name),
        ("namespace", configuredBy.namespace),
      ] where !value.isEmpty {
        lines.append("  \(name): \(Self.scalar(value))")
      }
    }
    return lines
  }

  private static func scalar(_ text: String) -> String {
    var writer = YAMLWriter()
    guard (try? writer.write(.text(text))) != nil else { return text }
    return String(decoding: writer.bytes.dropLast(), as: UTF8.self)
  }

  var text: String { lines.isEmpty ? "{}\n" : lines.map { $0 + "\n" }.joined() }

  static func text(_ origins: [Origin]) -> String {
    origins.map { origin in
      let lines = origin.lines
      if lines.isEmpty { return "- {}\n" }
      return lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element + "\n" }.joined()
    }.joined()
  }
}
