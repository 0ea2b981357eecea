import Kubernetes

/// Nodes and the pods on them, as a value to try placements on: fork it by copying it, and throw the copy away.
///
/// Made once a pass. Pods are grouped by what selectors can see of them, so a selector is matched once a group,
/// and topology counters follow every pod placed (`assume`) or taken away (`forget`).
public struct ClusterSnapshot: Sendable {
  public private(set) var nodes: [NodeInfo] = []
  private var indexes: [String: Int] = [:]
  let namespaceLabels: [String: Labels]

  private(set) var groups: [PodGroup] = []
  private var groupNumbers: [PodGroup: Int] = [:]
  /// Pods by node index, for each group.
  private var groupNodes: [[Int: Int]] = []

  private(set) var counters: [TopologyCounter] = []
  private var counterNumbers: [TopologyQuestion: Int] = [:]
  /// Counters of pods that repel others, by required anti-affinity.
  private(set) var repelling: [(term: PodTerm, counter: Int)] = []
  /// Counters of pods that draw others, by preference.
  private(set) var drawing: [(term: WeightedPodTerm, counter: Int)] = []

  /// Rises when something is placed, respectively taken away: what was learned before may be stale.
  private(set) var placements = 0
  private(set) var removals = 0

  public init(nodes: some Sequence<Node>, namespaceLabels: [String: Labels] = [:]) {
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

  @discardableResult
  public mutating func addNode(_ node: Node) -> Int { addNode(NodeTraits(node)) }

  @discardableResult
  public mutating func addNode(_ traits: NodeTraits) -> Int {
    let index = nodes.count
    nodes.append(NodeInfo(traits))
    indexes[traits.name] = index
    for counter in counters.indices { counters[counter].addNode(traits) }
    placements += 1
    return index
  }

  /// Takes the node added last back, if no pod is on it.
  mutating func removeLastNode() {
    guard let last = nodes.last, last.residents.isEmpty else { return }
    nodes.removeLast()
    indexes[last.name] = nil
    for counter in counters.indices { counters[counter].removeLastNode() }
    placements += 1
  }

  /// Places a pod, without asking whether it fits.
  public mutating func assume(_ pod: PodInfo, onNode node: Int) {
    assume(pod, group: group(of: pod), onNode: node)
  }

  mutating func assume(_ pod: PodInfo, group: Int, onNode node: Int) {
    nodes[node].add(pod, group: group)
    groupNodes[group][node, default: 0] += 1
    for counter in counters.indices { counters[counter].add(1, group: group, node: node) }
    placements += 1
  }

  /// Takes a pod away again.
  @discardableResult
  public mutating func forget(_ key: NamespacedName, onNode node: Int) -> PodInfo? {
    guard let resident = nodes[node].remove(key) else { return nil }
    let left = (groupNodes[resident.group][node] ?? 1) - 1
    groupNodes[resident.group][node] = left == 0 ? nil : left
    for counter in counters.indices { counters[counter].add(-1, group: resident.group, node: node) }
    removals += 1
    return resident.pod
  }

  /// The number of the pod's group, made where it is the first of its kind.
  mutating func group(of pod: PodInfo) -> Int {
    let group = PodGroup(pod)
    if let number = groupNumbers[group] { return number }
    let number = groups.count
    groups.append(group)
    groupNumbers[group] = number
    groupNodes.append([:])
    for counter in counters.indices { counters[counter].addGroup(group, namespaceLabels: namespaceLabels) }
    for term in group.antiAffinity where !repelling.contains(where: { $0.term == term }) {
      repelling.append((term, self.counter(for: question(term.topologyKey, .repelling(term)))))
    }
    for term in group.attractions where !drawing.contains(where: { $0.term == term }) {
      drawing.append((term, self.counter(for: question(term.term.topologyKey, .drawing(term)))))
    }
    return number
  }

  private func question(_ key: String, _ picker: PodPicker) -> TopologyQuestion {
    TopologyQuestion(key: key, picker: picker, eligibility: nil)
  }

  /// The number of the counter that answers a question, made where it is new.
  mutating func counter(for question: TopologyQuestion) -> Int {
    if let number = counterNumbers[question] { return number }
    var counter = TopologyCounter(question)
    for node in nodes { counter.addNode(node.traits) }
    for (number, group) in groups.enumerated() {
      counter.addGroup(group, namespaceLabels: namespaceLabels)
      guard counter.picks(number) else { continue }
      for (node, count) in groupNodes[number] { counter.add(count, group: number, node: node) }
    }
    counters.append(counter)
    counterNumbers[question] = counters.count - 1
    return counters.count - 1
  }
}
