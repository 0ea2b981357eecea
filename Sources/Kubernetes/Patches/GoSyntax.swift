/// JSON as Go prints it in messages.
package enum GoSyntax {
  /// As `encoding/json` refuses a value that is no object, or not of another type that is asked for.
  package static func unmarshalMistake(_ value: JSONValue, into type: String = "map[string]interface {}") -> String {
    let found =
      switch value {
      case .bool: "bool"
      default: value.typeName
      }
    return "json: cannot unmarshal \(found) into Go value of type \(type)"
  }

  static func typeName(_ value: JSONValue) -> String {
    switch value {
    case .null: "<nil>"
    case .bool: "bool"
    case .integer: "int64"
    case .double: "float64"
    case .string: "string"
    case .array: "[]interface {}"
    case .object: "map[string]interface {}"
    }
  }

  /// As `%#v`.
  static func literal(_ value: JSONValue) -> String {
    switch value {
    case .null: "interface {}(nil)"
    case .bool, .integer, .double, .string: value.text
    case .array(let elements): "[]interface {}{\(elements.map(literal).joined(separator: ", "))}"
    case .object(let object):
      "map[string]interface {}{"
        + object.sortedByKey().map { "\(JSONValue.string($0.key).text):\(literal($0.value))" }.joined(separator: ", ")
        + "}"
    }
  }

  /// As `%v` of a pointer to a value.
  static func pointer(_ value: JSONValue) -> String { "&{\(plain(value))}" }

  /// As `%v`.
  static func plain(_ value: JSONValue) -> String {
    switch value {
    case .null: "<nil>"
    case .string(let text): text
    case .bool, .integer, .double: value.text
    case .array(let elements): "[\(elements.map(plain).joined(separator: " "))]"
    case .object(let object):
      "map[\(object.sortedByKey().map { "\($0.key):\(plain($0.value))" }.joined(separator: " "))]"
    }
  }
}
