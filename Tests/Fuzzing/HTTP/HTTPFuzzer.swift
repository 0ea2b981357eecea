import HTTPServing
import Kubernetes

/// A server over TLS, spoken to by clients that do and do not keep to HTTP.
///
/// Right requests, however they are cut into pieces and put one behind another, get their answers in order; any other
/// bytes are answered or their connection is closed within the server's limits; others are served all the while.
public struct HTTPFuzzer: Fuzzer {
  /// Spoken to wrongly; its limits are waited for.
  private let server: ServerUnderTest
  /// Spoken to as it should be, by clients that a busy machine may hold up.
  private let patient: ServerUnderTest
  private let mutator = TextMutator(
    tokens: [
      "\r\n", "\n", "\r", "\r\n\r\n", " ", ":", "GET ", "POST ", "HEAD ", "OPTIONS ", "CONNECT ", "PRI * HTTP/2.0\r\n",
      " HTTP/1.0", " HTTP/1.1", " HTTP/9.9", "Content-Length: 0\r\n", "Content-Length: 5\r\n", "Content-Length: -1\r\n",
      "Content-Length: 99999999999999999999\r\n", "Content-Length: 4000000\r\n", "Transfer-Encoding: chunked\r\n",
      "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n", "ffffffffffffffff\r\n", "-1\r\n", "Connection: close\r\n",
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
      "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "Expect: 100-continue\r\n", "Accept-Encoding: gzip\r\n",
      "Accept: application/json;as=Table;g=meta.k8s.io;v=v1\r\n", "Authorization: Bearer x\r\n",
      "?watch=true&timeoutSeconds=1",
      "%", "%2", "%zz", "%00", "/../", "//", "?", "&", "=", "*", "é", String(repeating: "a", count: 5_000),
      String(repeating: "X-Field: 1\r\n", count: 300),
    ],
    bytes: [[0x00], [0x0B], [0x7F], [0x80], [0xFF], [0x81, 0x85, 1, 2, 3, 4, 5], [0x16, 0x03, 0x01, 0x02, 0x00]])

  public var concurrency: Int { 48 }

  public init() throws {
    server = try ServerUnderTest()
    patient = try ServerUnderTest(limits: HTTPLimits())
  }

  public func check(_ random: inout SeededRandom) throws {
    switch random.below(10) {
    case 0, 1, 2: try checkRequests(&random)
    case 3: try checkWithoutTLS(&random)
    case 4, 5: try checkHTTP2(&random)
    default: try checkSpoilt(&random)
    }
    if random.oneIn(8) { try probe() }
  }

  private func newCase(for server: ServerUnderTest, _ random: inout SeededRandom) -> HTTPCase {
    // A seed that is run again must not find the objects of its first run.
    var made = HTTPCase(token: server.token, name: "fuzz-\(UInt64.random(in: 0...UInt64.max))")
    for _ in 0...random.below(5) { made.add(&random) }
    return made
  }

  private func checkRequests(_ random: inout SeededRandom) throws {
    let wanted = newCase(for: patient, &random)
    let connection = try patient.connect(["http/1.1"])
    defer { connection.close() }
    sendInPieces(wanted.bytes, over: connection, &random)
    let isThere = connection.wait(seconds: ServerUnderTest.answerSecondsMax) {
      HTTPAnswers.statuses(in: $0).count >= wanted.statuses.count
    }
    let statuses = HTTPAnswers.statuses(in: connection.received)
    try require(
      isThere && statuses == wanted.statuses,
      "answered \(statuses), not \(wanted.statuses): \(Self.shown(wanted.bytes)) / \(Self.shown(connection.received))")
  }

  private func sendInPieces(_ bytes: [UInt8], over connection: RawConnection, _ random: inout SeededRandom) {
    var rest = bytes[...]
    let pieces = random.pick([1, 1, 2, 5, 40])
    while !rest.isEmpty {
      let piece = rest.prefix(1 + random.below(2 * bytes.count / pieces))
      connection.send(piece)
      rest = rest.dropFirst(piece.count)
    }
  }

  private func checkSpoilt(_ random: inout SeededRandom) throws {
    let spoilt = mutator.mutated(newCase(for: server, &random).bytes, &random)
    let connection = try server.connect(["http/1.1"])
    sendInPieces(spoilt, over: connection, &random)
    if random.oneIn(2) { connection.stopSending() }
    try requireEnd(of: connection, spoilt)
  }

  private func checkWithoutTLS(_ random: inout SeededRandom) throws {
    let connection = try server.connect(nil)
    var bytes = (0..<random.below(300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    // The beginning of a handshake, and one that asks for a record of 64 KiB.
    if random.oneIn(2) { bytes = [0x16, 0x03, UInt8(random.below(4)), UInt8(random.below(256)), 0x00, 0x01] + bytes }
    connection.send(bytes)
    try requireEnd(of: connection, bytes)
  }

  private func checkHTTP2(_ random: inout SeededRandom) throws {
    var bytes = HTTP2Frames.preface + HTTP2Frames.settings
    for _ in 0...random.below(8) { bytes += HTTP2Frames.wild(token: server.token, &random) }
    if random.oneIn(3) { bytes = mutator.mutated(bytes, &random) }
    let connection = try server.connect(["h2"])
    sendInPieces(bytes, over: connection, &random)
    if random.oneIn(2) { connection.stopSending() }
    try requireEnd(of: connection, bytes)
  }

  /// The server closes what it cannot make sense of, and what says nothing more.
  private func requireEnd(of connection: RawConnection, _ bytes: [UInt8]) throws {
    let isClosed = connection.wait(seconds: ServerUnderTest.answerSecondsMax) { _ in false }
    defer { connection.close() }
    try require(
      isClosed,
      "still open after \(ServerUnderTest.answerSecondsMax) s: \(Self.shown(bytes)) / \(Self.shown(connection.received))"
    )
  }

  /// Others are served all the while; where the machine is too busy for the short limits, at the next try.
  private func probe() throws {
    let deadline = FuzzRun.now() + ServerUnderTest.answerSecondsMax
    var statuses: [Int] = []
    while FuzzRun.now() < deadline {
      let connection = try server.connect(["http/1.1"])
      defer { connection.close() }
      connection.send(Array("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
      _ = connection.wait(seconds: ServerUnderTest.answerSecondsMax) { !HTTPAnswers.statuses(in: $0).isEmpty }
      statuses = HTTPAnswers.statuses(in: connection.received)
      if statuses == [200] { return }
    }
    throw Finding("another connection is answered \(statuses)")
  }

  private static func shown(_ bytes: [UInt8]) -> String {
    JSONValue.string(String(decoding: bytes.prefix(3_000), as: UTF8.self)).text
  }
}
