import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the connections of one event loop share. Used on that loop only, but for `executor`.
///
/// Connections have no timers of their own: one look a second finds those whose time is up, so that ten thousand idle
/// ones cost a few bytes each.
final class ConnectionLoop {
  /// Seconds between two looks at the deadlines: no limit is kept more exactly.
  static let sweepSeconds = 1.0

  let loop: any EventLoop
  let limits: HTTPLimits
  let executor: LoopExecutor
  /// `Date: Wed, 25 Nov 2026 02:39:28 GMT\r\n`, at most a second old.
  private(set) var dateLine: [UInt8] = []
  private(set) var isShuttingDown = false
  private var deadlines: [ObjectIdentifier: Deadline] = [:]
  private var tasks: [Int: Task<Void, Never>?] = [:]
  private var nextTask = 0
  private var sweep: RepeatedTask?
  private var onEmpty: (() -> Void)?

  init(_ loop: any EventLoop, limits: HTTPLimits) {
    self.loop = loop
    self.limits = limits
    executor = LoopExecutor(loop)
  }

  func start() {
    renderDate()
    let bound = NIOLoopBound(self, eventLoop: loop)
    sweep = loop.scheduleRepeatedTask(
      initialDelay: .seconds(Self.sweepSeconds), delay: .seconds(Self.sweepSeconds)
    ) { _ in bound.value.look() }
  }

  private func look() {
    renderDate()
    let now = NIODeadline.now()
    // Collected first: what is expired may take itself out.
    for deadline in deadlines.values.filter({ $0.at <= now }) {
      deadline.at = .distantFuture
      deadline.onExpiry()
    }
  }

  func add(_ deadline: Deadline) { deadlines[ObjectIdentifier(deadline)] = deadline }
  func remove(_ deadline: Deadline) {
    deadlines[ObjectIdentifier(deadline)] = nil
    if deadlines.isEmpty { reportEmpty() }
  }

  /// Runs a part of an exchange that waits, at once and on this loop; cancelled and awaited when the server ends.
  @discardableResult
  func run(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    nextTask += 1
    let number = nextTask
    let bound = NIOLoopBound(self, eventLoop: loop)
    let operation: @Sendable () async -> Void = {
      await body()
      bound.value.tasks[number] = nil
    }
    tasks.updateValue(nil, forKey: number)
    let task: Task<Void, Never>
    if #available(macOS 26, *) {
      task = Task.immediate(executorPreference: executor, operation: operation)
    } else {
      task = Task(executorPreference: executor, operation: operation)
    }
    // One that never had to wait is over, and has taken itself out.
    if tasks[number] != nil { tasks[number] = task }
    return task
  }

  /// Ends the connections: idle ones at once, the others after what they are at, all of them in the end.
  /// - Returns: the tasks that still run, cancelled.
  func shutDown() -> EventLoopFuture<[Task<Void, Never>]> {
    let promise = loop.makePromise(of: [Task<Void, Never>].self)
    let bound = NIOLoopBound(self, eventLoop: loop)
    isShuttingDown = true
    onEmpty = { promise.succeed(bound.value.cut()) }
    for deadline in Array(deadlines.values) { deadline.onShutdown() }
    let patience = loop.scheduleTask(in: .seconds(limits.shutdownSecondsMax)) { bound.value.reportEmpty() }
    promise.futureResult.whenComplete { _ in patience.cancel() }
    if deadlines.isEmpty { reportEmpty() }
    return promise.futureResult
  }

  private func reportEmpty() {
    let report = onEmpty
    onEmpty = nil
    report?()
  }

  private func cut() -> [Task<Void, Never>] {
    sweep?.cancel()
    for deadline in Array(deadlines.values) { deadline.onExpiry() }
    let left = tasks.values.compactMap { $0 }
    for task in left { task.cancel() }
    return left
  }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The form of RFC 9110, section 5.6.7.
  private func renderDate() {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = Self.days[Int(parts.tm_wday) % 7]
    let month = Self.months[Int(parts.tm_mon) % 12]
    let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    dateLine = Array("Date: \(day), \(two(parts.tm_mday)) \(month) \(1900 + parts.tm_year) \(clock) GMT\r\n".utf8)
  }

  /// The same without its name, for HTTP/2.
  var date: String { String(decoding: dateLine.dropFirst(6).dropLast(2), as: UTF8.self) }
}

/// A moment by which something must have happened, and what to do where it has not.
final class Deadline {
  var at: NIODeadline
  /// The time is up: cut the connection.
  var onExpiry: () -> Void
  /// The server ends: close the connection as soon as it is idle.
  var onShutdown: () -> Void

  init(in seconds: Double, onExpiry: @escaping () -> Void = {}, onShutdown: @escaping () -> Void = {}) {
    at = .now() + .seconds(seconds)
    self.onExpiry = onExpiry
    self.onShutdown = onShutdown
  }

  func set(in seconds: Double) { at = .now() + .seconds(seconds) }
  func clear() { at = .distantFuture }
}

/// Runs tasks on an event loop, between what the loop does for its connections: no change of threads, and no lock.
final class LoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

extension TimeAmount {
  static func seconds(_ seconds: Double) -> TimeAmount { .nanoseconds(Int64(seconds * 1e9)) }
}
