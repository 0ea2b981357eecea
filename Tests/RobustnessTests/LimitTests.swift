import Foundation
import Fuzzing
import HTTPServing
import Kubernetes
import KubernetesServer
import Testing

/// The limits of a connection, waited for on a server that has short ones.
@Suite(.serialized) struct LimitTests {
  @Test func aClientThatSendsItsHeaderByTheByteIsCutOff() async throws {
    let (answered, seconds) = try await onOwnThread {
      try Self.dribble(Array("GET /version HTTP/1.1\r\nHost: ".utf8), then: UInt8(ascii: "a"))
    }
    #expect(answered.isEmpty)
    #expect(seconds >= ServerUnderTest.limits.headerSecondsMax, "cut before its time")
  }

  @Test func aClientThatSendsItsBodyByTheByteIsToldAndCutOff() async throws {
    let (answered, _) = try await onOwnThread {
      let server = try ServerUnderTest()
      let head = "POST /api/v1/namespaces HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(server.token)\r\n"
      return try Self.dribble(
        Array((head + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{").utf8), then: 0x20, server)
    }
    #expect(answered == [408])
  }

  @Test func aClientThatNeverAgreesOnTLSIsCutOff() async throws {
    let isClosed = try await onOwnThread {
      let connection = try ServerUnderTest().connect(nil)
      return connection.wait(seconds: ServerUnderTest.answerSecondsMax) { _ in false }
    }
    #expect(isClosed)
  }

  /// Sends bytes, and then one more each twentieth of a second, until the server closes.
  static func dribble(
    _ bytes: [UInt8], then byte: UInt8, _ server: ServerUnderTest? = nil
  ) throws -> (statuses: [Int], seconds: Double) {
    let server = try server ?? ServerUnderTest()
    let start = ContinuousClock.now
    let connection = try server.connect(["http/1.1"])
    defer { connection.close() }
    connection.send(bytes)
    for _ in 0..<Int(ServerUnderTest.answerSecondsMax * 20) where !connection.isClosed {
      connection.send([byte])
      _ = connection.wait(seconds: 0.05) { _ in false }
    }
    guard connection.isClosed else { throw Finding("still open after \(ServerUnderTest.answerSecondsMax) s") }
    let elapsed = (ContinuousClock.now - start).components
    return (HTTPAnswers.statuses(in: connection.received), Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
  }

  @Test(arguments: [false, true]) func bodiesAtTheLimitAreReadAndLargerOnesRefused(_ isChunked: Bool) async throws {
    let statuses = try await onOwnThread {
      let server = try ServerUnderTest()
      return try [0, 1].map { excess in
        let limit = 3 << 20
        var body = Array(
          #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"large-\#(excess)"},"data":{"a":"b"}}"#.utf8)
        body += Array(repeating: 0x20, count: limit + excess - body.count)
        return try Self.post(body, isChunked: isChunked, to: server)
      }
    }
    #expect(statuses == [201, 413])
  }

  private static func post(_ body: [UInt8], isChunked: Bool, to server: ServerUnderTest) throws -> Int? {
    var head = "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    head += "Authorization: Bearer \(server.token)\r\n"
    head += isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: \(body.count)\r\n\r\n"
    let connection = try server.connect(["http/1.1"])
    defer { connection.close() }
    connection.send(Array(head.utf8))
    for start in stride(from: 0, to: body.count, by: 100_000) {
      let part = body[start..<min(body.count, start + 100_000)]
      if isChunked { connection.send(Array("\(String(part.count, radix: 16))\r\n".utf8)) }
      connection.send(part)
      if isChunked { connection.send(Array("\r\n".utf8)) }
    }
    if isChunked { connection.send(Array("0\r\n\r\n".utf8)) }
    _ = connection.wait(seconds: ServerUnderTest.answerSecondsMax) { !HTTPAnswers.statuses(in: $0).isEmpty }
    return HTTPAnswers.statuses(in: connection.received).first
  }

  /// 30 MB happen while one watcher does not read: it is cut, and has been sent no more than fits its buffers.
  @Test func aWatcherThatNeverReadsIsCutOffAndHoldsUpNobody() async throws {
    let server = try await onOwnThread { try ServerUnderTest() }
    let deaf = try await onOwnThread { try Self.watch(server, reads: false) }
    let attentive = try await onOwnThread { try Self.watch(server, reads: true) }
    let text = JSONValue.string(String(repeating: "x", count: 100_000))
    for index in 0..<300 {
      let body: JSONValue = [
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "large"],
        "data": ["text": text, "index": .string("\(index)")],
      ]
      let response = await server.server.handle(
        APIRequest(
          .patch, "/api/v1/namespaces/default/configmaps/large", query: [("fieldManager", "a"), ("force", "true")],
          contentType: PatchType.apply.rawValue, body: body.bytes, user: .master("test")))
      #expect(response.status < 300)
    }
    let (sawAll, isCut, received) = try await onOwnThread {
      let sawAll = attentive.wait(seconds: ServerUnderTest.answerSecondsMax) { $0.count > 300 * 100_000 }
      // The time limit of a reader that stalls goes by before it reads what is left.
      _ = deaf.wait(seconds: 3 * ServerUnderTest.limits.stalledSecondsMax) { _ in false }
      deaf.goOnReading()
      let isCut = deaf.wait(seconds: ServerUnderTest.answerSecondsMax) { _ in false }
      defer { attentive.close() }
      return (sawAll && attentive.received.count > 300 * 100_000, isCut && deaf.isClosed, deaf.received.count)
    }
    #expect(sawAll, "a watcher that reads was held up")
    #expect(isCut, "a watcher that does not read is still connected")
    #expect(received < 20_000_000, "\(received) bytes waited for a watcher that does not read")
  }

  private static func watch(_ server: ServerUnderTest, reads: Bool) throws -> RawConnection {
    let connection = try server.connect(["http/1.1"])
    connection.send(
      Array(
        """
        GET /api/v1/namespaces/default/configmaps?watch=true HTTP/1.1\r
        Host: a\r
        Authorization: Bearer \(server.token)\r
        \r

        """.utf8))
    // The handshake is done and the watch begun once its head is there.
    _ = connection.wait(seconds: ServerUnderTest.answerSecondsMax) { $0.count > 50 }
    if !reads { connection.stopReading() }
    return connection
  }

  @Test func thousandsOfConnectionsComeAndGo() async throws {
    let (before, after, statuses) = try await onOwnThread {
      let server = try ServerUnderTest()
      let first = try Self.status(server)
      let before = Self.openFiles
      for index in 0..<3_000 {
        let connection = try server.connect(nil)
        if index % 3 == 0 { connection.send([0x16, 0x03, 0x01, 0x00, 0x05]) }
        connection.close()
      }
      let second = try Self.status(server)
      let deadline = ContinuousClock.now + .seconds(ServerUnderTest.answerSecondsMax)
      while Self.openFiles > before + 5, ContinuousClock.now < deadline { _ = try Self.status(server) }
      return (before, Self.openFiles, [first, second])
    }
    #expect(statuses == [200, 200])
    #expect(after <= before + 5, "\(after) files are open, \(before) were before")
  }

  private static var openFiles: Int { (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count) ?? 0 }

  private static func status(_ server: ServerUnderTest) throws -> Int? {
    let connection = try server.connect(["http/1.1"])
    defer { connection.close() }
    connection.send(Array("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    _ = connection.wait(seconds: ServerUnderTest.answerSecondsMax) { !HTTPAnswers.statuses(in: $0).isEmpty }
    return HTTPAnswers.statuses(in: connection.received).first
  }
}
