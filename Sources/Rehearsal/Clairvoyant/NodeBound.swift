import Autoscaling
import Kubernetes

/// The least price an hour of nodes that hold given pods.
struct NodeBound {
  /// Nodes of each group, and what they cost an hour. A part of a node where a measure allows no more to be said.
  struct Nodes: Comparable {
    var counts: [Double]
    var pricePerHour: Double
    /// Whether the groups' maxima do not suffice.
    var isShort = false
    static func < (left: Nodes, right: Nodes) -> Bool { left.pricePerHour < right.pricePerHour }
  }

  /// Groups on which some pods must be: a set of bits.
  private typealias Places = UInt64

  let groups: [NodeGroup]
  let measures: [PackingMeasure]
  /// Of each service, the place in `families` that its pods count for.
  private let familyOfService: [Int]
  /// Each within another, or apart from it; a smaller one before a larger one, all groups last.
  private let families: [Places]
  /// Of each measure and family, the groups in it, the cheapest for a unit first.
  private let orders: [[[Int]]]

  init(_ scenario: Scenario) {
    let groups = Array(scenario.cloud.groups.prefix(Places.bitWidth - 1))
    self.groups = groups
    let pods = scenario.services.map(\.pod)
    let measures = PackingMeasure.all(
      pods: pods.map(Self.requests), groups: groups.map { Resources($0.allocatable) })
    self.measures = measures
    let everywhere = Places(1) << Places(groups.count) - 1
    let places = pods.map { pod in Self.places(of: pod, groups, in: scenario.cloud.zones) }
    let families = Self.laminar(Set(places), everywhere)
    self.families = families
    familyOfService = places.map { place in
      families.firstIndex { place & $0 == place && place != 0 } ?? families.count - 1
    }
    orders = measures.map { measure in
      families.map { family in
        groups.indices.filter { family & (1 << Places($0)) != 0 && measure.groups[$0] > 0 }.sorted {
          let (left, right) = (
            groups[$0].pricePerHour / measure.groups[$0], groups[$1].pricePerHour / measure.groups[$1]
          )
          return left == right ? $0 < $1 : left < right
        }
      }
    }
  }

  /// What the pods of each measure and family come to, over time: one row for each, changed where a service changes.
  struct Demand {
    /// [measure][family][moment]: the change from the moment before.
    fileprivate var changes: [[[Double]]]
    fileprivate var sums: [[Double]]
    fileprivate var isChanged: [Bool]
    /// What was found last, and for which minima: most moments change nothing.
    fileprivate var last: (nodes: Nodes, keepsMinima: Bool)?
  }

  func demand(moments: Int) -> Demand {
    let row = [Double](repeating: 0, count: moments)
    return Demand(
      changes: measures.map { _ in families.map { _ in row } }, sums: measures.map { _ in families.map { _ in 0 } },
      isChanged: [Bool](repeating: false, count: moments))
  }

  func add(_ pods: [Int], of service: Int, to demand: inout Demand) {
    let family = familyOfService[service]
    var last = 0
    for (moment, count) in pods.enumerated() where count != last {
      demand.isChanged[moment] = true
      for (index, measure) in measures.enumerated() {
        demand.changes[index][family][moment] += Double(count - last) * measure.pods[service]
      }
      last = count
    }
  }

  /// The bound of the next moment; moments are asked for one after another.
  /// - Parameter keepsMinima: whether every group has at least its minimum.
  func nodes(at moment: Int, _ demand: inout Demand, keepsMinima: Bool) -> Nodes {
    if let last = demand.last, last.keepsMinima == keepsMinima, !demand.isChanged[moment] { return last.nodes }
    let minima = groups.map { keepsMinima ? Double($0.minimum) : 0 }
    var best = Nodes(counts: minima, pricePerHour: price(minima))
    for index in measures.indices {
      for family in families.indices { demand.sums[index][family] += demand.changes[index][family][moment] }
      let nodes = cover(index, demand.sums[index], minima)
      if nodes.isShort { best.isShort = true }
      if nodes.pricePerHour > best.pricePerHour
        || nodes.pricePerHour == best.pricePerHour && nodes.counts.reduce(0, +) > best.counts.reduce(0, +)
      {
        best.counts = nodes.counts
        best.pricePerHour = nodes.pricePerHour
      }
    }
    demand.last = (best, keepsMinima)
    return best
  }

  /// Inner families first: what they need counts for the outer ones too, which then take the cheapest that is left.
  private func cover(_ index: Int, _ sums: [Double], _ minima: [Double]) -> Nodes {
    let measure = measures[index]
    var counts = minima
    var isShort = false
    for (family, places) in families.enumerated() {
      var missing = 0.0
      for (inner, sum) in zip(families, sums) where inner & places == inner { missing += sum }
      for group in groups.indices where places & (1 << Places(group)) != 0 {
        missing -= counts[group] * measure.groups[group]
      }
      for group in orders[index][family] where missing > 1e-6 {
        var nodes = missing / measure.groups[group]
        if measure.isUniform { nodes = (nodes - 1e-6).rounded(.up) }
        nodes = min(nodes, max(Double(groups[group].maximum) - counts[group], 0))
        counts[group] += nodes
        missing -= nodes * measure.groups[group]
      }
      if missing > 1e-6 { isShort = true }
    }
    return Nodes(counts: counts, pricePerHour: price(counts), isShort: isShort)
  }

  private func price(_ counts: [Double]) -> Double {
    zip(groups, counts).reduce(0) { $0 + $1.0.pricePerHour * $1.1 }
  }

  private static func requests(of pod: Pod) -> Resources {
    var requests = Resources(pod.requests)
    requests.pods = 1
    return requests
  }

  private static func places(of pod: Pod, _ groups: [NodeGroup], in zones: [String]) -> Places {
    let traits = SchedulingTraits(pod)
    var places: Places = 0
    for (index, group) in groups.enumerated() {
      // In whichever zone it boots.
      let possible = (zones.isEmpty ? [""] : zones).contains { zone in
        var node = group.templateNode(named: group.name)
        if node.metadata.labels[WellKnown.zone] == nil, !zone.isEmpty { node.metadata.labels[WellKnown.zone] = zone }
        return NodePredicates.failure(of: traits, on: NodeTraits(node)) == nil
      }
      if possible { places |= 1 << Places(index) }
    }
    return places
  }

  /// As many of the sets as can be with none crossing another; pods of one that is left out count for the next larger.
  private static func laminar(_ sets: Set<Places>, _ everywhere: Places) -> [Places] {
    var chosen: [Places] = []
    for set in sets.sorted(by: { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }) {
      guard set != 0, set != everywhere else { continue }
      if chosen.allSatisfy({ $0 & set == 0 || $0 & set == $0 }) { chosen.append(set) }
    }
    return chosen + [everywhere]
  }
}

extension RehearsedService {
  /// A pod as the service's Deployment makes it.
  var pod: Pod {
    var pod = Pod()
    pod.metadata = deployment.spec.template.metadata
    pod.metadata.namespace = key.namespace
    // Made again by its ReplicaSet when it ends: a pod without a controller may not be moved.
    var owner = OwnerReference()
    owner.apiVersion = "apps/v1"
    owner.kind = "ReplicaSet"
    owner.name = key.name
    owner.uid = "\(key)"
    owner.controller = true
    pod.metadata.ownerReferences = [owner]
    pod.spec = deployment.spec.template.spec
    return pod
  }
}
