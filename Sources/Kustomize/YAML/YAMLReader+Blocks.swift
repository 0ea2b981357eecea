/// Block style: maps and lists by their indentation.
extension YAMLReader {
  /// Where a node stands: it decides what may begin on the same line.
  enum Place {
    case document
    /// Behind `key:`; a list may stand at the key's own indentation.
    case value
    /// Behind the `:` of a key that has a `?`: as a value, but a map or list may begin on the same line.
    case explicitValue
    /// Behind `-` or `?`: a map or list may begin on the same line.
    case element
  }

  /// Anchor and tag before a node.
  struct Properties {
    var anchor: String?
    var tag: String?
    var isEmpty: Bool { anchor == nil && tag == nil }
  }

  /// Reads the node that comes next, indented deeper than `indent`; null where there is none.
  mutating func block(indent: Int, _ place: Place, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
    guard depth <= Self.depthMax else { throw failure("is nested deeper than \(Self.depthMax) levels") }
    let startLine = line
    skipBlanks()
    let emptyPoint = point
    try stepToNode()
    guard isInside(indent, place, startLine) else { return try null(at: emptyPoint) }
    let start = position
    let startColumn = column
    let propertiesLine = line
    let count = nodeCount
    let properties = try properties()
    if !properties.isEmpty {
      try stepToNode()
      if isAtEndOfDocument { return try finish(null(at: emptyPoint), properties, count) }
      if line != propertiesLine {
        guard isInside(indent, place, startLine) else { return try finish(null(at: emptyPoint), properties, count) }
        return try finish(
          content(indent: indent, place, column: column, mayStartBlock: true, depth: depth), properties, count)
      }
    }
    let mayStartBlock = place != .value || propertiesLine != startLine
    if properties.isEmpty {
      return try content(indent: indent, place, column: startColumn, mayStartBlock: mayStartBlock, depth: depth)
    }
    // On one line with a key, the properties are the key's.
    if mayStartBlock, isKeyAhead() {
      position = start
      return try mapping(column: startColumn, depth: depth)
    }
    return try finish(
      content(indent: indent, place, column: startColumn, mayStartBlock: false, depth: depth), properties, count)
  }

  /// To what comes next, on this line or a later one.
  private mutating func stepToNode() throws(YAMLSyntaxError) {
    skipBlanks()
    guard position < bytes.count, bytes[position] == 0x0A || bytes[position] == UInt8(ascii: "#") else { return }
    skipToContent()
    if position > lineStart, position < bytes.count, bytes[lineStart..<position].contains(0x09) {
      throw failure("a tab stands where spaces should indent")
    }
  }

  private func isInside(_ indent: Int, _ place: Place, _ startLine: Int) -> Bool {
    if isAtEndOfDocument { return false }
    if line == startLine || column > indent { return true }
    return (place == .value || place == .explicitValue) && column == indent && isDash
  }

  private var isDash: Bool { byte(at: position) == 0x2D && Self.isBlankOrBreak(byte(at: position + 1)) }

  func null(at point: SourcePoint) throws(YAMLSyntaxError) -> YAMLNode { YAMLNode(YAMLNode.placeholder, at: point) }

  private mutating func content(
    indent: Int, _ place: Place, column: Int, mayStartBlock: Bool, depth: Int
  ) throws(YAMLSyntaxError) -> YAMLNode {
    try count()
    let start = point
    switch bytes[position] {
    case UInt8(ascii: "-") where isDash:
      guard mayStartBlock else { throw failure("a list cannot begin on the line of its key") }
      let isIndentless = (place == .value || place == .explicitValue) && column == indent
      return try sequence(column: column, isIndentless: isIndentless, depth: depth)
    case UInt8(ascii: "?") where Self.isBlankOrBreak(byte(at: position + 1)):
      guard mayStartBlock else { throw failure("a map cannot begin on the line of its key") }
      return try mapping(column: column, depth: depth)
    case UInt8(ascii: "|"), UInt8(ascii: ">"):
      return YAMLNode(.scalar(try blockScalar(indent: indent)), at: start)
    default: break
    }
    if mayStartBlock, isKeyAhead() { return try mapping(column: column, depth: depth) }
    switch bytes[position] {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      let node = try flow(depth: depth)
      try endOfValue()
      return node
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let text = try quoted()
      try endOfValue()
      return YAMLNode(.scalar(YAMLScalar(text: text, tag: .string, isQuoted: true)), at: start)
    case UInt8(ascii: "*"):
      let node = try alias()
      try endOfValue()
      return node
    default:
      let text = try plain(indent: indent)
      return YAMLNode(.scalar(YAMLScalar(text: text, tag: PlainScalar.tag(of: text, options.rules))), at: start)
    }
  }

  /// Nothing but a comment may follow on the line.
  private mutating func endOfValue() throws(YAMLSyntaxError) {
    let before = position
    skipBlanks()
    guard position < bytes.count, bytes[position] != 0x0A else { return }
    if bytes[position] == UInt8(ascii: "#"), position > before { return }
    if bytes[position] == UInt8(ascii: ":") { throw failure("a map cannot begin here: \":\" in the middle of a value") }
    throw failure("expected the end of the line behind a value")
  }

  private mutating func sequence(column: Int, isIndentless: Bool, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
    let start = point
    var elements: [YAMLNode] = []
    while true {
      position += 1
      elements.append(try block(indent: column, .element, depth: depth + 1))
      skipToContent()
      if isAtEndOfDocument || self.column < column { break }
      if self.column == column, isDash { continue }
      if self.column == column, isIndentless { break }
      throw failure("expected \"-\" or less indentation")
    }
    return YAMLNode(.sequence(elements), at: start)
  }

  mutating func mapping(column: Int, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
    let start = point
    var entries: [YAMLMapping.Entry] = []
    while true {
      let keyPoint = point
      let key = try key(column: column, depth: depth)
      let value =
        if let place = key.place {
          try block(indent: column, place, depth: depth + 1)
        } else {
          try null(at: keyPoint)
        }
      entries.append(YAMLMapping.Entry(key: key.isMerge ? Self.mergeKey : key.text, value: value, at: keyPoint))
      skipToContent()
      if isAtEndOfDocument || self.column < column { break }
      guard self.column == column else { throw failure("is indented deeper than the keys before it") }
      if isDash { throw failure("a list's element stands among the keys of a map") }
    }
    return YAMLNode(.mapping(try finished(entries)), at: start)
  }

  /// Stands for `<<` until the map is complete; no text can be it.
  static let mergeKey = "\u{0}<<"

  /// Reads a key and its colon.
  /// - Returns: with where its value stands; nil where it has none.
  private mutating func key(
    column: Int, depth: Int
  ) throws(YAMLSyntaxError) -> (text: String, isMerge: Bool, place: Place?) {
    if bytes[position] == UInt8(ascii: "?"), Self.isBlankOrBreak(byte(at: position + 1)) {
      position += 1
      let node = try block(indent: column, .element, depth: depth + 1)
      guard let scalar = node.scalar else { throw YAMLSyntaxError("a key must be a text", at: node.point) }
      skipToContent()
      let hasColon =
        self.column == column && byte(at: position) == 0x3A && Self.isBlankOrBreak(byte(at: position + 1))
      if hasColon { position += 1 }
      return (try checked(scalar, at: node.point), false, hasColon ? .explicitValue : nil)
    }
    let properties = try properties()
    if !properties.isEmpty { skipBlanks() }
    guard position < bytes.count, bytes[position] != 0x0A else { throw failure("expected a key") }
    let start = point
    let scalar: YAMLScalar
    switch bytes[position] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      scalar = YAMLScalar(text: try quoted(), tag: .string, isQuoted: true)
    case UInt8(ascii: "*"):
      guard let aliased = try alias().scalar else { throw failure("a key must be a text") }
      scalar = aliased
    default:
      let text = try plainKey()
      scalar = YAMLScalar(text: text, tag: PlainScalar.tag(of: text, options.rules))
    }
    skipBlanks()
    guard byte(at: position) == 0x3A else { throw failure("expected \":\" behind the key") }
    position += 1
    if let anchor = properties.anchor { anchors[anchor] = (YAMLNode(.scalar(scalar), at: start), 1) }
    if scalar.tag == .merge { return (scalar.text, true, .value) }
    if properties.tag != nil { return (scalar.text, false, .value) }
    return (try checked(scalar, at: start), false, .value)
  }

  /// Keys of objects are texts; what version 3 takes for something else has no form in JSON.
  func checked(_ scalar: YAMLScalar, at point: SourcePoint) throws(YAMLSyntaxError) -> String {
    guard options.rules == .version3, !scalar.isQuoted, scalar.tag != .string, scalar.tag != .merge else {
      return scalar.text
    }
    throw YAMLSyntaxError("the key \(scalar.text) is no text; put it in quotes", at: point)
  }

  /// Where a key would begin behind its anchor and its tag; nil where the line ends before.
  private func keyStart() -> Int? {
    var index = position
    while index < bytes.count, bytes[index] == UInt8(ascii: "&") || bytes[index] == UInt8(ascii: "!") {
      while index < bytes.count, !Self.isBlankOrBreak(bytes[index]) { index += 1 }
      while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }
    return index < bytes.count && bytes[index] != 0x0A ? index : nil
  }

  /// Whether a key and its colon stand on this line, from here.
  private func isKeyAhead() -> Bool {
    guard let start = keyStart() else { return false }
    var index = start
    switch byte(at: index) {
    case UInt8(ascii: "\""):
      index += 1
      while index < bytes.count, bytes[index] != 0x22 {
        if bytes[index] == 0x0A { return false }
        index += bytes[index] == 0x5C ? 2 : 1
      }
      index += 1
    case UInt8(ascii: "'"):
      index += 1
      while index < bytes.count {
        if bytes[index] == 0x0A { return false }
        if bytes[index] == 0x27 {
          if byte(at: index + 1) != 0x27 { break }
          index += 1
        }
        index += 1
      }
      index += 1
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: ">"): return false
    case UInt8(ascii: "*"):
      while index < bytes.count, !Self.isBlankOrBreak(bytes[index]) { index += 1 }
    default:
      while index < bytes.count {
        let byte = bytes[index]
        if byte == 0x0A { return false }
        if byte == 0x3A, Self.isBlankOrBreak(self.byte(at: index + 1)) { return true }
        if byte == UInt8(ascii: "#"), index > start, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 {
          return false
        }
        index += 1
      }
      return false
    }
    while byte(at: index) == 0x20 || byte(at: index) == 0x09 {
      index += 1
      if index >= bytes.count { return false }
    }
    return index < bytes.count && bytes[index] == 0x3A && Self.isBlankOrBreak(byte(at: index + 1))
  }
}
