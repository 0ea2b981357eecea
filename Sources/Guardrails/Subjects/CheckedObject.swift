public import Definitions
public import Kubernetes

/// An object that rules look at, and where it comes from.
public struct CheckedObject: Sendable {
  /// Indirect: objects are copied often, and definitions are large.
  public indirect enum Origin: Sendable {
    /// A manifest, as it was written.
    case manifest(SourceNode, file: String)
    /// Rendered of a service's definition: people change that, not the object.
    case definition(ServiceDefinition)
    /// Nothing is known but where it begins.
    case place(SourcePlace)
  }
  public let json: JSONValue
  public let origin: Origin
  let kind: String
  let apiVersion: String
  let name: String
  let namespace: String
  let labels: Labels

  public init(_ json: JSONValue, from origin: Origin) {
    self.json = json
    self.origin = origin
    kind = json["kind"]?.stringValue ?? ""
    apiVersion = json["apiVersion"]?.stringValue ?? ""
    name = json[path: ["metadata", "name"]]?.stringValue ?? ""
    namespace = json[path: ["metadata", "namespace"]]?.stringValue ?? "default"
    labels = json[path: ["metadata", "labels"]].map(\.texts) ?? [:]
  }

  /// The objects of a text of manifests; lists are taken apart, and documents that are no objects are left out.
  /// - Throws: `InvalidDefinition` where the text is not YAML.
  public static func manifests(in text: String, file: String) throws(InvalidDefinition) -> [CheckedObject] {
    try SourceNode.documents(in: text, file: file).flatMap { node -> [CheckedObject] in
      if case .sequence(let items)? = node["items"]?.content, node["kind"]?.json.stringValue?.hasSuffix("List") == true
      {
        return items.map { CheckedObject($0.json, from: .manifest($0, file: file)) }
      }
      return [CheckedObject(node.json, from: .manifest(node, file: file))]
    }.filter { !$0.kind.isEmpty && !$0.apiVersion.isEmpty }
  }

  /// The same object, at the place of the manifest that begins at a line; at that line where there is none.
  public func placed(in manifests: [CheckedObject], line: Int, file: String) -> CheckedObject {
    let source = manifests.last { $0.place(of: ObjectPath(), section: []).line <= max(line, 1) }
    guard let source, case .manifest = source.origin, source.kind == kind else {
      return CheckedObject(json, from: .place(SourcePlace(file: file, line: line, column: line > 0 ? 1 : 0)))
    }
    return CheckedObject(json, from: source.origin)
  }

  /// `Deployment/web`.
  public var title: String { "\(kind)/\(name)" }

  func annotation(_ key: String) -> String? { json[path: ["metadata", "annotations"]]?[key]?.stringValue }

  func hit(_ message: String, at keys: String..., fix: Fix? = nil) -> Hit {
    Hit(message: message, path: ObjectPath(keys), fix: fix)
  }

  func hit(_ message: String, at path: ObjectPath, fix: Fix? = nil) -> Hit {
    Hit(message: message, path: path, fix: fix)
  }
}

extension JSONValue {
  /// The members of an object that are texts.
  var texts: [String: String] {
    var result: [String: String] = [:]
    for member in objectValue ?? [:] { result[member.key] = member.value.stringValue }
    return result
  }

  /// The elements of a list, each with its place in it.
  func items(_ key: String) -> [(index: Int, value: JSONValue)] {
    (self[key]?.arrayValue ?? []).enumerated().map { ($0.offset, $0.element) }
  }

  func text(_ path: String...) -> String? { self[path: path]?.stringValue }
  func integer(_ path: String...) -> Int64? { self[path: path]?.integerValue }
  func flag(_ path: String...) -> Bool? { self[path: path]?.boolValue }
}
