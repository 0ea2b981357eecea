import Kubernetes

/// A definition as YAML that people go on writing: short maps and lists on one line, quotes only where they must be.
enum DefinitionText {
  private static let flowMax = 80

  static func of(_ value: JSONValue) -> String {
    var lines: [String] = []
    write(value, indent: 0, &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func write(_ value: JSONValue, indent: Int, _ lines: inout [String]) {
    let space = String(repeating: " ", count: indent)
    switch value {
    case .object(let members):
      for (key, value) in members {
        if indent > 0 || value.objectValue == nil, let flow = flow(value), flow.utf8.count <= flowMax {
          lines.append("\(space)\(scalar(key)): \(flow)")
        } else {
          lines.append("\(space)\(scalar(key)):")
          write(value, indent: indent + 2, &lines)
        }
      }
    case .array(let elements):
      for element in elements { lines.append("\(space)- \(wholeFlow(element))") }
    default: lines.append(space + wholeFlow(value))
    }
  }

  /// A scalar, or a list or map of them on one line; nil for more.
  private static func flow(_ value: JSONValue) -> String? {
    switch value {
    case .object(let members):
      guard members.count <= 3, members.allSatisfy({ isScalar($0.value) || $0.value.arrayValue != nil }) else {
        return nil
      }
    case .array(let elements): guard elements.allSatisfy(isScalar) else { return nil }
    case .string: return wholeFlow(value).utf8.count <= flowMax ? wholeFlow(value) : nil
    default: break
    }
    return wholeFlow(value)
  }

  private static func isScalar(_ value: JSONValue) -> Bool { value.objectValue == nil && value.arrayValue == nil }

  private static func wholeFlow(_ value: JSONValue) -> String {
    switch value {
    case .object(let members):
      members.isEmpty
        ? "{}" : "{ " + members.map { "\(scalar($0.key)): \(wholeFlow($0.value))" }.joined(separator: ", ") + " }"
    case .array(let elements): "[" + elements.map(wholeFlow).joined(separator: ", ") + "]"
    case .string(let text): scalar(text)
    default: value.text
    }
  }

  private static func scalar(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let isPlain =
      bytes.first.map { isLetter($0) || $0 == UInt8(ascii: "/") } == true
      && bytes.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "_./-".utf8.contains($0) }
    if isPlain, JSONValue(plainYAMLScalar: text) == .string(text) { return text }
    return quoted(text)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// In double quotes, what is not printable to YAML escaped.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case " "..."~", "\u{A0}"..."\u{2027}", "\u{202A}"..."\u{D7FF}", "\u{E000}"..."\u{FEFE}", "\u{FF00}"..."\u{FFFD}",
        "\u{10000}"..."\u{10FFFF}":
        result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    }
    return result + "\""
  }
}
