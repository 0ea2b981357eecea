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
    case .string(let text): return node(text)
    case .array(let elements): return Yams.Node(elements.map(node))
    case .object(let object): return Yams.Node(object.map { (node($0.key), node($0.value)) })
    }
  }

  /// A text that Kubernetes or others would read as something else, such as "80", "true" or "y", comes out in quotes.
  private static func node(_ text: String) -> Yams.Node {
    var scalar = text.represented()
    if scalar.style == .any || scalar.style == .plain, JSONValue(plainYAMLScalar: text) != .string(text) {
      scalar.style = .singleQuoted
    }
    return .scalar(scalar)
  }
}
