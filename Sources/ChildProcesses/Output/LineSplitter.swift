/// Cuts a stream of bytes into lines; a line longer than the cap comes in parts.
public struct LineSplitter: Sendable {
  public struct Line: Sendable, Hashable {
    /// Without the line break.
    public var bytes: [UInt8]
    /// More of the same line follows.
    public var isPartial: Bool

    public init(bytes: [UInt8], isPartial: Bool) {
      self.bytes = bytes
      self.isPartial = isPartial
    }
  }

  private let lineBytesMax: Int
  private var pending: [UInt8] = []

  /// - Parameter lineBytesMax: 16 KiB, as container runtimes cut them.
  public init(lineBytesMax: Int = 16_384) { self.lineBytesMax = max(1, lineBytesMax) }

  /// Adds bytes and returns the lines that they complete.
  public mutating func take(_ bytes: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let room = lineBytesMax - pending.count
      let window = rest.prefix(room + 1)
      if let lineBreak = window.firstIndex(of: 0x0A) {
        lines.append(Line(bytes: pending + rest[..<lineBreak], isPartial: false))
        pending = []
        rest = rest[(lineBreak + 1)...]
      } else if window.count > room {
        lines.append(Line(bytes: pending + rest.prefix(room), isPartial: true))
        pending = []
        rest = rest.dropFirst(room)
      } else {
        pending.append(contentsOf: rest)
        rest = []
      }
    }
    return lines
  }

  /// The last line, where the stream ended without a line break.
  public mutating func finish() -> Line? {
    guard !pending.isEmpty else { return nil }
    defer { pending = [] }
    return Line(bytes: pending, isPartial: false)
  }
}
