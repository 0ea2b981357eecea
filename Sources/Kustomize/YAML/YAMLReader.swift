/// Reads YAML as go-yaml does, into nodes that know where they stood.
///
/// It goes through the bytes once, without tokens in between, and is made for what Kubernetes' files look like: block
/// maps and lists with short plain scalars. Anchors, aliases, merge keys, tags, flow style and block scalars are all
/// read; `%YAML` and `%TAG` directives are skipped.
package struct YAMLReader {
  let bytes: UnsafeBufferPointer<UInt8>
  let options: Options
  var position = 0
  var line = 1
  var lineStart = 0
  /// Nodes read, those that aliases repeat included.
  var nodeCount = 0
  var anchors: [String: (node: YAMLNode, weight: Int)] = [:]

  package struct Options: Sendable {
    package var rules: PlainScalar.Rules
    /// Whether the last of two members of the same name counts, in place of an error.
    package var lastMemberCounts = false

    package init(rules: PlainScalar.Rules, lastMemberCounts: Bool = false) {
      self.rules = rules
      self.lastMemberCounts = lastMemberCounts
    }
  }

  package static let bytesMax = 256 << 20
  package static let depthMax = 200
  /// How many nodes one text may have once its aliases are written out.
  package static let nodesMax = 20_000_000
  /// What aliases may add: a few lines could otherwise fill any memory.
  package static let aliasedNodesMax = 1_000_000
  var aliasedNodes = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ options: Options) {
    self.bytes = bytes
    self.options = options
  }

  /// All documents of a text that hold something.
  package static func documents(
    in text: [UInt8], _ options: Options
  ) throws(YAMLSyntaxError) -> [YAMLNode] {
    let clean = try cleaned(text)
    return try clean.withUnsafeBufferPointer { (buffer) throws(YAMLSyntaxError) -> [YAMLNode] in
      var reader = YAMLReader(buffer, options)
      return try reader.documents()
    }
  }

  /// Line breaks become line feeds, a byte order mark goes.
  private static func cleaned(_ text: [UInt8]) throws(YAMLSyntaxError) -> [UInt8] {
    guard text.count <= bytesMax else {
      throw YAMLSyntaxError("is longer than \(bytesMax >> 20) MiB", at: .unknown)
    }
    var isASCII = true
    var hasReturn = false
    var line = 1
    for (index, byte) in text.enumerated() {
      if byte >= 0x80 {
        isASCII = false
      } else if byte < 0x20 {
        switch byte {
        case 0x0A: line += 1
        case 0x09: break
        case 0x0D: hasReturn = true
        default:
          let start = text[..<index].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
          throw YAMLSyntaxError(
            "a control character (byte \(byte)) stands in the text",
            at: SourcePoint(line: line, column: index - start + 1))
        }
      }
    }
    if !isASCII, String(validating: text, as: UTF8.self) == nil {
      throw YAMLSyntaxError("is not UTF-8", at: .unknown)
    }
    guard hasReturn || text.starts(with: [0xEF, 0xBB, 0xBF]) else { return text }
    var clean: [UInt8] = []
    clean.reserveCapacity(text.count)
    var index = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while index < text.count {
      if text[index] == 0x0D {
        clean.append(0x0A)
        if index + 1 < text.count, text[index + 1] == 0x0A { index += 1 }
      } else {
        clean.append(text[index])
      }
      index += 1
    }
    return clean
  }

  private mutating func documents() throws(YAMLSyntaxError) -> [YAMLNode] {
    var nodes: [YAMLNode] = []
    while true {
      skipToContent()
      while position < bytes.count, column == 0, bytes[position] == UInt8(ascii: "%") { skipDirective() }
      if isMarker(UInt8(ascii: "-")) {
        position += 3
        let isBare = try restAfterMarker()
        if !isBare { continue }
      } else if isMarker(UInt8(ascii: ".")) {
        position += 3
        continue
      }
      guard position < bytes.count else { return nodes }
      anchors.removeAll(keepingCapacity: true)
      let node = try block(indent: -1, .document, depth: 0)
      if !node.isNull { nodes.append(node) }
      skipToContent()
      guard position >= bytes.count || isMarker(UInt8(ascii: "-")) || isMarker(UInt8(ascii: ".")) else {
        throw failure("expected the end of the document, or a key at the indentation of the others")
      }
    }
  }

  private mutating func skipDirective() {
    skipLine()
    skipToContent()
  }

  /// What stands behind `---`: nothing, a comment, or a whole document.
  /// - Returns: false where another marker comes next.
  private mutating func restAfterMarker() throws(YAMLSyntaxError) -> Bool {
    skipBlanks()
    if position < bytes.count, bytes[position] != 0x0A, bytes[position] != UInt8(ascii: "#") { return true }
    skipToContent()
    return !isMarker(UInt8(ascii: "-")) && !isMarker(UInt8(ascii: "."))
  }
}

/// Why a text is not YAML, and where.
package struct YAMLSyntaxError: Error {
  package var message: String
  package var point: SourcePoint

  package init(_ message: String, at point: SourcePoint) {
    self.message = message
    self.point = point
  }
}

extension YAMLReader {
  /// Counted from 0.
  var column: Int { position - lineStart }
  var point: SourcePoint { SourcePoint(line: line, column: position - lineStart + 1) }

  func failure(_ message: String) -> YAMLSyntaxError { YAMLSyntaxError(message, at: point) }

  @inline(__always)
  func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0x0A }

  @inline(__always)
  static func isBlankOrBreak(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 }

  @inline(__always)
  mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
  }

  mutating func skipLine() {
    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
  }

  @inline(__always)
  mutating func newline() {
    position += 1
    line += 1
    lineStart = position
  }

  /// Steps over blanks, comments and line breaks to what comes next.
  mutating func skipToContent() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09: position += 1
      case 0x0A: newline()
      case UInt8(ascii: "#"): skipLine()
      default: return
      }
    }
  }

  /// `---` or `...` at the start of a line.
  func isMarker(_ mark: UInt8) -> Bool {
    position == lineStart && position + 3 <= bytes.count && bytes[position] == mark && bytes[position + 1] == mark
      && bytes[position + 2] == mark && Self.isBlankOrBreak(byte(at: position + 3))
  }

  var isAtEndOfDocument: Bool {
    position >= bytes.count || (position == lineStart && (isMarker(UInt8(ascii: "-")) || isMarker(UInt8(ascii: "."))))
  }

  mutating func count(_ nodes: Int = 1) throws(YAMLSyntaxError) {
    nodeCount += nodes
    guard nodeCount <= Self.nodesMax else { throw failure("has more than \(Self.nodesMax) values") }
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }
}
