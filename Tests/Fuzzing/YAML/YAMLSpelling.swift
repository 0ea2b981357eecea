import Kubernetes

/// Writes a value as YAML in any of the styles that manifests use: blocks, flows, quotes and literal texts.
enum YAMLSpelling {
  static func text(of value: JSONValue, _ random: inout SeededRandom) -> String {
    var text = random.oneIn(4) ? "# a comment\n---\n" : ""
    switch value {
    case .object(let object) where !object.isEmpty: block(object, 0, &text, &random)
    case .array(let elements) where !elements.isEmpty: block(elements, 0, &text, &random)
    default: text += flow(value, &random) + "\n"
    }
    return text
  }

  private static func indentation(_ level: Int) -> String { String(repeating: " ", count: level) }

  private static func block(_ object: JSONObject, _ level: Int, _ text: inout String, _ random: inout SeededRandom) {
    for (index, member) in object.enumerated() {
      // The first member may stand behind a dash.
      if index > 0 || text.last == "\n" || text.isEmpty { text += indentation(level) }
      text += key(member.key, &random) + ":"
      value(member.value, level, &text, &random)
    }
  }

  private static func block(_ elements: [JSONValue], _ level: Int, _ text: inout String, _ random: inout SeededRandom) {
    for element in elements {
      text += indentation(level) + "-"
      if case .object(let object) = element, !object.isEmpty, random.oneIn(2) {
        text += " "
        block(object, level + 2, &text, &random)
      } else {
        value(element, level, &text, &random)
      }
    }
  }

  /// What follows a key or a dash, with the end of its line.
  private static func value(_ value: JSONValue, _ level: Int, _ text: inout String, _ random: inout SeededRandom) {
    switch value {
    case .object(let object) where !object.isEmpty && !random.oneIn(5):
      text += "\n"
      block(object, level + 1 + random.below(3), &text, &random)
    case .array(let elements) where !elements.isEmpty && !random.oneIn(5):
      text += "\n"
      block(elements, level + 1 + random.below(3), &text, &random)
    case .string(let content) where isLiteral(content) && random.oneIn(2):
      let inner = indentation(level + 2)
      text += " |" + (content.hasSuffix("\n") ? "" : "-") + "\n"
      for line in content.split(separator: "\n") { text += inner + line + "\n" }
    default:
      text += " " + flow(value, &random)
      text += random.oneIn(8) ? " # a comment\n" : "\n"
    }
  }

  /// Lines of letters, at most one line break at the end.
  private static func isLiteral(_ content: String) -> Bool {
    !content.isEmpty && !content.contains("\n\n") && !content.hasPrefix("\n")
      && content.allSatisfy { $0 == "\n" || $0.isASCII && $0.isLetter }
  }

  private static func flow(_ value: JSONValue, _ random: inout SeededRandom) -> String {
    switch value {
    case .array(let elements): "[" + elements.map { flow($0, &random) }.joined(separator: ", ") + "]"
    case .object(let object):
      "{" + object.map { "\(key($0.key, &random)): \(flow($0.value, &random))" }.joined(separator: ", ") + "}"
    case .string(let content): string(content, &random)
    default: value.text
    }
  }

  private static func key(_ name: String, _ random: inout SeededRandom) -> String { string(name, &random) }

  private static func string(_ content: String, _ random: inout SeededRandom) -> String {
    let isWord = !content.isEmpty && content.allSatisfy { $0.isASCII && $0.isLetter }
    if isWord, case .string = PlainScalarJudge.value(of: content), !random.oneIn(4) { return content }
    if content.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || " :#-{[&*".contains($0)) }), random.oneIn(2) {
      return "'" + content + "'"
    }
    return quoted(content)
  }

  /// Everything but printable ASCII is escaped, as YAML's own escapes have it.
  private static func quoted(_ content: String) -> String {
    var text = "\""
    for scalar in content.unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\" + String(scalar)
      case " "..."~": text.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        text += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
    }
    return text + "\""
  }
}
