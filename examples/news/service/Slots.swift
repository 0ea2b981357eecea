import NIOCore

/// A stated number of requests at a time, and a bounded line of those that wait. Lives on one event loop.
final class Slots {
  private let loop: any EventLoop
  private let queueMax: Int
  private var free: Int
  private var waiting: [EventLoopPromise<Void>] = []
  private var head = 0

  init(count: Int, queueMax: Int, loop: any EventLoop) {
    free = count
    self.queueMax = queueMax
    self.loop = loop
  }

  /// nil where the line is full.
  func take() -> EventLoopFuture<Void>? {
    if free > 0 {
      free -= 1
      return loop.makeSucceededVoidFuture()
    }
    guard waiting.count - head < queueMax else { return nil }
    let promise = loop.makePromise(of: Void.self)
    waiting.append(promise)
    return promise.futureResult
  }

  func giveBack() {
    guard head < waiting.count else {
      free += 1
      waiting.removeAll(keepingCapacity: true)
      head = 0
      return
    }
    let next = waiting[head]
    head += 1
    if head > 1024 {
      waiting.removeFirst(head)
      head = 0
    }
    next.succeed()
  }
}
