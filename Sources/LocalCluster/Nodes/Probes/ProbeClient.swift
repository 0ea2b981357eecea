import NIOCore
import NIOPosix

/// Asks a container whether it answers: one connection a probe, as the kubelet makes them.
package struct ProbeClient: Sendable {
  package enum Outcome: Sendable, Equatable {
    case success
    case failure(String)
    package var isSuccess: Bool { self == .success }
  }

  private static let headBytesMax = 8192
  let group: any EventLoopGroup

  package init(group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) { self.group = group }

  /// GET; 200 to 399 is success. Redirects are not followed.
  package func get(
    host: String, port: Int, path: String, headers: [(name: String, value: String)] = [], timeoutSeconds: Double
  ) async -> Outcome {
    var request = "GET \(path.isEmpty ? "/" : path.hasPrefix("/") ? path : "/" + path) HTTP/1.1\r\n"
    var named = Set<String>()
    for header in headers {
      named.insert(header.name.lowercased())
      request += "\(header.name): \(header.value)\r\n"
    }
    if !named.contains("host") { request += "Host: \(host):\(port)\r\n" }
    if !named.contains("user-agent") { request += "User-Agent: kube-probe/1.32\r\n" }
    request += "Accept: */*\r\nConnection: close\r\n\r\n"
    let status = await exchange(host: host, port: port, request: request, timeoutSeconds: timeoutSeconds)
    return switch status {
    case .success(let code) where (200..<400).contains(code): .success
    case .success(let code): .failure("HTTP probe failed with statuscode: \(code)")
    case .failure(let error): .failure(error.description)
    }
  }

  /// Success where the connection is accepted.
  package func connect(host: String, port: Int, timeoutSeconds: Double) async -> Outcome {
    let result = await exchange(host: host, port: port, request: nil, timeoutSeconds: timeoutSeconds)
    return switch result {
    case .success: .success
    case .failure(let error): .failure(error.description)
    }
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private func exchange(host: String, port: Int, request: String?, timeoutSeconds: Double) async -> Result<Int, Failure>
  {
    let loop = group.next()
    let answer = loop.makePromise(of: Int.self)
    let timeout = TimeAmount.nanoseconds(Int64(timeoutSeconds * 1e9))
    let connecting = ClientBootstrap(group: loop)
      .connectTimeout(timeout)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            StatusLineReader(request: request, answer: answer, headBytesMax: Self.headBytesMax))
        }
      }
      .connect(host: host, port: port)
    connecting.whenFailure { answer.fail($0) }
    let deadline = loop.scheduleTask(in: timeout) {
      answer.fail(Failure(description: "context deadline exceeded after \(timeoutSeconds) s"))
    }
    do {
      let status = try await answer.futureResult.get()
      deadline.cancel()
      connecting.whenSuccess { $0.close(promise: nil) }
      return .success(status)
    } catch {
      deadline.cancel()
      connecting.whenSuccess { $0.close(promise: nil) }
      if let failure = error as? Failure { return .failure(failure) }
      let cause = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
      return .failure(Failure(description: "dial tcp \(host):\(port): \(cause)"))
    }
  }
}

/// Sends a request and reads as far as the status; without a request, the connection alone is the answer (as 0).
private final class StatusLineReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let request: String?
  private let answer: EventLoopPromise<Int>
  private let headBytesMax: Int
  private var head = ByteBuffer()

  init(request: String?, answer: EventLoopPromise<Int>, headBytesMax: Int) {
    self.request = request
    self.answer = answer
    self.headBytesMax = headBytesMax
  }

  func channelActive(context: ChannelHandlerContext) {
    guard let request else { return answer.succeed(0) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    head.writeBuffer(&buffer)
    let bytes = head.readableBytesView
    guard let lineBreak = bytes.firstIndex(of: 0x0A) else {
      if bytes.count > headBytesMax { answer.fail(ProbeClient.Failure(description: "the answer is not HTTP")) }
      return
    }
    let words = String(decoding: bytes[..<lineBreak], as: UTF8.self).split(separator: " ")
    if words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1].prefix(3)) {
      answer.succeed(status)
    } else {
      answer.fail(ProbeClient.Failure(description: "the answer is not HTTP"))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    answer.fail(ProbeClient.Failure(description: "the connection was closed without an answer"))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    answer.fail(error)
    context.close(promise: nil)
  }
}
