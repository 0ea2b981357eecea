/// Requests as bytes, beside the status that each is to be answered with.
struct HTTPCase {
  var bytes: [UInt8] = []
  var statuses: [Int] = []

  let token: String
  /// Told apart from every other case's.
  let name: String

  init(token: String, name: String) {
    self.token = token
    self.name = name
  }

  mutating func add(_ random: inout SeededRandom) {
    switch random.below(8) {
    case 0: request("GET", "/healthz", 200, authorizes: false)
    case 1: request("GET", "/version", 200)
    case 2: request("GET", "/api/v1/namespaces/default", 200)
    case 3: request("GET", "/api/v1/namespaces/default/pods?limit=5&labelSelector=a%3Db", 200)
    case 4: request("GET", "/apis/none.example/v1/things", 404)
    case 5: request("GET", "/api/v1/namespaces/default/pods", 403, authorizes: false)
    case 6:
      let object = object(statuses.count)
      request("POST", "/api/v1/namespaces/default/configmaps", 201, more: length(object), body: object)
    default:
      request(
        "POST", "/api/v1/namespaces/default/configmaps", 201,
        more: [
          "Content-Type: application/json", random.pick(["Transfer-Encoding: chunked", "transfer-encoding:chunked"]),
        ],
        body: Self.chunked(object(statuses.count), &random))
    }
  }

  private func object(_ index: Int) -> [UInt8] {
    Array(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\#(name)-\#(index)"},"data":{"a":"b"}}"#.utf8)
  }

  private func length(_ body: [UInt8]) -> [String] {
    ["Content-Type: application/json", "Content-Length: \(body.count)"]
  }

  private mutating func request(
    _ method: String, _ path: String, _ status: Int, authorizes: Bool = true, more: [String] = [], body: [UInt8] = []
  ) {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1", "User-Agent: fuzz/1"] + more
    if authorizes { lines.append("Authorization: Bearer \(token)") }
    bytes += Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    statuses.append(status)
  }

  /// In chunks of any size, with extensions and trailers here and there (RFC 9112, section 7.1).
  private static func chunked(_ body: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var text: [UInt8] = []
    var rest = body[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(1 + random.below(40))
      rest = rest.dropFirst(chunk.count)
      let size = String(chunk.count, radix: 16, uppercase: random.oneIn(2))
      text += Array((random.oneIn(6) ? "000" : "").utf8) + Array(size.utf8)
      text += Array((random.oneIn(6) ? ";name=value" : "").utf8) + Array("\r\n".utf8) + chunk + Array("\r\n".utf8)
    }
    return text + Array("0\r\n".utf8) + Array((random.oneIn(6) ? "X-Trailer: 1\r\n" : "").utf8) + Array("\r\n".utf8)
  }
}

/// The status of each response in what came over a connection, as far as it is complete (RFC 9112).
package enum HTTPAnswers {
  package static func statuses(in bytes: [UInt8]) -> [Int] {
    var statuses: [Int] = []
    var rest = bytes[...]
    while let (status, length) = response(rest) {
      if status != 100 { statuses.append(status) }
      rest = rest.dropFirst(length)
    }
    return statuses
  }

  private static let blankLine = Array("\r\n\r\n".utf8)

  private static func response(_ bytes: ArraySlice<UInt8>) -> (status: Int, length: Int)? {
    guard let end = bytes.firstRange(of: blankLine) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components("\r\n")
    guard let first = lines.first, first.hasPrefix("HTTP/1."), let status = Int(first.dropFirst(9).prefix(3)) else {
      return nil
    }
    let header = end.upperBound - bytes.startIndex
    if status == 100 { return (status, header) }
    for line in lines.dropFirst() {
      let field = line.lowercased()
      if field.hasPrefix("content-length:") {
        guard let length = Int(field.dropFirst(15).filter { $0 != " " }), bytes.count >= header + length else {
          return nil
        }
        return (status, header + length)
      }
      if field.hasPrefix("transfer-encoding:") {
        guard let last = bytes[end.upperBound...].firstRange(of: Array("0\r\n\r\n".utf8)) else { return nil }
        return (status, last.upperBound - bytes.startIndex)
      }
    }
    return (status, header)
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
