import Kubernetes
import NIOCore
import NIOHTTP1

/// One connection: request after request, each answered before the next is read.
struct ConnectionLoop: Sendable {
  private let connection: HTTPServer.Connection
  private let limits: HTTPServer.Limits
  private let open: OpenConnections
  private let handler: HTTPServer.Handler

  init(
    _ connection: HTTPServer.Connection, _ limits: HTTPServer.Limits, _ open: OpenConnections,
    _ handler: @escaping HTTPServer.Handler
  ) {
    self.connection = connection
    self.limits = limits
    self.open = open
    self.handler = handler
  }

  private typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPPart<HTTPResponseHead, ByteBuffer>>

  func run() async {
    let place = open.add(connection.channel.channel)
    defer { open.remove(place) }
    // A client that hangs up, or is cut off, is no error of ours.
    try? await connection.channel.executeThenClose { inbound, outbound in
      var parts = inbound.makeAsyncIterator()
      while !open.isDraining {
        let headTimer = timer(limits.headSecondsMax)
        defer { headTimer.cancel() }
        guard case .head(let head)? = try await parts.next() else { return }
        headTimer.cancel()
        let bodyTimer = timer(limits.bodySecondsMax)
        defer { bodyTimer.cancel() }
        var body = ByteBuffer()
        var isTooLarge = false
        reading: while let part = try await parts.next() {
          switch part {
          case .body(var chunk):
            isTooLarge = isTooLarge || body.readableBytes + chunk.readableBytes > limits.bodyBytesMax
            if !isTooLarge { body.writeBuffer(&chunk) }
          case .end: break reading
          case .head: return
          }
        }
        bodyTimer.cancel()
        let response = isTooLarge ? Self.tooLarge(limits.bodyBytesMax) : await answer(head, body, place)
        guard try await write(response, to: head, outbound) else { return }
      }
    }
  }

  private func timer(_ seconds: Int64) -> Scheduled<Void> {
    let channel = connection.channel.channel
    return channel.eventLoop.scheduleTask(in: .seconds(seconds)) { channel.close(promise: nil) }
  }

  private func answer(_ head: HTTPRequestHead, _ body: ByteBuffer, _ place: Int) async -> APIResponse {
    guard let request = Self.request(head, body) else {
      return Self.refusal(400, "malformed", "the request's method or path cannot be understood")
    }
    // A task of its own, so that draining can end a wait without ending the connection under it.
    let work = Task { await handler(request) }
    open.begin(work, at: place)
    defer { open.end(at: place) }
    return await work.value
  }

  /// - Returns: whether a further request may follow.
  private func write(_ response: APIResponse, to request: HTTPRequestHead, _ outbound: Outbound) async throws -> Bool {
    let keepsAlive = request.isKeepAlive && !open.isDraining && response.status != 413
    var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status))
    head.headers.add(name: "Content-Type", value: response.contentType)
    for header in response.headers { head.headers.add(name: header.name, value: header.value) }
    if !keepsAlive { head.headers.add(name: "Connection", value: "close") }
    guard case .bytes(let bytes) = response.body else {
      throw ServingError(message: "only whole answers are served here")
    }
    head.headers.add(name: "Content-Length", value: String(bytes.count))
    var parts: [HTTPPart<HTTPResponseHead, ByteBuffer>] = [.head(head)]
    if request.method != .HEAD { parts.append(.body(ByteBuffer(bytes: bytes))) }
    try await outbound.write(contentsOf: parts + [.end(nil)])
    return keepsAlive
  }

  private static func tooLarge(_ bytesMax: Int) -> APIResponse {
    refusal(413, "tooLarge", "the body is longer than \(bytesMax) bytes")
  }

  private static func refusal(_ status: Int, _ code: String, _ message: String) -> APIResponse {
    PushFailure(status, code, message).response
  }
}

extension ConnectionLoop {
  /// - Returns: nil where the method is none of ours, or the target is not encoded correctly.
  private static func request(_ head: HTTPRequestHead, _ body: ByteBuffer) -> APIRequest? {
    let method: APIRequest.Method? =
      head.method == .HEAD ? .get : APIRequest.Method(rawValue: head.method.rawValue)
    let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let method, head.uri.hasPrefix("/"), let path = PercentText.decode(target[0]) else { return nil }
    var query: [(name: String, value: String)] = []
    for pair in target.count > 1 ? target[1].split(separator: "&") : [] {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentText.decode(parts[0], plusIsSpace: true),
        let value = PercentText.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
      else { return nil }
      query.append((name, value))
    }
    var request = APIRequest(method, path, query: query, body: Array(buffer: body))
    request.headers = head.headers.map { (name: $0.name.lowercased(), value: $0.value) }
    return request
  }
}

/// Percent-encoding (RFC 3986; `+` is a space in queries).
enum PercentText {
  /// - Returns: nil where the text is not encoded correctly.
  static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
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
