import NIOCore

/// Reads just enough of HTTP/1.1 answers (RFC 9112) to know where each ends: a load generator must cost little itself.
struct ResponseScanner {
  /// An answer's head may have so many bytes.
  static let headBytesMax = 64 << 10

  enum Failure: Error { case notHTTP, headTooLarge }

  private enum State {
    case head
    case fixed(left: Int)
    case chunkSize
    case chunk(left: Int)
    case chunkEnd
    case trailer
  }

  private(set) var status = 0
  private var state = State.head
  private var pending = ByteBuffer()

  /// - Parameters:
  ///   - body: gets the body's bytes as they come.
  ///   - finished: called with the status at the end of each answer.
  mutating func scan(
    _ buffer: ByteBuffer, body: (ByteBufferView) -> Void, finished: (Int) -> Void
  ) throws(Failure) {
    if pending.readableBytes == 0 { pending = buffer } else { pending.writeImmutableBuffer(buffer) }
    while pending.readableBytes > 0 {
      switch state {
      case .head:
        guard let head = take(until: Self.headEnd) else {
          guard pending.readableBytes <= Self.headBytesMax else { throw .headTooLarge }
          return
        }
        try begin(head)
        if case .fixed(0) = state { finish(finished) }
      case .fixed(let left):
        let count = pass(left, body)
        state = .fixed(left: left - count)
        if count == left { finish(finished) }
      case .chunkSize:
        guard let line = take(until: Self.lineEnd) else { return }
        guard let size = Int(String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self), radix: 16) else {
          throw .notHTTP
        }
        state = size == 0 ? .trailer : .chunk(left: size)
      case .chunk(let left):
        let count = pass(left, body)
        state = count == left ? .chunkEnd : .chunk(left: left - count)
      case .chunkEnd:
        guard take(until: Self.lineEnd) != nil else { return }
        state = .chunkSize
      case .trailer:
        guard let line = take(until: Self.lineEnd) else { return }
        if line.isEmpty { finish(finished) }
      }
    }
  }

  private static let headEnd: [UInt8] = [13, 10, 13, 10]
  private static let lineEnd: [UInt8] = [13, 10]

  private mutating func finish(_ finished: (Int) -> Void) {
    state = .head
    finished(status)
  }

  private mutating func pass(_ wanted: Int, _ body: (ByteBufferView) -> Void) -> Int {
    let count = min(wanted, pending.readableBytes)
    if let slice = pending.readSlice(length: count) { body(slice.readableBytesView) }
    return count
  }

  /// What stands before a mark, without it; nil where the mark has not come yet.
  private mutating func take(until mark: [UInt8]) -> ByteBufferView? {
    let view = pending.readableBytesView
    guard let found = view.firstRange(of: mark) else { return nil }
    let part = view[view.startIndex..<found.lowerBound]
    pending.moveReaderIndex(forwardBy: found.upperBound - view.startIndex)
    return part
  }

  private mutating func begin(_ head: ByteBufferView) throws(Failure) {
    let text = String(decoding: head, as: UTF8.self)
    guard text.hasPrefix("HTTP/1.1 "), let code = Int(text.dropFirst(9).prefix(3)) else { throw .notHTTP }
    status = code
    state = .fixed(left: 0)
    for line in text.split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].drop { $0 == " " }
      switch parts[0].lowercased() {
      case "content-length":
        guard let length = Int(value) else { throw .notHTTP }
        state = .fixed(left: length)
      case "transfer-encoding": state = .chunkSize
      default: break
      }
    }
  }
}

extension ByteBufferView {
  fileprivate func firstRange(of mark: [UInt8]) -> Range<Int>? {
    guard let first = mark.first, count >= mark.count else { return nil }
    var from = startIndex
    while let start = self[from...].firstIndex(of: first), start + mark.count <= endIndex {
      if self[start..<start + mark.count].elementsEqual(mark) { return start..<start + mark.count }
      from = start + 1
    }
    return nil
  }
}
