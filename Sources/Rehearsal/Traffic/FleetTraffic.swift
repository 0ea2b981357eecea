import Kubernetes

/// Requests through a fleet, as fluids.
///
/// A service gets what comes from outside and what its callers' work asks of it; its ready pods work off what they can;
/// what they cannot waits in their queues as far as those hold it, and is refused beyond. What waited longer than its
/// caller is work for nothing. A try fails where the service refuses it, is too late, or where one of the calls that it
/// makes fails; a failed try is made again as often as callers do, so that overload feeds itself.
///
/// Services that have to do with one another make a part, which is brought forward only when something of it is asked or
/// changes. As long as every service of a part has room for what is offered, nothing has to be worked out: the load's
/// lines say it all. Else it goes in short steps.
package struct FleetTraffic {
  private struct Service {
    var perPod: Double
    var queuePerPod: Double
    var timeoutSeconds: Double
    var retriesMax: Int
    var ready = 0
    var backlog = 0.0
    /// Of the tries of the last step, the share that failed, 0 to 1.
    var tryFailure = 0.0
    // Of the step that is being made.
    var incoming = 0.0
    var refusedShare = 0.0
    var lateShare = 0.0

    var capacity: Double { Double(ready) * perPod }
    /// A request fails when all of its tries do.
    var failure: Double {
      var share = tryFailure
      for _ in 0..<retriesMax { share *= tryFailure }
      return share
    }
    /// Tries for each request.
    var triesPerRequest: Double {
      var (sum, share) = (1.0, 1.0)
      for _ in 0..<retriesMax {
        share *= tryFailure
        sum += share
      }
      return sum
    }
  }

  /// What happened at the edge in one short step.
  package struct EdgeStep {
    package var entry: Int
    package var seconds: Double
    package var span: Double
    package var requests: Double
    package var failed: Double
  }

  package let load: OfferedLoad
  private let order: CallOrder
  private let stepSeconds: Double
  private var services: [Service]
  /// Of each part: how far it was brought.
  private var reached: [Double]
  /// Of each part: until when it is known to be calm as things are.
  private var calmUntil: [Double]
  /// Which entry a service is; -1 where it is none.
  private let entryOfService: [Int]
  /// Of each service, tries beside those that were offered, up to the moment that its part has reached.
  private var triesBeside: [Double]
  /// By service: of minutes, and of the steps of a series; only of those that ever failed.
  package private(set) var minutes: [Int: TrafficTally] = [:]
  package private(set) var series: [Int: TrafficTally] = [:]
  package private(set) var edgeSteps: [EdgeStep] = []
  private let durationSeconds: Double
  private let seriesSeconds: Double

  /// - Parameters:
  ///   - stepSeconds: of the steps that busy parts go in.
  ///   - seriesSeconds: of the spans that failures are told by.
  package init(_ scenario: Scenario, _ load: OfferedLoad, stepSeconds: Double = 1, seriesSeconds: Double = 60) {
    self.load = load
    self.stepSeconds = stepSeconds
    self.seriesSeconds = seriesSeconds
    durationSeconds = scenario.durationSeconds
    order = CallOrder(scenario.services)
    services = scenario.services.map {
      Service(
        perPod: $0.behavior.requestsPerSecond, queuePerPod: $0.behavior.queueMax,
        timeoutSeconds: $0.behavior.timeoutSeconds, retriesMax: max($0.behavior.retriesMax, 0))
    }
    reached = order.parts.map { _ in 0 }
    calmUntil = order.parts.map { _ in 0 }
    triesBeside = services.map { _ in 0 }
    var entries = services.map { _ in -1 }
    for (index, entry) in load.entries.enumerated() { entries[entry.service] = index }
    entryOfService = entries
  }

  /// So many pods serve from a moment on, which is not before any that was named.
  package mutating func setReady(_ pods: Int, of service: Int, at seconds: Double) {
    guard services[service].ready != pods else { return }
    advance(part: order.partOfService[service], to: seconds)
    calmUntil[order.partOfService[service]] = 0
    services[service].ready = max(pods, 0)
  }

  package func ready(of service: Int) -> Int { services[service].ready }

  /// Tries that came to a service since the start, as its pods count them.
  package mutating func tries(of service: Int, until seconds: Double) -> Double {
    advance(part: order.partOfService[service], to: seconds)
    return load.services[service].area(to: seconds) + triesBeside[service]
  }

  /// Whether anything fails or waits at a service, or is about to.
  package func isBusy(_ service: Int) -> Bool { services[service].backlog > 0 || services[service].tryFailure > 0 }

  /// Brings all parts to a moment.
  package mutating func advance(to seconds: Double) {
    for part in order.parts.indices { advance(part: part, to: seconds) }
  }

  private mutating func advance(part: Int, to end: Double) {
    var now = reached[part]
    guard now < end else { return }
    while now < end {
      now = calmEnd(of: part, from: now, to: end)
      guard now < end else { break }
      let span = min(stepSeconds, end - now)
      step(part, at: now, span)
      now += span
    }
    reached[part] = end
  }

  /// Until when nothing has to be worked out.
  private mutating func calmEnd(of part: Int, from start: Double, to end: Double) -> Double {
    if end <= calmUntil[part] { return end }
    let farther = end + Self.foresightSeconds
    if firstTrouble(of: part, from: start, to: farther) == farther {
      calmUntil[part] = farther
      return end
    }
    return firstTrouble(of: part, from: start, to: end)
  }

  /// How far ahead a calm part is looked at.
  private static let foresightSeconds = 600.0

  private func firstTrouble(of part: Int, from start: Double, to end: Double) -> Double {
    var calm = end
    for index in order.parts[part] {
      let service = services[index]
      if service.backlog > 0 || service.tryFailure > 0 { return start }
      calm = load.services[index].firstAbove(service.capacity, from: start, to: calm) ?? calm
      if calm <= start { return start }
    }
    return calm
  }

  private mutating func step(_ part: Int, at now: Double, _ span: Double) {
    calmUntil[part] = 0
    let members = order.parts[part]
    for index in members { services[index].incoming = 0 }
    for index in members { take(index, at: now, span) }
    // From the last ones called back to the entries: what a try comes to.
    for index in members.reversed() {
      var success = (1 - services[index].refusedShare) * (1 - services[index].lateShare)
      for call in order.calls[index] {
        let failure = services[call.service].failure
        for _ in 0..<call.whole { success *= 1 - failure }
        success *= 1 - call.part * failure
      }
      let failure = 1 - success
      services[index].tryFailure = failure < 1e-9 ? 0 : failure
      tally(index, at: now, span)
    }
  }

  /// One service's share of a step: what comes, what is worked off, what waits and what is refused.
  private mutating func take(_ index: Int, at now: Double, _ span: Double) {
    let entry = entryOfService[index]
    let outside = entry < 0 ? 0 : load.entries[entry].line.area(from: now, to: now + span)
    var service = services[index]
    service.incoming += outside
    let tries = service.incoming * service.triesPerRequest
    let possible = service.capacity * span
    let waiting = service.backlog
    let worked = min(waiting + tries, possible)
    let left = waiting + tries - worked
    let refused = max(left - Double(service.ready) * service.queuePerPod, 0)
    service.backlog = left - refused < 1e-9 ? 0 : left - refused
    service.refusedShare = refused > 0 ? min(refused / max(tries, refused), 1) : 0
    service.lateShare = service.capacity > 0 && waiting / service.capacity > service.timeoutSeconds ? 1 : 0
    for call in order.calls[index] { services[call.service].incoming += worked * call.perRequest }
    services[index] = service
    triesBeside[index] += tries - load.services[index].area(from: now, to: now + span)
  }

  private mutating func tally(_ index: Int, at now: Double, _ span: Double) {
    let service = services[index]
    let beside = service.incoming - load.services[index].area(from: now, to: now + span)
    let failed = service.incoming * service.failure
    if failed > 0 || minutes[index] != nil {
      minutes[index, default: TrafficTally(binSeconds: 60, durationSeconds: durationSeconds)]
        .add(at: now, for: span, beside: beside, failed: failed)
      series[index, default: TrafficTally(binSeconds: seriesSeconds, durationSeconds: durationSeconds)]
        .add(at: now, for: span, beside: beside, failed: failed)
    }
    let entry = entryOfService[index]
    if entry >= 0, failed > 0 {
      let outside = load.entries[entry].line.area(from: now, to: now + span)
      edgeSteps.append(
        EdgeStep(entry: entry, seconds: now, span: span, requests: outside, failed: outside * service.failure))
    }
  }
}
