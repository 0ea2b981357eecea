import Kubernetes

/// Nodes and the pods on them, kept between passes, to place pods on and to try placements on.
///
/// A node keeps its index while it is there; a new one may get that of one that is gone. Pods are grouped by what
/// selectors can see of them, so a selector is matched once a group, and topology counters follow every pod placed
/// (`assume`) or taken away (`forget`). To try something, take it back with `beginTrial` and `rollBack`, or fork the
/// snapshot by copying it.
public struct ClusterSnapshot: Sendable {
  public private(set) var nodes: [NodeInfo] = []
  /// Nodes that are there.
  public private(set) var nodeCount = 0
  /// Of those, nodes that pods are rather kept off.
  private(set) var dislikedCount = 0
  private var indexes: [String: Int] = [:]
  private var freeIndexes: [Int] = []
  private(set) var rooms = NodeRooms()
  private(set) var loads: [NodeLoad] = []
  /// When each node was changed last outside of trials, as `version` counts.
  private(set) var changedAt: [Int] = []
  let namespaceLabels: [String: Labels]

  private(set) var groups: [PodGroup] = []
  private var groupNumbers: [PodGroup: Int] = [:]
  /// Of groups, that of the same pods on their way out.
  private var endingGroups: [Int: Int] = [:]
  /// Pods of each group.
  private var groupSizes: [Int] = []
  /// The counters that count each group.
  private var groupCounters: [[Int]] = []

  private(set) var topologies: [Topology] = []
  private var topologyNumbers: [TopologyScope: Int] = [:]
  private var countersOfTopology: [[Int]] = []
  private var pickers = PickerIndex()
  private(set) var counters: [TopologyCounter] = []
  private var counterNumbers: [TopologyQuestion: Int] = [:]
  /// Counters of pods that repel others, by required anti-affinity.
  private(set) var repelling: [(term: PodTerm, counter: Int)] = []
  /// Counters of pods that draw others, by preference.
  private(set) var drawing: [(term: WeightedPodTerm, counter: Int)] = []

  /// Rises when something is placed: where others must be near, that may help.
  private(set) var placements = 0
  /// Nodes that have got room, or are other than before.
  private(set) var improved = ChangeLog()
  private(set) var classes = NodeClasses()
  var journal = TrialJournal()

  public init(nodes: some Sequence<Node> = [], namespaceLabels: [String: Labels] = [:]) {
    self.namespaceLabels = namespaceLabels
    for node in nodes { addNode(node) }
  }

  /// All nodes of a view that `including` wants, by name, and the pods that take room there.
  public init(_ view: ClusterView, including isWanted: (Node) -> Bool = { _ in true }) {
    self.init(
      nodes: view.nodes.values.filter(isWanted).sorted { $0.metadata.name < $1.metadata.name },
      namespaceLabels: view.namespaces.mapValues(\.metadata.labels))
    for pod in view.pods.values where pod.isScheduled && !pod.isFinished {
      if let index = indexes[pod.spec.nodeName] { assume(PodInfo(pod), onNode: index) }
    }
  }

  public func index(ofNode name: String) -> Int? { indexes[name] }

  // MARK: Nodes

  @discardableResult
  public mutating func addNode(_ node: Node) -> Int { addNode(NodeTraits(node)) }

  @discardableResult
  public mutating func addNode(_ traits: NodeTraits) -> Int {
    let index: Int
    if let free = freeIndexes.popLast() {
      index = free
      nodes[index] = NodeInfo(traits)
    } else {
      index = nodes.count
      nodes.append(NodeInfo(traits))
      rooms.append()
      loads.append(NodeLoad())
      changedAt.append(0)
    }
    nodeCount += 1
    if !traits.softTaints.isEmpty { dislikedCount += 1 }
    indexes[traits.name] = index
    setRoom(index)
    setTopologies(index, traits)
    note(.added(node: index), index)
    return index
  }

  /// Takes a node away, and its pods with it.
  public mutating func removeNode(_ index: Int) {
    guard nodes[index].isPresent else { return }
    while let resident = nodes[index].residents.last { forget(resident.pod.key, onNode: index) }
    note(.removed(nodes[index].traits, node: index, isClosed: nodes[index].isClosed), index)
    if indexes[nodes[index].name] == index { indexes[nodes[index].name] = nil }
    if !nodes[index].traits.softTaints.isEmpty { dislikedCount -= 1 }
    nodes[index] = NodeInfo(.none)
    nodes[index].isPresent = false
    nodeCount -= 1
    setRoom(index)
    setTopologies(index, nil)
    freeIndexes.append(index)
  }

  /// Gives a node other labels, taints or resources; its name stays.
  public mutating func replaceTraits(ofNode index: Int, with traits: NodeTraits) {
    guard nodes[index].isPresent else { return }
    note(.replaced(nodes[index].traits, node: index), index)
    for resident in nodes[index].residents { count(-1, group: resident.group, node: index) }
    dislikedCount += (traits.softTaints.isEmpty ? 0 : 1) - (nodes[index].traits.softTaints.isEmpty ? 0 : 1)
    nodes[index].traits = traits
    setRoom(index)
    setTopologies(index, traits)
    for resident in nodes[index].residents { count(1, group: resident.group, node: index) }
  }

  /// Whether pods may be put on a node at all.
  public mutating func setClosed(_ isClosed: Bool, node index: Int) {
    guard nodes[index].isPresent, nodes[index].isClosed != isClosed else { return }
    note(.closed(node: index, before: nodes[index].isClosed), index)
    nodes[index].isClosed = isClosed
    setRoom(index)
    improved.append(index)
  }

  private mutating func setRoom(_ index: Int) {
    var room = NodeRoom()
    var load = NodeLoad()
    if nodes[index].isPresent {
      let whole = nodes[index].allocatable
      room = NodeRoom(
        cpuMillicores: whole.cpuMillicores, memoryBytes: whole.memoryBytes,
        ephemeralStorageBytes: whole.ephemeralStorageBytes, pods: whole.pods)
      if nodes[index].isClosed { room.pods -= NodeRoom.closed }
      room.take(nodes[index].requested, times: 1)
      load.allocatableMillicores = whole.cpuMillicores
      load.allocatableBytes = whole.memoryBytes
      load.lot = nodes[index].traits.nameHash
      for resident in nodes[index].residents { load.add(resident.pod.shape, times: 1) }
    }
    rooms.set(room, at: index)
    loads[index] = load
  }

  private mutating func setTopologies(_ index: Int, _ traits: NodeTraits?) {
    for topology in topologies.indices where topologies[topology].set(traits, at: index) {
      for counter in countersOfTopology[topology] {
        counters[counter].domainsChanged(topologies[topology].domainCount)
      }
    }
    classes.set(traits, at: index)
    placements += 1
    improved.append(index)
  }

  // MARK: Pods

  /// Places a pod, without asking whether it fits.
  public mutating func assume(_ pod: PodInfo, onNode node: Int) {
    assume(pod, group: group(of: pod), onNode: node)
  }

  mutating func assume(_ pod: PodInfo, group: Int, onNode node: Int) {
    nodes[node].add(pod, group: group)
    take(pod.shape, 1, group: group, node: node)
    note(.placed(pod.key, node: node), node)
  }

  /// Places equal pods.
  mutating func assume(_ pods: ArraySlice<PodInfo>, group: Int, onNode node: Int) {
    guard let first = pods.first else { return }
    for pod in pods {
      nodes[node].add(pod, group: group)
      note(.placed(pod.key, node: node), node)
    }
    take(first.shape, pods.count, group: group, node: node)
  }

  private mutating func take(_ shape: PodShape, _ pods: Int, group: Int, node: Int) {
    rooms.take(shape.traits.requests, times: Int64(pods), at: node)
    loads[node].add(shape, times: Int64(pods))
    groupSizes[group] += pods
    count(pods, group: group, node: node)
    placements += 1
  }

  /// Takes a pod away again.
  @discardableResult
  public mutating func forget(_ key: NamespacedName, onNode node: Int) -> PodInfo? {
    guard let resident = nodes[node].remove(key) else { return nil }
    let shape = resident.pod.shape
    rooms.take(shape.traits.requests, times: -1, at: node)
    loads[node].add(shape, times: -1)
    groupSizes[resident.group] -= 1
    count(-1, group: resident.group, node: node)
    improved.append(node)
    note(.forgotten(resident.pod, group: resident.group, node: node), node)
    return resident.pod
  }

  /// The pod is on its way out, and still takes its room.
  public mutating func end(_ key: NamespacedName, onNode node: Int) {
    guard let resident = nodes[node].residents.last(where: { $0.pod.key == key }), !resident.pod.isTerminating else {
      return
    }
    forget(key, onNode: node)
    assume(resident.pod.ended, group: endingGroup(of: resident.group), onNode: node)
  }

  private mutating func endingGroup(of group: Int) -> Int {
    if let known = endingGroups[group] { return known }
    var ending = groups[group]
    ending.isTerminating = true
    let number = number(of: ending)
    endingGroups[group] = number
    return number
  }

  @inline(__always)
  private mutating func note(_ entry: TrialJournal.Entry, _ node: Int) {
    if journal.note(entry) { changedAt[node] = journal.lasting }
  }

  private mutating func count(_ change: Int, group: Int, node: Int) {
    for counter in groupCounters[group] { count(change, counter, node) }
  }

  private mutating func count(_ change: Int, _ counter: Int, _ node: Int) {
    let topology = counters[counter].topology
    let domain = topologies[topology].domainOfNode[node]
    guard domain >= 0 else { return }
    counters[counter].add(change, domain: domain, of: topologies[topology].domainCount)
  }

  // MARK: Counting

  /// The number of the pod's group, made where it is the first of its kind.
  mutating func group(of pod: PodInfo) -> Int { number(of: PodGroup(pod)) }

  mutating func number(of group: PodGroup) -> Int {
    if let number = groupNumbers[group] { return number }
    let number = groups.count
    groups.append(group)
    groupNumbers[group] = number
    groupSizes.append(0)
    groupCounters.append(pickers.addGroup(number, group).filter { picks(group, $0) })
    for term in group.antiAffinity where !repelling.contains(where: { $0.term == term }) {
      repelling.append((term, counter(for: TopologyQuestion(key: term.topologyKey, picker: .repelling(term)))))
    }
    for term in group.attractions where !drawing.contains(where: { $0.term == term }) {
      drawing.append((term, counter(for: TopologyQuestion(key: term.term.topologyKey, picker: .drawing(term)))))
    }
    return number
  }

  private func picks(_ group: PodGroup, _ counter: Int) -> Bool {
    counters[counter].picker.picks(group, namespaceLabels: namespaceLabels)
  }

  func counts(_ group: Int, in counter: Int) -> Bool { groupCounters[group].contains(counter) }

  /// The number of the counter that answers a question, made where it is new.
  mutating func counter(for question: TopologyQuestion) -> Int {
    if let number = counterNumbers[question] { return number }
    let topology = topology(question.scope)
    let number = counters.count
    counters.append(TopologyCounter(question.picker, topology: topology))
    counterNumbers[question] = number
    countersOfTopology[topology].append(number)
    var picked: Set<Int> = []
    for group in pickers.addCounter(number, question.picker) where picks(groups[group], number) {
      groupCounters[group].append(number)
      if groupSizes[group] > 0 { picked.insert(group) }
    }
    countPods(of: picked, number)
    return number
  }

  /// Counts the pods of groups that a new counter has found there.
  private mutating func countPods(of picked: Set<Int>, _ counter: Int) {
    var left = picked.reduce(0) { $0 + groupSizes[$1] }
    for node in nodes.indices where left > 0 && !nodes[node].residents.isEmpty {
      let found = nodes[node].residents.count { picked.contains($0.group) }
      if found > 0 { count(found, counter, node) }
      left -= found
    }
  }

  /// Whether the owner of a group of pods has so many that are not on their way out, as those of the group.
  func hasPods(_ least: Int, ofOwnerOf group: Int) -> Bool {
    // Nearly always an owner's pods are all of one group.
    if groupSizes[group] >= least { return true }
    let owner = groups[group].ownerUID
    var found = 0
    for (number, group) in groups.enumerated() where !group.isTerminating && group.ownerUID == owner {
      found += groupSizes[number]
    }
    return found >= least
  }

  private mutating func topology(_ scope: TopologyScope) -> Int {
    if let number = topologyNumbers[scope] { return number }
    var topology = Topology(scope)
    for index in nodes.indices { _ = topology.set(nodes[index].isPresent ? nodes[index].traits : nil, at: index) }
    topologies.append(topology)
    countersOfTopology.append([])
    topologyNumbers[scope] = topologies.count - 1
    return topologies.count - 1
  }

  /// The pods that a counter has in a node's domain; nil where the node is in none.
  @inline(__always)
  func count(_ counter: Int, onNode node: Int) -> Int? {
    let domain = topologies[counters[counter].topology].domainOfNode[node]
    return domain < 0 ? nil : counters[counter].count(inDomain: domain)
  }

  @inline(__always)
  func domainCount(_ counter: Int) -> Int { topologies[counters[counter].topology].domainCount }

  @inline(__always)
  func fewest(_ counter: Int, ofAtLeast domains: Int) -> Int {
    counters[counter].fewest(ofAtLeast: domains, domainCount(counter))
  }
}

extension ClusterSnapshot {
  /// The nodes that are there, in order.
  public var presentNodes: [Int] { nodes.indices.filter { nodes[$0].isPresent } }
}
