import Definitions

/// The words of exported Ruby, and of what people write with templates. All else is refused where it stands.
struct RubyLexer {
  enum Token: Equatable {
    case name(String)
    case constant(String)
    /// `context.ttl`, and what is set by `context.ttl =`.
    case context(String)
    case contextSetting(String)
    /// `path:` before a value.
    case label(String)
    case symbol(String)
    case string(String)
    /// A text with values put into it: `"#{context.name}.example.com."`.
    case pieces([Piece])
    case regexp(String)
    /// `%w(a b)`
    case words([String])
    case integer(Int64)
    case double(Double)
    /// `( ) [ ] { } , => .. = + * ||`
    case sign(String)
    case newline
    case end
  }
  enum Piece: Equatable {
    case text(String)
    case context(String)
    case variable(String)
  }
  struct Placed {
    var token: Token
    var place: SourcePlace
  }

  static let again = "export again, and give the exported file"

  private let bytes: [UInt8]
  private let file: String
  private var index = 0
  private var line = 1
  private var lineStart = 0
  private var last: Token = .newline

  init(_ source: ImportSource) {
    bytes = Array(source.text.utf8)
    file = source.name
  }

  private var place: SourcePlace { SourcePlace(file: file, line: line, column: index - lineStart + 1) }

  private func refused(_ what: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(at: place, "\(what) is not what an export has", remedy: Self.again)
  }

  mutating func tokens() throws(Diagnostic) -> [Placed] {
    var found: [Placed] = []
    while true {
      let token = try next()
      last = token.token
      if token.token == .newline, found.last?.token == .newline { continue }
      found.append(token)
      if token.token == .end { return found }
    }
  }

  private func peek(_ offset: Int = 0) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }

  private mutating func next() throws(Diagnostic) -> Placed {
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "#") {
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
      } else if byte == 0x20 || byte == 0x09 || byte == 0x0D {
        index += 1
      } else {
        break
      }
    }
    let start = place
    guard index < bytes.count else { return Placed(token: .end, place: start) }
    return Placed(token: try token(bytes[index], at: start), place: start)
  }

  private mutating func token(_ byte: UInt8, at start: SourcePlace) throws(Diagnostic) -> Token {
    switch byte {
    case 0x0A:
      index += 1
      (line, lineStart) = (line + 1, index)
      return .newline
    case UInt8(ascii: ";"):
      index += 1
      return .newline
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let pieces = try string()
      guard pieces.count < 2, case .text(let text) = pieces.first ?? .text("") else { return .pieces(pieces) }
      if peek() == UInt8(ascii: ":"), peek(1) != UInt8(ascii: ":") {
        index += 1
        return .label(text)
      }
      return .string(text)
    case UInt8(ascii: ":"):
      index += 1
      if peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") {
        let pieces = try string()
        guard pieces.count < 2, case .text(let text) = pieces.first ?? .text("") else {
          throw refused("a symbol with a value put into it", at: start)
        }
        return .symbol(text)
      }
      let name = word()
      guard !name.isEmpty else { throw refused("\":\"", at: start) }
      return .symbol(name)
    case UInt8(ascii: "="):
      if peek(1) == UInt8(ascii: ">") {
        index += 2
        return .sign("=>")
      }
      guard ![UInt8(ascii: "="), UInt8(ascii: "~")].contains(peek(1)) else { throw refused("a comparison", at: start) }
      index += 1
      return .sign("=")
    case UInt8(ascii: "|"):
      guard peek(1) == UInt8(ascii: "|"), peek(2) != UInt8(ascii: "=") else {
        throw refused("a block with parameters", at: start)
      }
      index += 2
      return .sign("||")
    case UInt8(ascii: "+"), UInt8(ascii: "*"):
      guard peek(1) != UInt8(ascii: "="), peek(1) != byte else { throw refused("a calculation", at: start) }
      index += 1
      return .sign(String(UnicodeScalar(byte)))
    case UInt8(ascii: "/") where mayBeginRegexp: return .regexp(try regexp())
    case UInt8(ascii: "%") where peek(1) == UInt8(ascii: "w"): return .words(try words())
    case UInt8(ascii: "."):
      guard peek(1) == UInt8(ascii: "."), peek(2) != UInt8(ascii: ".") else {
        throw refused("a method's call", at: start)
      }
      index += 2
      return .sign("..")
    case _ where "()[]{},".utf8.contains(byte):
      index += 1
      return .sign(String(UnicodeScalar(byte)))
    case UInt8(ascii: "-"), 0x30...0x39: return try number(at: start)
    case _ where Self.isLetter(byte): return try name(at: start)
    default:
      let isPrintable = byte > 0x20 && byte < 0x7F
      throw refused(isPrintable ? "\"\(Character(UnicodeScalar(byte)))\"" : "byte \(byte)", at: start)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private mutating func word() -> String {
    let start = index
    while index < bytes.count, Self.isLetter(bytes[index]) || Self.isDigit(bytes[index]) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func name(at start: SourcePlace) throws(Diagnostic) -> Token {
    let name = word()
    if peek() == UInt8(ascii: ":"), peek(1) != UInt8(ascii: ":") {
      index += 1
      return .label(name)
    }
    if let first = name.unicodeScalars.first, ("A"..."Z").contains(first) {
      guard ![UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "[")].contains(peek()) else {
        throw refused("a class or a part of a constant, such as \(name)", at: start)
      }
      return .constant(name)
    }
    if name == "context", peek() == UInt8(ascii: "."), Self.isLetter(peek(1)) { return try context(at: start) }
    guard peek() != UInt8(ascii: "["), peek() != UInt8(ascii: ".") || peek(1) == UInt8(ascii: ".") else {
      throw refused("a method's call", at: place)
    }
    guard ![UInt8(ascii: "?"), UInt8(ascii: "!")].contains(peek()) else { throw refused("a method's call", at: start) }
    return .name(name)
  }

  /// What follows `context`, which templates are given.
  private mutating func context(at start: SourcePlace) throws(Diagnostic) -> Token {
    index += 1
    let name = word()
    guard ![UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "?"), UInt8(ascii: "!")].contains(peek()),
      peek() != UInt8(ascii: ".") || peek(1) == UInt8(ascii: ".")
    else { throw refused("a method's call", at: place) }
    var ahead = 0
    while peek(ahead) == 0x20 || peek(ahead) == 0x09 { ahead += 1 }
    guard peek(ahead) == UInt8(ascii: "="), !"=>~".utf8.contains(peek(ahead + 1)) else { return .context(name) }
    index += ahead + 1
    return .contextSetting(name)
  }

  private mutating func number(at start: SourcePlace) throws(Diagnostic) -> Token {
    let first = index
    if peek() == UInt8(ascii: "-") { index += 1 }
    func digits(_ lexer: inout RubyLexer) {
      while Self.isDigit(lexer.peek()) || lexer.peek() == 0x5F && Self.isDigit(lexer.peek(1)) { lexer.index += 1 }
    }
    digits(&self)
    var isWhole = true
    if peek() == UInt8(ascii: "."), Self.isDigit(peek(1)) {
      isWhole = false
      index += 1
      digits(&self)
    }
    let text = String(decoding: bytes[first..<index].filter { $0 != 0x5F }, as: UTF8.self)
    guard !Self.isLetter(peek()), text != "-" else { throw refused("what follows this number", at: start) }
    if isWhole, let number = Int64(text) { return .integer(number) }
    if !isWhole, let number = Double(text) { return .double(number) }
    throw refused("so large a number", at: start)
  }

  /// A text in single or double quotes; in parts where values are put into it.
  private mutating func string() throws(Diagnostic) -> [Piece] {
    let start = place
    let quote = bytes[index]
    index += 1
    var pieces: [Piece] = []
    var text: [UInt8] = []
    while index < bytes.count, bytes[index] != quote {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        try escape(quote, &text)
      } else if quote == UInt8(ascii: "\""), byte == UInt8(ascii: "#"), "{$@".utf8.contains(peek(1)) {
        pieces.append(.text(try checked(text, at: start)))
        text = []
        pieces.append(try insertion())
      } else {
        text.append(byte)
        index += 1
        if byte == 0x0A { (line, lineStart) = (line + 1, index) }
      }
    }
    guard index < bytes.count else { throw Diagnostic(at: start, "a text that does not end", remedy: Self.again) }
    index += 1
    pieces.append(.text(try checked(text, at: start)))
    return pieces
  }

  private func checked(_ text: [UInt8], at start: SourcePlace) throws(Diagnostic) -> String {
    guard let text = String(validating: text, as: UTF8.self) else {
      throw refused("a text that is not UTF-8", at: start)
    }
    return text
  }

  /// `#{context.name}` or `#{name}`; nothing else is put into a text.
  private mutating func insertion() throws(Diagnostic) -> Piece {
    let start = place
    func blanks(_ lexer: inout RubyLexer) { while lexer.peek() == 0x20 { lexer.index += 1 } }
    index += 1
    guard peek() == UInt8(ascii: "{") else { throw refused("a text with a value put into it", at: start) }
    index += 1
    blanks(&self)
    var name = Self.isLetter(peek()) ? word() : ""
    var isContext = false
    if name == "context", peek() == UInt8(ascii: ".") {
      isContext = true
      index += 1
      name = Self.isLetter(peek()) ? word() : ""
    }
    blanks(&self)
    guard !name.isEmpty, peek() == UInt8(ascii: "}") else {
      throw refused("a text with such a value put into it", at: start)
    }
    index += 1
    return isContext ? .context(name) : .variable(name)
  }

  /// A `/` is division after a value; nothing here divides.
  private var mayBeginRegexp: Bool {
    switch last {
    case .name: true
    case .sign(let sign): ["(", ",", "["].contains(sign)
    default: false
    }
  }

  private mutating func regexp() throws(Diagnostic) -> String {
    let start = place
    index += 1
    let first = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "/") {
      guard bytes[index] != 0x0A else { break }
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "/") else {
      throw Diagnostic(at: start, "a regular expression that does not end", remedy: Self.again)
    }
    let text = Array(bytes[first..<index])
    index += 1
    while Self.isLetter(peek()) { index += 1 }
    return try checked(text, at: start)
  }

  private static let closing: [UInt8: UInt8] = [
    UInt8(ascii: "("): UInt8(ascii: ")"), UInt8(ascii: "["): UInt8(ascii: "]"), UInt8(ascii: "{"): UInt8(ascii: "}"),
  ]

  private mutating func words() throws(Diagnostic) -> [String] {
    let start = place
    guard let close = Self.closing[peek(2)] else { throw refused("\"%\"", at: start) }
    index += 3
    var words: [String] = []
    var word: [UInt8] = []
    while index < bytes.count, bytes[index] != close {
      let byte = bytes[index]
      guard byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "#") else { throw refused("an escape", at: place) }
      index += 1
      if byte == 0x0A { (line, lineStart) = (line + 1, index) }
      if byte > 0x20 { word.append(byte) }
      if byte <= 0x20 || peek() == close, !word.isEmpty {
        words.append(try checked(word, at: start))
        word = []
      }
    }
    guard index < bytes.count else { throw Diagnostic(at: start, "a list that does not end", remedy: Self.again) }
    index += 1
    return words
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "e"): 0x1B,
    UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "v"): 0x0B,
    UInt8(ascii: "s"): 0x20, UInt8(ascii: "0"): 0x00,
  ]

  /// Escapes as `String#inspect` writes them; in single quotes only the quote's and the backslash's own.
  private mutating func escape(_ quote: UInt8, _ text: inout [UInt8]) throws(Diagnostic) {
    let start = place
    let byte = peek(1)
    index += 2
    if quote == UInt8(ascii: "'") {
      if byte == quote || byte == UInt8(ascii: "\\") { text.append(byte) } else { index -= 1; text.append(0x5C) }
      return
    }
    switch byte {
    case UInt8(ascii: "x"):
      guard let value = hexadecimal(2) else { throw refused("an escape", at: start) }
      text.append(UInt8(truncatingIfNeeded: value))
    case UInt8(ascii: "u"):
      let isBraced = peek() == UInt8(ascii: "{")
      if isBraced { index += 1 }
      guard let value = hexadecimal(isBraced ? 6 : 4), let scalar = UnicodeScalar(value) else {
        throw refused("an escape", at: start)
      }
      if isBraced {
        guard peek() == UInt8(ascii: "}") else { throw refused("an escape", at: start) }
        index += 1
      }
      text += Array(String(Character(scalar)).utf8)
    case _ where Self.escapes[byte] != nil: text.append(Self.escapes[byte] ?? byte)
    case _ where Self.isLetter(byte) || Self.isDigit(byte) || byte == 0 || byte == 0x0A:
      throw refused("an escape", at: start)
    default: text.append(byte)
    }
  }

  private mutating func hexadecimal(_ most: Int) -> UInt32? {
    let start = index
    while index - start < most, UnicodeScalar(peek()).properties.isASCIIHexDigit { index += 1 }
    return UInt32(String(decoding: bytes[start..<index], as: UTF8.self), radix: 16)
  }
}
