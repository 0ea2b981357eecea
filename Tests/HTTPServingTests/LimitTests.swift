import HTTPServing
import Kubernetes
import Testing

/// Clients that take their time, or too much of ours.
@Suite struct LimitTests {
  @Test func aHeaderThatDoesNotEndIsCut() async throws {
    try await serving({ $0.headerSecondsMax = 0.1 }) { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("GET /now HTTP/1.1\r\nHost: ")
      #expect(try await client.readToEnd().isEmpty)
    }
  }

  @Test func aBodyThatDoesNotComeIsTold() async throws {
    try await serving({
      $0.bodySecondsMax = 0.1; $0.lingerSecondsMax = 0.1
    }) { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
      #expect(try await client.textToEnd().hasPrefix("HTTP/1.1 408 "))
    }
  }

  @Test func idleConnectionsEnd() async throws {
    try await serving({ $0.idleSecondsMax = 0.1 }) { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("GET /now?n=1 HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.textToEnd().hasSuffix("now 1"))
    }
  }

  @Test func aClientThatNeverReadsHoldsLittleAndIsCut() async throws {
    try await serving({ $0.stalledSecondsMax = 0.1 }) { port, service in
      let client = try await RawClient.connect(port, reads: false)
      try await client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
      await service.endless.untilCancelled()
      // What the kernel's buffers take, and 128 KiB here.
      #expect(service.endless.bytesPulled < 16 << 20)
      client.close()
    }
  }

  @Test func connectionsHaveALimit() async throws {
    try await serving({ $0.connectionsMax = 2 }) { port, _ in
      let first = try await RawClient.connect(port)
      let second = try await RawClient.connect(port)
      for client in [first, second] {
        try await client.send("GET /now?n=1 HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try await client.read(through: "now 1")
      }
      let third = try await RawClient.connect(port)
      #expect(try await third.readToEnd().isEmpty)
      first.close()
      second.close()
    }
  }

  @Test func theEndOfTheServerEndsWatchesInOrder() async throws {
    let (clients, connected) = AsyncStream<RawClient>.makeStream()
    try await serving { port, _ in
      let client = try await RawClient.connect(port)
      try await client.send("GET /watch HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = try await client.read(through: "\r\n\r\n")
      connected.yield(client)
    }
    for await client in clients {
      #expect(try await client.textToEnd() == "0\r\n\r\n")
      break
    }
  }
}
