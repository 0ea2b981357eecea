import Kubernetes
import NIOCore
import Synchronization

/// exec and attach over SPDY: the client opens a stream for each channel and names it in `streamType`.
final class SPDYChannels: ChannelStream {
  /// Negotiated in `X-Stream-Protocol-Version`; the client's order decides. Version 4 brought the final `Status`,
  /// 3 the terminal's size.
  static let versions: Set<String> = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"]
  private static let channels: [String: UInt8] = ["stdin": 0, "stdout": 1, "stderr": 2, "error": 3, "resize": 4]
  /// For the client to open the streams that its request told of (`streamCreationTimeout` in the kubelet).
  private static let openingSecondsMax = 30.0

  private struct State {
    var streams: [UInt8: SPDYStream] = [:]
    var waiting: [UInt8: [CheckedContinuation<SPDYStream?, Never>]] = [:]
    var isOver = false

    mutating func takeWaiting() -> [CheckedContinuation<SPDYStream?, Never>] {
      defer { waiting = [:] }
      return waiting.values.flatMap { $0 }
    }
  }

  let subprotocol: String
  private let carrier: Carrier
  private let state = Mutex(State())
  private let inbox: ReceiveQueue<ChannelMessage>

  /// On the carrier's event loop.
  init(_ session: SPDYSession, version: String) {
    subprotocol = version
    carrier = session.carrier
    inbox = ReceiveQueue { [carrier] in carrier.account($0) }
    session.onStream = { [weak self] in self?.take($0) ?? false }
    session.onEnd = { [self] in end() }
    session.carrier.eventLoop.scheduleTask(in: .seconds(Self.openingSecondsMax)) { [weak self] in self?.giveUp() }
  }

  private func take(_ stream: SPDYStream) -> Bool {
    guard let channel = Self.channels[stream.header("streamtype") ?? ""] else { return false }
    let waiting = state.withLock { state -> [CheckedContinuation<SPDYStream?, Never>]? in
      guard state.streams[channel] == nil, !state.isOver else { return nil }
      state.streams[channel] = stream
      return state.waiting.removeValue(forKey: channel) ?? []
    }
    guard let waiting else { return false }
    for continuation in waiting { continuation.resume(returning: stream) }
    if channel == 0 || channel == 4 { forward(stream, channel) }
    return true
  }

  private func forward(_ stream: SPDYStream, _ channel: UInt8) {
    Task { [inbox] in
      do {
        for try await bytes in stream.incoming { inbox.put(ChannelMessage(channel, bytes), bytes: bytes.count) }
        // As version 5 tells over a WebSocket that a channel has ended.
        inbox.put(ChannelMessage(255, [channel]), bytes: 1)
      } catch { inbox.finish(error) }
    }
  }

  /// Waits for the streams that a request told of: until they are open, its client waits for each, and not for what is
  /// sent on others.
  /// - Returns: false where they do not come in time.
  func opened(for request: APIRequest) async -> Bool {
    func flag(_ name: String) -> Bool { ["true", "1"].contains(request.query(name) ?? "") }
    var channels: [UInt8] = [3]
    if flag("stdin") { channels.append(0) }
    if flag("stdout") { channels.append(1) }
    if flag("tty") {
      if subprotocol.hasPrefix("v4.") || subprotocol.hasPrefix("v3.") { channels.append(4) }
    } else if flag("stderr") {
      channels.append(2)
    }
    for channel in channels {
      if await stream(channel) == nil { return false }
    }
    return true
  }

  private func giveUp() {
    for continuation in state.withLock({ $0.takeWaiting() }) { continuation.resume(returning: nil) }
  }

  private func end() {
    let waiting = state.withLock { state in
      state.isOver = true
      return state.takeWaiting()
    }
    for continuation in waiting { continuation.resume(returning: nil) }
    inbox.finish()
  }

  private func stream(_ channel: UInt8) async -> SPDYStream? {
    await withCheckedContinuation { continuation in
      let (stream, resumes) = state.withLock { state -> (SPDYStream?, Bool) in
        if let stream = state.streams[channel] { return (stream, true) }
        if state.isOver { return (nil, true) }
        state.waiting[channel, default: []].append(continuation)
        return (nil, false)
      }
      if resumes { continuation.resume(returning: stream) }
    }
  }

  var messages: AsyncThrowingStream<ChannelMessage, any Error> { inbox.stream }

  func send(_ message: ChannelMessage) async throws {
    guard let stream = await stream(message.channel) else { throw SPDYStream.Gone() }
    try await stream.send(message.bytes)
  }

  func close() async {
    for stream in state.withLock({ Array($0.streams.values) }) { await stream.close() }
    await carrier.close()
  }
}
