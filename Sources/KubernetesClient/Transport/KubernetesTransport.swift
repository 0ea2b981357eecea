import Kubernetes

/// Carries requests to a Kubernetes API: over HTTPS to a cluster, or as a call to an embedded server.
///
/// A transport returns whatever the server answered, errors included; it throws `TransportError` only where
/// no whole answer came, and `CancellationError` where the task was cancelled.
public protocol KubernetesTransport: Sendable {
  func send(_ request: APIRequest) async throws -> APIResponse
}

/// Why no whole answer came from a server.
public struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: Sendable {
    /// No connection, or it was lost before the answer was whole.
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
}

extension APIResponse {
  /// The whole body, gathered from its stream where it is one.
  /// - Throws: `TransportError` with `.tooLarge` above `limitBytes`.
  public func gathered(limitBytes: Int = HTTPTransport.Limits().bodyBytesMax) async throws -> [UInt8] {
    switch body {
    case .bytes(let bytes): return bytes
    case .stream(let stream): return try await Self.gathered(stream, limitBytes: limitBytes)
    case .pulled(let body): return try await Self.gathered(body.stream, limitBytes: limitBytes)
    case .channels: throw TransportError(.malformed, "the answer is a two-way stream, not a body")
    }
  }

  private static func gathered(
    _ stream: AsyncThrowingStream<[UInt8], any Error>, limitBytes: Int
  ) async throws -> [UInt8] {
    var whole: [UInt8] = []
    for try await chunk in stream {
      guard whole.count + chunk.count <= limitBytes else {
        throw TransportError(.tooLarge, "the answer is larger than \(limitBytes) bytes")
      }
      whole += chunk
    }
    return whole
  }
}
