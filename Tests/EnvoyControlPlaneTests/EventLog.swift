import EnvoyControlPlane
import Mesh
import Synchronization

/// What a control plane reported, to be waited for.
final class EventLog: Sendable {
  private let events = Mutex<[MeshEvent]>([])
  private let changes: AsyncStream<Void>
  private let changed: AsyncStream<Void>.Continuation

  init() { (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  func record(_ event: MeshEvent) {
    events.withLock { $0.append(event) }
    changed.yield()
  }

  var all: [MeshEvent] { events.withLock { $0 } }

  /// Waits until the events so far satisfy `condition`; false after `seconds`. One waiter at a time.
  func wait(within seconds: Double = 20, _ condition: @escaping @Sendable ([MeshEvent]) -> Bool) async -> Bool {
    if condition(all) { return true }
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in self.changes where condition(self.all) { return true }
        return false
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(seconds))
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
  }
}

extension [MeshEvent] {
  var rejections: [DiscoveryRejection] {
    compactMap { if case .rejected(_, let rejection) = $0 { rejection } else { nil } }
  }
  func accepted(_ kind: ResourceKind) -> Int {
    count { if case .accepted(_, kind, _) = $0 { true } else { false } }
  }
  var connections: Int { count { if case .connected = $0 { true } else { false } } }
}
