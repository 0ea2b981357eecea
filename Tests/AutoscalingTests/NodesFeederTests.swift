import Autoscaling
import Kubernetes
import Testing

/// The same happenings, told to the decisions as views and to the cores directly: the same is decided.
@Suite struct NodesFeederTests {
  /// A cluster that is kept in both ways.
  struct Both {
    var view = NodesFixture { $0.unneededSeconds = 120 }
    var fleet: NodeFleet
    var autoscaler: NodeAutoscaler
    var viewScheduler = SchedulingDecision()
    var scheduler = Scheduler()
    var shapes: [String: PodShape] = [:]
    /// Pods by name: their shape's owner, and the node that each feeder has put them on.
    var waiting: [String: String] = [:]
    var placed: [String: Int] = [:]

    init() {
      view.addGroup("spot", nodes: 2, minimum: 1, maximum: 6, isSpot: true, price: 0.3)
      view.addGroup("steady", nodes: 1, maximum: 6)
      fleet = NodeFleet(groups: Array(view.view.nodeGroups.values))
      autoscaler = NodeAutoscaler(configuration: view.decision.configuration)
      for name in view.view.nodes.keys.sorted() { register(name) }
    }

    mutating func register(_ name: String) {
      guard let node = view.view.nodes[name] else { return }
      let group = node.metadata.labels[WellKnown.nodeGroup].flatMap { fleet.index(ofGroup: $0) }
      fleet.addNode(NodeTraits(node), group: group, createdAt: node.metadata.creationTimestamp)
    }

    mutating func add(_ name: String, owner: String, cpu: Int64) {
      let pod = SchedulingFixture.pod(name, cpu: cpu, memoryMiB: 64, owner: owner)
      view.add(pod)
      if shapes[owner] == nil { shapes[owner] = PodShape(pod) }
      waiting[name] = owner
    }

    mutating func end(_ name: String) {
      let key = NamespacedName("default", name)
      view.view.removePod(key)
      waiting[name] = nil
      if let node = placed.removeValue(forKey: name) { fleet.snapshot.forget(key, onNode: node) }
    }

    func info(_ name: String) -> PodInfo? {
      waiting[name].flatMap { shapes[$0] }.map { PodInfo(key: NamespacedName("default", name), shape: $0) }
    }

    /// - Returns: the nodes that each scheduler has chosen, by pod.
    mutating func schedule() -> (fromViews: [String: String], direct: [String: String]) {
      let bindings = SchedulingFixture.bindings(viewScheduler.reconcile(view.view, at: view.now))
      var direct: [String: String] = [:]
      for name in waiting.keys.sorted() {
        guard let pod = info(name) else { continue }
        let kind = scheduler.kind(of: pod.shape, in: &fleet.snapshot)
        guard let node = scheduler.place(pod, kind: kind, in: &fleet.snapshot) else { continue }
        direct[name] = fleet.snapshot.nodes[node].name
        placed[name] = node
        waiting[name] = nil
      }
      for (name, node) in bindings {
        guard var pod = view.view.pods[NamespacedName("default", name)] else { continue }
        pod.spec.nodeName = node
        view.view.set(pod)
      }
      return (bindings, direct)
    }

    /// - Returns: what each autoscaler wants done, as words.
    mutating func autoscale() -> (fromViews: [String], direct: [String]) {
      let changes = NodesFixture.actions(view.pass())
      var pending: [BinPacking.Group] = []
      for name in waiting.keys.sorted() {
        guard let pod = info(name) else { continue }
        if let known = pending.firstIndex(where: { $0.shape === pod.shape }) {
          pending[known].pods.append(pod)
        } else {
          pending.append(BinPacking.Group(shape: pod.shape, pods: [pod]))
        }
      }
      let actions = autoscaler.pass(&fleet, pending: pending, budgets: DisruptionAllowance([]), at: view.now)
      let words = actions.compactMap(word)
      for change in changes { carryOut(change) }
      for action in actions { carryOut(action) }
      return (changes.map(word), words)
    }

    private func name(_ node: Int) -> String { fleet.snapshot.nodes[node].name }

    private func word(_ action: NodeAction) -> String? {
      switch action {
      case .resize(let group, let size): "\(fleet.groups[group].name) to \(size)"
      case .drain(let node): "mark \(name(node))"
      case .keep(let node, _): "keep \(name(node))"
      case .evict(let pod, _): "evict \(pod.key.name)"
      case .terminate(let node): "end \(name(node))"
      case .cordon, .helped, .hopeless: nil
      }
    }

    private func word(_ change: Change) -> String {
      switch change {
      case .resizeNodeGroup(let group, let size): "\(group) to \(size)"
      case .patch(let target, _, let body, _, _):
        (body[path: ["spec", "taints"]]?.arrayValue ?? []).isEmpty ? "keep \(target.name)" : "mark \(target.name)"
      case .evict(let pod): "evict \(pod.name)"
      case .terminateNode(let node): "end \(node)"
      default: "\(change)"
      }
    }

    private mutating func carryOut(_ change: Change) {
      // Evicted pods are made again by the test, under new names.
      if case .evict = change { return }
      view.carryOut(change)
    }

    private mutating func carryOut(_ action: NodeAction) {
      switch action {
      case .resize(let group, let size): fleet.setTarget(size, ofGroup: group)
      case .drain(let node): fleet.setMark(true, since: view.now, node: node)
      case .keep(let node, _): fleet.setMark(false, node: node)
      case .terminate(let node):
        let group = fleet.groups.firstIndex { name(node).hasPrefix($0.name) } ?? 0
        fleet.setTarget(fleet.groups[group].group.target - 1, ofGroup: group)
        fleet.removeNode(node)
      case .cordon, .evict, .helped, .hopeless: break
      }
    }
  }

  @Test(arguments: 1...8) func bothFeedersDecideTheSame(_ seed: Int) {
    var numbers = SeededNumbers(state: UInt64(seed))
    var world = Both()
    var made = 0
    var said = 0
    for step in 0..<250 {
      world.view.now = world.view.now + 10
      if step < 200, Int.random(in: 0..<8, using: &numbers) == 0, world.view.view.pods.count < 20 {
        let owner = "s\(Int.random(in: 0..<3, using: &numbers))"
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
          made += 1
          world.add("p\(1000 + made)", owner: owner, cpu: owner == "s0" ? 400 : 150)
        }
      }
      if Int.random(in: 0..<6, using: &numbers) == 0,
        let name = world.view.view.pods.keys.map(\.name).sorted().randomElement(using: &numbers)
      {
        world.end(name)
      }
      let nodes = world.schedule()
      #expect(nodes.fromViews == nodes.direct, "seed \(seed), step \(step)")
      let decided = world.autoscale()
      #expect(decided.fromViews == decided.direct, "seed \(seed), step \(step)")
      said += decided.direct.count
      for word in decided.direct where word.hasPrefix("evict ") {
        made += 1
        let name = String(word.dropFirst(6))
        let owner = world.view.view.pods[NamespacedName("default", name)]?.metadata.labels["app"] ?? ""
        world.end(name)
        world.add("p\(1000 + made)", owner: owner, cpu: owner == "s0" ? 400 : 150)
      }
      for (name, group) in world.view.view.nodeGroups.sorted(by: { $0.key < $1.key }) {
        let present = world.view.view.nodes.values.count { $0.metadata.labels[WellKnown.nodeGroup] == name }
        for _ in 0..<max(0, group.target - present) where step % 6 == 5 {
          made += 1
          world.view.register("\(name)-x\(1000 + made)", in: name, at: world.view.now)
          world.register("\(name)-x\(1000 + made)")
        }
      }
    }
    #expect(said > 10, "seed \(seed)")
  }
}
