import Kubernetes
import KubernetesClient

/// The HTTP side of pushes: `/v1/pushes`, for whatever server mounts it, which also authenticates.
///
/// `POST /v1/pushes`, `GET /v1/pushes`, `GET /v1/pushes/{id}[?waitFor=ready[&timeoutSeconds=N]]`,
/// `DELETE /v1/pushes/{id}`. Errors are `{"error": {"code", "message", "field"}}`, and nothing is changed on any of
/// them.
public struct PushAPI: Sendable {
  let client: KubernetesClient
  let cache: ClusterCache
  let now: @Sendable () -> Timestamp
  private let makePlan: @Sendable (PushCampaign) async -> PushCampaign?
  private let answered: @Sendable (Duration) async -> Void
  let waiting = WaitingRoom(placesMax: 256)

  /// How long an answer waits for its plan.
  static let planLimit = Duration.seconds(1)

  /// - Parameters:
  ///   - cache: follows microservices and campaigns at least, and is running.
  ///   - prescaler: asked to look at once when a push is announced or cancelled.
  public init(
    client: KubernetesClient, cache: ClusterCache, prescaler: PrescalerController,
    instruments: OperatorMetrics = OperatorMetrics(), now: @escaping @Sendable () -> Timestamp = { .now }
  ) {
    self.init(
      client: client, cache: cache, now: now,
      answered: { instruments.announcements.observe($0, await prescaler.leads ? "leader" : "follower") },
      plan: { await prescaler.announce($0, atMost: Self.planLimit) })
  }

  package init(
    client: KubernetesClient, cache: ClusterCache, now: @escaping @Sendable () -> Timestamp,
    answered: @escaping @Sendable (Duration) async -> Void = { _ in },
    plan: @escaping @Sendable (PushCampaign) async -> PushCampaign?
  ) {
    self.client = client
    self.cache = cache
    self.now = now
    self.answered = answered
    makePlan = plan
  }

  /// - Returns: nil where the path is not under `/v1`.
  public func handle(_ request: APIRequest) async -> APIResponse? {
    guard request.path == "/v1" || request.path.hasPrefix("/v1/") else { return nil }
    do { return try await route(request) } catch { return PushFailure(error).response }
  }

  private func route(_ request: APIRequest) async throws -> APIResponse {
    let parts = request.path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard parts.count >= 2, parts[1] == "pushes", parts.count <= 3 else {
      throw PushFailure(404, "notFound", "there is no \(request.path.prefix(200)); pushes are at /v1/pushes")
    }
    if parts.count == 2 {
      switch request.method {
      case .post:
        try allow([], in: request)
        return try await announce(request)
      case .get:
        try allow(["namespace"], in: request)
        return try await list(request)
      default: throw notAllowed(request, "GET, POST")
      }
    }
    switch request.method {
    case .get:
      try allow(["namespace", "waitFor", "timeoutSeconds"], in: request)
      return try await show(parts[2], request)
    case .delete:
      try allow(["namespace"], in: request)
      return try await cancel(parts[2], request)
    default: throw notAllowed(request, "GET, DELETE")
    }
  }

  private func notAllowed(_ request: APIRequest, _ allowed: String) -> PushFailure {
    PushFailure(
      405, "methodNotAllowed", "\(request.method.rawValue) is not possible here; \(allowed) is",
      headers: [("Allow", allowed)])
  }

  private func allow(_ names: [String], in request: APIRequest) throws {
    for parameter in request.query where !names.contains(parameter.name) {
      let hint = parameter.name.nearest(in: names).map { "; did you mean \"\($0)\"?" } ?? ""
      throw PushFailure(
        400, "unknownField", "unknown parameter \"\(parameter.name.prefix(80))\"\(hint)", field: parameter.name)
    }
  }

  // MARK: - Announcing

  private func announce(_ request: APIRequest) async throws -> APIResponse {
    let begun = client.clock.stopwatch()
    let push = try PushRequest(body: request.body, now: now())
    try await check(push)
    let created: PushCampaign
    do { created = try await client.create(push.campaign) } catch let error as APIError {
      if error.isAlreadyExists { return try await repeated(push) }
      if error.isNotFound {
        throw PushFailure.invalid("namespace", "the cluster has no namespace \"\(push.namespace)\"")
      }
      if error.code == 422 { throw PushFailure(422, "invalid", error.message) }
      throw error
    }
    let planned = await makePlan(created) ?? created
    await answered(begun())
    return answer(201, planned.answer, headers: [("Location", "/v1/pushes/\(created.metadata.name)")])
  }

  private func repeated(_ push: PushRequest) async throws -> APIResponse {
    let wanted = push.campaign
    let existing = try await client.get(PushCampaign.self, wanted.metadata.name, namespace: push.namespace)
    guard push.asks(for: existing) else {
      throw PushFailure(
        409, "conflict", "push \"\(wanted.metadata.name)\" exists already and says something else; choose another id",
        field: "id",
        push: existing.answer)
    }
    return answer(200, existing.answer)
  }

  /// The services named must be ones that recipients can open.
  private func check(_ push: PushRequest) async throws {
    guard !push.services.isEmpty else { return }
    let known = await cache.view.microservices.values.filter { $0.metadata.namespace == push.namespace }
    for (index, name) in push.services.enumerated() {
      let field = "services[\(index)]"
      guard let service = known.first(where: { $0.metadata.name == name }) else {
        let hint = name.nearest(in: known.map(\.metadata.name)).map { "; did you mean \"\($0)\"?" } ?? ""
        throw PushFailure.invalid(field, "namespace \"\(push.namespace)\" has no service \"\(name)\"\(hint)")
      }
      if service.spec.expose == nil {
        throw PushFailure.invalid(field, "service \"\(name)\" is not exposed; recipients cannot open it")
      }
    }
  }

  // MARK: - Reading and cancelling

  private func list(_ request: APIRequest) async throws -> APIResponse {
    let campaigns = try await client.list(PushCampaign.self, namespace: request.query("namespace") ?? "").items
    let sorted = campaigns.sorted {
      ($0.spec.sendAt ?? Timestamp(nanoseconds: 0), $0.key) < ($1.spec.sendAt ?? Timestamp(nanoseconds: 0), $1.key)
    }
    return answer(200, ["pushes": .array(sorted.map(\.answer))])
  }

  /// Without a namespace, the one in `default`, else the only one of that name.
  func find(_ id: String, _ request: APIRequest) async throws -> PushCampaign {
    let missing = PushFailure(404, "notFound", "there is no push \"\(id.prefix(100))\"")
    do {
      return try await client.get(PushCampaign.self, id, namespace: request.query("namespace") ?? "default")
    } catch let error as APIError where error.isNotFound || error.code == 400 {
      guard request.query("namespace") == nil, error.isNotFound else { throw missing }
    }
    let named = try await client.list(PushCampaign.self).items.filter { $0.metadata.name == id }
    guard let first = named.first else { throw missing }
    guard named.count == 1 else {
      throw PushFailure(
        400, "ambiguous",
        "several namespaces have a push \"\(id)\"; add ?namespace= with one of "
          + named.map(\.metadata.namespace).sorted().joined(separator: ", "), field: "namespace")
    }
    return first
  }

  /// Marks the campaign as cancelled; the prescaler then gives back what was held for it. Again, it changes nothing.
  private func cancel(_ id: String, _ request: APIRequest) async throws -> APIResponse {
    let campaign = try await find(id, request)
    let isOver = [PushCampaign.Phase.released, .cancelled].contains { $0.rawValue == campaign.status.phase }
    if isOver || campaign.spec.cancelled { return answer(200, campaign.answer) }
    let patched = try await client.patch(Change.Target(campaign), .merge, ["spec": ["cancelled": true]])
    let cancelled = try PushCampaign(json: patched)
    return answer(200, (await makePlan(cancelled) ?? cancelled).answer)
  }

  func answer(_ status: Int, _ body: JSONValue, headers: [(name: String, value: String)] = []) -> APIResponse {
    APIResponse(status: status, headers: headers, body: .bytes(body.bytes + [0x0A]))
  }
}
