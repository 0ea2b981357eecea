import Kubernetes
import Yams

extension Yams.Node {
  /// The node as JSON, for what is handed on unread.
  var json: JSONValue {
    switch self {
    case .mapping(let mapping):
      return .object(JSONObject(mapping.map { ($0.key.string ?? "", $0.value.json) }))
    case .sequence(let sequence): return .array(sequence.map(\.json))
    case .alias: return .null
    case .scalar(let scalar):
      guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
      return JSONValue(plainYAMLScalar: scalar.string) ?? .string(scalar.string)
    }
  }
}
