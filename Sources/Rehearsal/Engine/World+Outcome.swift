import Autoscaling
import Kubernetes

/// What is written down while a rehearsal runs, and what it comes to.
extension World {
  mutating func record() {
    if outcome.series.services.isEmpty {
      outcome.series.services = scenario.services.map { ServiceSeries($0.key) }
    }
    for service in services.indices {
      let least = Double(capacity.least[service]) * services[service].behavior.requestsPerSecond
      outcome.series.services[service].capacity.append(least)
      outcome.series.services[service].ready.append(services[service].ready)
      outcome.series.services[service].wanted.append(services[service].replicas)
    }
    capacity.resetLeast()
    var (onDemand, spot) = (0, 0)
    for group in fleet.groups.indices {
      if fleet.groups[group].group.isSpot { spot += living[group].count } else { onDemand += living[group].count }
    }
    outcome.series.onDemandNodes.append(onDemand)
    outcome.series.spotNodes.append(spot)
  }

  mutating func finish() -> Outcome {
    traffic.advance(to: now)
    capacity.finish(at: now)
    let recorded = outcome.series.services
    traffic.result(into: &outcome, of: scenario)
    for index in recorded.indices {
      outcome.series.services[index].capacity = recorded[index].capacity
      outcome.series.services[index].ready = recorded[index].ready
      outcome.series.services[index].wanted = recorded[index].wanted
      outcome.services[index].replicasMax = recorded[index].wanted.max() ?? 0
    }
    for node in nodes {
      let group = fleet.groups[node.group].group
      let hours = max((node.endedSeconds ?? now) - node.requestedSeconds, 0) / 3600
      if group.isSpot { outcome.spotNodeHours += hours } else { outcome.onDemandNodeHours += hours }
      outcome.cost += hours * group.pricePerHour
    }
    outcome.fullCapacitySeconds = capacity.longestSeconds
    if options.checksPromises { checkEnd() }
    outcome.violations += promises.violations
    return outcome
  }
}
