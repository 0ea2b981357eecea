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
    /// What becomes of the object of that key.
    struct Action: Sendable {
      enum Kind: Sendable {
        case create
        case update(over: Int64)
        case delete(over: Int64)
      }
      var kind: Kind
      var value: JSONValue

      static func create(_ value: JSONValue) -> Action { Action(kind: .create, value: value) }
      /// Over the object that has this version.
      static func update(_ value: JSONValue, over version: Int64) -> Action {
        Action(kind: .update(over: version), value: value)
      }
      /// The last state is what the deletion is answered with.
      static func delete(_ value: JSONValue, over version: Int64) -> Action {
        Action(kind: .delete(over: version), value: value)
      }
    }
    let key: ObjectKey
    let kind: Action.Kind
    let prepared: PreparedObject
    /// The namespace must exist and must not be on its way out.
    let needsNamespace: Bool

    init(key: ObjectKey, action: Action, needsNamespace: Bool = false) {
      self.key = key
      kind = action.kind
      prepared = PreparedObject(action.value, resource: key.resource)
      self.needsNamespace = needsNamespace
    }
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
    /// The last place in the state file that was given away.
    var row: Int64

    subscript(key: ObjectKey) -> StoredObject? { collections[key.resource]?.objects[key.namespace, key.name] }
  }

  private struct Pending: Sendable {
    var items: [(write: Write, continuation: CheckedContinuation<Outcome, any Error>)] = []
    var isDraining = false
  }

  private let file: StateFile
  private let state: Mutex<State>
  private let pending = Mutex(Pending())
  private let writer = DispatchQueue(label: "sakigake.store.writer", qos: .userInitiated)
  /// Who is told of commits.
  let observers = StoreObservers()

  /// - Throws: `SQLiteFailure` or `FileFailure`, which name the file.
  init(path: String, durability: EmbeddedAPIServer.Durability = .powerCut) throws {
    file = try StateFile(path: path, durability: durability)
    let (objects, version) = try file.load()
    var loaded = State(version: version, openedAt: version, row: objects.map(\.row).max() ?? 0)
    for (resource, objects) in Dictionary(grouping: objects, by: \.key.resource) {
      loaded.collections[resource] = Collection(openedAt: version, objects: objects)
    }
    state = Mutex(loaded)
  }

  // MARK: Reading

  func object(_ key: ObjectKey) -> StoredObject? { state.withLock { $0[key] } }

  struct Snapshot: Sendable {
    /// Ordered by namespace and name.
    var objects: ObjectSequence
    /// Of the whole store.
    var version: Int64
    /// Where a watch goes on from here.
    var position: Int
  }

  func snapshot(_ resource: String) -> Snapshot {
    state.withLock { state in
      let collection = state.collections[resource]
      return Snapshot(
        objects: collection?.objects ?? ObjectSequence(), version: state.version,
        position: collection?.history.end ?? 0)
    }
  }

  /// The objects as they were at a version that is not in the future; nil where that is no longer known.
  func objects(_ resource: String, at version: Int64) -> ObjectSequence? {
    let (collection, openedAt) = state.withLock { ($0.collections[resource], $0.openedAt) }
    guard let collection else { return version >= openedAt ? ObjectSequence() : nil }
    return collection.objects(at: version)
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

  /// The version after which every event of the resource is still known.
  func completeAfter(in resource: String) -> Int64 {
    state.withLock { $0.collections[resource]?.history.completeAfter ?? $0.openedAt }
  }

  /// Events from a position on, with the version up to which they are complete when they are fewer than `limit`.
  func events(in resource: String, from position: Int, limit: Int) -> (events: [StoreEvent], version: Int64)?
  {
    state.withLock { state in
      guard let history = state.collections[resource]?.history else { return ([], state.version) }
      guard let events = history.events(from: position, limit: limit) else { return nil }
      return (events, state.version)
    }
  }

  // MARK: Writing

  /// - Throws: `APIError` 400 for an object that is nested too deeply, 429 when too many writes wait, 507 when the disk is full, 500 when the file cannot be written.
  func commit(_ write: Write) async throws -> Outcome {
    guard write.prepared.depth <= PreparedObject.depthMax else {
      throw APIError.badRequest("the object is nested deeper than \(PreparedObject.depthMax) levels")
    }
    return try await withCheckedThrowingContinuation { continuation in
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
    var transaction = state.withLock { Transaction(version: $0.version, row: $0.row) }
    var outcomes: [Outcome] = []
    outcomes.reserveCapacity(batch.count)
    for item in batch {
      outcomes.append(transaction.evaluate(item.write) { key in state.withLock { $0[key] } })
    }
    if !transaction.events.isEmpty {
      do throws(SQLiteFailure) { try file.commit(transaction.rows, version: transaction.version) } catch {
        let failure = APIError(unwritable: error)
        for item in batch { item.continuation.resume(throwing: failure) }
        return
      }
      publish(transaction)
    }
    for (item, outcome) in zip(batch, outcomes) { item.continuation.resume(returning: outcome) }
  }

  private func publish(_ transaction: Transaction) {
    state.withLock { state in
      for event in transaction.events {
        state.collections[event.object.key.resource, default: Collection(openedAt: state.openedAt)].record(event)
      }
      state.version = transaction.version
      state.row = transaction.row
    }
    observers.tell(of: transaction.events)
  }
}

extension APIError {
  /// A write that did not reach the disk. Nothing of it is stored; reads go on, and so do writes once there is room.
  init(unwritable failure: SQLiteFailure) {
    switch failure.cause {
    case .full:
      self.init(
        code: 507, reason: "InsufficientStorage",
        message: "nothing was stored: \(failure). Reads go on; writes work again when there is room")
    case .damaged, .other:
      self.init(code: 500, reason: "InternalError", message: "nothing was stored: \(failure)")
    }
  }
}
