import Autoscaling
import Kubernetes
import Testing

private typealias Fixture = SchedulingFixture

/// Numbers from a seed, so that a failure can be replayed.
typealias SeededNumbers = SplitMix64

@Suite struct SchedulingInvariantTests {
  static func cluster(_ numbers: inout SeededNumbers) -> ClusterView {
    let nodes = (0..<20).map { index in
      Fixture.node(
        "n\(index)", cpu: Int64.random(in: 1...8, using: &numbers) * 1000, zone: "\(index % 3)",
        labels: Bool.random(using: &numbers) ? ["disk": "ssd"] : [:],
        taints: Int.random(in: 0..<6, using: &numbers) == 0 ? [Taint("k", effect: "NoSchedule")] : [])
    }
    var pods: [Pod] = []
    for index in 0..<90 {
      let owner = "s\(index % 6)"
      var pod = Fixture.pod(
        "p\(index)", cpu: Int64(100 + 200 * (index % 6)), owner: owner, priority: index % 6 == 5 ? 10 : nil)
      switch index % 6 {
      case 0: pod.spec.topologySpreadConstraints = [Fixture.spread(WellKnown.zone, app: owner)]
      case 1: pod.spec.topologySpreadConstraints = [Fixture.spread(WellKnown.hostname, maxSkew: 2, app: owner)]
      case 2:
        pod.spec.affinity = Affinity()
        pod.spec.affinity?.podAntiAffinity = PodAffinity()
        pod.spec.affinity?.podAntiAffinity?.required = [Fixture.term(owner)]
      case 3:
        pod.spec.affinity = Affinity()
        pod.spec.affinity?.podAffinity = PodAffinity()
        pod.spec.affinity?.podAffinity?.required = [Fixture.term("s0", WellKnown.zone)]
      case 4: pod.spec.nodeSelector = ["disk": "ssd"]
      default: break
      }
      if index % 4 == 0 { pod.spec.nodeName = "n\(Int.random(in: 0..<20, using: &numbers))" }
      pods.append(pod)
    }
    return Fixture.view(nodes, pods)
  }

  /// Every binding must be allowed on a cluster built afresh from those before it.
  @Test(arguments: 1...25) func everyBindingIsAllowedWhenItIsMade(_ seed: Int) {
    var numbers = SeededNumbers(state: UInt64(seed))
    var view = Self.cluster(&numbers)
    var scheduler = SchedulingDecision()
    let changes = scheduler.reconcile(view, at: Fixture.start)
    var bound = 0
    for case .bind(let key, let node) in changes {
      guard var pod = view.pods[key] else { continue }
      var snapshot = ClusterSnapshot(view)
      let requirements = PodRequirements(pod, in: &snapshot)
      let index = snapshot.index(ofNode: node) ?? -1
      #expect(requirements.failure(onNode: index, in: snapshot) == nil, "\(key) on \(node), seed \(seed)")
      pod.spec.nodeName = node
      view.set(pod)
      bound += 1
    }
    #expect(bound > 10)
    // What was left fits nowhere now.
    for pod in view.pods.values where !pod.isScheduled && pod.spec.affinity == nil {
      #expect(Fixture.failures(pod, view).count == 20, "\(pod.key), seed \(seed)")
    }
  }
}
