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
  /// Reads one JSON text (RFC 8259, strictly): duplicate members, invalid UTF-8 and trailing text are errors.
  public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
    fatalError()
  }

  public init(parsing text: String) throws(JSONSyntaxError) { try self.init(parsing: Array(text.utf8)) }

  /// Compact JSON.
  public var bytes: [UInt8] { fatalError() }
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// JSON with line breaks and two spaces a level, for people.
  public var prettyText: String { fatalError() }
}
