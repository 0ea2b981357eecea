import NIOCore
import ZlibShim

/// Compresses a body piece by piece (RFC 1952), at zlib's fastest level as kube-apiserver does.
final class GzipEncoder {
  /// Of a body; smaller ones are sent as they are (`defaultGzipThresholdBytes` in apiserver's `writers.go`).
  static let bodyBytesMin = 128 * 1024
  private static let level: Int32 = 1
  private static let stepBytes = 64 << 10

  /// On the heap: zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    isReady = sakigake_gzip_start(stream, Self.level) == Z_OK
  }

  deinit {
    if isReady { deflateEnd(stream) }
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Appends what comes out of compressing `bytes`; everything that is left where it is the last piece.
  /// - Returns: false where there is no memory for it.
  func encode(_ bytes: ArraySlice<UInt8>, isLast: Bool, into output: inout ByteBuffer) -> Bool {
    guard isReady else { return false }
    return bytes.withUnsafeBufferPointer { input in
      // zlib reads through a pointer that it declares mutable and leaves what it points at alone.
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      let flush = isLast ? Z_FINISH : Z_NO_FLUSH
      while true {
        var result = Z_OK
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.stepBytes) { room in
          stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
          stream.pointee.avail_out = UInt32(room.count)
          result = deflate(stream, flush)
          return room.count - Int(stream.pointee.avail_out)
        }
        if result == Z_STREAM_END { return true }
        guard result == Z_OK || result == Z_BUF_ERROR else { return false }
        if !isLast, stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 { return true }
      }
    }
  }

  /// Whether `Accept-Encoding` names gzip, read as kube-apiserver reads it: without weights.
  static func isAccepted(_ header: String) -> Bool {
    header.split(separator: ",").contains { $0.drop { $0 == " " }.prefix { $0 != " " } == "gzip" }
  }
}
