import Synchronization

/// The parts of a world that all others stand on (API server, mesh control plane, cache): cancelled only when the others
/// are down, so that none of them loses its ground while it takes down what it runs.
///
/// They run as tasks of their own, since a task group cancels all of its children at once.
final class GroundFloor: Sendable {
  private let tasks = Mutex<[Task<Void, Never>]>([])
  private let failures: AsyncStream<any Error>
  private let failed: AsyncStream<any Error>.Continuation

  init() {
    (failures, failed) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
  }

  func start(_ part: @escaping @Sendable () async throws -> Void) {
    let failed = failed
    let task = Task {
      do { try await part() } catch is CancellationError {} catch { failed.yield(error) }
    }
    tasks.withLock { $0.append(task) }
  }

  /// Waits for the first part that fails, and throws its error; returns when cancelled.
  func watch() async throws {
    for await failure in failures { throw failure }
  }

  func stop() async {
    let running = tasks.withLock { $0 }
    running.forEach { $0.cancel() }
    for task in running { await task.value }
    failed.finish()
  }
}
