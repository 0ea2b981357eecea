import Kubernetes

extension SourceNode {
  /// The value as its shape means it: what is written as a word, an amount or a measure is that text, even where YAML has
  /// a number or a truth value of the same letters.
  func json(as shape: Shape) -> JSONValue {
    switch (shape, content) {
    case (.object(let fields), .mapping(let members)):
      return .object(
        JSONObject(
          members.map { member in
            let field = fields.first { $0.name == member.key }
            return (member.key, field.map { member.value.json(as: $0.shape) } ?? member.value.json)
          }))
    case (.map(let element), .mapping(let members)), (.named(let element), .mapping(let members)):
      return .object(JSONObject(members.map { ($0.key, $0.value.json(as: element)) }))
    case (.list(let element), .sequence(let elements)):
      return .array(elements.map { $0.json(as: element) })
    case (.either(let alternatives), _):
      let fitting = alternatives.first { ShapeChecker.accepts(self, $0) } ?? alternatives[0]
      return json(as: fitting)
    case (.text, .scalar(_, let text)), (.word, .scalar(_, let text)), (.quantity, .scalar(_, let text)):
      return .string(text)
    default:
      return json
    }
  }
}
