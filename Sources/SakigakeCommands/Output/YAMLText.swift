import Kubernetes
import Kustomize

/// Objects as YAML, one document each.
enum YAMLText {
  /// Ends with a line break, unless there is no object.
  static func bytes(of objects: [JSONValue]) -> [UInt8] { YAMLWriter.documents(objects) }

  static func of(_ objects: [JSONValue]) -> String { String(decoding: bytes(of: objects), as: UTF8.self) }
}
