import Autoscaling
import Kubernetes
import KubernetesClient
import Logging
import Operator
import Synchronization
import Testing

@Suite struct LookTests {
  private func status(_ name: String) -> Change {
    .patch(Change.Target(.pushCampaigns, namespace: "default", name: name), .merge, [:], subresource: "status")
  }
  private let floor = Change.patch(
    Change.Target(.horizontalPodAutoscalers, namespace: "default", name: "gateway"), .apply, [:])

  @Test func whatTheAnnouncedPushNeedsComesFirst() {
    let plan = LookPlan([status("a"), floor, status("b")], announced: [NamespacedName("default", "b")])
    #expect(plan.first == [floor, status("b")])
    #expect(plan.rest == [[status("a")]])
  }

  @Test func withoutAnAnnouncementThereAreOnlySlices() {
    let plan = LookPlan((0..<20).map { status("p\($0)") }, announced: [])
    #expect(plan.first.isEmpty)
    #expect(plan.rest.map(\.count) == [8, 8, 4])
  }

  @Test func aNoteStaysWithItsChange() {
    var about = ObjectReference()
    about.kind = "HorizontalPodAutoscaler"
    let note = Change.record(Change.EventNote(about: about, reason: "FloorRaised", message: "", component: "test"))
    let plan = LookPlan((0..<7).map { status("p\($0)") } + [floor, note], announced: [])
    #expect(plan.rest.map(\.count) == [9])
  }

  /// Raises a floor for as long as the view does not show it, and counts how often it did.
  private final class Raising: Decision {
    let raised = Mutex(0)
    func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
      guard let autoscaler = view.autoscalers.values.first(where: { $0.metadata.name == "gateway" }),
        autoscaler.spec.minReplicas != 7, !view.pushCampaigns.isEmpty
      else { return [] }
      raised.withLock { $0 += 1 }
      return [.patch(Change.Target(autoscaler), .merge, ["spec": ["minReplicas": 7]])]
    }
  }

  @Test func aLaggingViewMakesNothingTwice() async throws {
    try await World.run { world in
      let held = HeldWatches(world.client.transport)
      let client = KubernetesClient(transport: held)
      let cache = ClusterCache(client: client, resources: PrescalerController.resources)
      let decision = Raising()
      let controller = PrescalerController(
        client: client, cache: cache, nodeGroups: nil, metrics: { ClusterView.Metrics() },
        timing: PrescalerController.Timing(timeScale: 10), clock: ContinuousClock(), now: { .now },
        logger: Logger(label: "test"), makeDecision: { _, _ in decision })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await cache.run() }
        group.addTask { await controller.run() }
        try await cache.waitUntilSynced()
        await held.hold()
        var campaign = PushCampaign()
        campaign.metadata.name = "p"
        campaign.metadata.namespace = "default"
        campaign.spec.audience = 1
        _ = await controller.announce(try await client.create(campaign), atMost: .seconds(60))
        #expect(try await world.minimum("gateway") == 7)
        await held.untilHeld()
        // Ticks come every 50 ms meanwhile.
        #expect(try await !cache.waitUntilSeen([.horizontalPodAutoscalers: .max], atMost: .milliseconds(300)))
        #expect(decision.raised.withLock { $0 } == 1)
        await held.release()
        for await _ in await cache.updates() {
          if await cache.view.autoscalers[NamespacedName("default", "gateway")]?.spec.minReplicas == 7 { break }
        }
        _ = await controller.announce(campaign, atMost: .seconds(60))
        #expect(decision.raised.withLock { $0 } == 1)
        group.cancelAll()
      }
    }
  }
}

/// Lets everything through but the events of watches, while it holds them.
private actor HeldWatches: KubernetesTransport {
  private let transport: any KubernetesTransport
  private var isHolding = false
  private var heldBack: [CheckedContinuation<Void, Never>] = []
  private var observers: [CheckedContinuation<Void, Never>] = []

  init(_ transport: any KubernetesTransport) { self.transport = transport }

  func hold() { isHolding = true }

  func release() {
    isHolding = false
    for continuation in heldBack { continuation.resume() }
    heldBack = []
  }

  func untilHeld() async {
    if heldBack.isEmpty { await withCheckedContinuation { observers.append($0) } }
  }

  private func pass() async {
    guard isHolding else { return }
    for observer in observers { observer.resume() }
    observers = []
    await withCheckedContinuation { heldBack.append($0) }
  }

  nonisolated func send(_ request: APIRequest) async throws -> APIResponse {
    var response = try await transport.send(request)
    if case .stream(let stream) = response.body {
      response.body = .stream(
        AsyncThrowingStream {
          var iterator = stream.makeAsyncIterator()
          let chunk = try await iterator.next()
          await self.pass()
          return chunk
        })
    }
    return response
  }
}
