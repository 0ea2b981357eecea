import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the stamps in the events of one watch, without reading the rest of them.
struct WatchRecorder {
  private(set) var events = 0
  private(set) var latencies: [Int64] = []
  private var carried: [UInt8] = []
  /// Deletions repeat the stamp of an earlier write.
  var isMeasuring = true

  private static let mark = Array("\"\(BenchmarkPods.stampKey)\":\"".utf8)
  /// A mark is looked for by its slash, which is rarer in JSON than any other of its letters.
  private static let markSlash = mark.firstIndex(of: 0x2F) ?? 0
  /// A stamp has at most twenty digits, and a quote after them.
  private static let stampBytesMax = mark.count + 21

  mutating func read(_ bytes: ByteBufferView, now: UInt64) {
    carried.append(contentsOf: bytes)
    var from = 0
    carried.withUnsafeBytes { text in
      while let at = Self.find(in: text, from: from), let (stamp, end) = Self.stamp(in: text, at + Self.mark.count) {
        events += 1
        if isMeasuring { latencies.append(Int64(now) - Int64(stamp)) }
        from = end
      }
    }
    carried.removeFirst(max(from, carried.count - Self.stampBytesMax))
  }

  private static func find(in text: UnsafeRawBufferPointer, from: Int) -> Int? {
    guard let base = text.baseAddress else { return nil }
    var index = from + markSlash
    while index < text.count, let slash = memchr(base + index, 0x2F, text.count - index) {
      let start = UnsafeRawPointer(slash) - base - markSlash
      if start + mark.count <= text.count, memcmp(base + start, mark, mark.count) == 0 { return start }
      index = start + markSlash + 1
    }
    return nil
  }

  /// - Returns: nil where its end has not come yet.
  private static func stamp(in text: UnsafeRawBufferPointer, _ start: Int) -> (UInt64, end: Int)? {
    var value: UInt64 = 0
    for index in start..<max(start, min(text.count, start + 21)) {
      guard text[index] != UInt8(ascii: "\"") else { return (value, index + 1) }
      value = value &* 10 &+ UInt64(text[index] &- 0x30)
    }
    return nil
  }

  mutating func takeLatencies() -> [Int64] {
    defer { latencies.removeAll() }
    return latencies
  }
}
