/// Strings: found a word of eight bytes at a time, copied once.
extension JSONReader {
  /// Reads a string; the reader stands at its opening quote.
  mutating func string() throws(JSONSyntaxError) -> String {
    let start = position + 1
    let (end, isASCII) = scan(from: start)
    guard end < bytes.count else { throw failure("a string does not end", at: position) }
    if bytes[end] == 0x22 {
      position = end + 1
      let content = UnsafeBufferPointer(rebasing: bytes[start..<end])
      if isASCII { return String(decoding: content, as: UTF8.self) }
      return try validated(content, at: start)
    }
    return try escapedString(from: start, to: end)
  }

  /// Reads a member's name. Names recur in lists, so that long ones are kept for reuse.
  mutating func key() throws(JSONSyntaxError) -> String {
    let start = position + 1
    let (end, isASCII) = scan(from: start)
    guard isASCII, end < bytes.count, bytes[end] == 0x22 else { return try string() }
    position = end + 1
    let content = UnsafeBufferPointer(rebasing: bytes[start..<end])
    // Up to 15 bytes live inside the String value: nothing to gain.
    return content.count <= 15 ? String(decoding: content, as: UTF8.self) : keyCache.string(content)
  }

  private func validated(_ content: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONSyntaxError) -> String {
    guard let string = String(validating: content, as: UTF8.self) else {
      throw failure("a string is not valid UTF-8", at: start - 1)
    }
    return string
  }

  /// The first quote, backslash or control character from `start` on, or the end of the text.
  @inline(__always)
  private func scan(from start: Int) -> (end: Int, isASCII: Bool) {
    guard let base = bytes.baseAddress else { return (start, true) }
    let raw = UnsafeRawPointer(base)
    var index = start
    var high: UInt64 = 0
    while index + 8 <= bytes.count {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let stops = ByteWord.stops(in: word)
      if stops != 0 {
        let before = stops.trailingZeroBitCount & ~7
        // Only the bytes before the stop belong to the string.
        high |= word & ((1 << UInt64(before)) &- 1)
        return (index + before / 8, high & ByteWord.high == 0)
      }
      high |= word
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { break }
      high |= UInt64(byte)
      index += 1
    }
    return (index, high & ByteWord.high == 0)
  }

  private mutating func escapedString(from start: Int, to firstStop: Int) throws(JSONSyntaxError) -> String {
    unescaped.removeAll(keepingCapacity: true)
    var from = start
    var stop = firstStop
    while true {
      guard stop < bytes.count else { throw failure("a string does not end", at: start - 1) }
      unescaped.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[from..<stop]))
      switch bytes[stop] {
      case 0x22:
        position = stop + 1
        guard let string = String(validating: unescaped, as: UTF8.self) else {
          throw failure("a string is not valid UTF-8", at: start - 1)
        }
        return string
      case 0x5C: from = try escape(at: stop)
      default: throw failure("a control character in a string must be escaped", at: stop)
      }
      stop = scan(from: from).end
    }
  }

  /// Appends what the escape at `offset` stands for.
  /// - Returns: where the text after it starts.
  private mutating func escape(at offset: Int) throws(JSONSyntaxError) -> Int {
    guard offset + 1 < bytes.count else { throw failure("a string does not end", at: offset) }
    switch bytes[offset + 1] {
    case 0x22, 0x5C, 0x2F: unescaped.append(bytes[offset + 1])
    case 0x62: unescaped.append(0x08)
    case 0x66: unescaped.append(0x0C)
    case 0x6E: unescaped.append(0x0A)
    case 0x72: unescaped.append(0x0D)
    case 0x74: unescaped.append(0x09)
    case 0x75: return try unicodeEscape(at: offset)
    default: throw failure("a backslash must be followed by one of \" \\ / b f n r t u", at: offset)
    }
    return offset + 2
  }

  private mutating func unicodeEscape(at offset: Int) throws(JSONSyntaxError) -> Int {
    guard let first = hex(at: offset + 2) else { throw failure("\\u needs four hexadecimal digits", at: offset) }
    var code = first
    var next = offset + 6
    if (0xD800...0xDFFF).contains(first) {
      guard first < 0xDC00, next + 1 < bytes.count, bytes[next] == 0x5C, bytes[next + 1] == 0x75,
        let second = hex(at: next + 2), (0xDC00...0xDFFF).contains(second)
      else { throw failure("half of a surrogate pair stands alone", at: offset) }
      code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      next += 6
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("\\u names no character", at: offset) }
    unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    return next
  }

  private func hex(at offset: Int) -> UInt32? {
    guard offset + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for index in offset..<offset + 4 {
      let byte = bytes[index]
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: return nil
      }
    }
    return value
  }
}

/// Eight bytes looked at together (the bit tricks are in Warren, Hacker's Delight, chapter 6).
enum ByteWord {
  static let high: UInt64 = 0x8080_8080_8080_8080
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// Marks bytes that end a plain run in a JSON string: quote, backslash, below 0x20.
  /// The lowest mark is exact; marks above it may be false.
  @inline(__always)
  static func stops(in word: UInt64) -> UInt64 {
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let control = (word &- ones &* 0x20) & ~word
    return (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | control) & high
  }
}

/// Long member names seen before, so that a list of a thousand pods has one string `creationTimestamp`.
struct KeyCache {
  private var slots = [String?](repeating: nil, count: 256)

  mutating func string(_ content: UnsafeBufferPointer<UInt8>) -> String {
    let last = content.count - 1
    let hash = Int(content[0]) &* 31 &+ Int(content[last]) &* 17 &+ Int(content[last / 2]) &* 7 &+ content.count
    let slot = hash & 255
    if let known = slots[slot], known.utf8.elementsEqual(content) { return known }
    let string = String(decoding: content, as: UTF8.self)
    slots[slot] = string
    return string
  }
}
