import Kubernetes

/// Writes a value as JSON in any of the ways that the grammar allows: spaces, escapes, spellings of numbers.
enum JSONSpelling {
  static func text(of value: JSONValue, _ random: inout SeededRandom) -> [UInt8] {
    var text = ""
    write(value, to: &text, &random)
    return Array(text.utf8)
  }

  private static func space(_ text: inout String, _ random: inout SeededRandom) {
    while random.oneIn(4) { text += random.pick([" ", "\t", "\n", "\r", "\r\n", "   "]) }
  }

  private static func write(_ value: JSONValue, to text: inout String, _ random: inout SeededRandom) {
    space(&text, &random)
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += String(number)
    case .double(let number): write(number, to: &text, &random)
    case .string(let content): write(content, to: &text, &random)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        write(element, to: &text, &random)
      }
      space(&text, &random)
      text += "]"
    case .object(let object):
      text += "{"
      for (index, member) in object.enumerated() {
        if index > 0 { text += "," }
        space(&text, &random)
        write(member.key, to: &text, &random)
        space(&text, &random)
        text += ":"
        write(member.value, to: &text, &random)
      }
      space(&text, &random)
      text += "}"
    }
    space(&text, &random)
  }

  private static func write(_ number: Double, to text: inout String, _ random: inout SeededRandom) {
    var written = number.description
    if random.oneIn(2) { written = written.replacing("e", with: "E") }
    // Zeros behind the point change nothing.
    if random.oneIn(3), written.contains("."), !written.lowercased().contains("e") { written += "000" }
    text += written
  }

  private static func write(_ content: String, to text: inout String, _ random: inout SeededRandom) {
    text += "\""
    for scalar in content.unicodeScalars {
      switch scalar {
      case "\"", "\\": text += random.oneIn(2) ? "\\" + String(scalar) : escape(scalar, &random)
      case "/" where random.oneIn(2): text += "\\/"
      case _ where scalar.value < 0x20 || random.oneIn(12): text += escape(scalar, &random)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private static func escape(_ scalar: Unicode.Scalar, _ random: inout SeededRandom) -> String {
    String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16, uppercase: random.oneIn(2))
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}
