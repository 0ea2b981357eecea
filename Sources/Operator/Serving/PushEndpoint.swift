import HTTPServing
import Kubernetes

/// The push API behind its token, and what a load balancer asks.
struct PushEndpoint: HTTPService {
  let pushes: PushAPI
  let token: PushToken
  let isReady: @Sendable () async -> Bool

  private static let healthPaths: Set<String> = ["/healthz", "/livez", "/readyz"]

  /// Before a body is read, and so before anybody without the token can make this read one.
  func admit(_ request: inout APIRequest, authorization: String?, from peer: HTTPPeer) -> APIResponse? {
    if Self.healthPaths.contains(request.path) || token.accepts(authorization: authorization) { return nil }
    return PushFailure(
      401, "unauthorized", "a bearer token is missing or wrong", headers: [("WWW-Authenticate", "Bearer")]
    ).response
  }

  func answer(_ request: APIRequest) async -> APIResponse {
    switch request.path {
    case "/healthz", "/livez": return HealthEndpoint.text(200, "ok")
    case "/readyz":
      return await isReady() ? HealthEndpoint.text(200, "ok") : HealthEndpoint.text(503, "not ready")
    default: break
    }
    return await pushes.handle(request)
      ?? PushFailure(404, "notFound", "there is no \(request.path.prefix(200)); pushes are at /v1/pushes").response
  }
}

/// What probes and Prometheus ask; nothing here is secret, and nothing changes anything.
struct HealthEndpoint: HTTPService {
  let isAlive: @Sendable () async -> Bool
  let isReady: @Sendable () async -> Bool
  let metrics: @Sendable () async -> String

  func answer(_ request: APIRequest) async -> APIResponse {
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
