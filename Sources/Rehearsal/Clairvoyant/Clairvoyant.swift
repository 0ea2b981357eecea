import Autoscaling
import Kubernetes

/// The least that nodes can cost where no request fails. Why it is a bound: docs/clairvoyant.md.
public struct Clairvoyant {
  private let scenario: Scenario
  private let load: OfferedLoad
  private let time: PodBound
  private let calm: [Bool]

  public static func outcome(of scenario: Scenario, seed: UInt64, stepSeconds: Double = 60) -> Outcome {
    Clairvoyant(scenario).outcome(seed, stepSeconds)
  }

  /// Spans, in seconds from the start, in which the maxima of services or node groups do not suffice.
  static func overloads(of scenario: Scenario) -> [(start: Double, end: Double)] {
    let bounds = Clairvoyant(scenario)
    let nodes = NodeBound(scenario)
    var demand = nodes.demand(moments: bounds.time.cells)
    var isOver = bounds.calm.map { _ in false }
    for (index, service) in scenario.services.enumerated() {
      let need = bounds.time.need(of: service, bounds.load.services[index], calm: bounds.calm)
      nodes.add(need.pods, of: index, to: &demand)
      for (cell, excess) in need.excess.enumerated() where excess > 0 { isOver[cell] = true }
    }
    for cell in isOver.indices where nodes.nodes(at: cell, &demand, keepsMinima: true).isShort { isOver[cell] = true }
    let seconds = bounds.time.cellSeconds
    return isOver.indices.filter { isOver[$0] }.map { (Double($0) * seconds, Double($0 + 1) * seconds) }
  }

  private init(_ scenario: Scenario) {
    self.scenario = scenario
    load = OfferedLoad(scenario)
    time = PodBound(scenario)
    calm = Self.calm(scenario, time)
  }

  /// Nodes and pods that a trouble took are back after so long at the latest: until then minima are not counted on.
  private static let recoverySeconds = 900.0

  /// Whether each cell is untouched by troubles that take nodes away.
  private static func calm(_ scenario: Scenario, _ time: PodBound) -> [Bool] {
    var calm = [Bool](repeating: true, count: time.cells)
    for trouble in scenario.troubles {
      switch trouble.kind {
      case .spotReclaim, .zoneLost, .nodesFail, .groupExhausted: break
      case .slowRegistry, .slowAPI, .metricsMissing: continue
      }
      let start = trouble.at - scenario.start
      let first = min(max(Int((start / time.cellSeconds).rounded(.down)), 0), time.cells)
      let end = ((start + trouble.durationSeconds + recoverySeconds) / time.cellSeconds).rounded(.up)
      for cell in first..<max(first, min(Int(max(end, 0)), time.cells)) { calm[cell] = false }
    }
    return calm
  }

  private func outcome(_ seed: UInt64, _ stepSeconds: Double) -> Outcome {
    var outcome = Outcome(strategy: .clairvoyant, seed: seed)
    outcome.series.stepSeconds = stepSeconds
    let steps = max(Int((scenario.durationSeconds / stepSeconds).rounded(.up)), 1)
    let bound = NodeBound(scenario)
    var demand = bound.demand(moments: time.cells)
    var failed = [Double](repeating: 0, count: time.cells)
    for (index, service) in scenario.services.enumerated() {
      let need = time.need(of: service, load.services[index], calm: calm)
      bound.add(need.pods, of: index, to: &demand)
      outcome.services.append(result(of: service, need))
      outcome.series.services.append(series(of: service, index, need, steps, stepSeconds))
      guard !need.excess.isEmpty else { continue }
      let perRequest = load.entries.flatMap(\.reaches).filter { $0.service == index }.map(\.perRequest).max() ?? 1
      for (cell, excess) in need.excess.enumerated() where excess > 0 {
        failed[cell] = max(failed[cell], excess / max(perRequest, 1e-9))
      }
    }
    let nodes = (0..<time.cells).map { bound.nodes(at: $0, &demand, keepsMinima: calm[$0]) }
    bill(nodes, bound.groups, steps, stepSeconds, &outcome)
    count(failed, steps, stepSeconds, &outcome)
    if let short = nodes.firstIndex(where: \.isShort) {
      let moment = scenario.start + Double(short) * time.cellSeconds
      outcome.notes.append(
        DecisionNote(
          at: moment, controller: "clairvoyant", about: "node groups",
          text: "the groups' maxima are too small for the pods that the load needs"))
    }
    return outcome
  }

  private func result(of service: RehearsedService, _ need: PodBound.Need) -> ServiceOutcome {
    var result = ServiceOutcome(service.key)
    result.requests = need.requests
    result.failed = need.excess.reduce(0, +)
    result.replicasMax = need.pods.max() ?? 0
    return result
  }

  private func series(
    of service: RehearsedService, _ index: Int, _ need: PodBound.Need, _ steps: Int, _ stepSeconds: Double
  ) -> ServiceSeries {
    var series = ServiceSeries(service.key)
    series.offered = load.services[index].peaks(every: stepSeconds, count: steps)
    let spans = (0..<steps).map { span(of: $0, stepSeconds) }
    series.ready = spans.map { need.pods[$0].max() ?? 0 }
    series.wanted = series.ready
    series.capacity = series.ready.map { Double($0) * service.behavior.requestsPerSecond }
    series.failed = spans.map { span in
      need.excess.isEmpty ? 0 : (need.excess[span].max() ?? 0) / time.cellSeconds
    }
    return series
  }

  /// The cells that a step of the series touches.
  private func span(of step: Int, _ stepSeconds: Double) -> Range<Int> {
    let first = min(Int(Double(step) * stepSeconds / time.cellSeconds), time.cells - 1)
    let last = (Double(step + 1) * stepSeconds / time.cellSeconds - 1e-9).rounded(.down)
    return first..<max(first + 1, min(Int(last) + 1, time.cells))
  }

  /// Every node is paid from the moment at which it was asked for.
  private func bill(
    _ nodes: [NodeBound.Nodes], _ groups: [NodeGroup], _ steps: Int, _ stepSeconds: Double, _ outcome: inout Outcome
  ) {
    let next = Int(time.bootSeconds / time.cellSeconds)
    // A cell is paid at least as every moment within a boot time after it; behind the end nobody knows.
    let minima = groups.map { Double($0.minimum) }
    let paid = SlidingMaximum.indices(of: nodes, next: max(next, 1))
    var (onDemand, spot) = ([Double](), [Double]())
    for cell in nodes.indices {
      let isBounded = next > 0 && cell + 1 < nodes.count
      let counts = isBounded ? nodes[paid[cell + 1]].counts : calm[cell] ? minima : minima.map { _ in 0 }
      let seconds = min(time.cellSeconds, scenario.durationSeconds - Double(cell) * time.cellSeconds)
      var byKind = (onDemand: 0.0, spot: 0.0)
      for (group, count) in zip(groups, counts) {
        if group.isSpot { byKind.spot += count } else { byKind.onDemand += count }
        outcome.cost += count * group.pricePerHour * seconds / 3600
      }
      outcome.onDemandNodeHours += byKind.onDemand * seconds / 3600
      outcome.spotNodeHours += byKind.spot * seconds / 3600
      onDemand.append(byKind.onDemand)
      spot.append(byKind.spot)
    }
    for step in 0..<steps {
      let span = span(of: step, stepSeconds)
      outcome.series.onDemandNodes.append(Int((onDemand[span].max() ?? 0).rounded(.up)))
      outcome.series.spotNodes.append(Int((spot[span].max() ?? 0).rounded(.up)))
    }
  }

  /// What comes at the edge, and what of it cannot be served by anyone.
  private func count(_ failed: [Double], _ steps: Int, _ stepSeconds: Double, _ outcome: inout Outcome) {
    outcome.requests = load.edge.area(from: 0, to: scenario.durationSeconds)
    outcome.failed = min(failed.reduce(0, +), outcome.requests)
    outcome.series.offered = load.edge.peaks(every: stepSeconds, count: steps)
    outcome.series.failed = (0..<steps).map { (failed[span(of: $0, stepSeconds)].max() ?? 0) / time.cellSeconds }
    let minutes = load.edge.areas(every: 60, count: max(Int((scenario.durationSeconds / 60).rounded(.up)), 1))
    var lost = minutes.map { _ in 0.0 }
    for (cell, count) in failed.enumerated() where count > 0 {
      lost[min(Int((Double(cell) + 0.5) * time.cellSeconds / 60), lost.count - 1)] += count
    }
    let isOutside = zip(minutes, lost).map { $1 > (1 - scenario.objective.successRateMin) * $0 && $1 > 0 }
    outcome.minutesOutside = isOutside.count { $0 }
    for push in scenario.pushes {
      let start = push.sendAt - scenario.start
      let end = start + push.answered(scenario.prescaling).shape.durationSeconds
      var result = PushOutcome(name: push.name, sentAt: push.sendAt)
      result.requests = load.edge.area(from: start, to: end)
      for cell in failed.indices where failed[cell] > 0 {
        let moment = (Double(cell) + 0.5) * time.cellSeconds
        if moment >= start, moment < end { result.failed += failed[cell] }
      }
      result.minutesOutside = isOutside.indices.count {
        isOutside[$0] && Double($0 + 1) * 60 > start && Double($0) * 60 < end
      }
      outcome.pushes.append(result)
    }
  }
}
