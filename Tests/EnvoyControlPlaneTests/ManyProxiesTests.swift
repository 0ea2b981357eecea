import EnvoyControlPlane
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import Glibc
import Kubernetes
import Mesh
import SwiftProtobuf
import Synchronization
import Testing

private typealias Request = Envoy_Service_Discovery_V3_DeltaDiscoveryRequest
private typealias Response = Envoy_Service_Discovery_V3_DeltaDiscoveryResponse
private typealias ADS = Envoy_Service_Discovery_V3_AggregatedDiscoveryService

extension RealWorldTests {
  /// Proxies that speak the delta protocol and serve nothing.
  @Suite struct ManyProxiesTests {
    @Test func anEndpointChangeReachesHundredsOfProxies() async throws {
      let (connections, streams) = (4, 50)
      let proxies = connections * streams
      let world = MeshWorld(subnet: 30)
      defer { world.stop() }
      world.endpoints("users", Array(11...20))
      world.serve()
      let port = try await world.controlPlane.boundPort
      let seen = Assignments()
      await withThrowingTaskGroup(of: Void.self) { group in
        for connection in 0..<connections {
          group.addTask { try await Self.connection(connection, streams, port, seen) }
        }
        #expect(await seen.wait(for: proxies))
        let rounds = 20
        var times: [Duration] = []
        let cpuBefore = cpuSeconds()
        for round in 1...rounds {
          world.endpoints("users", Array(11...(20 + 2 * round)))
          let start = ContinuousClock.now
          world.update()
          #expect(await seen.wait(for: proxies * (round + 1)))
          times.append(ContinuousClock.now - start)
        }
        let cpu = (cpuSeconds() - cpuBefore) / Double(rounds)
        times.sort()
        print("\(proxies) proxies: median \(times[rounds / 2]), longest \(times[rounds - 1]), CPU \(cpu) s, both ends")
        // An endpoint change, and nothing else: no proxy was sent a cluster, a listener or a route again.
        #expect(seen.others == proxies)
        #expect(await world.controlPlane.proxies.count == proxies)
        group.cancelAll()
      }
    }

    private static func connection(_ number: Int, _ streams: Int, _ port: Int, _ seen: Assignments) async throws {
      try await withClient(port) { client in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for stream in 0..<streams {
            group.addTask { try await Self.proxy(number * streams + stream, client, seen) }
          }
          try await group.waitForAll()
        }
      }
    }

    private static func withClient<Result: Sendable>(
      _ port: Int, _ body: (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Result
    ) async throws -> Result {
      try await withGRPCClient(
        transport: .http2NIOPosix(target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext),
        handleClient: body)
    }

    @Test func whoSaysNotWhoItIsIsRefused() async throws {
      let world = MeshWorld(subnet: 31)
      defer { world.stop() }
      world.serve()
      let port = try await world.controlPlane.boundPort
      let error = try await Self.withClient(port) { client in
        await #expect(throws: RPCError.self) {
          try await Self.stream(client, first: Request.with { $0.typeURL = ResourceKind.cluster.typeURL }) { _ in nil }
        }
      }
      #expect(error?.code == .invalidArgument)
    }

    private static func proxy(
      _ index: Int, _ client: GRPCClient<HTTP2ClientTransport.Posix>, _ seen: Assignments
    ) async throws {
      let first = Request.with {
        $0.typeURL = ResourceKind.cluster.typeURL
        $0.node.id = "news/articles-\(index)"
        $0.node.cluster = "articles"
        $0.node.metadata.fields["podIP"] = .init(stringValue: "127.91.0.1")
      }
      try await stream(client, first: first) { response in
        var acknowledgement = Request.with {
          $0.typeURL = response.typeURL
          $0.responseNonce = response.nonce
        }
        if response.typeURL == ResourceKind.endpoints.typeURL {
          seen.add()
          return [acknowledgement]
        }
        seen.addOther()
        let names = Request.with {
          $0.typeURL = ResourceKind.endpoints.typeURL
          $0.resourceNamesSubscribe = ["news/users"]
        }
        acknowledgement.typeURL = response.typeURL
        return [names, acknowledgement]
      }
    }

    /// One stream: what `answer` says to each response is sent; nil ends it.
    private static func stream(
      _ client: GRPCClient<HTTP2ClientTransport.Posix>, first: Request,
      answer: @escaping @Sendable (Response) -> [Request]?
    ) async throws {
      let (requests, outbox) = AsyncStream<Request>.makeStream()
      outbox.yield(first)
      try await client.bidirectionalStreaming(
        request: StreamingClientRequest { writer in
          for await request in requests { try await writer.write(request) }
        }, descriptor: ADS.Method.DeltaAggregatedResources.descriptor, serializer: ProtobufSerializer<Request>(),
        deserializer: ProtobufDeserializer<Response>(), options: .defaults
      ) { response in
        defer { outbox.finish() }
        for try await message in response.messages {
          guard let replies = answer(message) else { return }
          for reply in replies { outbox.yield(reply) }
        }
      }
    }
  }

}

/// Counts the assignments that proxies were sent.
private final class Assignments: Sendable {
  private let counts = Mutex<(endpoints: Int, others: Int)>((0, 0))
  private let changes: AsyncStream<Void>
  private let changed: AsyncStream<Void>.Continuation

  init() { (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  func add() {
    counts.withLock { $0.endpoints += 1 }
    changed.yield()
  }
  func addOther() { counts.withLock { $0.others += 1 } }
  var others: Int { counts.withLock { $0.others } }

  func wait(for count: Int) async -> Bool {
    if counts.withLock({ $0.endpoints >= count }) { return true }
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in self.changes where self.counts.withLock({ $0.endpoints >= count }) { return true }
        return false
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(20))
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
  }
}

private func cpuSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ value: timeval) -> Double { Double(value.tv_sec) + Double(value.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
