/// Regular expressions in Go's syntax (https://github.com/google/re2/wiki/Syntax), without captures.
///
/// The states of a pattern are followed all at once, so that a match takes time in proportion to the text, whatever the
/// pattern. Groups, alternatives, repetition, classes, anchors and `(?i)` are read; Unicode classes are not.
package struct Pattern: Sendable {
  package struct SyntaxError: Error {
    package var message: String
  }

  /// A set of characters.
  struct CharacterSet: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    func contains(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }
  }

  enum Step: Sendable {
    case character(CharacterSet)
    case split(Int, Int)
    case jump(Int)
    case assert(Assertion)
    case match
  }

  enum Assertion: Sendable { case start, end, lineStart, lineEnd, wordBoundary, noWordBoundary }

  private var steps: [Step] = []
  /// Where the whole pattern is a plain text between anchors: that text.
  private var literal: String?

  package init(_ pattern: String) throws(SyntaxError) {
    literal = Self.anchoredLiteral(pattern)
    if literal != nil { return }
    var parser = PatternParser(pattern)
    let tree = try parser.parse()
    var compiler = PatternCompiler()
    try compiler.add(tree)
    steps = compiler.steps + [.match]
  }

  /// A pattern that must match a text from end to end.
  package init(whole pattern: String) throws(SyntaxError) { try self.init("^(?:\(pattern))$") }

  /// The one text that a pattern `^(?:…)$` matches, where it is one.
  private static func anchoredLiteral(_ pattern: String) -> String? {
    guard pattern.hasPrefix("^(?:"), pattern.hasSuffix(")$") else { return nil }
    return plainText(pattern.dropFirst(4).dropLast(2))
  }

  /// A pattern that has no special characters.
  static func plainText(_ pattern: Substring) -> String? {
    let special = Set("\\.+*?()|[]{}^$".utf8)
    return pattern.utf8.contains(where: special.contains) ? nil : String(pattern)
  }

  package func matches(_ text: String) -> Bool {
    if let literal { return literal == text }
    let scalars = text.unicodeScalars.map(\.value)
    var current = StateList(count: steps.count)
    var next = StateList(count: steps.count)
    for position in 0...scalars.count {
      // Without an anchor a match may begin anywhere.
      if follow(0, position, scalars, &current) { return true }
      guard position < scalars.count else { break }
      next.removeAll()
      for state in current.states {
        guard case .character(let set) = steps[state], set.contains(scalars[position]) else { continue }
        if follow(state + 1, position + 1, scalars, &next) { return true }
      }
      swap(&current, &next)
    }
    return false
  }

  private struct StateList {
    var states: [Int] = []
    private var isIn: [Bool]

    init(count: Int) { isIn = Array(repeating: false, count: count) }

    mutating func insert(_ state: Int) -> Bool {
      if isIn[state] { return false }
      isIn[state] = true
      states.append(state)
      return true
    }

    mutating func removeAll() {
      for state in states { isIn[state] = false }
      states.removeAll(keepingCapacity: true)
    }
  }

  /// Adds a state and all that it leads to without a character.
  /// - Returns: whether the match is complete.
  private func follow(_ first: Int, _ position: Int, _ text: [UInt32], _ list: inout StateList) -> Bool {
    var pending = [first]
    while let state = pending.popLast() {
      guard list.insert(state) else { continue }
      switch steps[state] {
      case .match: return true
      case .jump(let target): pending.append(target)
      case .split(let left, let right): pending += [right, left]
      case .assert(let assertion): if holds(assertion, position, text) { pending.append(state + 1) }
      case .character: break
      }
    }
    return false
  }

  private func holds(_ assertion: Assertion, _ position: Int, _ text: [UInt32]) -> Bool {
    func isWord(_ index: Int) -> Bool {
      guard text.indices.contains(index) else { return false }
      return PatternParser.word.contains(text[index])
    }
    switch assertion {
    case .start: return position == 0
    case .end: return position == text.count
    case .lineStart: return position == 0 || text[position - 1] == 0x0A
    case .lineEnd: return position == text.count || text[position] == 0x0A
    case .wordBoundary: return isWord(position - 1) != isWord(position)
    case .noWordBoundary: return isWord(position - 1) == isWord(position)
    }
  }
}

/// Turns a pattern's tree into steps.
struct PatternCompiler {
  var steps: [Pattern.Step] = []
  private static let stepsMax = 10_000

  mutating func add(_ node: PatternParser.Node) throws(Pattern.SyntaxError) {
    guard steps.count < Self.stepsMax else { throw Pattern.SyntaxError(message: "it is too large") }
    switch node {
    case .empty: break
    case .set(let set): steps.append(.character(set))
    case .assertion(let assertion): steps.append(.assert(assertion))
    case .sequence(let nodes): for node in nodes { try add(node) }
    case .alternatives(let nodes): try alternatives(nodes)
    case .repetition(let node, let least, let most): try repetition(node, least, most)
    }
  }

  private mutating func alternatives(_ nodes: [PatternParser.Node]) throws(Pattern.SyntaxError) {
    var ends: [Int] = []
    for (index, node) in nodes.enumerated() {
      guard index < nodes.count - 1 else {
        try add(node)
        break
      }
      let split = steps.count
      steps.append(.jump(0))
      try add(node)
      ends.append(steps.count)
      steps.append(.jump(0))
      steps[split] = .split(split + 1, steps.count)
    }
    for end in ends { steps[end] = .jump(steps.count) }
  }

  private mutating func repetition(
    _ node: PatternParser.Node, _ least: Int, _ most: Int?
  ) throws(Pattern.SyntaxError) {
    for _ in 0..<least { try add(node) }
    guard let most else {
      let split = steps.count
      steps.append(.jump(0))
      try add(node)
      steps.append(.jump(split))
      steps[split] = .split(split + 1, steps.count)
      return
    }
    var splits: [Int] = []
    for _ in 0..<max(0, most - least) {
      splits.append(steps.count)
      steps.append(.jump(0))
      try add(node)
    }
    for split in splits { steps[split] = .split(split + 1, steps.count) }
  }
}
