import Foundation
import Glibc

/// One HTTP/1.1 request over a connection of its own, on a thread of its own: nothing is pooled or retried, so what is
/// seen is what the proxy did.
enum HTTPProbe {
  struct Answer: Sendable, Equatable {
    var status: Int
    var headers: String
    var body: String
  }

  /// Nil where nobody answers.
  static func get(_ host: String, _ port: Int, _ path: String = "/") async -> Answer? {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: request(host, port, path)) }
    }
  }

  private static func request(_ host: String, _ port: Int, _ path: String) -> Answer? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var timeout = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return nil }
    let text = Array("GET \(path) HTTP/1.1\r\nhost: \(host)\r\nconnection: close\r\n\r\n".utf8)
    guard send(descriptor, text, text.count, Int32(MSG_NOSIGNAL)) == text.count else { return nil }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      received += buffer[..<count]
    }
    return parse(String(decoding: received, as: UTF8.self))
  }

  private static func parse(_ text: String) -> Answer? {
    guard let end = text.range(of: "\r\n\r\n"), let status = Int(text.dropFirst(9).prefix(3)) else { return nil }
    let headers = String(text[..<end.lowerBound]).lowercased()
    var body = String(text[end.upperBound...])
    if headers.contains("transfer-encoding: chunked") {
      var rest = Substring(body)
      body = ""
      while let line = rest.range(of: "\r\n"), let size = Int(rest[..<line.lowerBound], radix: 16), size > 0 {
        let chunk = rest[line.upperBound...].utf8.prefix(size)
        body += String(chunk) ?? ""
        rest = rest[chunk.endIndex...].dropFirst(1)
      }
    }
    return Answer(status: status, headers: headers, body: body)
  }
}

/// Tries until `condition` holds, back to back; whether it did within `seconds`.
func eventually(within seconds: Double = 20, _ condition: () async -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if await condition() { return true }
    await Task.yield()
  }
  return false
}
