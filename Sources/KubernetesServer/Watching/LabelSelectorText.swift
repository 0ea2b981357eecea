import Kubernetes

/// Label selectors as queries carry them: `app=web,tier in (a, b),!canary`.
enum LabelSelectorText {
  static let requirementsMax = 256

  /// - Throws: 400 that says which requirement cannot be read.
  static func parse(_ text: String) throws(APIError) -> LabelSelector {
    var selector = LabelSelector()
    for term in terms(text) {
      guard let requirement = requirement(term), isKey(requirement.key) else {
        throw .badRequest("unable to parse requirement: found '\(term)' in '\(text)'")
      }
      selector.matchExpressions.append(requirement)
    }
    guard selector.matchExpressions.count <= requirementsMax else {
      throw .badRequest("a selector may have at most \(requirementsMax) requirements")
    }
    return selector
  }

  /// The text of a selector, as `scale` shows it.
  static func text(of selector: LabelSelector) -> String {
    let equalities = selector.matchLabels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let others = selector.matchExpressions.map { requirement in
      let values = requirement.values.sorted().joined(separator: ",")
      return switch requirement.op {
      case .in: "\(requirement.key) in (\(values))"
      case .notIn: "\(requirement.key) notin (\(values))"
      case .exists: requirement.key
      case .doesNotExist: "!\(requirement.key)"
      case .greaterThan: "\(requirement.key)>\(values)"
      case .lessThan: "\(requirement.key)<\(values)"
      }
    }
    return (equalities + others).joined(separator: ",")
  }

  /// Cut at the commas that are not between parentheses.
  private static func terms(_ text: String) -> [String] {
    var terms: [String] = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 { terms.append("") } else { terms[terms.count - 1].append(character) }
    }
    return terms.map { trimmed($0[...]) }
  }

  private static func requirement(_ term: String) -> LabelRequirement? {
    if term.hasPrefix("!") { return LabelRequirement(key: trimmed(term.dropFirst()), op: .doesNotExist) }
    if term.hasSuffix(")"), let open = term.firstIndex(of: "(") {
      let head = term[..<open].split(separator: " ", omittingEmptySubsequences: true)
      let values = term[term.index(after: open)...].dropLast().split(separator: ",", omittingEmptySubsequences: false)
      guard head.count == 2, head[1] == "in" || head[1] == "notin" else { return nil }
      return LabelRequirement(key: String(head[0]), op: head[1] == "in" ? .in : .notIn, values: values.map(trimmed))
    }
    let signs: [(String, LabelRequirement.Operator)] = [
      ("!=", .notIn), ("==", .in), ("=", .in), (">", .greaterThan), ("<", .lessThan),
    ]
    guard let start = term.firstIndex(where: { "!=<>".contains($0) }) else {
      return LabelRequirement(key: term, op: .exists)
    }
    for (sign, op) in signs where term[start...].hasPrefix(sign) {
      let value = trimmed(term[start...].dropFirst(sign.count))
      guard !value.contains(where: { "!=<> ()".contains($0) }) else { return nil }
      return LabelRequirement(key: trimmed(term[..<start]), op: op, values: [value])
    }
    return nil
  }

  private static func isKey(_ key: String) -> Bool {
    !key.isEmpty
      && key.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"): true
        default: false
        }
      }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
