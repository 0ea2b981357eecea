import Dispatch
import Kubernetes
import Synchronization

/// All state of the cluster: read from memory, written through one writer that commits what has queued up at once.
///
/// A write is visible and acknowledged only after its transaction is committed: nobody has seen what a crash forgets.
final class Store: Sendable {
  /// Writes that may wait for the writer; more are refused with 429.
  static let pendingMax = 10_000
  static let batchMax = 512

  struct Write: Sendable {
    enum Action: Sendable {
      case create(JSONValue)
      /// Over the object that has this version.
      case update(JSONValue, over: Int64)
      /// The last state is what watches show of the deletion.
      case delete(JSONValue, over: Int64)
    }
    var key: ObjectKey
    var action: Action
    /// The namespace must exist and must not be on its way out.
    var needsNamespace = false
  }

  enum Outcome: Sendable {
    case committed(StoredObject)
    /// Somebody else was faster; what is there now.
    case conflict(StoredObject?)
    case namespaceMissing
    case namespaceTerminating
  }

  private struct State: Sendable {
    var collections: [String: Collection] = [:]
    var version: Int64
    var openedAt: Int64
    var subscribers: [String: [Int: AsyncStream<Void>.Continuation]] = [:]
    var nextSubscriber = 0

    subscript(key: ObjectKey) -> StoredObject? { collections[key.resource]?[key.namespace, key.name] }
  }

  private struct Pending: Sendable {
    var items: [(write: Write, continuation: CheckedContinuation<Outcome, any Error>)] = []
    var isDraining = false
  }

  private let file: StateFile
  private let state: Mutex<State>
  private let pending = Mutex(Pending())
  private let writer = DispatchQueue(label: "sakigake.store.writer", qos: .userInitiated)

  init(path: String) throws {
    file = try StateFile(path: path)
    let (objects, version) = try file.load()
    var loaded = State(version: version, openedAt: version)
    for (resource, objects) in Dictionary(grouping: objects, by: \.key.resource) {
      loaded.collections[resource] = Collection(openedAt: version, objects: objects)
    }
    state = Mutex(loaded)
  }

  // MARK: Reading

  func object(_ key: ObjectKey) -> StoredObject? { state.withLock { $0[key] } }

  struct Snapshot: Sendable {
    /// Ordered by namespace and name.
    var objects: [StoredObject]
    /// Of the whole store.
    var version: Int64
    /// Where a watch goes on from here.
    var position: Int
  }

  func snapshot(_ resource: String) -> Snapshot {
    state.withLock { state in
      let collection = state.collections[resource]
      return Snapshot(
        objects: collection?.objects ?? [], version: state.version, position: collection?.history.end ?? 0)
    }
  }

  /// The newest version of the store.
  var version: Int64 { state.withLock { $0.version } }

  /// When an object of the resource last changed; 0 where there was none yet.
  func version(of resource: String) -> Int64 { state.withLock { $0.collections[resource]?.version ?? 0 } }

  // MARK: Watching

  /// Where a watch from `version` starts; nil where events after it are gone.
  func position(in resource: String, after version: Int64) -> Int? {
    state.withLock { state in
      guard let history = state.collections[resource]?.history else { return version >= state.openedAt ? 0 : nil }
      return history.position(after: version)
    }
  }

  /// Events from a position on, with the version up to which they are complete when they are fewer than `limit`.
  func events(in resource: String, from position: Int, limit: Int) -> (events: ArraySlice<StoreEvent>, version: Int64)?
  {
    state.withLock { state in
      guard let history = state.collections[resource]?.history else { return ([], state.version) }
      guard let events = history.events(from: position, limit: limit) else { return nil }
      return (events, state.version)
    }
  }

  /// Calls `signal` after each commit that touched the resource, until cancelled.
  func subscribe(to resource: String, _ signal: AsyncStream<Void>.Continuation) -> Int {
    state.withLock { state in
      state.nextSubscriber += 1
      state.subscribers[resource, default: [:]][state.nextSubscriber] = signal
      return state.nextSubscriber
    }
  }

  func unsubscribe(_ subscriber: Int, from resource: String) {
    state.withLock { state in state.subscribers[resource]?[subscriber] = nil }
  }

  // MARK: Writing

  /// - Throws: `APIError` 429 when too many writes wait, 500 when the file cannot be written.
  func commit(_ write: Write) async throws -> Outcome {
    try await withCheckedThrowingContinuation { continuation in
      let (isRefused, starts) = pending.withLock { pending in
        guard pending.items.count < Self.pendingMax else { return (true, false) }
        pending.items.append((write, continuation))
        let starts = !pending.isDraining
        pending.isDraining = true
        return (false, starts)
      }
      if isRefused {
        continuation.resume(
          throwing: APIError(
            code: 429, reason: "TooManyRequests", message: "too many writes are waiting, try again",
            details: ["retryAfterSeconds": 1]))
      } else if starts {
        writer.async { self.drain() }
      }
    }
  }

  private func drain() {
    while true {
      let batch = pending.withLock { pending in
        let batch = Array(pending.items.prefix(Self.batchMax))
        pending.items.removeFirst(batch.count)
        if batch.isEmpty { pending.isDraining = false }
        return batch
      }
      if batch.isEmpty { return }
      process(batch)
    }
  }

  private func process(_ batch: [(write: Write, continuation: CheckedContinuation<Outcome, any Error>)]) {
    var transaction = state.withLock { Transaction(version: $0.version) }
    var outcomes: [Outcome] = []
    outcomes.reserveCapacity(batch.count)
    for item in batch {
      outcomes.append(transaction.evaluate(item.write) { key in state.withLock { $0[key] } })
    }
    if !transaction.events.isEmpty {
      do { try file.commit(transaction.rows, version: transaction.version) } catch {
        let failure = APIError(code: 500, reason: "InternalError", message: "the state cannot be written: \(error)")
        for item in batch { item.continuation.resume(throwing: failure) }
        return
      }
      publish(transaction)
    }
    for (item, outcome) in zip(batch, outcomes) { item.continuation.resume(returning: outcome) }
  }

  private func publish(_ transaction: Transaction) {
    let signals = state.withLock { state in
      var touched: Set<String> = []
      for event in transaction.events {
        let resource = event.object.key.resource
        state.collections[resource, default: Collection(openedAt: state.openedAt)].record(event)
        touched.insert(resource)
      }
      state.version = transaction.version
      return touched.flatMap { state.subscribers[$0].map { Array($0.values) } ?? [] }
    }
    for signal in signals { signal.yield() }
  }
}
