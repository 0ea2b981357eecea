import Kubernetes
import Yams

/// Objects as YAML, one document each.
enum YAMLText {
  static func of(_ objects: [JSONValue]) throws -> String {
    try objects.map { try Yams.serialize(node: node($0)) }.joined(separator: "---\n")
  }

  private static func node(_ value: JSONValue) -> Yams.Node {
    switch value {
    case .null: return Yams.Node("null", Tag(.null))
    case .bool(let flag): return Yams.Node(flag ? "true" : "false", Tag(.bool))
    case .integer(let number): return Yams.Node(String(number), Tag(.int))
    case .double(let number): return Yams.Node("\(number)", Tag(.float))
    // A text that would be read as something else, such as "80" or "true", comes out in quotes.
    case .string(let text): return .scalar(text.represented())
    case .array(let elements): return Yams.Node(elements.map(node))
    case .object(let object): return Yams.Node(object.map { (Yams.Node.scalar($0.key.represented()), node($0.value)) })
    }
  }
}
