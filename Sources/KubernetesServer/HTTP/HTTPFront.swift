import HTTPTypes
import Hummingbird
import HummingbirdHTTP2
import Kubernetes
import Logging
import NIOCore
import NIOSSL

/// HTTPS in front of the API: reads a request, asks who it is from, hands it on, and writes what comes back.
struct HTTPFront: Sendable {
  /// What a request needs of its connection: nothing.
  struct Context: InitializableFromSource {
    init(source: ApplicationRequestContextSource) {}
  }

  var token: BearerToken
  var handle: @Sendable (APIRequest) async -> APIResponse

  func application(
    host: String, port: Int, tls: TLSConfiguration, logger: Logger, onServing: @escaping @Sendable (Int) async -> Void
  ) throws -> Application<CallbackResponder<Context>> {
    Application(
      responder: CallbackResponder { request, _ in await respond(to: request) },
      server: try .http2Upgrade(tlsConfiguration: tls),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { channel in await onServing(channel.localAddress?.port ?? port) }, logger: logger)
  }

  private static let openPaths: Set<String> = ["/healthz", "/livez", "/readyz"]

  private func respond(to request: Request) async -> Response {
    guard let path = PercentCoding.decode(request.uri.path), let query = PercentCoding.query(request.uri.query ?? "")
    else {
      return response(APIResponse(APIError.badRequest("the path or the query is not encoded correctly")), to: request)
    }
    guard Self.openPaths.contains(path) || token.accepts(authorization: request.headers[.authorization]) else {
      return response(APIResponse(APIError(code: 401, reason: "Unauthorized", message: "Unauthorized")), to: request)
    }
    guard let method = APIRequest.Method(rawValue: request.method.rawValue) else {
      return response(APIResponse(APIError.methodNotAllowed(.get)), to: request)
    }
    var body: [UInt8] = []
    if method != .get {
      do {
        let buffer = try await request.body.collect(upTo: RequestBody.bytesMax)
        body = Array(buffer.readableBytesView)
      } catch is NIOTooManyBytesError {
        return response(APIResponse(APIError.bodyTooLarge), to: request)
      } catch {
        return response(APIResponse(APIError.badRequest("the body could not be read")), to: request)
      }
    }
    let contentType = request.headers[.contentType] ?? "application/json"
    // Other routes than Kubernetes' own take their parameters as they are.
    let isKubernetes = path.hasPrefix("/api/") || path.hasPrefix("/apis/")
    let asked = APIRequest(
      method, path,
      query: isKubernetes ? Self.withManager(query, method, contentType, request.headers[.userAgent]) : query,
      contentType: contentType, accept: request.headers[.accept] ?? "", body: body, user: BearerToken.user)
    return response(await handle(asked), to: request)
  }

  /// Who manages the fields of a write that does not say: the program, as kube-apiserver takes it from `User-Agent`.
  private static func withManager(
    _ query: [(name: String, value: String)], _ method: APIRequest.Method, _ contentType: String, _ agent: String?
  ) -> [(name: String, value: String)] {
    guard method != .get, method != .delete, RequestBody.mediaType(contentType) != PatchType.apply.rawValue,
      !query.contains(where: { $0.name == "fieldManager" }), let agent
    else { return query }
    let program = String(agent.prefix { $0 != "/" }.prefix(WriteOptions.fieldManagerLengthMax))
    return program.isEmpty ? query : query + [("fieldManager", program)]
  }

  private func response(_ answer: APIResponse, to request: Request) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = answer.contentType
    headers[.cacheControl] = "no-cache, private"
    for (name, value) in answer.headers {
      if let field = HTTPField.Name(name) { headers.append(HTTPField(name: field, value: value)) }
    }
    let status = HTTPResponse.Status(code: answer.status)
    switch answer.body {
    case .bytes(let bytes):
      return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case .channels:
      return self.response(
        APIResponse(APIError.badRequest("the request must ask for an upgrade of the connection")), to: request)
    case .pulled(let pulled):
      return Response(status: status, headers: headers, body: Self.body(pulled.stream, of: request))
    case .stream(let stream):
      return Response(status: status, headers: headers, body: Self.body(stream, of: request))
    }
  }

  /// Writes each element as it comes, and stops when the client hangs up.
  private static func body(_ stream: AsyncThrowingStream<[UInt8], any Error>, of request: Request) -> ResponseBody {
    ResponseBody { writer in
      try await request.body.consumeWithCancellationOnInboundClose { _ in
        for try await bytes in stream { try await writer.write(ByteBuffer(bytes: bytes)) }
        try await writer.finish(nil)
      }
    }
  }
}

/// Percent-encoding of paths and queries (RFC 3986; `+` is a space in queries).
enum PercentCoding {
  /// - Returns: nil where the text is not encoded correctly.
  static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return String(text) }
    var bytes: [UInt8] = []
    var iterator = text.utf8.makeIterator()
    while let byte = iterator.next() {
      if byte == UInt8(ascii: "%") {
        guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      } else {
        bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  static func query(_ text: String) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decode(parts[0], plusIsSpace: true),
        let value = decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
