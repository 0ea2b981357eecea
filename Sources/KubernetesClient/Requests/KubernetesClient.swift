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
        let error = try await Self.error(in: response)
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

  private static func error(in response: APIResponse) async throws -> APIError {
    let bytes = try await response.gathered(limitBytes: 1 << 20)
    if let json = try? JSONValue(parsing: bytes), var error = APIError(status: json) {
      if error.code == 0 { error.code = response.status }
      return error
    }
    let text = String(decoding: bytes.prefix(500), as: UTF8.self)
    return APIError(code: response.status, reason: reason(for: response.status), message: text)
  }

  /// `metav1.StatusReason` of a bare HTTP status, as client-go fills it in.
  private static func reason(for status: Int) -> String {
    switch status {
    case 400: "BadRequest"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "NotFound"
    case 405: "MethodNotAllowed"
    case 409: "Conflict"
    case 410: "Gone"
    case 413: "RequestEntityTooLarge"
    case 415: "UnsupportedMediaType"
    case 422: "Invalid"
    case 429: "TooManyRequests"
    case 503: "ServiceUnavailable"
    case 504: "Timeout"
    default: "InternalError"
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
