import NIOConcurrencyHelpers
import NIOCore
import Synchronization

/// A connection that sends any bytes, and keeps what comes back.
package final class RawConnection: ChannelInboundHandler, Sendable {
  package typealias InboundIn = ByteBuffer

  /// Serves as long as somebody holds a connection to it.
  private let server: ServerUnderTest

  private struct State {
    var channel: (any Channel)?
    package var received: [UInt8] = []
    var isClosed = false
  }
  private let state = Mutex(State())
  /// True where something came since a waiter looked.
  private let changes = ConditionLock(value: false)

  init(to server: ServerUnderTest) { self.server = server }

  /// To be told of before anything is sent.
  func opened(_ channel: any Channel) { state.withLock { $0.channel = channel } }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data).readableBytesView
    state.withLock { $0.received.append(contentsOf: bytes) }
    changed()
  }

  package func channelInactive(context: ChannelHandlerContext) {
    state.withLock { $0.isClosed = true }
    changed()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A TLS connection that ends without a farewell ends all the same.
    context.close(promise: nil)
  }

  private func changed() {
    changes.lock()
    changes.unlock(withValue: true)
  }

  package var received: [UInt8] { state.withLock { $0.received } }
  package var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Sends unless the connection is closed; nobody minds then.
  package func send(_ bytes: some Sequence<UInt8>) {
    guard let channel = state.withLock({ $0.channel }) else { return }
    try? channel.writeAndFlush(ByteBuffer(bytes: bytes)).wait()
  }

  package func stopSending() {
    try? state.withLock { $0.channel }?.close(mode: .output).wait()
  }

  package func stopReading() { setReading(false) }
  package func goOnReading() { setReading(true) }

  private func setReading(_ reads: Bool) {
    try? state.withLock { $0.channel }?.setOption(.autoRead, value: reads).wait()
  }

  package func close() {
    try? state.withLock { $0.channel }?.close().wait()
  }

  /// Waits until `isDone` holds for what came so far, or the connection is closed.
  /// - Returns: false where neither came within the limit.
  package func wait(seconds: Double, until isDone: ([UInt8]) -> Bool) -> Bool {
    let deadline = FuzzRun.now() + seconds
    while true {
      let (received, isClosed) = state.withLock { ($0.received, $0.isClosed) }
      if isClosed || isDone(received) { return true }
      let left = deadline - FuzzRun.now()
      guard left > 0 else { return false }
      // What came since the look has set it already.
      if changes.lock(whenValue: true, timeoutSeconds: left) { changes.unlock(withValue: false) }
    }
  }
}
