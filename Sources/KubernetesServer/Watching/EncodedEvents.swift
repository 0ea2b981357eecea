import Synchronization

/// The last objects that were transformed for a watch, so that a thousand watches of one form transform each once.
final class EncodedEvents: Sendable {
  static let entriesMax = 256

  private struct Key: Hashable, Sendable {
    var form: String
    /// Tells every state of every object from all others.
    var version: Int64
  }

  private struct State {
    var made: [Key: [UInt8]] = [:]
    var order: [Key] = []
    /// Where in `order` the next one is written.
    var next = 0
  }

  private let state = Mutex(State())

  func bytes(_ form: String, _ version: Int64, make: () -> [UInt8]) -> [UInt8] {
    let key = Key(form: form, version: version)
    if let known = state.withLock({ $0.made[key] }) { return known }
    let bytes = make()
    state.withLock { state in
      if state.order.count < Self.entriesMax {
        state.order.append(key)
      } else {
        state.made[state.order[state.next]] = nil
        state.order[state.next] = key
        state.next = (state.next + 1) % Self.entriesMax
      }
      state.made[key] = bytes
    }
    return bytes
  }
}
