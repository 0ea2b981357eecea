import NIOCore
import NIOHTTP1
import NIOPosix

/// Where requests go: `http://127.0.0.1:30080/articles`.
public struct TrafficTarget: Sendable, Equatable {
  public var host: String
  public var port: Int
  public var path: String
  /// The Host header, where it differs from the address.
  public var hostHeader: String

  public struct Invalid: Error, Sendable, CustomStringConvertible {
    public var description: String
  }

  public init(url: String, hostHeader: String? = nil) throws(Invalid) {
    guard url.hasPrefix("http://") else { throw Invalid(description: "\"\(url)\" is no http:// address") }
    let rest = url.dropFirst(7)
    guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Invalid(description: "\"\(url)\" has letters that stand in no address; write them as %XX")
    }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let pair = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = pair.first, !first.isEmpty, pair.count <= 2, let port = pair.count == 2 ? Int(pair[1]) : 80,
      (1...65535).contains(port)
    else { throw Invalid(description: "\"\(url)\" has no HOST:PORT") }
    host = String(first)
    self.port = port
    let remaining = rest.dropFirst(authority.count)
    path = remaining.hasPrefix("/") ? String(remaining) : "/\(remaining)"
    guard (hostHeader ?? "").utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Invalid(description: "\"\(hostHeader ?? "")\" is no Host header")
    }
    self.hostHeader = hostHeader ?? String(authority)
  }
}

/// Sends requests when a curve says they are due, whether or not earlier ones were answered.
///
/// A closed loop of workers slows down with the server and so hides what users felt; here latency counts from the
/// moment a request was due. All state lives on one event loop.
public final class LoadGenerator: Sendable {
  public struct Limits: Sendable {
    public var timeoutSeconds = 10.0
    /// Open connections; a request that would need one more fails as `limit`.
    public var connectionsMax = 4096
    public init() {}
  }

  private let target: TrafficTarget
  private let limits: Limits

  public init(target: TrafficTarget, limits: Limits = Limits()) {
    self.target = target
    self.limits = limits
  }

  /// Runs the curve to its end and waits for the last answers; ends at once when its task is cancelled, with what
  /// was seen until then.
  /// - Parameter onSecond: called about once a second with the seconds whose requests all have an outcome.
  /// - Throws: where the target's name is not known; `CancellationError` where the task was cancelled before.
  public func run(_ curve: RateCurve, onSecond: @escaping @Sendable (TrafficRecord) -> Void = { _ in }) async throws
    -> TrafficReport
  {
    let (target, limits) = (target, limits)
    // Looked up once, and not on the loop: there it would hold up the requests that are due.
    let address = try await NIOThreadPool.singleton.runIfActive {
      try SocketAddress.makeAddressResolvingHost(target.host, port: target.port)
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    do {
      let bound = try await loop.submit {
        NIOLoopBound(
          Run(curve: curve, target: target, address: address, limits: limits, loop: loop, onSecond: onSecond),
          eventLoop: loop)
      }.get()
      let report = try await withTaskCancellationHandler {
        try await loop.flatSubmit { bound.value.start() }.get()
      } onCancel: {
        loop.execute { bound.value.cancel() }
      }
      try await group.shutdownGracefully()
      return report
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
  }
}

/// One run, on its event loop.
private final class Run {
  private let target: TrafficTarget
  private let address: SocketAddress
  private let limits: LoadGenerator.Limits
  private let loop: any EventLoop
  private let onSecond: @Sendable (TrafficRecord) -> Void
  private let durationSeconds: Double
  private var schedule: RateCurve.Schedule
  private var nextDue: Double?
  private var records: [TrafficRecord] = []
  private var open: [Int: Int] = [:]
  private var reported = 0
  private var inFlight = 0
  private var connections = 0
  private var idle: [any Channel] = []
  private var started = NIODeadline.now()
  private var finished: EventLoopPromise<TrafficReport>?
  private var isCancelled = false

  init(
    curve: RateCurve, target: TrafficTarget, address: SocketAddress, limits: LoadGenerator.Limits, loop: any EventLoop,
    onSecond: @escaping @Sendable (TrafficRecord) -> Void
  ) {
    self.target = target
    self.address = address
    self.limits = limits
    self.loop = loop
    self.onSecond = onSecond
    durationSeconds = curve.durationSeconds
    schedule = curve.schedule
    nextDue = schedule.next()
  }

  func start() -> EventLoopFuture<TrafficReport> {
    let promise = loop.makePromise(of: TrafficReport.self)
    finished = promise
    started = .now()
    if isCancelled { end() } else { again() }
    return promise.futureResult
  }

  private func again() {
    loop.assumeIsolated().scheduleTask(in: .milliseconds(1)) {
      self.tick()
      if self.finished != nil { self.again() }
    }
  }

  /// May come before `start`.
  func cancel() {
    isCancelled = true
    nextDue = nil
    if finished != nil { end() }
  }

  private var elapsed: Double { Double((NIODeadline.now() - started).nanoseconds) / 1e9 }

  private func tick() {
    let now = elapsed
    while let due = nextDue, due <= now {
      send(due: due)
      nextDue = schedule.next()
    }
    // A second in which nothing was due has its record too.
    addRecords(through: Int(min(now, durationSeconds.rounded(.up) - 1)))
    report(before: Int(now))
    if nextDue == nil, inFlight == 0, now >= durationSeconds { end() }
  }

  private func end() {
    report(before: Int.max)
    idle.forEach { $0.close(promise: nil) }
    idle = []
    finished?.succeed(TrafficReport(records: records))
    finished = nil
  }

  /// Hands out the seconds that are over and of which no request is open, in order.
  private func report(before second: Int) {
    while reported < records.count, reported < second, open[reported, default: 0] == 0 {
      onSecond(records[reported])
      open[reported] = nil
      reported += 1
    }
  }

  private func addRecords(through second: Int) {
    while records.count <= second { records.append(TrafficRecord(second: records.count)) }
  }

  private func send(due: Double) {
    let second = Int(due)
    addRecords(through: second)
    records[second].sent += 1
    inFlight += 1
    open[second, default: 0] += 1
    let outcome = loop.makePromise(of: HTTPResponseStatus.self)
    outcome.futureResult.assumeIsolated().whenComplete { self.finish(due: due, second: second, $0) }
    while let channel = idle.popLast() {
      if channel.isActive { return exchange(on: channel, due: due, outcome) }
    }
    guard connections < limits.connectionsMax else { return outcome.fail(Failure.limit) }
    connections += 1
    ClientBootstrap(group: loop)
      .connectTimeout(.milliseconds(restMilliseconds(due: due)))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(Exchange())
        }
      }
      .connect(to: address)
      .assumeIsolated().whenComplete { result in
        switch result {
        case .success(let channel):
          channel.closeFuture.assumeIsolated().whenComplete { _ in self.connections -= 1 }
          self.exchange(on: channel, due: due, outcome)
        case .failure(let error):
          self.connections -= 1
          // A full backlog drops what would connect: the user waits as for an answer that does not come.
          if case .connectTimeout? = error as? ChannelError {
            outcome.fail(Failure.timeout)
          } else {
            outcome.fail(Failure.connect)
          }
        }
      }
  }

  /// Until the answer to a request that was due then is too late.
  private func restMilliseconds(due: Double) -> Int64 { Int64(max(1, (due + limits.timeoutSeconds - elapsed) * 1000)) }

  private func exchange(on channel: any Channel, due: Double, _ outcome: EventLoopPromise<HTTPResponseStatus>) {
    guard let handler = try? channel.pipeline.syncOperations.handler(type: Exchange.self) else {
      return outcome.fail(Failure.reset)
    }
    let deadline = loop.assumeIsolated().scheduleTask(in: .milliseconds(restMilliseconds(due: due))) {
      outcome.fail(Failure.timeout)
      handler.abandon()
      channel.close(promise: nil)
    }
    outcome.futureResult.assumeIsolated().whenComplete { result in
      deadline.cancel()
      if case .success = result, channel.isActive { self.idle.append(channel) } else { channel.close(promise: nil) }
    }
    handler.start(target, promise: outcome, on: channel)
  }

  private func finish(due: Double, second: Int, _ result: Result<HTTPResponseStatus, any Error>) {
    inFlight -= 1
    open[second, default: 1] -= 1
    switch result {
    case .success(let status) where status.code < 400:
      records[second].succeed(after: elapsed - due)
    case .success(let status): records[second].failures["http_\(status.code)", default: 0] += 1
    case .failure(let error):
      records[second].failures[(error as? Failure)?.rawValue ?? "reset", default: 0] += 1
    }
  }
}

private enum Failure: String, Error { case timeout, connect, reset, limit }

/// One request and its answer at a time on one connection.
private final class Exchange: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart
  private var promise: EventLoopPromise<HTTPResponseStatus>?
  private var status = HTTPResponseStatus.ok
  private var closes = false

  func start(_ target: TrafficTarget, promise: EventLoopPromise<HTTPResponseStatus>, on channel: any Channel) {
    self.promise = promise
    closes = false
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target.path, headers: ["host": target.hostHeader])
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  func abandon() { promise = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = head.status
      closes = !head.isKeepAlive
    case .body: break
    case .end:
      // Taken first: closing tells `channelInactive` at once, for which an answer that is still wanted is a reset.
      let answered = promise
      promise = nil
      if closes { context.close(promise: nil) }
      answered?.succeed(status)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise?.fail(Failure.reset)
    promise = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    promise?.fail(Failure.reset)
    promise = nil
    context.close(promise: nil)
  }
}
