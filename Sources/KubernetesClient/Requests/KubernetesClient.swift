import Kubernetes

/// A Kubernetes API, typed and untyped, over any transport.
///
/// Failed requests throw `APIError`; answers that do not fit their kind throw `FieldError`; where no answer came,
/// `TransportError`. Reads are tried again where the server or the connection failed, writes only where the server
/// says that it did nothing (429): see `RetryPolicy`.
public struct KubernetesClient: Sendable {
  public let transport: any KubernetesTransport
  public let fieldManager: String
  public var retries = RetryPolicy()
  /// Only back-offs wait by it.
  public var clock: any Clock<Duration> = ContinuousClock()

  public init(transport: any KubernetesTransport, fieldManager: String = "sakigake") {
    self.transport = transport
    self.fieldManager = fieldManager
  }

  /// - Throws: `APIError` for an answer of 400 and above.
  public func json(_ request: APIRequest) async throws -> JSONValue {
    let bytes = try await respond(request).gathered()
    do { return try JSONValue(parsing: bytes) } catch {
      throw TransportError(.malformed, "the answer to \(request.method.rawValue) \(request.path) is not JSON: \(error)")
    }
  }

  /// The answer to a request, tried again as `retries` says.
  /// - Throws: `APIError` for an answer of 400 and above.
  public func respond(_ request: APIRequest) async throws -> APIResponse {
    var attempt = 1
    while true {
      let delay: Duration
      do {
        let response = try await transport.send(request)
        if response.status < 400 { return response }
        let error = try await APIError(refusal: response)
        guard let pause = retries.delay(after: response, error: error, to: request, attempt: attempt) else {
          throw error
        }
        delay = pause
      } catch let error as TransportError {
        guard let pause = retries.delay(after: error, to: request, attempt: attempt) else { throw error }
        delay = pause
      }
      try await clock.sleep(for: delay)
      attempt += 1
    }
  }
}

extension ResourceType {
  /// The path of an object whose name came from elsewhere: no name may lead out of its collection.
  func checkedPath(namespace: String, name: String?, subresource: String? = nil) throws -> String {
    for part in [namespace, name ?? "-"] where part == "." || part == ".." || part.contains("/") || part.contains("%") {
      throw APIError.badRequest("\"\(part)\" cannot be the name of \(qualifiedPlural)")
    }
    if name?.isEmpty == true { throw APIError.badRequest("the name of \(qualifiedPlural) is empty") }
    return path(namespace: namespace, name: name, subresource: subresource)
  }
}
