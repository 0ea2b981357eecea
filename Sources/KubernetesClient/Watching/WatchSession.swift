import Kubernetes

/// A watch that outlives its connections: each time the server or the network ends one, the next resumes at the last
/// resourceVersion seen. It ends by cancellation, or throws when the server refuses (`APIError`; 410 means that the
/// history is gone and the caller must list again).
///
/// It is pulled: no event is read before the one in front was taken.
actor WatchSession {
  /// After this long the server ends a connection by itself.
  static let secondsMax = 300
  private static let lineBytesMax = 16 << 20

  /// Where a watch starts.
  enum Start: Sendable {
    case after(String)
    /// With everything that is there, as events, ended by a bookmark: a list as a stream.
    case initialEvents
  }

  private let client: KubernetesClient
  private let path: String
  private let selectors: [(name: String, value: String)]
  private let backoff: Backoff
  private(set) var resourceVersion: String
  /// What is there comes as events, and is not complete yet.
  private var isInitial: Bool
  private var connection: AsyncThrowingStream<[UInt8], any Error>?
  private var splitter = LineSplitter(lineBytesMax: WatchSession.lineBytesMax)
  /// Connections in a row that brought nothing.
  private var fruitless = 0
  /// What ends the session once the events before it were taken.
  private var ending: (any Error)?

  init(
    client: KubernetesClient, path: String, selectors: [(name: String, value: String)], from start: Start,
    backoff: Backoff
  ) {
    self.client = client
    self.path = path
    self.selectors = selectors
    self.backoff = backoff
    switch start {
    case .after(let version): (resourceVersion, isInitial) = (version, false)
    case .initialEvents: (resourceVersion, isInitial) = ("", true)
    }
  }

  /// The next events, at least one; nil when the task was cancelled.
  func next() async throws -> [WatchEvent]? {
    while !Task.isCancelled {
      do {
        if let ending {
          self.ending = nil
          throw ending
        }
        let stream = try await connected()
        var iterator = stream.makeAsyncIterator()
        guard let chunk = try await iterator.next() else {
          try await disconnected()
          continue
        }
        let events = try read(chunk)
        if !events.isEmpty {
          fruitless = 0
          return events
        }
      } catch is CancellationError where Task.isCancelled {
        return nil
      } catch let error as APIError where error.code < 500 && error.code != 429 {
        throw error
      } catch {
        try await disconnected(error)
      }
    }
    return nil
  }

  private func connected() async throws -> AsyncThrowingStream<[UInt8], any Error> {
    if let connection { return connection }
    splitter = LineSplitter(lineBytesMax: Self.lineBytesMax)
    var query = selectors
    query.append(("watch", "true"))
    query.append(("allowWatchBookmarks", "true"))
    query.append(("timeoutSeconds", String(Int.random(in: Self.secondsMax / 2...Self.secondsMax))))
    if isInitial { query += [("sendInitialEvents", "true"), ("resourceVersionMatch", "NotOlderThan")] }
    if !resourceVersion.isEmpty { query.append(("resourceVersion", resourceVersion)) }
    let chunks = try await client.respond(APIRequest(.get, path, query: query)).chunks()
    connection = chunks
    return chunks
  }

  private func read(_ chunk: [UInt8]) throws -> [WatchEvent] {
    var events: [WatchEvent] = []
    for line in try splitter.lines(adding: chunk) {
      do {
        let event = try WatchEvent(line: line)
        if event.endsInitialEvents { isInitial = false }
        // The versions of initial events are in no order: there is nothing to resume at before their end.
        if !isInitial, !event.resourceVersion.isEmpty { resourceVersion = event.resourceVersion }
        events.append(event)
      } catch let error as APIError {
        if events.isEmpty { throw error }
        ending = error
        return events
      }
    }
    return events
  }

  /// The first reconnection is immediate, for servers end watches as a matter of course.
  /// - Throws: where a list that came as a stream was cut: what came of it is void.
  private func disconnected(_ error: (any Error)? = nil) async throws {
    connection = nil
    fruitless += 1
    if isInitial { throw error ?? TransportError(.connection, "the connection was lost before the list was whole") }
    if fruitless > 1 { try? await client.clock.sleep(for: backoff.delay(attempt: fruitless - 1)) }
  }
}

extension KubernetesClient {
  func watchSession(
    _ resource: ResourceType, namespace: String, from start: WatchSession.Start, labelSelector: String = "",
    fieldSelector: String = "", backoff: Backoff = Backoff(first: .milliseconds(100), longest: .seconds(5))
  ) throws -> WatchSession {
    WatchSession(
      client: self, path: try resource.checkedPath(namespace: namespace, name: nil),
      selectors: ListOptions(labelSelector: labelSelector, fieldSelector: fieldSelector).selectors, from: start,
      backoff: backoff)
  }
}
