import Kubernetes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Another reader of JSON, slow and plain, written from RFC 8259's grammar and this project's stated limits alone.
///
/// It shares no code with the reader that it judges.
struct JSONJudge {
  private struct Refused: Error {}

  private let text: [UInt8]
  private var place = 0
  private var depth = 0

  /// The value of a text; nil where it is not JSON.
  static func value(of text: [UInt8]) -> JSONValue? {
    var judge = JSONJudge(text: text)
    do {
      let value = try judge.element()
      guard judge.place == text.count else { return nil }
      return value
    } catch {
      return nil
    }
  }

  private init(text: [UInt8]) { self.text = text }

  private var next: UInt8? { place < text.count ? text[place] : nil }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func demand(_ word: String) throws {
    for scalar in word.unicodeScalars { guard accept(scalar) else { throw Refused() } }
  }

  private mutating func whitespace() { while accept(" ") || accept("\t") || accept("\n") || accept("\r") {} }

  /// ws value ws
  private mutating func element() throws -> JSONValue {
    whitespace()
    let value = try value()
    whitespace()
    return value
  }

  private mutating func value() throws -> JSONValue {
    switch next.map({ Unicode.Scalar($0) }) {
    case "{": return try object()
    case "[": return try array()
    case "\"": return .string(try string())
    case "t":
      try demand("true")
      return true
    case "f":
      try demand("false")
      return false
    case "n":
      try demand("null")
      return .null
    default: return try number()
    }
  }

  private mutating func enter() throws {
    depth += 1
    guard depth <= JSONValue.depthLimit else { throw Refused() }
    place += 1
  }

  private mutating func object() throws -> JSONValue {
    try enter()
    defer { depth -= 1 }
    // To `JSONObject`, as to Swift, names of canonically equivalent characters are one.
    var names: Set<String> = []
    var members: [(key: String, value: JSONValue)] = []
    whitespace()
    if accept("}") { return .object(JSONObject()) }
    repeat {
      whitespace()
      let name = try string()
      guard names.insert(name).inserted else { throw Refused() }
      whitespace()
      try demand(":")
      members.append((name, try element()))
    } while accept(",")
    try demand("}")
    return .object(JSONObject(distinct: members))
  }

  private mutating func array() throws -> JSONValue {
    try enter()
    defer { depth -= 1 }
    whitespace()
    if accept("]") { return .array([]) }
    var elements: [JSONValue] = []
    repeat { elements.append(try element()) } while accept(",")
    try demand("]")
    return .array(elements)
  }

  private mutating func number() throws -> JSONValue {
    let start = place
    _ = accept("-")
    if !accept("0") { try digits() }
    var isInteger = true
    if accept(".") {
      isInteger = false
      try digits()
    }
    if accept("e") || accept("E") {
      isInteger = false
      if !accept("+") { _ = accept("-") }
      try digits()
    }
    let written = String(decoding: text[start..<place], as: UTF8.self)
    if isInteger, let integer = Int64(written) { return .integer(integer) }
    let real = strtod(written, nil)
    guard real.isFinite else { throw Refused() }
    return .double(real)
  }

  private mutating func digits() throws {
    let start = place
    while let byte = next, byte >= 0x30, byte <= 0x39 { place += 1 }
    guard place > start else { throw Refused() }
  }
}

extension JSONJudge {
  private mutating func string() throws -> String {
    try demand("\"")
    var scalars = String.UnicodeScalarView()
    while !accept("\"") {
      if accept("\\") { scalars.append(try escaped()) } else { scalars.append(try unescaped()) }
    }
    return String(scalars)
  }

  private mutating func escaped() throws -> Unicode.Scalar {
    guard let letter = next else { throw Refused() }
    place += 1
    switch Unicode.Scalar(letter) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let first = try fourHex()
      if let scalar = Unicode.Scalar(first) { return scalar }
      try demand("\\u")
      let second = try fourHex()
      let pair = String(decoding: [UInt16(first), UInt16(second)], as: UTF16.self).unicodeScalars
      guard (0xD800..<0xDC00).contains(first), (0xDC00..<0xE000).contains(second), let scalar = pair.first else {
        throw Refused()
      }
      return scalar
    default: throw Refused()
    }
  }

  private mutating func fourHex() throws -> UInt32 {
    guard place + 4 <= text.count else { throw Refused() }
    let digits = text[place..<place + 4]
    let isHex = digits.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
    guard isHex, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else { throw Refused() }
    place += 4
    return code
  }

  /// One scalar in UTF-8 (RFC 3629, section 4).
  private mutating func unescaped() throws -> Unicode.Scalar {
    guard let first = next, first >= 0x20 else { throw Refused() }
    let length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : 4
    guard first < 0x80 || first >= 0xC2, first <= 0xF4, place + length <= text.count else { throw Refused() }
    var code = length == 1 ? UInt32(first) : UInt32(first & (0xFF >> UInt8(length + 1)))
    for byte in text[(place + 1)..<(place + length)] {
      guard byte & 0xC0 == 0x80 else { throw Refused() }
      code = code << 6 | UInt32(byte & 0x3F)
    }
    let isShortest = length < 3 || code >= (length == 3 ? 0x800 : 0x10000)
    guard isShortest, let scalar = Unicode.Scalar(code) else { throw Refused() }
    place += length
    return scalar
  }
}
