import AsyncHTTPClient
import Kubernetes
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import Synchronization

/// HTTPS to an API server.
///
/// Watches and followed logs have connection pools of their own, so that they never hold up a request; two-way streams
/// (exec, port-forward) have a connection each. A 401 is answered once by renewing the credential, where its source can.
public final class HTTPTransport: KubernetesTransport {
  /// What one request may take and an answer may weigh.
  public struct Limits: Sendable {
    /// Of an answer that is not a stream, after decompression.
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

  /// Which HTTP is spoken.
  public enum Version: Sendable {
    /// HTTP/1.1, on as many connections as needed.
    case http1
    /// HTTP/2 where the server has it: one connection for all requests. docs/client.md says what that costs.
    case automatic
  }

  let endpoint: Endpoint
  let credentials: any CredentialSource
  let limits: Limits
  private let impersonation: [(name: String, value: String)]
  private let userAgent: String
  private let version: Version
  private let asksForCompression: Bool
  private let state: Mutex<State>

  private struct State {
    var isShutDown = false
    var certificate: ClientCertificate?
    var clients: Clients?
  }

  /// One HTTP client for each way of waiting.
  private struct Clients {
    var whole: HTTPClient
    var watches: HTTPClient
    var follows: HTTPClient
    var all: [HTTPClient] { [whole, watches, follows] }
  }

  init(
    endpoint: Endpoint, credentials: any CredentialSource, impersonation: Impersonation? = nil,
    limits: Limits = Limits(), httpVersion: Version = .http1, userAgent: String, asksForCompression: Bool = true
  ) throws {
    self.endpoint = endpoint
    self.credentials = credentials
    self.limits = limits
    self.impersonation = impersonation?.headers ?? []
    self.userAgent = userAgent
    version = httpVersion
    self.asksForCompression = asksForCompression
    state = Mutex(State())
    if let fixed = credentials as? FixedCredential {
      // What is wrong with a certificate is told now, not by the first request.
      _ = try clients(for: fixed.fixed.certificate)
    }
  }

  deinit {
    for client in state.withLock({ $0.clients?.all ?? [] }) { client.shutdown { _ in } }
  }

  /// Closes every connection. Requests under way fail, and so do later ones.
  public func shutdown() async {
    let clients = state.withLock { state in
      state.isShutDown = true
      defer { state.clients = nil }
      return state.clients
    }
    for client in clients?.all ?? [] {
      await withCheckedContinuation { continuation in client.shutdown { _ in continuation.resume() } }
    }
  }

  public func send(_ request: APIRequest) async throws -> APIResponse {
    let credential = try await credentials.credential()
    let response = try await send(request, as: credential)
    guard response.status == 401, let renewed = try await credentials.renewed(after: credential) else {
      return response
    }
    return try await send(request, as: renewed)
  }

  private func send(_ request: APIRequest, as credential: Credential) async throws -> APIResponse {
    var outgoing = HTTPClientRequest(url: endpoint.url + Self.target(of: request))
    outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
    outgoing.headers = headers(of: request, as: credential)
    if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
    let isStream = request.isWatch || request.isFollow
    if asksForCompression, !isStream { outgoing.headers.add(name: "Accept-Encoding", value: "gzip") }
    do {
      let clients = try clients(for: credential.certificate)
      let client = request.isWatch ? clients.watches : request.isFollow ? clients.follows : clients.whole
      let answer = try await client.execute(outgoing, timeout: .seconds(Int64(limits.headSecondsMax)))
      return APIResponse(
        status: Int(answer.status.code), contentType: answer.headers.first(name: "Content-Type") ?? "",
        headers: answer.headers.map { (name: $0.name, value: $0.value) },
        body: isStream && answer.status.code < 400
          ? .stream(stream(of: answer.body))
          : .bytes(Array(buffer: try await answer.body.collect(upTo: limits.bodyBytesMax))))
    } catch {
      throw explained(error)
    }
  }

  func headers(of request: APIRequest, as credential: Credential) -> HTTPHeaders {
    var headers = HTTPHeaders()
    headers.add(name: "Accept", value: request.accept)
    headers.add(name: "User-Agent", value: userAgent)
    if let authorization = credential.authorization { headers.add(name: "Authorization", value: authorization) }
    if !request.body.isEmpty { headers.add(name: "Content-Type", value: request.contentType) }
    for (name, value) in impersonation + request.headers { headers.add(name: name, value: value) }
    return headers
  }

  static func target(of request: APIRequest) -> String {
    var target = PercentEncoding.path(request.path)
    var separator = "?"
    for parameter in request.query {
      target += separator + PercentEncoding.query(parameter.name) + "=" + PercentEncoding.query(parameter.value)
      separator = "&"
    }
    return target
  }

  /// Pulled, not pushed: a slow reader slows the server down through TCP, and nothing piles up here.
  private func stream(of body: HTTPClientResponse.Body) -> AsyncThrowingStream<[UInt8], any Error> {
    let source = ChunkSource(body)
    return AsyncThrowingStream {
      do { return try await source.next() } catch { throw self.explained(error) }
    }
  }
}

extension HTTPTransport {
  /// The clients that show `certificate`. A new certificate means new connections; the old ones are cut, as client-go
  /// cuts them.
  private func clients(for certificate: ClientCertificate?) throws -> Clients {
    try state.withLock { state in
      if state.isShutDown { throw TransportError(.unreachable, "the connection to \(endpoint.url) was shut down") }
      if let clients = state.clients, state.certificate == certificate { return clients }
      let replaced = state.clients
      let tls = try endpoint.tls(with: certificate)
      let clients = Clients(
        whole: client(tls, silenceSeconds: limits.silenceSecondsMax, connections: limits.requestConnectionsMax),
        // The server ends a watch before that; silence beyond it is a dead connection.
        watches: client(
          tls, silenceSeconds: WatchSession.secondsMax + 30, connections: limits.streamConnectionsMax),
        follows: client(tls, silenceSeconds: nil, connections: limits.streamConnectionsMax))
      state.clients = clients
      state.certificate = certificate
      for client in replaced?.all ?? [] { client.shutdown { _ in } }
      return clients
    }
  }

  private func client(_ tls: TLSConfiguration, silenceSeconds: Int?, connections: Int) -> HTTPClient {
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow,
      timeout: .init(
        connect: .seconds(Int64(limits.connectSecondsMax)), read: silenceSeconds.map { .seconds(Int64($0)) }),
      connectionPool: .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: connections),
      // What comes of it is limited where it is gathered.
      proxy: endpoint.proxy?.configuration, decompression: asksForCompression ? .enabled(limit: .none) : .disabled)
    configuration.httpVersion = version == .http1 ? .http1Only : .automatic
    // Requests carry the name to check, which stands for the host.
    if let name = endpoint.serverName { configuration.dnsOverride = [name: endpoint.host] }
    // A lost connection is retried where that is safe, which only the caller knows.
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  func explained(_ error: any Error) -> any Error {
    switch error {
    case is CancellationError, is TransportError, is KubeconfigError, is APIError: return error
    case is NIOTooManyBytesError:
      return TransportError(.tooLarge, "the answer of \(endpoint.url) is larger than \(limits.bodyBytesMax) bytes")
    case let error as HTTPClientError:
      switch error {
      // Connections that are given up cut their requests in the same way.
      case .cancelled where Task.isCancelled: return CancellationError()
      case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .httpProxyHandshakeTimeout,
        .socksHandshakeTimeout, .proxyAuthenticationRequired, .invalidProxyResponse:
        return TransportError(.unreachable, "no connection to \(endpoint.url): \(error.shortDescription)")
      case .readTimeout, .deadlineExceeded:
        return TransportError(.timeout, "\(endpoint.url) did not answer in time (\(error.shortDescription))")
      default: return TransportError(.connection, "the request to \(endpoint.url) failed: \(error.shortDescription)")
      }
    case is NIOConnectionError, is NIOSSLError, is NIOSSLExtraError:
      return TransportError(.unreachable, "no connection to \(endpoint.url): \(error)")
    case let error as IOError where error.errnoCode == ECONNREFUSED:
      return TransportError(.unreachable, "no connection to \(endpoint.url): \(error)")
    default: return TransportError(.connection, "the connection to \(endpoint.url) failed: \(error)")
    }
  }
}

extension Proxy {
  fileprivate var configuration: HTTPClient.Configuration.Proxy {
    switch kind {
    case .socks5: .socksServer(host: host, port: port)
    case .http:
      .server(
        host: host, port: port,
        authorization: username.map { .basic(username: $0, password: password ?? "") })
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
