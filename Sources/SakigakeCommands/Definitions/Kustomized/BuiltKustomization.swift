import Definitions
import Guardrails
import Kubernetes
import Kustomize
import Rendering

/// A kustomization that is named beside definitions: its objects, and where each comes from.
struct BuiltKustomization {
  /// The label by which a kustomization's objects are known in a cluster; its value is `name`.
  static let label = "sakigake.dev/kustomization"

  /// The directory's path from the root of its repository, its parts separated by dots.
  let name: String
  let directory: String
  private(set) var warnings: [String] = []
  private var built: [Built] = []

  private struct Built {
    var object: JSONValue
    var file: String
    /// 0 where the object was generated, and no line of a file is its own.
    var line: Int
  }

  /// - Throws: `KustomizeError`.
  init(_ directory: String, below platform: String) throws {
    self.directory = directory
    name = Self.label(of: RepositoryPath.of(directory, below: platform))
    let result = try Kustomize.build(Files.absolute(directory), shownAs: directory, files: DiscTree.files)
    warnings = result.warnings
    built = try result.objects.map { object in
      let documents: [YAMLNode]
      do {
        documents = try YAMLReader.documents(in: Array(result.yaml[object.range]), .init(rules: .version2))
        guard let document = documents.first else { throw YAMLSyntaxError("holds no object", at: .unknown) }
        return Built(
          object: try document.json(), file: object.file.isEmpty ? directory : object.file, line: object.line)
      } catch {
        throw CommandFailure(.wrongInput, "error: \(directory): \(object.fileName) cannot be read again: \(error)")
      }
    }
  }

  /// Whether a directory holds a kustomization.
  static func isThere(_ directory: String) -> Bool {
    Files.isDirectory(directory)
      && ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains { Files.exists("\(directory)/\($0)") }
  }

  /// A label's value: at most 63 letters, digits, dots, dashes and underscores, a letter or digit at both ends.
  static func label(of path: String) -> String {
    let allowed = path.map { character -> Character in
      character.isASCII && (character.isLetter || character.isNumber || "-_".contains(character)) ? character : "."
    }
    var value = Substring(allowed.suffix(63).map(String.init).joined())
    while let first = value.first, !first.isLetter, !first.isNumber { value = value.dropFirst() }
    while let last = value.last, !last.isLetter, !last.isNumber { value = value.dropLast() }
    return value.isEmpty ? "root" : String(value)
  }

  /// What is applied: with the label, the source, and the platform's namespace where none is written.
  func objects(namespace: String, below platform: String) -> [JSONValue] {
    built.map { built in
      var object = built.object
      let path = RepositoryPath.of(built.file, below: platform)
      object.setText(built.line > 0 ? "\(path):\(built.line)" : path, under: "annotations", "sakigake.dev/source")
      object.setText(name, under: "labels", Self.label)
      if Self.isNamespaced(object) == true, (object[path: ["metadata", "namespace"]]?.stringValue ?? "").isEmpty {
        object[path: ["metadata", "namespace"]] = .string(namespace)
      }
      return object
    }
  }

  /// Nil for kinds that only the cluster knows.
  private static func isNamespaced(_ object: JSONValue) -> Bool? {
    let parts = (object["apiVersion"]?.stringValue ?? "").split(separator: "/")
    let group = parts.count > 1 ? String(parts[0]) : ""
    let kind = object["kind"]?.stringValue
    return knownKinds.first { $0.group == group && $0.kind == kind }?.isNamespaced
  }

  private static let knownKinds = ResourceType.builtIn + RenderedKinds.ofServices

  /// The objects as guardrails look at them, at the places in the manifests that they were read from.
  func checked() -> [CheckedObject] {
    var sources: [String: [CheckedObject]] = [:]
    return built.map { built in
      if sources[built.file] == nil {
        let text = Files.isDirectory(built.file) ? nil : try? Files.text(of: built.file)
        sources[built.file] = text.flatMap { try? CheckedObject.manifests(in: $0, file: built.file) } ?? []
      }
      let place = SourcePlace(file: built.file, line: built.line, column: built.line > 0 ? 1 : 0)
      return CheckedObject(built.object, from: .place(place))
        .placed(in: sources[built.file] ?? [], line: built.line, file: built.file)
    }
  }
}

extension JSONValue {
  fileprivate mutating func setText(_ text: String, under field: String, _ key: String) {
    var texts = self[path: ["metadata", field]]?.objectValue ?? [:]
    texts[key] = .string(text)
    self[path: ["metadata", field]] = .object(texts)
  }
}
