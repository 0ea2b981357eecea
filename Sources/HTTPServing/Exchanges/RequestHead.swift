import Kubernetes
import NIOHTTP1

/// The header of a request, read: what is asked, and how the exchange is to go on.
struct RequestHead {
  /// Without its body and without who asks.
  var request: APIRequest
  var authorization: String?
  /// Of the body, where the header tells it.
  var contentLength: Int?
  var isChunked = false
  var expectsContinue = false
  var acceptsGzip = false
  /// What the connection is asked to become, lower-case: `websocket`, `spdy/3.1`. HTTP/1.1 only.
  var upgrade: String?
  var websocketKey: String?
  var websocketVersion: String?

  var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

  enum Failure: Error {
    /// The path is not encoded correctly: nothing sensible speaks HTTP here, and the connection is closed.
    case malformed
    case badQuery
    case methodNotAllowed
  }

  /// Reads a header in one go over its fields: they are looked up nowhere else.
  init(_ head: HTTPRequestHead, service: any HTTPService) throws(Failure) {
    let (rawPath, rawQuery) = Self.split(head.uri)
    guard let path = PercentCoding.decode(rawPath) else { throw .malformed }
    guard let query = rawQuery.isEmpty ? [] : PercentCoding.query(rawQuery) else { throw .badQuery }
    let name = head.method.rawValue
    guard let method = APIRequest.Method(rawValue: name) ?? service.method(for: name, path: path) else {
      throw .methodNotAllowed
    }
    request = APIRequest(method, path, query: query, accept: "")
    var hasUpgradeConnection = false
    for (name, value) in head.headers { take(name, value, &hasUpgradeConnection) }
    if !hasUpgradeConnection { upgrade = nil }
    if let upgrade { request.headers.append(("upgrade", upgrade)) }
  }

  private mutating func take(_ name: String, _ value: String, _ hasUpgradeConnection: inout Bool) {
    switch name.utf8.count {
    case 6 where Self.matches(name, "accept"):
      request.accept = request.accept.isEmpty ? value : request.accept + "," + value
    case 6 where Self.matches(name, "expect"): expectsContinue = Self.matches(value, "100-continue")
    case 7 where Self.matches(name, "upgrade"): upgrade = value.lowercased()
    case 10 where Self.matches(name, "connection"):
      if value.lowercased().split(separator: ",").contains(where: { $0.drop { $0 == " " }.hasPrefix("upgrade") }) {
        hasUpgradeConnection = true
      }
    case 10 where Self.matches(name, "user-agent"): request.headers.append(("user-agent", value))
    case 12 where Self.matches(name, "content-type"): request.contentType = value
    case 13 where Self.matches(name, "authorization"): authorization = authorization ?? value
    case 14 where Self.matches(name, "content-length"): contentLength = Int(value)
    case 15 where Self.matches(name, "accept-encoding"): acceptsGzip = acceptsGzip || GzipEncoder.isAccepted(value)
    case 17 where Self.matches(name, "transfer-encoding"): isChunked = true
    case 17 where Self.matches(name, "sec-websocket-key"): websocketKey = value
    case 21 where Self.matches(name, "sec-websocket-version"): websocketVersion = value
    default:
      // `impersonate-…`, `sec-websocket-protocol`, `x-stream-protocol-version`: rare, and read by who serves them.
      if let first = name.utf8.first, [0x69, 0x73, 0x78].contains(first | 0x20) {
        let lower = name.lowercased()
        if lower.hasPrefix("impersonate-") || lower == "sec-websocket-protocol" || lower == "x-stream-protocol-version"
        {
          request.headers.append((lower, value))
        }
      }
    }
  }

  /// Whether a field's name is `lower`, whatever its case.
  private static func matches(_ name: String, _ lower: StaticString) -> Bool {
    var name = name
    return name.withUTF8 { bytes in
      guard bytes.count == lower.utf8CodeUnitCount else { return false }
      for index in bytes.indices where bytes[index] | 0x20 != lower.utf8Start[index] { return false }
      return true
    }
  }

  private static func split(_ uri: String) -> (Substring, Substring) {
    guard let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (uri[...], "") }
    return (uri[..<mark], uri[uri.utf8.index(after: mark)...])
  }
}
