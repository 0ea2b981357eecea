/// Cuts a stream of bytes into lines, holding at most one unfinished line.
package struct LineSplitter {
  package let lineBytesMax: Int
  private var rest: [UInt8] = []

  package init(lineBytesMax: Int) { self.lineBytesMax = lineBytesMax }

  /// The lines that `chunk` completes, without their newline; empty lines are left out.
  /// - Throws: `TransportError` with `.tooLarge` when a line exceeds the limit.
  package mutating func lines(adding chunk: [UInt8]) throws -> [ArraySlice<UInt8>] {
    guard chunk.contains(0x0A) else {
      guard rest.count + chunk.count <= lineBytesMax else { throw tooLarge }
      rest += chunk
      return []
    }
    let whole = rest.isEmpty ? chunk : rest + chunk
    var lines: [ArraySlice<UInt8>] = []
    var start = whole.startIndex
    while let end = whole[start...].firstIndex(of: 0x0A) {
      if end - start > lineBytesMax { throw tooLarge }
      if end > start { lines.append(whole[start..<end]) }
      start = end + 1
    }
    rest = Array(whole[start...])
    guard rest.count <= lineBytesMax else { throw tooLarge }
    return lines
  }

  private var tooLarge: TransportError { TransportError(.tooLarge, "a line is longer than \(lineBytesMax) bytes") }
}
