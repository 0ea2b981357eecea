#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a command says: results on standard output, everything else on standard error.
enum Console {
  static func output(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
  /// Bytes as they are, without a line break at the end.
  static func output(bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }
  static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  static let errorIsTerminal = isatty(STDERR_FILENO) == 1

  /// Text on standard error as it is, for terminals.
  static func raw(_ text: String) { write(text, to: STDERR_FILENO) }

  /// A line that replaces the one before on a terminal, and is a line of its own elsewhere.
  static func progress(_ text: String, isLast: Bool = false) {
    if errorIsTerminal {
      write("\r\u{1B}[K\(text)" + (isLast ? "\n" : ""), to: STDERR_FILENO)
    } else {
      error(text)
    }
  }

  private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var start = 0
    while start < bytes.count {
      let written = bytes[start...].withUnsafeBytes { unistdWrite(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return
      }
      start += written
    }
  }

  private static func unistdWrite(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, base, count)
    #else
      Darwin.write(descriptor, base, count)
    #endif
  }
}

/// Columns of text, as wide as their widest cell.
struct TextTable {
  var header: [String]
  var rows: [[String]] = []

  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
    return all.map { row in
      row.enumerated().map { index, cell in
        index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count + 3)
      }.joined()
    }.joined(separator: "\n")
  }
}
