/// A reader of one JSON text, RFC 8259 to the letter.
///
/// It keeps open containers on stacks of its own, so that a deeply nested text costs no call stack.
struct JSONReader: ~Copyable {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  /// Scratch for strings with escapes.
  var unescaped: [UInt8] = []
  var keyCache = KeyCache()

  private var values = MoveStack<JSONValue>(capacity: 32)
  private var members = MoveStack<(key: String, value: JSONValue)>(capacity: 64)
  private var open: [Container] = []
  /// The member names of open objects too large for a linear search, with the nesting depth of each.
  private var largeObjects: [(depth: Int, positions: [String: Int])] = []

  private struct Container {
    var isObject: Bool
    /// Where its elements start on the stack of values or members.
    var start: Int
    var hasDuplicates = false
  }

  /// Whether a member that is there twice is noted, and the last one taken, in place of an error.
  private let notesDuplicates: Bool
  /// Paths of members that are there twice, such as `spec.containers[0].name`.
  private(set) var duplicates: [String] = []
  private static let duplicatesMax = 100

  init(_ bytes: UnsafeBufferPointer<UInt8>, notesDuplicates: Bool = false) {
    self.bytes = bytes
    self.notesDuplicates = notesDuplicates
  }

  func failure(_ message: String, at offset: Int) -> JSONSyntaxError {
    var line = 1
    var lineStart = 0
    for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A {
      line += 1
      lineStart = index + 1
    }
    return JSONSyntaxError(message, line: line, column: offset - lineStart + 1)
  }

  /// What stands at the reader's position, for messages.
  func unexpected(_ wanted: String) -> JSONSyntaxError {
    guard position < bytes.count else { return failure("the text ends where \(wanted) is expected", at: position) }
    let byte = bytes[position]
    let found = byte > 0x20 && byte < 0x7F ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte \(byte)"
    return failure("expected \(wanted), found \(found)", at: position)
  }

  @inline(__always)
  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  @inline(__always)
  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func document() throws(JSONSyntaxError) -> JSONValue {
    while true {
      skipSpace()
      guard var value = try start() else { continue }
      // A value is complete: put it where it belongs, and so with every container that it completes.
      attaching: while true {
        guard let container = open.last else {
          skipSpace()
          guard position == bytes.count else { throw unexpected("the end of the text") }
          return value
        }
        if container.isObject {
          members[members.count - 1].value = value
          skipSpace()
          if take(0x2C) {
            skipSpace()
            try memberName()
            break attaching
          }
          guard take(0x7D) else { throw unexpected("\",\" or \"}\"") }
        } else {
          values.push(value)
          skipSpace()
          if take(0x2C) { break attaching }
          guard take(0x5D) else { throw unexpected("\",\" or \"]\"") }
        }
        value = close(container)
      }
    }
  }

  /// Reads a scalar or an empty container; nil where a container was opened and its first value comes next.
  private mutating func start() throws(JSONSyntaxError) -> JSONValue? {
    guard position < bytes.count else { throw unexpected("a value") }
    switch bytes[position] {
    case 0x22: return .string(try string())
    case 0x7B:
      try enter()
      if take(0x7D) { return .object(JSONObject()) }
      open.append(Container(isObject: true, start: members.count))
      try memberName()
      return nil
    case 0x5B:
      try enter()
      if take(0x5D) { return .array([]) }
      open.append(Container(isObject: false, start: values.count))
      return nil
    case 0x2D, 0x30...0x39: return try number()
    case 0x74: return try word("true", .bool(true))
    case 0x66: return try word("false", .bool(false))
    case 0x6E: return try word("null", .null)
    default: throw unexpected("a value")
    }
  }

  /// Steps over the bracket that opens a container.
  private mutating func enter() throws(JSONSyntaxError) {
    guard open.count < JSONValue.depthLimit else {
      throw failure("nested deeper than \(JSONValue.depthLimit) levels", at: position)
    }
    position += 1
    skipSpace()
  }

  private mutating func close(_ container: Container) -> JSONValue {
    let depth = open.count
    open.removeLast()
    guard container.isObject else { return .array(values.popAll(from: container.start)) }
    let index = largeObjects.last?.depth == depth ? largeObjects.removeLast().positions : nil
    if container.hasDuplicates { return .object(JSONObject(members.popAll(from: container.start).map { ($0, $1) })) }
    return .object(JSONObject(distinct: members.popAll(from: container.start), index: index))
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let length = word.utf8CodeUnitCount
    guard position + length <= bytes.count else { throw failure("expected a value", at: position) }
    for offset in 0..<length where bytes[position + offset] != word.utf8Start[offset] {
      throw failure("expected a value; did you mean \(word)?", at: position)
    }
    position += length
    return value
  }

  /// Reads `"name":` and pushes the member, whose value is still to come.
  private mutating func memberName() throws(JSONSyntaxError) {
    let offset = position
    guard position < bytes.count, bytes[position] == 0x22 else { throw unexpected("a member's name in quotes") }
    let name = try key()
    if !isNew(name) {
      guard notesDuplicates else { throw failure("the member \"\(name)\" is there twice", at: offset) }
      noteDuplicate(name)
    }
    members.push((name, .null))
    skipSpace()
    guard take(0x3A) else { throw unexpected("\":\"") }
  }

  private mutating func noteDuplicate(_ name: String) {
    open[open.count - 1].hasDuplicates = true
    guard duplicates.count < Self.duplicatesMax else { return }
    var path = ""
    for (depth, container) in open.enumerated().dropLast() {
      // Whatever is inside began after the member or element in which it is.
      let next = open[(depth + 1)...].first { $0.isObject == container.isObject }?.start
      if container.isObject {
        let holder = members[(next ?? members.count) - 1].key
        path += path.isEmpty ? holder : ".\(holder)"
      } else {
        path += "[\((next ?? values.count) - container.start)]"
      }
    }
    let full = path.isEmpty ? name : "\(path).\(name)"
    if !duplicates.contains(full) { duplicates.append(full) }
  }

  private mutating func isNew(_ name: String) -> Bool {
    guard let start = open.last?.start else { return true }
    let count = members.count - start
    if count < JSONObject.linearLimit {
      for index in start..<members.count where members[index].key == name { return false }
      return true
    }
    if largeObjects.last?.depth != open.count {
      var positions: [String: Int] = [:]
      for index in start..<members.count { positions[members[index].key] = index - start }
      largeObjects.append((open.count, positions))
    }
    return largeObjects[largeObjects.count - 1].positions.updateValue(count, forKey: name) == nil
  }
}
