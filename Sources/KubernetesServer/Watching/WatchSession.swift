import Kubernetes
import Synchronization

/// One watch: pulled by its connection, so that a slow reader holds nothing but its place in the history.
///
/// Where the history no longer reaches back to that place, the watch ends with an ERROR event of code 410.
actor WatchSession {
  struct Parameters: Sendable {
    var resource: String
    var selection: Selection
    /// Ends the initial events with a bookmark that says so.
    var marksInitialEnd: Bool
    var allowsBookmarks: Bool
    var timeoutSeconds: Double
  }

  static let eventsPerChunkMax = 256
  static let bookmarkSeconds = 30.0

  private let store: Store
  private let parameters: Parameters
  private let encoder: any WatchEncoder
  private let signal: WatchSignal
  private var initial: ArraySlice<StoredObject>
  private var position: Int
  private var version: Int64
  private var bookmarkIsDue: Bool
  private var isFinished = false

  /// - Parameter position: where events start; the snapshot is what initial events show.
  init(
    store: Store, parameters: Parameters, encoder: any WatchEncoder, snapshot: Store.Snapshot?, position: Int,
    version: Int64
  ) {
    self.store = store
    self.parameters = parameters
    self.encoder = encoder
    self.position = position
    self.version = version
    initial = snapshot.map { Collection.range(of: $0.objects, namespace: parameters.selection.namespace) } ?? []
    bookmarkIsDue = parameters.marksInitialEnd
    signal = WatchSignal(
      store: store, resource: parameters.resource, timeoutSeconds: parameters.timeoutSeconds,
      tickSeconds: parameters.allowsBookmarks ? Self.bookmarkSeconds : nil)
  }

  /// The next events, one JSON text a line; nil when the watch is over.
  func next() async -> [UInt8]? {
    while !isFinished {
      var chunk: [UInt8] = []
      takeInitial(&chunk)
      if chunk.isEmpty, !takeInitialEnd(&chunk) { takeEvents(&chunk) }
      if !chunk.isEmpty { return chunk }
      if isFinished { return nil }
      switch await signal.next() {
      case .changed: continue
      case .tick:
        encoder.bookmark(version: version, endsInitialEvents: false, into: &chunk)
        return chunk
      case .over: isFinished = true
      }
    }
    return nil
  }

  private func takeInitial(_ chunk: inout [UInt8]) {
    var count = 0
    while count < Self.eventsPerChunkMax, let object = initial.popFirst() {
      guard parameters.selection.matches(object) else { continue }
      encoder.event(.added, object, into: &chunk)
      count += 1
    }
  }

  private func takeInitialEnd(_ chunk: inout [UInt8]) -> Bool {
    guard bookmarkIsDue else { return false }
    bookmarkIsDue = false
    encoder.bookmark(version: version, endsInitialEvents: true, into: &chunk)
    return true
  }

  private func takeEvents(_ chunk: inout [UInt8]) {
    while chunk.isEmpty {
      guard
        let (events, complete) = store.events(
          in: parameters.resource, from: position, limit: Self.eventsPerChunkMax)
      else {
        encoder.error(Self.expired(version), into: &chunk)
        isFinished = true
        return
      }
      for event in events { write(event, into: &chunk) }
      position += events.count
      if events.count < Self.eventsPerChunkMax {
        version = complete
        return
      }
      version = events.last?.object.version ?? version
    }
  }

  private func write(_ event: StoreEvent, into chunk: inout [UInt8]) {
    let selection = parameters.selection
    let isIn = event.kind != .deleted && selection.matches(event.object)
    // A deletion is told of the state that was selected, which is the one before it.
    let wasIn = event.previous.map(selection.matches) ?? false
    switch (wasIn, isIn) {
    case (false, true): encoder.event(.added, event.object, into: &chunk)
    case (true, true): encoder.event(.modified, event.object, into: &chunk)
    case (true, false): encoder.event(.deleted, event.object, into: &chunk)
    case (false, false): break
    }
  }

  static func expired(_ version: Int64) -> APIError {
    APIError(code: 410, reason: "Expired", message: "too old resource version: \(version)")
  }
}

/// What wakes a watch: a commit, the time for a bookmark, its end.
final class WatchSignal: Sendable {
  enum Cause: Sendable { case changed, tick, over }

  private let store: Store
  private let resource: String
  private let subscription: Int
  private let changes: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let timer: Task<Void, Never>
  private let flags: Flags

  private final class Flags: Sendable {
    let tick = Atomic(false)
  }

  init(store: Store, resource: String, timeoutSeconds: Double, tickSeconds: Double?) {
    self.store = store
    self.resource = resource
    let (changes, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.changes = changes
    self.continuation = continuation
    subscription = store.subscribe(to: resource, continuation)
    let flags = Flags()
    self.flags = flags
    timer = Task {
      var left = timeoutSeconds
      while left > 0 {
        let pause = min(left, tickSeconds ?? left)
        guard (try? await Task.sleep(for: .seconds(pause))) != nil else { return }
        left -= pause
        if left > 0 {
          flags.tick.store(true, ordering: .relaxed)
          continuation.yield()
        }
      }
      continuation.finish()
    }
  }

  deinit {
    timer.cancel()
    store.unsubscribe(subscription, from: resource)
  }

  /// Waits; cancelling the waiting task ends the watch.
  func next() async -> Cause {
    for await _ in changes {
      return flags.tick.exchange(false, ordering: .relaxed) ? .tick : .changed
    }
    return .over
  }
}
