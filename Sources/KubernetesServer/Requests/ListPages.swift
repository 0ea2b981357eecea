import Synchronization

/// The states that lists are being read from in pages, so that every page shows the same moment.
///
/// A state shares all objects that did not change since, so that keeping one costs what changed. What is no longer kept
/// may still be found by undoing the resource's history; after that a `continue` has expired.
final class ListPages: Sendable {
  static let statesMax = 16
  /// Upstream forgets after five minutes, too.
  static let ageSecondsMax = 300

  private struct State: Sendable {
    var resource: String
    var version: Int64
    var objects: ObjectSequence
    var forgottenAt: ContinuousClock.Instant
  }

  private let states = Mutex<[State]>([])

  func keep(_ objects: ObjectSequence, of resource: String, at version: Int64, now: ContinuousClock.Instant) {
    states.withLock { states in
      states.removeAll { $0.forgottenAt <= now || ($0.version == version && $0.resource == resource) }
      if states.count >= Self.statesMax { states.removeFirst() }
      states.append(
        State(
          resource: resource, version: version, objects: objects,
          forgottenAt: now + .seconds(Self.ageSecondsMax)))
    }
  }

  func objects(of resource: String, at version: Int64, now: ContinuousClock.Instant) -> ObjectSequence? {
    states.withLock { states in
      states.removeAll { $0.forgottenAt <= now }
      return states.first { $0.version == version && $0.resource == resource }?.objects
    }
  }
}
