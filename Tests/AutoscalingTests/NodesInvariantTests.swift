import Autoscaling
import Kubernetes
import Testing

@Suite struct NodesInvariantTests {
  /// Hours of pods coming and going, with a scheduler and a cloud that boots in a minute: sizes stay in their limits,
  /// campaigns keep their nodes, nothing that may not be moved is moved, and in the end all pods run.
  @Test(arguments: 1...12) func limitsHoldWhileThingsHappen(_ seed: Int) {
    var numbers = SeededNumbers(state: UInt64(seed))
    var world = NodesFixture()
    world.addGroup("spot", nodes: 1, minimum: 1, maximum: 6, isSpot: true, price: 0.3)
    world.addGroup("steady", maximum: 8)
    var scheduler = SchedulingDecision()
    var booting: [(name: String, group: String, at: Timestamp)] = []
    var made = 0
    var evicted: [Pod] = []
    for step in 0..<600 {
      if step == 200 { world.hold("spot", 4) }
      if step == 450 { world.hold("spot", 4, phase: .released) }
      if step < 500, Int.random(in: 0..<12, using: &numbers) == 0 { addBurst(&world, &made, &numbers) }
      for pod in evicted {
        made += 1
        var again = pod
        again.metadata.name = "again-\(made)"
        again.metadata.uid = again.metadata.name
        again.spec.nodeName = ""
        world.view.set(again)
      }
      evicted = []
      if step < 500, let gone = world.view.pods.keys.sorted().randomElement(using: &numbers) { world.view.removePod(gone) }
      let before = world.view
      let changes = world.pass(after: 20)
      for change in changes {
        if case .evict(let key) = change, let pod = before.pods[key] {
          #expect(pod.metadata.controller != nil, "seed \(seed), step \(step)")
          evicted.append(pod)
        }
        if case .terminateNode(let name) = change {
          #expect(before.pods(onNode: name).isEmpty, "seed \(seed), step \(step)")
        }
        world.carryOut(change)
      }
      for (name, group) in world.view.nodeGroups {
        #expect((group.minimum...group.maximum).contains(group.target), "\(name), seed \(seed), step \(step)")
        let present = world.view.nodes.values.count { $0.metadata.labels[WellKnown.nodeGroup] == name }
        let coming = booting.count { $0.group == name }
        for _ in 0..<max(0, group.target - present - coming) {
          made += 1
          booting.append(("\(name)-x\(made)", name, world.now + 60))
        }
      }
      for node in booting where node.at <= world.now { world.register(node.name, in: node.group, at: world.now) }
      booting.removeAll { $0.at <= world.now }
      let held = world.view.nodes.values.count { $0.metadata.labels[WellKnown.nodeGroup] == "spot" }
      let floor = min(4, before.nodes.values.count { $0.metadata.labels[WellKnown.nodeGroup] == "spot" })
      if (201..<450).contains(step) { #expect(held >= floor, "seed \(seed), step \(step)") }
      for case .bind(let key, let node) in scheduler.reconcile(world.view, at: world.now) {
        guard var pod = world.view.pods[key] else { continue }
        pod.spec.nodeName = node
        world.view.set(pod)
      }
    }
    #expect(world.view.pods.values.allSatisfy { $0.isScheduled }, "seed \(seed)")
  }

  private func addBurst(_ world: inout NodesFixture, _ made: inout Int, _ numbers: inout SeededNumbers) {
    let count = Int.random(in: 1...5, using: &numbers)
    guard world.view.pods.count + count < 24 else { return }
    for _ in 0..<count {
      made += 1
      let isBare = Int.random(in: 0..<6, using: &numbers) == 0
      world.add(
        SchedulingFixture.pod(
          "p\(made)", cpu: 200, memoryMiB: 64, owner: isBare ? "" : "s\(made % 3)"))
    }
  }
}
