import Kubernetes
import KubernetesClient
import Synchronization
import Testing

/// One object cannot fill a cluster with Events.
@Suite struct EventLimitTests {
  private final class Counting: KubernetesTransport {
    let bodies = Mutex<[JSONValue]>([])
    func send(_ request: APIRequest) async throws -> APIResponse {
      let body = try JSONValue(parsing: request.body)
      bodies.withLock { $0.append(body) }
      return APIResponse(status: 201, body: .bytes(request.body))
    }
  }

  private func notes(_ count: Int, about name: String = "gateway", _ message: (Int) -> String) -> [Change] {
    var about = ObjectReference()
    about.kind = "HorizontalPodAutoscaler"
    about.namespace = "default"
    about.name = name
    return (0..<count).map {
      .record(.init(about: about, reason: "FloorRaised", message: message($0), component: "test"))
    }
  }

  @Test func manyOfOneKindBecomeOne() async {
    let transport = Counting()
    let moment = Timestamp(seconds: 1_800_000_000)
    let executor = ChangeExecutor(client: KubernetesClient(transport: transport), component: "test", now: { moment })
    for note in notes(50, { "minReplicas \($0) → \($0 + 1)" }) {
      #expect(await executor.execute([note]).isEmpty)
    }
    let messages = transport.bodies.withLock { $0 }.compactMap { $0["message"]?.stringValue }
    #expect(messages.count == 11)
    #expect(messages.last == "(combined from similar events)")
  }

  @Test func oneObjectHasABudgetAndOthersHaveTheirs() async {
    let transport = Counting()
    let now = Mutex(Timestamp(seconds: 1_800_000_000))
    let executor = ChangeExecutor(
      client: KubernetesClient(transport: transport), component: "test", now: { now.withLock { $0 } })
    func write(_ count: Int, _ name: String) async -> Int {
      let before = transport.bodies.withLock { $0.count }
      for note in notes(count, about: name, { _ in "again" }) {
        // Far enough apart that each is written, or would be.
        now.withLock { $0 = $0 + 6 }
        #expect(await executor.execute([note]).isEmpty)
      }
      return transport.bodies.withLock { $0.count } - before
    }
    // 25 at once, and one more for each 300 of the 360 seconds.
    #expect(await write(60, "gateway") == 26)
    #expect(await write(3, "articles") == 3)
  }
}
