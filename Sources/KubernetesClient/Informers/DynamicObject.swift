import Kubernetes

/// An object of any kind, as JSON, with its metadata at hand. Go's `unstructured.Unstructured`.
public struct DynamicObject: JSONConvertible, Hashable {
  public var json: JSONValue

  public init(json: JSONValue) { self.json = json }

  public var apiVersion: String { json["apiVersion"]?.stringValue ?? "" }
  public var kind: String { json["kind"]?.stringValue ?? "" }
  public var name: String { json[path: ["metadata", "name"]]?.stringValue ?? "" }
  public var namespace: String { json[path: ["metadata", "namespace"]]?.stringValue ?? "" }
  public var uid: String { json[path: ["metadata", "uid"]]?.stringValue ?? "" }
  public var resourceVersion: String { json[path: ["metadata", "resourceVersion"]]?.stringValue ?? "" }
  public var labels: Labels {
    (json[path: ["metadata", "labels"]]?.objectValue ?? [:]).reduce(into: [:]) { $0[$1.key] = $1.value.stringValue }
  }
  public var key: NamespacedName { NamespacedName(namespace, name) }

  public subscript(path: String...) -> JSONValue? {
    get { json[path: path] }
    set { json[path: path] = newValue }
  }
}
