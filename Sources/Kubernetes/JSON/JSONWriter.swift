/// Writes JSON into one growing buffer.
///
/// Only what RFC 8259 demands is escaped: control characters, `"` and `\`. A double that is a whole number is written
/// without a fraction, as Go does; one that is no number (which no text can contain) is written as null.
struct JSONWriter: ~Copyable {
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0
  /// Spaces a level; nil writes compactly.
  private let indent: Int?
  private var level = 0 {
    didSet { deepest = max(deepest, level) }
  }
  /// How many containers were open at once.
  private(set) var deepest = 0

  init(indent: Int?) {
    self.indent = indent
    capacity = 512
    storage = .allocate(capacity: capacity)
  }

  deinit { storage.deallocate() }

  func finish() -> [UInt8] { Array(UnsafeBufferPointer(start: storage, count: count)) }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: word("null")
    case .bool(let value): if value { word("true") } else { word("false") }
    case .integer(let value): write(value)
    case .double(let value): write(value)
    case .string(let value): write(value)
    case .array(let elements): write(elements)
    case .object(let object): write(object)
    }
  }

  private mutating func write(_ elements: [JSONValue]) {
    byte(0x5B)
    level += 1
    var isFirst = true
    for element in elements {
      if !isFirst { byte(0x2C) }
      isFirst = false
      lineBreak()
      write(element)
    }
    level -= 1
    if !isFirst { lineBreak() }
    byte(0x5D)
  }

  private mutating func write(_ object: JSONObject) {
    byte(0x7B)
    level += 1
    var isFirst = true
    for member in object.members {
      if !isFirst { byte(0x2C) }
      isFirst = false
      lineBreak()
      write(member.key)
      byte(0x3A)
      if indent != nil { byte(0x20) }
      write(member.value)
    }
    level -= 1
    if !isFirst { lineBreak() }
    byte(0x7D)
  }

  /// Writes an object in two parts: up to the text of one member, which is a string, and after it.
  /// - Returns: how many bytes the first part has; nil where there is no such member.
  mutating func write(_ object: JSONObject, around path: ArraySlice<String>) -> Int? {
    var gap: Int?
    byte(0x7B)
    level += 1
    defer { level -= 1 }
    var isFirst = true
    for member in object.members {
      if !isFirst { byte(0x2C) }
      isFirst = false
      write(member.key)
      byte(0x3A)
      guard member.key == path.first else {
        write(member.value)
        continue
      }
      if path.count == 1 {
        byte(0x22)
        gap = count
        byte(0x22)
      } else if case .object(let inner) = member.value {
        gap = write(inner, around: path.dropFirst())
      } else {
        write(member.value)
      }
    }
    byte(0x7D)
    return gap
  }

  func finish(splitAt gap: Int) -> (head: [UInt8], tail: [UInt8]) {
    let whole = UnsafeBufferPointer(start: storage, count: count)
    return (Array(whole[..<gap]), Array(whole[gap...]))
  }

  private mutating func lineBreak() {
    guard let indent else { return }
    byte(0x0A)
    let spaces = level * indent
    reserve(spaces)
    (storage + count).update(repeating: 0x20, count: spaces)
    count += spaces
  }
}

extension JSONWriter {
  private mutating func write(_ string: String) {
    var string = string
    string.withUTF8 { content in
      reserve(content.count + 2)
      put(0x22)
      var from = 0
      var index = 0
      while index < content.count {
        index = Self.nextEscape(in: content, from: index)
        copy(content, from, index)
        guard index < content.count else { break }
        escape(content[index])
        index += 1
        from = index
        reserve(content.count - index + 1)
      }
      put(0x22)
    }
  }

  @inline(__always)
  private static func nextEscape(in content: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = content.baseAddress else { return start }
    let raw = UnsafeRawPointer(base)
    var index = start
    while index + 8 <= content.count {
      let stops = ByteWord.stops(in: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      if stops != 0 { return index + stops.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < content.count {
      let byte = content[index]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { break }
      index += 1
    }
    return index
  }

  private mutating func escape(_ byte: UInt8) {
    reserve(6)
    put(0x5C)
    switch byte {
    case 0x22, 0x5C: put(byte)
    case 0x08: put(0x62)
    case 0x09: put(0x74)
    case 0x0A: put(0x6E)
    case 0x0C: put(0x66)
    case 0x0D: put(0x72)
    default:
      put(0x75)
      put(0x30)
      put(0x30)
      put(0x30 + byte >> 4)
      put(byte & 15 < 10 ? 0x30 + byte & 15 : 0x57 + byte & 15)
    }
  }

  private mutating func write(_ value: Int64) {
    reserve(20)
    var magnitude = value.magnitude
    if value < 0 { put(0x2D) }
    var length = 1
    var bound: UInt64 = 10
    while length < 19, magnitude >= bound {
      length += 1
      bound *= 10
    }
    for index in stride(from: length - 1, through: 0, by: -1) {
      storage[count + index] = 0x30 + UInt8(truncatingIfNeeded: magnitude % 10)
      magnitude /= 10
    }
    count += length
  }

  private mutating func write(_ value: Double) {
    guard value.isFinite else { return word("null") }
    let text = value.description
    var utf8 = Array(text.utf8)
    if utf8.count > 2, utf8[utf8.count - 1] == 0x30, utf8[utf8.count - 2] == 0x2E { utf8.removeLast(2) }
    reserve(utf8.count)
    for byte in utf8 { put(byte) }
  }

  private mutating func word(_ word: StaticString) {
    reserve(word.utf8CodeUnitCount)
    (storage + count).update(from: word.utf8Start, count: word.utf8CodeUnitCount)
    count += word.utf8CodeUnitCount
  }

  private mutating func byte(_ byte: UInt8) {
    reserve(1)
    put(byte)
  }

  /// Needs room reserved.
  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    storage[count] = byte
    count += 1
  }

  /// Needs room reserved.
  @inline(__always)
  private mutating func copy(_ content: UnsafeBufferPointer<UInt8>, _ from: Int, _ end: Int) {
    guard end > from, let base = content.baseAddress else { return }
    (storage + count).update(from: base + from, count: end - from)
    count += end - from
  }

  @inline(__always)
  private mutating func reserve(_ room: Int) {
    if count + room > capacity { grow(room) }
  }

  private mutating func grow(_ room: Int) {
    capacity = max(capacity * 2, count + room)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: storage, count: count)
    storage.deallocate()
    storage = larger
  }
}
