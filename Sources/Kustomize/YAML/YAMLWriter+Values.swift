package import Kubernetes

/// Values whose members stay in their order, for people to read: quoted as go-yaml 2 would, since that is what
/// Kubernetes' tools read with.
extension YAMLWriter {
  /// Writes objects one after another, with `---` between them. No line is folded.
  package static func documents(_ values: [JSONValue]) -> [UInt8] {
    var writer = YAMLWriter(widthMax: .max)
    for (index, value) in values.enumerated() {
      if index > 0 { writer.separator() }
      writer.document(value)
    }
    return writer.bytes
  }

  private mutating func document(_ value: JSONValue) {
    column = 0
    indent = 0
    switch value {
    case .object(let object) where !object.isEmpty: block(object)
    case .array(let elements) where !elements.isEmpty: block(elements)
    default:
      inline(value, atStart: true)
      if column != 0 { lineBreak() }
    }
  }

  /// Begins on the line that is open: behind a dash, or at the indentation.
  private mutating func block(_ object: JSONObject) {
    for (index, member) in object.members.enumerated() {
      if index > 0 { startLine() }
      let isSimple = ScalarForm.isSimpleKey(member.key)
      if !isSimple { word("? ", atStart: true) }
      indent += 2
      text(member.key, isKey: isSimple, atStart: true)
      indent -= 2
      if !isSimple {
        if column != 0 { lineBreak() }
        startLine()
      }
      put(0x3A)
      behindColon(member.value, isSimple: isSimple)
    }
  }

  private mutating func behindColon(_ value: JSONValue, isSimple: Bool) {
    switch value {
    case .object(let object) where !object.isEmpty:
      indent += 2
      beginBlock(onNewLine: isSimple)
      block(object)
      indent -= 2
    case .array(let elements) where !elements.isEmpty:
      // Lists stand at the indentation of their key.
      if !isSimple { indent += 2 }
      beginBlock(onNewLine: isSimple)
      block(elements)
      if !isSimple { indent -= 2 }
    default:
      indent += 2
      inline(value, atStart: false)
      indent -= 2
      if column != 0 { lineBreak() }
    }
  }

  private mutating func beginBlock(onNewLine: Bool) {
    guard onNewLine else { return put(0x20) }
    lineBreak()
    startLine()
  }

  private mutating func block(_ elements: [JSONValue]) {
    for (index, element) in elements.enumerated() {
      if index > 0 { startLine() }
      put(0x2D)
      indent += 2
      switch element {
      case .object(let object) where !object.isEmpty:
        put(0x20)
        block(object)
      case .array(let inner) where !inner.isEmpty:
        put(0x20)
        block(inner)
      default:
        inline(element, atStart: false)
        if column != 0 { lineBreak() }
      }
      indent -= 2
    }
  }

  /// A scalar or an empty container.
  private mutating func inline(_ value: JSONValue, atStart: Bool) {
    switch value {
    case .null: word("null", atStart: atStart)
    case .bool(let flag): word(flag ? "true" : "false", atStart: atStart)
    case .integer(let number): word(String(number), atStart: atStart)
    case .double: word(value.text, atStart: atStart)
    case .string(let string): text(string, isKey: false, atStart: atStart)
    case .array: word("[]", atStart: atStart)
    case .object: word("{}", atStart: atStart)
    }
  }
}
