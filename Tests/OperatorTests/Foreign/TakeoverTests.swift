import Kubernetes
import KubernetesClient
import Operator
import Synchronization
import Testing

/// A leader that dies between any two of its steps, and the replica that goes on.
@Suite struct TakeoverTests {
  @Test func anUndisturbedPushIsRaisedAndGivenBack() async throws {
    let steps = try await Self.life(dyingAt: .max, .before)
    #expect(steps > 8)
  }

  @Test func aLeaderMayDieBetweenAnyTwoSteps() async throws {
    let steps = try await Self.life(dyingAt: .max, .before)
    let deaths = (1...steps).flatMap { step in MortalTransport.Death.allCases.map { (step, $0) } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      var waiting = deaths.makeIterator()
      for _ in 0..<Self.concurrentLivesMax {
        if let (step, death) = waiting.next() { group.addTask { _ = try await Self.life(dyingAt: step, death) } }
      }
      while try await group.next() != nil {
        if let (step, death) = waiting.next() { group.addTask { _ = try await Self.life(dyingAt: step, death) } }
      }
    }
  }

  private static let concurrentLivesMax = 8

  /// One push with two replicas, the first of which dies.
  /// - Returns: how many steps the first took.
  static func life(dyingAt step: Int, _ death: MortalTransport.Death) async throws -> Int {
    let steps = Mutex(0)
    try await ForeignWorld.run { world in
      let mortal = Mutex<MortalTransport?>(nil)
      let first = try Replica("first", in: world) { transport in
        let wrapped = MortalTransport(transport, dyingAt: step, death)
        mortal.withLock { $0 = wrapped }
        return wrapped
      }
      let transport = try #require(mortal.withLock { $0 })
      let second = try Replica("second", in: world)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await first.run() }
        try await first.untilLeading(in: world)
        group.addTask { try await second.run() }
        try await observe(world, transport, "died at step \(step), \(death.rawValue) it was made")
        group.cancelAll()
      }
      steps.withLock { $0 = transport.writes }
    }
    return steps.withLock { $0 }
  }

  private static func observe(_ world: ForeignWorld, _ transport: MortalTransport, _ comment: Comment) async throws {
    let (_, version) = try await world.client.list(.horizontalPodAutoscalers)
    let history = MinimumHistory()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await history.follow(world.client, from: version) }
      transport.beginCounting()
      let campaign = try await world.announce("flash")
      try await world.until("flash") { $0.status.phase == "Released" }
      let plateauEnd = (campaign.spec.sendAt ?? .now) + ForeignWorld.plateauSeconds
      for service in ForeignWorld.services {
        let minima = history.minima(of: service)
        // The whole seconds of objects' times cost up to one.
        let early = minima.filter { $0.at < plateauEnd + -1.0 }
        #expect(early.contains { $0.minimum > 2 }, comment)
        let raised = early.drop { $0.minimum <= 2 }
        #expect(raised.allSatisfy { $0.minimum > 2 }, comment)
      }
      try await world.expectAllGivenBack(comment)
      group.cancelAll()
    }
  }
}

/// Every minimum that autoscalers had, as a watch saw it.
private final class MinimumHistory: Sendable {
  private let seen = Mutex<[(name: String, minimum: Int, at: Timestamp)]>([])

  func follow(_ client: KubernetesClient, from version: String) async throws {
    do {
      for try await event in client.watch(.horizontalPodAutoscalers, namespace: "default", from: version) {
        let autoscaler = try HorizontalPodAutoscaler(json: event.object)
        seen.withLock { $0.append((autoscaler.metadata.name, autoscaler.spec.minReplicas ?? 1, .now)) }
      }
    } catch is CancellationError {}
  }

  func minima(of name: String) -> [(minimum: Int, at: Timestamp)] {
    seen.withLock { $0 }.filter { $0.name == name }.map { ($0.minimum, $0.at) }
  }
}
