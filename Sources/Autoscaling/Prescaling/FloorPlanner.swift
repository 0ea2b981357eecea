import Kubernetes

/// The floors of one push: for each service that its load reaches, how many pods it must have.
///
/// Loads of overlapping pushes add up, and what the service serves besides comes on top.
struct FloorPlanner {
  var forecast: CampaignForecast
  /// All of the namespace that are not over, this one included.
  var pushes: NamespacePushes
  var fleet: Fleet
  var recorded: [PushCampaign.Floor]
  var now: Timestamp

  struct Plan {
    var floors: [PushCampaign.Floor] = []
    /// Whether a floor went up, or down.
    var hasRaised = false
    var hasLowered = false
    /// Whether fewer pods of a service are ready than before.
    var hasLost = false
    var problems: [String] = []
    /// Services whose maximum is too small.
    var isLimited = false
  }

  /// A change of the other load within this share is noise: floors must not follow each sample.
  static let baseChangeMin = 0.1

  /// - Parameters:
  ///   - isReleasing: only what is still to come counts, and what is observed.
  ///   - mayLower: whether floors may go down now.
  func plan(isReleasing: Bool, mayLower: Bool) -> Plan {
    var plan = Plan()
    plan.floors.reserveCapacity(forecast.services.count)
    var last = RecordedFloors(recorded)
    let start = isReleasing ? now : forecast.load.sendAt
    let end = max(forecast.load.end, start)
    var finder = ServiceFinder(fleet)
    for (index, service) in forecast.services.enumerated() {
      guard let number = finder.number(of: service) else { continue }
      let state = fleet.services[number]
      let old = last.next(of: service)
      let pushLoad = pushes.profiles.peak(on: number, from: start, to: end)
      var floor = PushCampaign.Floor()
      floor.service = service
      floor.ready = state.ready
      if let old, floor.ready < min(old.ready, old.replicas) { plan.hasLost = true }
      floor.declared = state.declared
      floor.peakLoad = Self.tenth(forecast.peak(on: index))
      floor.baseLoad = base(state, old)
      let need = need(state, base: floor.baseLoad, pushLoad: pushLoad, isReleasing: isReleasing, &plan)
      let target = min(max(need, state.declared), max(state.maximum, state.declared))
      if let old, old.replicas > target, !mayLower {
        floor.replicas = old.replicas
      } else {
        floor.replicas = target
        if let old, old.replicas > target { plan.hasLowered = true }
      }
      if floor.replicas > old?.replicas ?? 0 { plan.hasRaised = true }
      plan.floors.append(floor)
    }
    return plan
  }

  private func need(
    _ state: ServiceState, base: Double, pushLoad: Double, isReleasing: Bool, _ plan: inout Plan
  ) -> Int {
    let name = state.key.name
    if state.podToCome == nil { plan.problems.append("\(name) has no deployment") }
    guard let perPod = state.perPod else {
      guard pushLoad > 0 else { return state.declared }
      plan.problems.append(
        "what a pod of \(name) can take is not declared, so its maximum of \(state.maximum) is kept ready")
      return state.maximum
    }
    var need = Sizing.replicas(load: base + pushLoad, perPod: perPod)
    if isReleasing {
      need = max(need, Sizing.replicas(load: state.observed ?? 0, perPod: perPod))
    } else if need > state.maximum {
      plan.problems.append("\(name) needs \(need) pods and may have \(state.maximum)")
      plan.isLimited = true
    }
    return need
  }

  /// What the service serves besides pushes. While recipients answer it cannot be told apart, so what was seen before
  /// stands; a push announced only as it is sent takes all that it sees.
  private func base(_ state: ServiceState, _ old: PushCampaign.Floor?) -> Double {
    let before = old?.baseLoad ?? pushes.base(on: state.key.name, besides: forecast.key)
    guard let observed = state.observed else { return before ?? 0 }
    guard pushes.isQuiet else { return before ?? Self.tenth(observed) }
    guard let old else { return Self.tenth(observed) }
    let noise = max(Self.baseChangeMin * max(old.baseLoad, observed), 0.02 * old.peakLoad, 0.5)
    return abs(observed - old.baseLoad) > noise ? Self.tenth(observed) : old.baseLoad
  }

  private static func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// Floors as they were recorded: mostly asked for in their order, so that none has to be looked up.
private struct RecordedFloors {
  private let floors: [PushCampaign.Floor]
  private var position = 0
  private var byService: [String: Int]?

  init(_ floors: [PushCampaign.Floor]) { self.floors = floors }

  mutating func next(of service: String) -> PushCampaign.Floor? {
    if position < floors.count, floors[position].service == service {
      position += 1
      return floors[position - 1]
    }
    let known =
      byService
      ?? Dictionary(floors.indices.map { (floors[$0].service, $0) }, uniquingKeysWith: { first, _ in first })
    byService = known
    return known[service].map { floors[$0] }
  }
}
