import Crypto
import Kubernetes
import Synchronization

/// Applies that are known to change nothing: the same text by the same manager on a state that it was applied to before.
///
/// Controllers apply what they want over and over. By the definition of server-side apply a repetition is no change; to
/// be told so, the object need not be read, merged and judged again.
final class RepeatedApplies: Sendable {
  /// The older half is forgotten when there are more; about 200 bytes each.
  static let entriesMax = 16_384

  private struct Entry: Sendable {
    var digest: SHA256Digest
    var version: Int64
  }

  private struct State {
    var recent: [ObjectKey: Entry] = [:]
    var older: [ObjectKey: Entry] = [:]
  }

  private let state = Mutex(State())

  /// Everything that an apply depends on beside the object.
  static func digest(of request: APIRequest) -> SHA256Digest {
    var hash = SHA256()
    for text in [request.path, request.contentType] + request.query.flatMap({ [$0.name, $0.value] }) {
      hash.update(data: Array(text.utf8))
      hash.update(data: [0])
    }
    hash.update(data: request.body)
    return hash.finalize()
  }

  /// - Parameter object: as the apply left it.
  func note(_ request: APIRequest, on object: StoredObject) {
    let entry = Entry(digest: Self.digest(of: request), version: object.version)
    state.withLock { state in
      state.recent[object.key] = entry
      guard state.recent.count > Self.entriesMax / 2 else { return }
      state.older = state.recent
      state.recent = [:]
    }
  }

  /// Whether the request would leave the object as it is.
  func isRepeated(_ request: APIRequest, on object: StoredObject) -> Bool {
    let known = state.withLock { $0.recent[object.key] ?? $0.older[object.key] }
    guard let known, known.version == object.version else { return false }
    return known.digest == Self.digest(of: request)
  }
}
