import HTTPServing
import Kubernetes

/// The API over HTTP: asks who a request is from, fills in what kube-apiserver takes from its header, and hands it on.
struct HTTPFront: HTTPService {
  var authenticator: any Authenticator
  var service: APIService

  /// Fields that every answer has, as kube-apiserver's.
  static let headers: [(name: String, value: String)] = [("Cache-Control", "no-cache, private")]

  /// Answered to everybody, whatever the method, so that a load balancer can ask.
  private static let healthPaths: Set<String> = ["/healthz", "/livez", "/readyz"]

  func method(for name: String, path: String) -> APIRequest.Method? {
    Self.healthPaths.contains(path) ? .get : nil
  }

  func admit(_ request: inout APIRequest, authorization: String?, from peer: HTTPPeer) -> APIResponse? {
    let credentials = Credentials(authorization: authorization, clientCertificate: peer.clientCertificate)
    guard let user = authenticator.authenticate(credentials) else { return APIResponse(APIError.unauthorized) }
    request.user = user
    if Self.healthPaths.contains(request.path) { request.method = .get }
    // Other routes than Kubernetes' own take their parameters as they are.
    if request.path.hasPrefix("/api/") || request.path.hasPrefix("/apis/") { Self.addManager(to: &request) }
    return nil
  }

  /// Who manages the fields of a write that does not say: the program, as kube-apiserver takes it from `User-Agent`.
  private static func addManager(to request: inout APIRequest) {
    guard request.method != .get, request.method != .delete, let agent = request.header("user-agent"),
      RequestBody.mediaType(request.contentType) != PatchType.apply.rawValue,
      !request.query.contains(where: { $0.name == "fieldManager" })
    else { return }
    let program = String(agent.prefix { $0 != "/" }.prefix(WriteOptions.fieldManagerLengthMax))
    if !program.isEmpty { request.query.append(("fieldManager", program)) }
  }

  func answerNow(_ request: APIRequest) -> APIResponse? { service.answerNow(request) }

  func answer(_ request: APIRequest) async -> APIResponse { await service.answerLater(request) }

  /// What has no end that could be foreseen: `BasicLongRunningRequestCheck` in apiserver's `longrunning.go`.
  func isLongRunning(_ request: APIRequest) -> Bool {
    ["true", "1"].contains(request.query("watch") ?? "") || request.path.hasSuffix("/log")
  }
}
