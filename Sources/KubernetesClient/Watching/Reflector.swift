import Kubernetes

/// What a reflector keeps up to date.
///
/// `step` is called outside of the mirror's isolation, so that readers of it never wait while JSON is read.
protocol Mirror: Sendable {
  associatedtype Step: Sendable
  /// What an event will change; that of a list's item is `.added`.
  func step(for event: WatchEvent) -> Step
  /// Puts a whole list in place of what is known.
  func replace(with steps: [Step], resourceVersion: String) async
  func apply(_ steps: [Step]) async
  /// The collection cannot be followed at the moment. It will be tried again.
  func missed(_ error: any Error) async
}

/// Keeps a mirror of one collection: lists it, watches from there, and lists again where the history was lost.
///
/// As client-go's reflector (tools/cache). The list comes in pages, or as a stream (`sendInitialEvents`) where that is
/// asked for and the server does it.
struct Reflector: Sendable {
  let client: KubernetesClient
  let resource: ResourceType
  let namespace: String
  let labelSelector: String
  let fieldSelector: String
  let backoff: Backoff
  let streamsList: Bool

  /// Until the task is cancelled.
  func run(into mirror: some Mirror) async {
    var failures = 0
    var streams = streamsList
    while !Task.isCancelled {
      do {
        let session = streams ? try await streamed(into: mirror) : try await listed(into: mirror)
        while let events = try await session.next() {
          failures = 0
          await mirror.apply(events.map { mirror.step(for: $0) })
        }
        return
      } catch {
        if Task.isCancelled { return }
        let code = (error as? APIError)?.code
        if streams, code == 400 || code == 422 {
          // A server without streaming lists says that it does not know their options.
          streams = false
          continue
        }
        failures += 1
        // History is lost as a matter of course: list again at once, unless that is all that happens.
        if code == 410, failures == 1 { continue }
        if code != 410 { await mirror.missed(error) }
        do { try await client.clock.sleep(for: backoff.delay(attempt: failures)) } catch { return }
      }
    }
  }

  private func session(_ start: WatchSession.Start) throws -> WatchSession {
    try client.watchSession(
      resource, namespace: namespace, from: start, labelSelector: labelSelector, fieldSelector: fieldSelector,
      backoff: backoff)
  }

  private func listed<M: Mirror>(into mirror: M) async throws -> WatchSession {
    let options = ListOptions(labelSelector: labelSelector, fieldSelector: fieldSelector, pageItems: Self.pageItems)
    var steps: [M.Step] = []
    var version = ""
    for try await page in try client.pages(resource, namespace: namespace, options: options) {
      if page.startsAgain { steps = [] }
      for item in page.items { steps.append(mirror.step(for: WatchEvent(kind: .added, object: item))) }
      version = page.resourceVersion
    }
    await mirror.replace(with: steps, resourceVersion: version)
    return try session(.after(version))
  }

  static let pageItems = 500

  private func streamed<M: Mirror>(into mirror: M) async throws -> WatchSession {
    let session = try session(.initialEvents)
    var steps: [M.Step] = []
    while let events = try await session.next() {
      guard let end = events.firstIndex(where: \.endsInitialEvents) else {
        steps += events.map { mirror.step(for: $0) }
        continue
      }
      steps += events[..<end].map { mirror.step(for: $0) }
      await mirror.replace(with: steps, resourceVersion: events[end].resourceVersion)
      await mirror.apply(events[(end + 1)...].map { mirror.step(for: $0) })
      return session
    }
    throw CancellationError()
  }
}
