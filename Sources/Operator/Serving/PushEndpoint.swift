import Kubernetes

/// The push API behind its token, and what a load balancer asks.
struct PushEndpoint: Sendable {
  let pushes: PushAPI
  let token: PushToken
  let isReady: @Sendable () async -> Bool

  func handle(_ request: APIRequest) async -> APIResponse {
    switch request.path {
    case "/healthz", "/livez": return HealthEndpoint.text(200, "ok")
    case "/readyz":
      return await isReady() ? HealthEndpoint.text(200, "ok") : HealthEndpoint.text(503, "not ready")
    default: break
    }
    guard token.accepts(authorization: request.header("authorization")) else {
      return PushFailure(
        401, "unauthorized", "a bearer token is missing or wrong", headers: [("WWW-Authenticate", "Bearer")]
      ).response
    }
    return await pushes.handle(request)
      ?? PushFailure(404, "notFound", "there is no \(request.path.prefix(200)); pushes are at /v1/pushes").response
  }
}

/// What probes and Prometheus ask; nothing here is secret, and nothing changes anything.
struct HealthEndpoint: Sendable {
  let isAlive: @Sendable () async -> Bool
  let isReady: @Sendable () async -> Bool
  let metrics: @Sendable () async -> String

  func handle(_ request: APIRequest) async -> APIResponse {
    guard request.method == .get else { return Self.text(405, "only GET is possible here") }
    switch request.path {
    case "/healthz", "/livez":
      return await isAlive() ? Self.text(200, "ok") : Self.text(500, "the leader has not looked for too long")
    case "/readyz":
      return await isReady() ? Self.text(200, "ok") : Self.text(503, "the cache is not synced, or the operator stops")
    case "/metrics":
      return APIResponse(
        status: 200, contentType: MetricsText.contentType, body: .bytes(Array(await metrics().utf8)))
    default: return Self.text(404, "there are /healthz, /readyz and /metrics")
    }
  }

  static func text(_ status: Int, _ text: String) -> APIResponse {
    APIResponse(status: status, contentType: "text/plain; charset=utf-8", body: .bytes(Array((text + "\n").utf8)))
  }
}
