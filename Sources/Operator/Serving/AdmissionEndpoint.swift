import Guardrails
import HTTPServing
import Kubernetes

/// The guardrails as an API server asks them, for a ValidatingWebhookConfiguration.
///
/// Nothing here is secret and nothing changes anything, so whoever reaches it may ask.
package struct AdmissionEndpoint: HTTPService {
  package static let path = "/admission/guardrails"
  /// An object has 1.5 MiB at most in etcd (its `--max-request-bytes`), less than twice that as JSON; an update has two.
  package static let bodyBytesMax = 6 << 20

  package let settings: GuardrailSettings
  let instruments: OperatorMetrics
  let now: @Sendable () -> Timestamp

  package init(settings: GuardrailSettings, instruments: OperatorMetrics, now: @escaping @Sendable () -> Timestamp) {
    self.settings = settings
    self.instruments = instruments
    self.now = now
  }

  package func admit(_ request: inout APIRequest, authorization: String?, from peer: HTTPPeer) -> APIResponse? {
    refusal(of: request)
  }

  /// Before a body is read.
  package func refusal(of request: APIRequest) -> APIResponse? {
    switch (request.path, request.method) {
    case (Self.path, .post):
      let type = request.contentType.prefix { $0 != ";" }.lowercased()
      if type == "application/json" { return nil }
      return APIResponse(
        APIError(
          code: 415, reason: "UnsupportedMediaType",
          message: "the body must be application/json, not \(request.contentType.prefix(80))"))
    case ("/healthz", .get): return nil
    case (Self.path, _):
      var refusal = APIResponse(
        APIError(code: 405, reason: "MethodNotAllowed", message: "\(Self.path) takes POST, with an AdmissionReview"))
      refusal.headers.append(("Allow", "POST"))
      return refusal
    default:
      return APIResponse(
        APIError(code: 404, reason: "NotFound", message: "there is no \(request.path.prefix(200)), only \(Self.path)"))
    }
  }

  package func answer(_ request: APIRequest) async -> APIResponse {
    if request.path == "/healthz" { return HealthEndpoint.text(200, "ok") }
    guard case .known(let guardrails) = settings.current else {
      instruments.admissions.add(1, "error")
      return APIResponse(
        APIError(
          code: 503, reason: "ServiceUnavailable", message: "the platform's settings are not read yet; ask again"))
    }
    do throws(UnreadableReview) {
      let answer = try Admission(settings: guardrails, now: now()).answer(to: request.body)
      instruments.admissions.add(1, answer.isAllowed ? "allowed" : "refused")
      return APIResponse(status: 200, body: .bytes(answer.json.bytes))
    } catch {
      instruments.admissions.add(1, "error")
      return APIResponse(.badRequest(error.description))
    }
  }
}
