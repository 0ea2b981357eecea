import HTTPServing
import Kubernetes
import Testing
import ZlibShim

/// Frames by hand (RFC 6455).
@Suite struct WebSocketTests {
  private static func handshake(_ subprotocol: String) -> String {
    "GET /channels HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      + "Sec-WebSocket-Protocol: \(subprotocol)\r\n\r\n"
  }

  private static func frame(_ opcode: UInt8, _ content: [UInt8]) -> [UInt8] {
    let mask: [UInt8] = [1, 2, 3, 4]
    return [0x80 | opcode, 0x80 | UInt8(content.count)] + mask + content.enumerated().map { $1 ^ mask[$0 % 4] }
  }

  /// Unmasked bytes that come from the server, after what came before them.
  private static func read(_ count: Int, _ client: RawClient, _ sofar: [UInt8] = []) async throws -> [UInt8] {
    var bytes = sofar
    while bytes.count < count { bytes += try await client.readBytes() }
    return bytes
  }

  @Test func channelsAreCarriedInBinaryAndText() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      // The first frame comes with the request, before the answer to it.
      try await client.send(
        Array(Self.handshake("v9.channel.k8s.io, v5.channel.k8s.io").utf8) + Self.frame(2, [0] + Array("hi".utf8)))
      let (answer, first) = try await client.readHeader()
      #expect(answer.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
      #expect(answer.lowercased().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"))
      #expect(answer.lowercased().contains("sec-websocket-protocol: v5.channel.k8s.io\r\n"))
      #expect(try await Self.read(5, client, first) == [0x82, 3, 1, 0x68, 0x69])
      try await client.send(Self.frame(9, [7]))
      #expect(try await Self.read(3, client) == [0x8A, 1, 7])
      try await client.send(Self.frame(2, [0] + Array("end".utf8)))
      #expect(try await client.readToEnd() == [0x88, 2, 0x03, 0xE8])
    }
  }

  @Test func textClientsGetBase64() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send(Self.handshake("v4.base64.channel.k8s.io"))
      _ = try await client.read(through: "\r\n\r\n")
      try await client.send(Self.frame(1, Array("0aGk=".utf8)))
      #expect(try await Self.read(7, client) == [0x81, 5] + Array("1aGk=".utf8))
      client.close()
    }
  }

  @Test func whatIsNoUpgradeIsRefused() async throws {
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("GET /channels HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.read(through: "Upgrade request required").hasPrefix("HTTP/1.1 400 "))
      let other = try await RawClient.connect(port)
      try await other.send(Self.handshake("v9.channel.k8s.io"))
      #expect(try await other.textToEnd().contains("not supported"))
    }
  }

  /// The checksum of the dictionary is what SPDY/3's specification and zlib agree on.
  @Test func theDictionaryIsTheOneOfSPDY() {
    let bytes = SPDYDictionary.bytes
    #expect(bytes.count == 1423)
    #expect(adler32(1, bytes, UInt32(bytes.count)) == 0xE3C6_A7C2)
  }
}
