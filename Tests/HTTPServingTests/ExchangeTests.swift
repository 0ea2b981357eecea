import HTTPServing
import Kubernetes
import Testing

/// HTTP/1.1 byte by byte.
@Suite struct ExchangeTests {
  @Test func requestsSentAtOnceAreAnsweredInOrder() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      let paths = ["/later?n=1", "/now?n=2", "/later?n=3", "/now?n=4"]
      try await client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
      let text = try await client.read(through: "now 4")
      let bodies = ["later 1", "now 2", "later 3", "now 4"].map { text.firstRange(of: $0) }
      #expect(bodies.allSatisfy { $0 != nil })
      let starts = bodies.compactMap { $0?.lowerBound }
      #expect(starts == starts.sorted())
    }
  }

  @Test func bodiesUpToTheLimitAreTaken() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      let body = String(repeating: "x", count: 1000)
      try await client.send("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n\(body)")
      _ = try await client.read(through: "POST 1000")
      try await client.send("PUT /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      try await client.send("3e8\r\n\(body)\r\n0\r\n\r\n")
      _ = try await client.read(through: "PUT 1000")
    }
  }

  @Test(arguments: ["Content-Length: 1001\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"])
  func oneByteMoreIsRefused(_ rest: String) async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("POST /length HTTP/1.1\r\nHost: x\r\n\(rest)\(String(repeating: "x", count: 1001))")
      if rest.hasPrefix("T") { try await client.send("\r\n0\r\n\r\n") }
      let text = try await client.textToEnd()
      #expect(text.hasPrefix("HTTP/1.1 413 "))
      #expect(text.contains("Connection: close"))
      #expect(text.contains("limit is 1000"))
    }
  }

  @Test func whoAsksForLeaveGetsItOrTheRefusal() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      let head = "POST /length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n"
      try await client.send(head + "\r\n")
      _ = try await client.read(through: "HTTP/1.1 100 Continue\r\n\r\n")
      try await client.send("abc")
      _ = try await client.read(through: "POST 3")
      try await client.send(head + "Authorization: Bearer wrong\r\n\r\n")
      #expect(try await client.read(through: "\"code\":401").contains("HTTP/1.1 401 "))
    }
  }

  @Test func refusedRequestsKeepTheirConnection() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send(
        "POST /length HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\nContent-Length: 3\r\n\r\nabc")
      _ = try await client.read(through: "\"code\":401}")
      try await client.send("GET /now?n=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let text = try await client.textToEnd()
      #expect(text.hasSuffix("now 1"))
      #expect(text.contains("Content-Length: 5\r\n"))
    }
  }

  @Test func whatIsNotHTTPIsToldSo() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("nonsense\r\n\r\n")
      #expect(try await client.textToEnd().hasPrefix("HTTP/1.1 400 Bad Request"))
      let encoded = try await RawClient.connect(port)
      try await encoded.send("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await encoded.textToEnd().hasPrefix("HTTP/1.1 400 Bad Request"))
    }
  }

  @Test func longHeadersAreRefused() async throws {
    try await serving({
      $0.headerBytesMax = 4096; $0.lingerSecondsMax = 0.1
    }) { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("GET /now HTTP/1.1\r\nHost: x\r\nX-Long: \(String(repeating: "y", count: 5000))\r\n\r\n")
      #expect(try await client.textToEnd().hasPrefix("HTTP/1.1 431 "))
    }
  }

  @Test func headHasNoBodyAndOthersAreNotAllowed() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("HEAD /now?n=7 HTTP/1.1\r\nHost: x\r\n\r\n")
      let text = try await client.read(through: "\r\n\r\n")
      #expect(text.contains("Content-Length: 5\r\n"))
      #expect(text.hasSuffix("\r\n\r\n"))
      try await client.send("OPTIONS /now HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.read(through: "\"code\":405").contains("HTTP/1.1 405 "))
    }
  }

  @Test func largeAnswersAreCompressedForWhoTakesThat() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("GET /large HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br, gzip\r\nConnection: close\r\n\r\n")
      let bytes = try await client.readToEnd()
      let text = String(decoding: bytes.prefix(600), as: UTF8.self)
      #expect(text.contains("Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"))
      #expect(bytes.count < 20_000)
      #expect(bytes.indices.dropLast().contains { bytes[$0] == 0x1F && bytes[$0 + 1] == 0x8B })
      let plain = try await RawClient.connect(port)
      try await plain.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let whole = try await plain.textToEnd()
      #expect(whole.contains("Content-Length: 320000\r\n"))
      #expect(whole.hasSuffix("0123456789abcdef"))
    }
  }
}
