import Kubernetes

/// How nodes leave: unneeded for a while, marked, emptied, terminated.
extension NodeAutoscalingPass {
  /// Nodes on their way out come back where a minimum or a campaign wants them.
  mutating func keepHeldNodes() {
    for name in ledgers.keys.sorted() {
      guard let ledger = ledgers[name] else { continue }
      let lacking = ledger.leastSize - (ledger.ready.count + ledger.booting.count + ledger.upcoming)
      for node in ledger.draining.prefix(max(0, lacking)) { keep(node, because: "its group must not get smaller") }
    }
  }

  mutating func keep(_ name: String, because reason: String) {
    guard let node = view.nodes[name], let group = node.metadata.labels[WellKnown.nodeGroup] else { return }
    ledgers[group]?.draining.removeAll { $0 == name }
    if node.isReady { ledgers[group]?.ready.append(name) } else { ledgers[group]?.broken.append(name) }
    memory.mark(name, .keep, at: now)
    memory.unneededSince[name] = nil
    memory.evictedAt[name] = nil
    guard node.scaleDownMark != nil else { return }
    changes.append(patchTaints(node, node.spec.taints.filter { $0.key != Node.scaleDownTaint }))
    changes.append(note(node, "ScaleDownCancelled", "node stays: \(reason)"))
  }

  /// Evicts what is left on marked nodes, and ends those that are empty.
  mutating func continueDrains() {
    for name in ledgers.values.flatMap(\.draining).sorted() {
      // Only once the mark is seen: then nothing new is put there.
      guard let node = view.nodes[name], let mark = node.scaleDownMark else { continue }
      var waiting: [Pod] = []
      var blocked: String?
      for pod in view.pods(onNode: name) {
        switch EvictionRules.answer(pod, blockingVolumes: configuration.blockingVolumes) {
        case .ignored: continue
        case .blocked(let reason): if !pod.isTerminating { blocked = reason }
        case .movable: break
        }
        waiting.append(pod)
      }
      if waiting.isEmpty {
        end(node)
      } else if let blocked {
        fail(name, because: blocked)
      } else if let since = mark.timeAdded, now - since > configuration.drainTimeoutSeconds {
        fail(name, because: "it could not be emptied in time")
      } else {
        evict(waiting.filter { !$0.isTerminating }, from: name)
      }
    }
  }

  private mutating func end(_ node: Node) {
    let name = node.metadata.name
    if let group = node.metadata.labels[WellKnown.nodeGroup] { ledgers[group]?.draining.removeAll { $0 == name } }
    memory.terminate(name, at: now)
    changes.append(.terminateNode(name))
    changes.append(note(node, "ScaleDown", "node is not needed and empty"))
  }

  private mutating func fail(_ name: String, because reason: String) {
    memory.lastFailure = now
    keep(name, because: reason)
  }

  private mutating func evict(_ pods: [Pod], from node: String) {
    if let last = memory.evictedAt[node], now - last < configuration.scanPeriodSeconds { return }
    guard !pods.isEmpty else { return }
    memory.evictedAt[node] = now
    changes += pods.map { .evict($0.key) }
  }

  mutating func scanForUnneeded(_ snapshot: ClusterSnapshot) {
    if let last = memory.lastScan, now - last < configuration.scanPeriodSeconds { return }
    memory.lastScan = now
    var scan = ScaleDown(view, on: snapshot, ledgers, configuration)
    scan.run(ledgers, known: Set(memory.unneededSince.keys))
    var since: [String: Timestamp] = [:]
    for candidate in scan.unneeded { since[candidate.node] = memory.unneededSince[candidate.node] ?? now }
    memory.unneededSince = since
    let isResting =
      memory.lastScaleUp.map { now - $0 < configuration.afterAddSeconds } == true
      || memory.lastFailure.map { now - $0 < configuration.afterFailureSeconds } == true
    if isResting { return }
    startLeaving(scan.unneeded.filter { since[$0.node].map { now - $0 >= configuration.unneededSeconds } == true })
  }

  private mutating func startLeaving(_ candidates: [ScaleDown.Candidate]) {
    let leaving = ledgers.values.flatMap(\.draining)
    var room = configuration.maximumLeaving - leaving.count
    var drains = configuration.maximumDrains - leaving.count { !isEmptied($0) }
    for candidate in candidates where room > 0 {
      if !candidate.isEmpty {
        guard drains > 0 else { continue }
        drains -= 1
      }
      guard let node = view.nodes[candidate.node] else { continue }
      room -= 1
      var mark = Taint(Node.scaleDownTaint, effect: "NoSchedule")
      mark.timeAdded = now
      memory.mark(candidate.node, .drain, at: now)
      changes.append(patchTaints(node, node.spec.taints + [mark]))
      changes.append(note(node, "ScaleDown", "node is not needed: marked to be emptied and removed"))
    }
  }

  private func isEmptied(_ name: String) -> Bool {
    !view.pods(onNode: name).contains {
      EvictionRules.answer($0, blockingVolumes: configuration.blockingVolumes) != .ignored
    }
  }

  /// Taints are one list without keys, so the whole of it is written, refused when somebody else changed the node.
  private func patchTaints(_ node: Node, _ taints: [Taint]) -> Change {
    var body: JSONValue = ["spec": ["taints": .array(taints.map(\.json))]]
    if !node.metadata.resourceVersion.isEmpty {
      body["metadata"] = ["resourceVersion": .string(node.metadata.resourceVersion)]
    }
    return .patch(Change.Target(node), .merge, body)
  }

  private func note(_ node: Node, _ reason: String, _ message: String) -> Change {
    .record(
      Change.EventNote(
        about: ObjectReference(to: node), reason: reason, message: message, component: configuration.component))
  }
}
