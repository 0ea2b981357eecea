import SpawnShim
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one thread on which every child is forked.
///
/// Linux ties PR_SET_PDEATHSIG to the *thread* that forked, not to its process (prctl(2)). A child forked on a
/// thread of Swift's pool would be killed whenever the pool lets that thread go, so all forks happen on a thread
/// that lives as long as the process does.
final class SpawnThread: Sendable {
  static let shared = SpawnThread()

  private struct Job: Sendable {
    var body: @Sendable () -> Void
  }
  private struct State {
    var jobs: [Job] = []
    var isRunning = false
  }
  private let state = Mutex(State())
  /// Counts the jobs that wait; `sem_t` needs a stable address for the life of the process, which this is.
  private let wakeup: SemaphoreBox

  private init() { wakeup = SemaphoreBox() }

  /// Runs `body` on the thread and gives its result back.
  func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { continuation in
      let mustStart = state.withLock { state in
        state.jobs.append(Job { continuation.resume(returning: body()) })
        let first = !state.isRunning
        state.isRunning = true
        return first
      }
      if mustStart { start() }
      wakeup.post()
    }
  }

  private func work() {
    while true {
      wakeup.wait()
      let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
      job?.body()
    }
  }

  private func start() {
    DetachedThread.start { _ in
      SpawnThread.shared.work()
      return nil
    }
  }
}

/// A counting semaphore on a pipe: no allocation, no Dispatch queue, works on every platform.
private final class SemaphoreBox: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    let failure = sakigake_pipe(&ends)
    precondition(failure == 0, "no pipe to wake the spawning thread: \(String(cString: strerror(failure)))")
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  func post() {
    var byte: UInt8 = 1
    while write(writeEnd, &byte, 1) < 0, errno == EINTR {}
  }

  func wait() {
    var byte: UInt8 = 0
    while read(readEnd, &byte, 1) < 0, errno == EINTR {}
  }
}
