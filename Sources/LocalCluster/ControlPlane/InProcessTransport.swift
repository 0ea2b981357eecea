public import Kubernetes
public import KubernetesClient
public import KubernetesServer

/// Requests to the embedded API server without a wire: the same client, the same answers, no TLS and no copying.
public struct InProcessTransport: KubernetesTransport {
  private let server: EmbeddedAPIServer
  private let user: String

  public init(server: EmbeddedAPIServer, user: String) {
    self.server = server
    self.user = user
  }

  public func send(_ request: APIRequest) async throws -> APIResponse {
    var request = request
    request.user = user
    return await server.handle(request)
  }
}
