import Kubernetes
import Synchronization

/// The objects of a list, written when the connection can send them, so that no list holds up other requests.
final class ListBody: PulledBody {
  typealias Writer = @Sendable (StoredObject, inout [UInt8]) -> Void

  /// A piece is ended when it has so many bytes, objects, or objects that were passed over.
  private static let pieceBytes = 128 << 10
  private static let pieceObjectsMax = 64
  private static let pieceScannedMax = 2_000

  private struct State {
    var objects: any IteratorProtocol<StoredObject> & Sendable
    var selection: Selection?
    /// What is written before anything else; nil once it is.
    var head: [UInt8]?
    var write: Writer = { _, _ in }
    var isFirst = true
    var isOver = false
  }

  /// How many objects there are at most.
  let count: Int
  private let state: Mutex<State>

  /// - Parameter selection: what is passed over; nil where it was looked at before.
  init(objects: some IteratorProtocol<StoredObject> & Sendable, count: Int, selection: Selection?) {
    self.count = count
    state = Mutex(State(objects: objects, selection: selection?.isSelective == true ? selection : nil))
  }

  func begin(_ head: [UInt8], _ write: @escaping Writer) {
    state.withLock { state in
      state.head = head
      state.write = write
    }
  }

  /// There is always something to send until the end.
  func onReady(_ wake: @escaping @Sendable () -> Void) {}

  func cancel() { state.withLock { $0.isOver = true } }

  func pull() -> BodyPiece {
    state.withLock { state in
      guard !state.isOver else { return .end }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(min(Self.pieceBytes + 16_384, 512 + count * 4096))
      Self.write(&state, into: &bytes)
      return .bytes(bytes)
    }
  }

  /// The whole body where its first piece is all of it, as most lists are.
  func whole() -> [UInt8]? {
    state.withLock { state in
      var bytes: [UInt8] = []
      Self.write(&state, into: &bytes)
      if state.isOver { return bytes }
      // It goes out first, with the piece that is asked for next.
      state.head = bytes
      return nil
    }
  }

  private static func write(_ state: inout State, into bytes: inout [UInt8]) {
    if let head = state.head {
      bytes.append(contentsOf: head)
      state.head = nil
    }
    var written = 0
    var scanned = 0
    while bytes.count < pieceBytes, written < pieceObjectsMax, scanned < pieceScannedMax {
      guard let object = state.objects.next() else {
        bytes.append(contentsOf: "]}".utf8)
        state.isOver = true
        return
      }
      scanned += 1
      if let selection = state.selection, !selection.matches(object) { continue }
      if !state.isFirst { bytes.append(UInt8(ascii: ",")) }
      state.isFirst = false
      state.write(object, &bytes)
      written += 1
    }
    // An empty piece would look like the end; a space between two objects is none of either.
    if bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
  }
}
