import Kubernetes

/// What a server serves: finds the resource for a kind, or for a name as a person types it. client-go calls it a
/// RESTMapper over a cached discovery client.
///
/// Read once, in two requests where the server aggregates (1.26 and later), and again when something is not found, but
/// at most every `secondsBetweenReadsMin`.
public actor Discovery {
  public static let secondsBetweenReadsMin = 5

  private let client: KubernetesClient
  private let elapsed: @Sendable () -> Duration
  private var known: [ResourceType]?
  private var readAt = Duration.zero
  private var reading: Task<[ResourceType], any Error>?

  public init(client: KubernetesClient) {
    self.client = client
    elapsed = client.clock.stopwatch()
  }

  /// Every resource, in the server's order: a group's preferred version first.
  public func resources() async throws -> [ResourceType] {
    if let known { return known }
    return try await refreshed()
  }

  /// The resource of a kind, as a manifest names it.
  /// - Throws: `APIError` with code 404 where the server has no such kind.
  public func resource(kind: String, apiVersion: String) async throws -> ResourceType {
    try await find("no kind \"\(kind)\" in \(apiVersion)") { $0.kind == kind && $0.apiVersion == apiVersion }
  }

  /// The resource of an object.
  public func resource(of object: JSONValue) async throws -> ResourceType {
    try await resource(
      kind: object["kind"]?.stringValue ?? "", apiVersion: object["apiVersion"]?.stringValue ?? "")
  }

  /// The resource that is meant by `deployments`, `deploy`, `Deployment`, `deployments.apps` or `deployments.v1.apps`.
  /// - Throws: `APIError` with code 404 where none is.
  public func resource(named name: String) async throws -> ResourceType {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    let (word, group) = (parts.first?.lowercased() ?? "", parts.count > 1 ? parts[1] : nil)
    return try await find("no resource \"\(name)\"") { resource in
      guard
        word == resource.plural || word == resource.singular || resource.shortNames.contains(word)
      else { return false }
      return group == nil || group == resource.group || group == "\(resource.version).\(resource.group)"
    }
  }

  /// Reads again when it is asked next: for whoever knows that the server serves something new.
  public func forget() { known = nil }

  private func find(_ lack: String, _ isMeant: (ResourceType) -> Bool) async throws -> ResourceType {
    if let found = try await resources().first(where: isMeant) { return found }
    if elapsed() - readAt >= .seconds(Self.secondsBetweenReadsMin),
      let found = try await refreshed().first(where: isMeant)
    {
      return found
    }
    throw APIError(code: 404, reason: "NotFound", message: "the server has \(lack)")
  }

  private func refreshed() async throws -> [ResourceType] {
    let client = client
    let task = reading ?? Task { try await DiscoveryReader(client: client).resources() }
    reading = task
    defer { if reading == task { reading = nil } }
    let resources = try await task.value
    known = resources
    readAt = elapsed()
    return resources
  }
}
