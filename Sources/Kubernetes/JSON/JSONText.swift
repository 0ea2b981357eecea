/// Why a text is not JSON.
public struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
  public var message: String
  /// Counted from 1.
  public var line: Int
  /// In bytes, counted from 1.
  public var column: Int

  public init(_ message: String, line: Int, column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }
  public var description: String { "\(line):\(column): \(message)" }
}

extension JSONValue {
  /// How deep arrays and objects may be nested in a text.
  public static let depthLimit = 512

  /// Reads one JSON text (RFC 8259, strictly): duplicate members, invalid UTF-8, lone surrogates, numbers beyond the
  /// range of a double, nesting beyond `depthLimit` and trailing text are errors.
  public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONSyntaxError) -> JSONValue in
      var reader = JSONReader(buffer)
      return try reader.document()
    }
  }

  /// Reads one JSON text in which a member may be there twice: the last one counts.
  /// - Parameter duplicates: the paths of such members, such as `spec.containers[0].name`; at most 100.
  public init(parsing bytes: [UInt8], duplicates: inout [String]) throws(JSONSyntaxError) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONSyntaxError) -> JSONValue in
      var reader = JSONReader(buffer, notesDuplicates: true)
      let value = try reader.document()
      duplicates = reader.duplicates
      return value
    }
  }

  public init(parsing text: String) throws(JSONSyntaxError) { try self.init(parsing: Array(text.utf8)) }

  /// Compact JSON.
  public var bytes: [UInt8] {
    var writer = JSONWriter(indent: nil)
    writer.write(self)
    return writer.finish()
  }

  /// Compact JSON up to the text of one member of this object, and after it: for a string that is filled in later.
  /// The tail is empty where there is no such member. The depth is how many containers are within one another.
  package func bytes(around path: [String]) -> (head: [UInt8], tail: [UInt8], depth: Int) {
    var writer = JSONWriter(indent: nil)
    guard case .object(let object) = self, let gap = writer.write(object, around: path[...]) else {
      return (bytes, [], 0)
    }
    let (head, tail) = writer.finish(splitAt: gap)
    return (head, tail, writer.deepest)
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// JSON with line breaks and two spaces a level, for people; without a line break at the end.
  public var prettyText: String {
    var writer = JSONWriter(indent: 2)
    writer.write(self)
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
