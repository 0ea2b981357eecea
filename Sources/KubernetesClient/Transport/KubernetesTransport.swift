import Kubernetes

/// Carries requests to a Kubernetes API: over HTTPS to a cluster, or as a call to an embedded server.
///
/// A transport returns whatever the server answered, errors included; it throws `TransportError` only where
/// no whole answer came, and `CancellationError` where the task was cancelled.
public protocol KubernetesTransport: Sendable {
  func send(_ request: APIRequest) async throws -> APIResponse

  /// Makes the exchange two-way (exec, attach, port-forward). The subprotocols that the caller speaks stand in the header
  /// `sec-websocket-protocol`, the preferred one first.
  /// - Throws: `APIError` where the server refuses.
  func connect(_ request: APIRequest) async throws -> any ChannelStream
}

extension KubernetesTransport {
  /// As a transport that carries no two-way streams answers.
  public func connect(_ request: APIRequest) async throws -> any ChannelStream {
    throw TransportError(.malformed, "this connection carries no two-way streams")
  }
}

/// Why no whole answer came from a server.
public struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: Sendable {
    /// There was no connection, so the server saw nothing of the request.
    case unreachable
    /// The connection was lost before the answer was whole.
    case connection
    case timeout
    /// The answer, or one line of a watch, is larger than the limit.
    case tooLarge
    /// The answer is not what the protocol says.
    case malformed
  }
  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
  public var description: String { message }
}

/// A transport that is a function: an embedded server's `handle`, or a script in a test.
public struct InProcessTransport: KubernetesTransport {
  private let handle: @Sendable (APIRequest) async throws -> APIResponse

  public init(_ handle: @escaping @Sendable (APIRequest) async throws -> APIResponse) { self.handle = handle }

  public func send(_ request: APIRequest) async throws -> APIResponse { try await handle(request) }

  public func connect(_ request: APIRequest) async throws -> any ChannelStream {
    let response = try await handle(request)
    guard case .channels(let serve) = response.body else { throw try await APIError(refusal: response) }
    let agreed = response.headers.first { $0.name.lowercased() == "sec-websocket-protocol" }?.value
    let preferred = request.header("sec-websocket-protocol")?.split(separator: ",").first
    let (near, far) = PairedChannelStream.pair(subprotocol: agreed ?? preferred.map { String($0).trimmedOfSpace } ?? "")
    // It lives as long as the stream: closing the near end, or dropping it, ends what it reads.
    Task {
      await serve(far)
      await far.close()
    }
    return near
  }
}

extension APIResponse {
  /// The whole body, gathered from its stream where it is one.
  /// - Throws: `TransportError` with `.tooLarge` above `limitBytes`.
  public func gathered(limitBytes: Int = HTTPTransport.Limits().bodyBytesMax) async throws -> [UInt8] {
    if case .bytes(let bytes) = body { return bytes }
    var whole: [UInt8] = []
    for try await chunk in try chunks() {
      guard whole.count + chunk.count <= limitBytes else {
        throw TransportError(.tooLarge, "the answer is larger than \(limitBytes) bytes")
      }
      whole += chunk
    }
    return whole
  }

  /// The body as it comes.
  func chunks() throws -> AsyncThrowingStream<[UInt8], any Error> {
    switch body {
    case .stream(let stream): return stream
    case .pulled(let body): return body.stream
    case .bytes(let bytes):
      return AsyncThrowingStream { continuation in
        continuation.yield(bytes)
        continuation.finish()
      }
    case .channels, .ports: throw TransportError(.malformed, "the answer is a two-way stream, not a body")
    }
  }
}

extension APIError {
  /// The `Status` in an answer of 400 and above, or one made up for it as client-go does.
  init(refusal response: APIResponse) async throws {
    let bytes = try await response.gathered(limitBytes: 1 << 20)
    if let json = try? JSONValue(parsing: bytes), var error = APIError(status: json) {
      if error.code == 0 || json["code"] == nil { error.code = response.status }
      self = error
    } else {
      let text = String(decoding: bytes.prefix(500), as: UTF8.self)
      self.init(code: response.status, reason: Self.reason(for: response.status), message: text)
    }
  }

  /// `metav1.StatusReason` of a bare HTTP status.
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
