import Kubernetes
import Synchronization

/// One watch: pulled by its connection, so that a slow reader holds nothing but its place in the history.
///
/// Where the history no longer reaches back to that place, the watch ends with an ERROR event of code 410.
final class WatchStream: PulledBody, StoreObserver, WatchClockClient {
  struct Parameters: Sendable {
    var resource: String
    var selection: Selection
    /// Ends the initial events with a bookmark that says so.
    var marksInitialEnd: Bool
    var allowsBookmarks: Bool
    var timeoutSeconds: Double
  }

  private static let eventsPerPieceMax = 256
  private static let pieceBytes = 128 << 10
  /// As upstream: once a minute, and shortly before the end, so that a client that comes back has little to catch up.
  private static let bookmarkEvery = Duration.seconds(60)
  private static let bookmarkBeforeEnd = Duration.seconds(2)

  private struct State: Sendable {
    var initial: ObjectRange
    var position: Int
    /// Events up to here were looked at.
    var version: Int64
    var initialEndIsDue: Bool
    var bookmarkIsDue = false
    var hasTimedOut = false
    var isFinished = false
    var wake: (@Sendable () -> Void)?
    var observer: Int?
  }

  private let store: Store
  private let parameters: Parameters
  private let encoder: any WatchEncoder
  private let end: ContinuousClock.Instant
  private let state: Mutex<State>
  /// The connection waits for a call; whoever takes the flag down makes it.
  private let isWaiting = Atomic(false)

  /// - Parameter position: where events start; the snapshot is what initial events show.
  init(
    store: Store, clock: WatchClock, parameters: Parameters, encoder: any WatchEncoder, snapshot: Store.Snapshot?,
    position: Int, version: Int64
  ) {
    self.store = store
    self.parameters = parameters
    self.encoder = encoder
    let now = ContinuousClock.now
    end = now + .seconds(parameters.timeoutSeconds)
    state = Mutex(
      State(
        initial: snapshot.map { parameters.selection.range(in: $0.objects) } ?? .empty, position: position,
        version: version, initialEndIsDue: parameters.marksInitialEnd))
    let observer = store.observers.add(self, interest)
    state.withLock { $0.observer = observer }
    clock.call(self, at: nextTick(after: now))
  }

  deinit { cancel() }

  private var interest: StoreObservers.Interest {
    .init(resource: parameters.resource, namespace: parameters.selection.namespace)
  }

  // MARK: Being woken

  func onReady(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

  func storeChanged() {
    guard isWaiting.exchange(false, ordering: .acquiringAndReleasing) else { return }
    state.withLock { $0.wake }?()
  }

  func tick(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    let goesOn = state.withLock { state in
      if now >= end { state.hasTimedOut = true } else { state.bookmarkIsDue = parameters.allowsBookmarks }
      return !state.isFinished && !state.hasTimedOut
    }
    storeChanged()
    return goesOn ? nextTick(after: now) : nil
  }

  private func nextTick(after now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    guard parameters.allowsBookmarks else { return end }
    let last = end - Self.bookmarkBeforeEnd
    return min(now + Self.bookmarkEvery, now < last ? last : end)
  }

  func cancel() {
    let observer = state.withLock { state in
      state.isFinished = true
      state.wake = nil
      defer { state.observer = nil }
      return state.observer
    }
    if let observer { store.observers.remove(observer, interest) }
  }

  // MARK: Being pulled

  /// The next events, one JSON text a line.
  func pull() -> BodyPiece {
    state.withLock { state in
      // Before looking: what is committed from now on calls again.
      isWaiting.store(true, ordering: .sequentiallyConsistent)
      var piece: [UInt8] = []
      fill(&piece, &state)
      if piece.isEmpty, !state.isFinished, !state.hasTimedOut { return .later }
      isWaiting.store(false, ordering: .relaxed)
      return piece.isEmpty ? .end : .bytes(piece)
    }
  }

  private func fill(_ piece: inout [UInt8], _ state: inout State) {
    if state.isFinished { return }
    takeInitial(&piece, &state)
    if !state.initial.isEmpty { return }
    if state.initialEndIsDue {
      state.initialEndIsDue = false
      encoder.bookmark(version: state.version, endsInitialEvents: true, into: &piece)
    }
    takeEvents(&piece, &state)
    guard state.bookmarkIsDue, !state.isFinished else { return }
    state.bookmarkIsDue = false
    encoder.bookmark(version: state.version, endsInitialEvents: false, into: &piece)
  }

  private func takeInitial(_ piece: inout [UInt8], _ state: inout State) {
    var count = 0
    while count < Self.eventsPerPieceMax, piece.count < Self.pieceBytes, let object = state.initial.next() {
      guard parameters.selection.matches(object) else { continue }
      encoder.event(.added, object, into: &piece)
      count += 1
    }
  }

  /// Events until there are enough for a piece; looks on where none of them is for this watch.
  private func takeEvents(_ piece: inout [UInt8], _ state: inout State) {
    while piece.count < Self.pieceBytes {
      guard
        let (events, complete) = store.events(
          in: parameters.resource, from: state.position, limit: Self.eventsPerPieceMax)
      else {
        encoder.error(
          Self.expired(state.version, completeAfter: store.completeAfter(in: parameters.resource)), into: &piece)
        state.isFinished = true
        return
      }
      for event in events {
        write(event, into: &piece)
        state.position += 1
        state.version = event.object.version
        if piece.count >= Self.pieceBytes { return }
      }
      if events.count < Self.eventsPerPieceMax {
        state.version = complete
        return
      }
    }
  }

  private func write(_ event: StoreEvent, into piece: inout [UInt8]) {
    let selection = parameters.selection
    let isIn = event.kind != .deleted && selection.matches(event.object)
    let wasIn = event.previous.map(selection.matches) ?? false
    switch (wasIn, isIn) {
    case (false, true): encoder.event(.added, event.object, into: &piece)
    case (true, true): encoder.event(.modified, event.object, into: &piece)
    case (true, false):
      // An object that leaves is shown as it was last seen, at the version at which it left.
      if let previous = event.previous { encoder.departure(of: previous, at: event.object.version, into: &piece) }
    case (false, false): break
    }
  }

  static func expired(_ version: Int64, completeAfter: Int64) -> APIError {
    APIError(code: 410, reason: "Expired", message: "too old resource version: \(version) (\(completeAfter))")
  }
}
