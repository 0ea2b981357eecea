import Autoscaling
public import Kubernetes

/// What a fleet would cost as it ran before it shared nodes: a group of virtual machines for each service, on demand.
///
/// A group takes minutes to grow, so each is sized all day for the greatest load of its own service, at the platform's
/// planned utilization, in whole machines. Machines carry what a service's own containers ask for, without a sidecar, and
/// nothing of their processors is kept for Kubernetes.
public struct VMGroups: Sendable {
  public struct Group: Sendable, Hashable {
    public var service: NamespacedName
    public var machines: Int
  }

  /// By service, in the scenario's order.
  public var groups: [Group]
  /// That of the cheapest on-demand node group which holds the most demanding service.
  public var instanceType: String
  public var pricePerHour: Double
  public var hours: Double

  public var machineHours: Double { Double(groups.map(\.machines).reduce(0, +)) * hours }
  public var cost: Double { machineHours * pricePerHour }

  /// - Returns: nil where no on-demand node group has a price and holds every service.
  public init?(of scenario: Scenario) {
    let load = OfferedLoad(scenario)
    let needs = scenario.services.map(Self.need)
    let possible = scenario.cloud.groups.filter { group in
      !group.isSpot && group.pricePerHour > 0 && needs.allSatisfy { Self.count($0, on: Self.capacity(group)) >= 1 }
    }
    guard let machine = possible.min(by: { ($0.pricePerHour, $0.name) < ($1.pricePerHour, $1.name) }) else {
      return nil
    }
    instanceType = machine.instanceType
    pricePerHour = machine.pricePerHour
    hours = scenario.durationSeconds / 3600
    groups = scenario.services.enumerated().map { index, service in
      let peak = load.services[index].points.map(\.requestsPerSecond).max() ?? 0
      let perProcess = service.behavior.requestsPerSecond * scenario.prescaling.utilization
      let processes = max((peak / perProcess - 1e-9).rounded(.up), 1)
      let onEach = Double(Self.count(needs[index], on: Self.capacity(machine)))
      return Group(service: service.key, machines: max(Int((processes / onEach).rounded(.up)), 1))
    }
  }

  /// What a node group's machines have: whole cores, of which a node offers a part.
  private static func capacity(_ group: NodeGroup) -> ResourceList {
    var capacity = group.allocatable
    if let cores = capacity["cpu"]?.doubleValue.rounded(.up) { capacity["cpu"] = Quantity(milli: Int64(cores) * 1000) }
    return capacity
  }

  private static func need(of service: RehearsedService) -> ResourceList {
    var need: ResourceList = [:]
    for container in service.deployment.spec.template.spec.containers { need.add(container.resources.requests) }
    return need
  }

  /// How many processes of a service a machine holds; a thousand where nothing is asked for.
  private static func count(_ need: ResourceList, on machine: ResourceList) -> Int {
    var count = 1000.0
    for (name, amount) in need where amount.doubleValue > 0 {
      count = min(count, (machine[name]?.doubleValue ?? 0) / amount.doubleValue + 1e-9)
    }
    return Int(count)
  }
}

/// The costs of a rehearsal beside what its fleet would cost otherwise.
public struct CostComparison: Sendable {
  public struct Row: Sendable {
    public enum Kind: Sendable, Hashable {
      /// The base that the others are held against.
      case vmGroups
      /// Shared nodes sized for the peak, so much of them spot: the usual move away from groups of machines.
      case sharedNodes(spotShare: Double)
      case rehearsed(Strategy)
    }
    public var kind: Kind
    public var nodeHours: Double
    public var spotShare: Double
    public var cost: Double
    /// Of the base: 0.33 is a third less; negative where it costs more.
    public var saved: Double
  }

  public var rows: [Row]

  /// - Returns: nil where there is nothing to hold costs against.
  public init?(of scenario: Scenario, _ outcomes: [Outcome]) {
    guard let machines = VMGroups(of: scenario), machines.cost > 0 else { return nil }
    rows = [
      Row(kind: .vmGroups, nodeHours: machines.machineHours, spotShare: 0, cost: machines.cost, saved: 0)
    ]
    func add(_ kind: Row.Kind, nodeHours: Double, spotShare: Double, cost: Double) {
      rows.append(
        Row(kind: kind, nodeHours: nodeHours, spotShare: spotShare, cost: cost, saved: 1 - cost / machines.cost))
    }
    if let peak = outcomes.first(where: { $0.strategy == .static }), let spot = Self.spotPrice(scenario, machines) {
      for share in [0.6, 0.7] {
        let price = machines.pricePerHour * (1 - share) + spot * share
        add(.sharedNodes(spotShare: share), nodeHours: peak.nodeHours, spotShare: share, cost: peak.nodeHours * price)
      }
    }
    for outcome in outcomes {
      add(
        .rehearsed(outcome.strategy), nodeHours: outcome.nodeHours, spotShare: outcome.spotShare, cost: outcome.cost)
    }
  }

  /// What the same machine costs as spot.
  private static func spotPrice(_ scenario: Scenario, _ machines: VMGroups) -> Double? {
    scenario.cloud.groups.filter { $0.isSpot && $0.instanceType == machines.instanceType }.map(\.pricePerHour).min()
  }
}
