import Kubernetes
import KubernetesClient
import Synchronization

/// Records what nodes do as Events, in the background: no container waits for an event to be written.
final class NodeEvents: Sendable {
  /// Beyond this many unwritten ones, new events are dropped.
  static let waitingMax = 4096
  static let batchMax = 64

  private let executor: ChangeExecutor
  private let waiting = Mutex<[Change.EventNote]>([])
  private let signal: AsyncStream<Void>
  private let signaler: AsyncStream<Void>.Continuation

  init(client: KubernetesClient, now: @escaping @Sendable () -> Timestamp) {
    executor = ChangeExecutor(client: client, component: "kubelet", now: now)
    (signal, signaler) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// - Parameter fieldPath: `spec.containers{app}`, where one container is meant.
  func record(
    _ object: some KubernetesObject, fieldPath: String = "", isWarning: Bool = false, _ reason: String,
    _ message: String
  ) {
    var about = ObjectReference(to: object)
    about.fieldPath = fieldPath
    let note = Change.EventNote(
      about: about, isWarning: isWarning, reason: reason, message: message, component: "kubelet")
    waiting.withLock { if $0.count < Self.waitingMax { $0.append(note) } }
    signaler.yield()
  }

  /// Writes events until the task is cancelled.
  func run() async {
    for await _ in signal {
      while true {
        let batch = waiting.withLock { waiting in
          let batch = Array(waiting.prefix(Self.batchMax))
          waiting.removeFirst(batch.count)
          return batch
        }
        if batch.isEmpty || Task.isCancelled { break }
        // An event that cannot be written (its namespace is going) concerns nobody any more.
        await executor.execute(batch.map { .record($0) })
      }
    }
  }
}
