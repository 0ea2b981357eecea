import Kubernetes
import KubernetesClient

/// Counts the requests that go through it.
struct MeteredTransport: KubernetesTransport {
  let transport: any KubernetesTransport
  let metrics: OperatorMetrics

  func send(_ request: APIRequest) async throws -> APIResponse {
    let attributes = RequestAttributes(request)
    func count(_ code: Int) {
      metrics.requests.add(1, attributes?.verb ?? "get", attributes?.qualifiedResource ?? request.path, String(code))
    }
    do {
      let response = try await transport.send(request)
      count(response.status)
      return response
    } catch {
      if !(error is CancellationError) { count(0) }
      throw error
    }
  }
}
