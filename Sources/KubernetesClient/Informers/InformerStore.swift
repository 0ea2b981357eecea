import Kubernetes
import Synchronization

/// An object as an informer keeps it.
struct InformerEntry: Sendable {
  /// Its JSON, transformed.
  var bytes: [UInt8]
  var version: String
  var uid: String
  /// For each index the values under which it stands.
  var indexed: [[String]]
}

enum InformerStep: Sendable {
  case set(NamespacedName, InformerEntry)
  case remove(NamespacedName, version: String)
  case passed(version: String)
}

/// A change as a subscriber is told of it, still as bytes.
enum InformerDelta: Sendable {
  case added([UInt8])
  case updated(old: [UInt8], new: [UInt8])
  case deleted([UInt8])
}

/// The objects of one collection by name and by index, and those who want to know what changes.
final class InformerStore: Sendable {
  fileprivate struct State {
    var entries: [NamespacedName: InformerEntry] = [:]
    var indexes: [[String: Set<NamespacedName>]]
    var subscriptions: [Int: InformerSubscription] = [:]
    var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
    var next = 0
    var resourceVersion = ""
    var hasSynced = false
    var hasEnded = false
  }
  private let state: Mutex<State>

  init(indexes: Int) { state = Mutex(State(indexes: [[String: Set<NamespacedName>]](repeating: [:], count: indexes))) }

  var hasSynced: Bool { state.withLock { $0.hasSynced } }
  var resourceVersion: String { state.withLock { $0.resourceVersion } }
  var count: Int { state.withLock { $0.entries.count } }
  var keys: [NamespacedName] { state.withLock { Array($0.entries.keys) } }

  func bytes(_ key: NamespacedName) -> [UInt8]? { state.withLock { $0.entries[key]?.bytes } }

  func all(namespace: String?) -> [[UInt8]] {
    state.withLock { state in
      state.entries.compactMap { namespace == nil || $0.key.namespace == namespace ? $0.value.bytes : nil }
    }
  }

  func bytes(index: Int, _ value: String) -> [[UInt8]] {
    state.withLock { state in
      (state.indexes[index][value] ?? []).sorted().compactMap { state.entries[$0]?.bytes }
    }
  }
}

// MARK: - Changing

extension InformerStore {
  func replace(with steps: [InformerStep], resourceVersion: String) {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
      var gone = Set(state.entries.keys)
      if state.entries.isEmpty { state.entries.reserveCapacity(steps.count) }
      for case .set(let key, let entry) in steps {
        gone.remove(key)
        if state.entries[key]?.version != entry.version || entry.version.isEmpty { state.set(key, entry) }
      }
      for key in gone { state.remove(key) }
      state.resourceVersion = resourceVersion
      state.hasSynced = true
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  func apply(_ steps: [InformerStep]) {
    state.withLock { state in
      for step in steps {
        switch step {
        case .set(let key, let entry):
          state.set(key, entry)
          state.resourceVersion = entry.version
        case .remove(let key, let version):
          state.remove(key)
          state.resourceVersion = version
        case .passed(let version): state.resourceVersion = version
        }
      }
    }
  }
}

extension InformerStore.State {
  fileprivate mutating func set(_ key: NamespacedName, _ entry: InformerEntry) {
    let old = entries.updateValue(entry, forKey: key)
    if let old { unindex(key, old) }
    for (index, values) in entry.indexed.enumerated() {
      for value in values { indexes[index][value, default: []].insert(key) }
    }
    for subscription in subscriptions.values { subscription.note(key, from: old, to: entry) }
  }

  fileprivate mutating func remove(_ key: NamespacedName) {
    guard let old = entries.removeValue(forKey: key) else { return }
    unindex(key, old)
    for subscription in subscriptions.values { subscription.note(key, from: old, to: nil) }
  }

  private mutating func unindex(_ key: NamespacedName, _ entry: InformerEntry) {
    for (index, values) in entry.indexed.enumerated() {
      for value in values {
        indexes[index][value]?.remove(key)
        if indexes[index][value]?.isEmpty == true { indexes[index][value] = nil }
      }
    }
  }
}

// MARK: - Telling

extension InformerStore {
  /// A reader to whom everything that is there is new.
  func subscribe() -> InformerReader {
    state.withLock { state in
      let identifier = state.next
      state.next += 1
      let subscription = InformerSubscription()
      for (key, entry) in state.entries { subscription.note(key, from: nil, to: entry) }
      if state.hasEnded { subscription.end() } else { state.subscriptions[identifier] = subscription }
      return InformerReader(subscription) { [weak self] in
        _ = self?.state.withLock { $0.subscriptions.removeValue(forKey: identifier) }
      }
    }
  }

  func waitUntilSynced() async throws {
    let identifier = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result = state.withLock { state -> Result<Void, any Error>? in
          if state.hasSynced { return .success(()) }
          if state.hasEnded || Task.isCancelled { return .failure(CancellationError()) }
          state.waiters[identifier] = continuation
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: identifier) }?.resume(throwing: CancellationError())
    }
  }

  /// Nothing comes any more.
  func end() {
    let (subscriptions, waiters) = state.withLock { state in
      state.hasEnded = true
      defer {
        state.subscriptions = [:]
        state.waiters = [:]
      }
      return (Array(state.subscriptions.values), Array(state.waiters.values))
    }
    for subscription in subscriptions { subscription.end() }
    for waiter in waiters { waiter.resume(throwing: CancellationError()) }
  }
}
