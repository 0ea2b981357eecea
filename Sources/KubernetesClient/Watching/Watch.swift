import Kubernetes

extension KubernetesClient {
  /// Every change after `resourceVersion`, across as many connections as it takes, until the reader stops or its task
  /// is cancelled.
  ///
  /// Nothing is buffered: a slow reader slows the server down.
  /// - Throws: while iterating, `APIError` when the server refuses; code 410 means that the history is gone: list again.
  public func watch(
    _ resource: ResourceType, namespace: String = "", from resourceVersion: String, labelSelector: String = "",
    fieldSelector: String = ""
  ) -> AsyncThrowingStream<WatchEvent, any Error> {
    let session: WatchSession
    do {
      session = try watchSession(
        resource, namespace: namespace, from: .after(resourceVersion), labelSelector: labelSelector,
        fieldSelector: fieldSelector)
    } catch {
      return AsyncThrowingStream { $0.finish(throwing: error) }
    }
    let queue = EventQueue(session)
    return AsyncThrowingStream { try await queue.next() }
  }
}

/// Hands out one by one the events that came in one chunk.
private actor EventQueue {
  private let session: WatchSession
  private var events: [WatchEvent] = []

  init(_ session: WatchSession) { self.session = session }

  func next() async throws -> WatchEvent? {
    if events.isEmpty {
      guard let more = try await session.next() else { return nil }
      events = more.reversed()
    }
    return events.popLast()
  }
}
