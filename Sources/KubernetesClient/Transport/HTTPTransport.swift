import AsyncHTTPClient
import Kubernetes
import NIOCore
import NIOHTTP1
import NIOSSL

/// HTTPS to an API server, over HTTP/1.1: AsyncHTTPClient's HTTP/2 collapses after one large answer.
///
/// Watches and followed logs have connection pools of their own, so that they never hold up a request.
public final class HTTPTransport: KubernetesTransport {
  /// What one request may take and an answer may weigh.
  public struct Limits: Sendable {
    /// Of an answer that is not a stream.
    public var bodyBytesMax = 64 << 20
    public var connectSecondsMax = 10
    /// From the request to the head of its answer.
    public var headSecondsMax = 30
    /// Without a byte, while an answer that is not a stream arrives.
    public var silenceSecondsMax = 30
    public var requestConnectionsMax = 32
    public var streamConnectionsMax = 256
    public init() {}
  }

  private let server: String
  private let credentials: Credentials
  private let limits: Limits
  private let whole: HTTPClient
  private let watches: HTTPClient
  private let follows: HTTPClient

  init(
    server: String, tls: TLSConfiguration, resolve: [String: String], credentials: Credentials,
    limits: Limits = Limits()
  ) {
    self.server = server
    self.credentials = credentials
    self.limits = limits
    func client(silenceSeconds: Int?, connections: Int) -> HTTPClient {
      var configuration = HTTPClient.Configuration(
        tlsConfiguration: tls, redirectConfiguration: .disallow,
        timeout: .init(
          connect: .seconds(Int64(limits.connectSecondsMax)), read: silenceSeconds.map { .seconds(Int64($0)) }),
        connectionPool: .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: connections))
      configuration.httpVersion = .http1Only
      configuration.dnsOverride = resolve
      // A lost connection is retried where that is safe, which only the caller knows.
      configuration.connectionPool.retryConnectionEstablishment = false
      return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
    whole = client(silenceSeconds: limits.silenceSecondsMax, connections: limits.requestConnectionsMax)
    // The server ends a watch before that; silence beyond it is a dead connection.
    watches = client(silenceSeconds: WatchSession.secondsMax + 30, connections: limits.streamConnectionsMax)
    follows = client(silenceSeconds: nil, connections: limits.streamConnectionsMax)
  }

  deinit {
    for client in [whole, watches, follows] { client.shutdown { _ in } }
  }

  /// Closes every connection. Requests under way fail.
  public func shutdown() async {
    for client in [whole, watches, follows] {
      await withCheckedContinuation { continuation in client.shutdown { _ in continuation.resume() } }
    }
  }

  public func send(_ request: APIRequest) async throws -> APIResponse {
    var outgoing = HTTPClientRequest(url: url(of: request))
    outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
    outgoing.headers.add(name: "Accept", value: request.accept)
    outgoing.headers.add(name: "User-Agent", value: "sakigake")
    if let token = try credentials.bearerToken() {
      outgoing.headers.add(name: "Authorization", value: "Bearer \(token)")
    }
    if !request.body.isEmpty {
      outgoing.headers.add(name: "Content-Type", value: request.contentType)
      outgoing.body = .bytes(ByteBuffer(bytes: request.body))
    }
    let isStream = request.isWatch || request.isFollow
    do {
      let client = request.isWatch ? watches : request.isFollow ? follows : whole
      let answer = try await client.execute(outgoing, timeout: .seconds(Int64(limits.headSecondsMax)))
      return APIResponse(
        status: Int(answer.status.code), contentType: answer.headers.first(name: "Content-Type") ?? "",
        headers: answer.headers.map { (name: $0.name, value: $0.value) },
        body: isStream && answer.status.code < 400
          ? .stream(Self.stream(of: answer.body))
          : .bytes(Array(buffer: try await answer.body.collect(upTo: limits.bodyBytesMax))))
    } catch {
      throw Self.explained(error, asking: server, limits: limits)
    }
  }

  private func url(of request: APIRequest) -> String {
    var url = server + PercentEncoding.path(request.path)
    var separator = "?"
    for parameter in request.query {
      url += separator + PercentEncoding.query(parameter.name) + "=" + PercentEncoding.query(parameter.value)
      separator = "&"
    }
    return url
  }

  /// Pulled, not pushed: a slow reader slows the server down through TCP, and nothing piles up here.
  private static func stream(of body: HTTPClientResponse.Body) -> AsyncThrowingStream<[UInt8], any Error> {
    let source = ChunkSource(body)
    return AsyncThrowingStream {
      do { return try await source.next() } catch { throw explained(error, asking: "the stream", limits: Limits()) }
    }
  }

  private static func explained(_ error: any Error, asking server: String, limits: Limits) -> any Error {
    switch error {
    case is CancellationError, is TransportError, is KubeconfigError: return error
    case is NIOTooManyBytesError:
      return TransportError(.tooLarge, "the answer of \(server) is larger than \(limits.bodyBytesMax) bytes")
    case let error as HTTPClientError:
      switch error {
      case .cancelled: return CancellationError()
      case .readTimeout, .deadlineExceeded, .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
        return TransportError(.timeout, "\(server) did not answer in time (\(error.shortDescription))")
      default: return TransportError(.connection, "the request to \(server) failed: \(error.shortDescription)")
      }
    default: return TransportError(.connection, "no connection to \(server): \(error)")
    }
  }
}

/// Holds the one iterator that a body allows.
private actor ChunkSource {
  private var iterator: HTTPClientResponse.Body.AsyncIterator?

  init(_ body: HTTPClientResponse.Body) { iterator = body.makeAsyncIterator() }

  func next() async throws -> [UInt8]? {
    guard var current = iterator else { return nil }
    iterator = nil  // taken while it is awaited: a second reader finds the end instead of a shared iterator
    guard let chunk = try await current.next(isolation: self) else { return nil }
    iterator = current
    return Array(buffer: chunk)
  }
}

extension APIRequest {
  var isWatch: Bool { query("watch").map { $0 == "true" || $0 == "1" } ?? false }
  var isFollow: Bool { query("follow").map { $0 == "true" || $0 == "1" } ?? false }
}
