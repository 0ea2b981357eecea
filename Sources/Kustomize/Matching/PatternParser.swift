/// Reads a regular expression into a tree.
struct PatternParser {
  indirect enum Node {
    case empty
    case set(Pattern.CharacterSet)
    case assertion(Pattern.Assertion)
    case sequence([Node])
    case alternatives([Node])
    case repetition(Node, Int, Int?)
  }

  private let pattern: [UInt32]
  private var position = 0
  private var depth = 0
  private var ignoresCase = false
  private var isMultiline = false
  private var dotMatchesBreak = false

  private static let depthMax = 100
  /// As in RE2.
  private static let repetitionMax = 1000

  static let digits = Pattern.CharacterSet(ranges: [0x30...0x39])
  static let word = Pattern.CharacterSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  static let space = Pattern.CharacterSet(ranges: [0x09...0x0A, 0x0C...0x0D, 0x20...0x20])

  init(_ pattern: String) { self.pattern = pattern.unicodeScalars.map(\.value) }

  mutating func parse() throws(Pattern.SyntaxError) -> Node {
    let node = try alternatives()
    guard position == pattern.count else { throw failure("\")\" closes nothing") }
    return node
  }

  private func failure(_ message: String) -> Pattern.SyntaxError { Pattern.SyntaxError(message: message) }

  private func peek() -> Unicode.Scalar? { position < pattern.count ? Unicode.Scalar(pattern[position]) : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    position += 1
    return true
  }

  private mutating func alternatives() throws(Pattern.SyntaxError) -> Node {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.depthMax else { throw failure("it is nested too deep") }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(Pattern.SyntaxError) -> Node {
    var nodes: [Node] = []
    while let next = peek(), next != "|", next != ")" {
      var node = try atom()
      while let repeated = try repetition(of: node) { node = repeated }
      nodes.append(node)
    }
    return .sequence(nodes)
  }

  private mutating func repetition(of node: Node) throws(Pattern.SyntaxError) -> Node? {
    var bounds: (Int, Int?)
    if take("*") {
      bounds = (0, nil)
    } else if take("+") {
      bounds = (1, nil)
    } else if take("?") {
      bounds = (0, 1)
    } else if let braces = braces() {
      bounds = braces
      guard bounds.0 <= Self.repetitionMax, (bounds.1 ?? 0) <= Self.repetitionMax,
        bounds.1.map({ $0 >= bounds.0 }) ?? true
      else { throw failure("a repetition is out of bounds") }
    } else {
      return nil
    }
    _ = take("?")  // A reluctant repetition matches the same texts.
    return .repetition(node, bounds.0, bounds.1)
  }

  /// `{2}`, `{2,}`, `{2,5}`; anything else in braces stands for itself.
  private mutating func braces() -> (Int, Int?)? {
    let start = position
    guard take("{"), let least = number() else {
      position = start
      return nil
    }
    if take("}") { return (least, least) }
    guard take(",") else {
      position = start
      return nil
    }
    if take("}") { return (least, nil) }
    guard let most = number(), take("}") else {
      position = start
      return nil
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = position
    var value = 0
    while let next = peek(), Self.digits.contains(next.value), value < 100_000 {
      value = value * 10 + Int(next.value) - 0x30
      position += 1
    }
    return position > start ? value : nil
  }

  private mutating func atom() throws(Pattern.SyntaxError) -> Node {
    let scalar = pattern[position]
    position += 1
    switch Unicode.Scalar(scalar) {
    case "(": return try group()
    case "[": return .set(try characterClass())
    case ".": return .set(Pattern.CharacterSet(ranges: dotMatchesBreak ? [] : [0x0A...0x0A], isNegated: true))
    case "^": return .assertion(isMultiline ? .lineStart : .start)
    case "$": return .assertion(isMultiline ? .lineEnd : .end)
    case "*", "+", "?": throw failure("nothing stands before a repetition")
    case "\\": return try escape()
    default: return .set(single(scalar))
    }
  }

  private func single(_ scalar: UInt32) -> Pattern.CharacterSet {
    var ranges = [scalar...scalar]
    if ignoresCase, scalar < 0x80, (0x61...0x7A).contains(scalar | 0x20) {
      ranges = [(scalar | 0x20)...(scalar | 0x20), (scalar & ~0x20)...(scalar & ~0x20)]
    }
    return Pattern.CharacterSet(ranges: ranges)
  }

  private mutating func group() throws(Pattern.SyntaxError) -> Node {
    let saved = (ignoresCase, isMultiline, dotMatchesBreak)
    if take("?") {
      if take("P") || peek() == "<" {
        guard take("<") else { throw failure("a group's name is missing") }
        while let next = peek(), next != ">" { position += 1 }
        guard take(">") else { throw failure("a group's name does not end") }
      } else if try flags() {
        return .empty
      }
    }
    let node = try alternatives()
    guard take(")") else { throw failure("\"(\" is not closed") }
    (ignoresCase, isMultiline, dotMatchesBreak) = saved
    return node
  }

  /// - Returns: whether the flags are for all that follows, `(?i)`, and not for a group, `(?i:`.
  private mutating func flags() throws(Pattern.SyntaxError) -> Bool {
    var isOn = true
    while let next = peek() {
      position += 1
      switch next {
      case ":": return false
      case ")": return true
      case "-": isOn = false
      case "i": ignoresCase = isOn
      case "m": isMultiline = isOn
      case "s": dotMatchesBreak = isOn
      case "U": break
      default: throw failure("\"(?\(next)\" is not known")
      }
    }
    throw failure("\"(?\" does not end")
  }

  private mutating func escape() throws(Pattern.SyntaxError) -> Node {
    guard let next = peek() else { throw failure("it ends with \"\\\"") }
    position += 1
    switch next {
    case "b": return .assertion(.wordBoundary)
    case "B": return .assertion(.noWordBoundary)
    case "A": return .assertion(.start)
    case "z": return .assertion(.end)
    default: return .set(try escaped(next))
    }
  }

  private func escaped(_ letter: Unicode.Scalar) throws(Pattern.SyntaxError) -> Pattern.CharacterSet {
    func negated(_ set: Pattern.CharacterSet) -> Pattern.CharacterSet {
      Pattern.CharacterSet(ranges: set.ranges, isNegated: true)
    }
    switch letter {
    case "d": return Self.digits
    case "D": return negated(Self.digits)
    case "w": return Self.word
    case "W": return negated(Self.word)
    case "s": return Self.space
    case "S": return negated(Self.space)
    case "n": return single(0x0A)
    case "t": return single(0x09)
    case "r": return single(0x0D)
    case "f": return single(0x0C)
    case "v": return single(0x0B)
    default:
      guard !Self.word.contains(letter.value) else { throw failure("\"\\\(letter)\" is not known") }
      return single(letter.value)
    }
  }

  private mutating func characterClass() throws(Pattern.SyntaxError) -> Pattern.CharacterSet {
    var set = Pattern.CharacterSet()
    set.isNegated = take("^")
    var isFirst = true
    while let next = peek(), next != "]" || isFirst {
      isFirst = false
      position += 1
      var low = next.value
      if next == "\\" {
        guard let letter = peek() else { throw failure("\"[\" is not closed") }
        position += 1
        let escaped = try escaped(letter)
        guard !escaped.isNegated, escaped.ranges.count == 1, escaped.ranges[0].count == 1 else {
          set.ranges += escaped.isNegated ? Self.complement(escaped.ranges) : escaped.ranges
          continue
        }
        low = escaped.ranges[0].lowerBound
      } else if next == "[", peek() == ":", let named = namedClass() {
        set.ranges += named.ranges
        continue
      }
      guard peek() == "-", position + 1 < pattern.count, pattern[position + 1] != 0x5D else {
        set.ranges += single(low).ranges
        continue
      }
      position += 1
      var high = pattern[position]
      position += 1
      if high == 0x5C, let letter = peek() {
        position += 1
        high = try escaped(letter).ranges[0].lowerBound
      }
      guard low <= high else { throw failure("a range in \"[…]\" goes backwards") }
      set.ranges.append(low...high)
      if ignoresCase, low >= 0x41, high <= 0x7A { set.ranges += [(low ^ 0x20)...max(low ^ 0x20, high ^ 0x20)] }
    }
    guard take("]") else { throw failure("\"[\" is not closed") }
    return set
  }

  /// `[:alpha:]` and its like.
  private mutating func namedClass() -> Pattern.CharacterSet? {
    let names: [String: [ClosedRange<UInt32>]] = [
      "alpha": [0x41...0x5A, 0x61...0x7A], "digit": [0x30...0x39], "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A],
      "lower": [0x61...0x7A], "upper": [0x41...0x5A], "space": [0x09...0x0D, 0x20...0x20],
      "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66], "word": Self.word.ranges,
      "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
    ]
    for (name, ranges) in names {
      let spelled = ":\(name):]".unicodeScalars.map(\.value)
      if pattern[position...].starts(with: spelled) {
        position += spelled.count
        return Pattern.CharacterSet(ranges: ranges)
      }
    }
    return nil
  }

  private static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    result.append(next...0x10FFFF)
    return result
  }
}
