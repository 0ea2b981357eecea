import Autoscaling
import Definitions
import Kubernetes

/// Load, pushes and troubles.
extension ScenarioReader {
  private func service(_ name: String) -> MicroserviceSpec? {
    services.first { $0.microservice.metadata.name == name }?.microservice.spec
  }

  private func key(_ name: String) -> NamespacedName { NamespacedName(platform.namespace, name) }

  /// The exposed services of the fleet.
  private var exposed: [String] {
    services.filter { $0.microservice.spec.expose != nil }.map(\.microservice.metadata.name)
  }

  /// An error where `name` is none that can be reached from outside.
  private mutating func checkExposed(_ name: Placed<String>, _ path: String) {
    guard let spec = service(name.value) else {
      return add(
        name.place, "\(path): there is no service \"\(name.value)\" in the fleet",
        Diagnostic.nearest(to: name.value, in: names))
    }
    guard spec.expose == nil else { return }
    let others = exposed.joined(separator: ", ")
    add(
      name.place, "\(path): nobody exposes \(name.value), so nothing comes to it from outside",
      "add expose to its definition" + (others.isEmpty ? "" : ", or name one that is exposed: \(others)"))
  }

  private static let requestsPerSecondMax = 1e9

  mutating func loadCurves() -> [NamespacedName: LoadCurve] {
    var curves: [NamespacedName: LoadCurve] = [:]
    for load in definition.loads {
      checkExposed(load.service, "spec.load")
      var curve: LoadCurve
      switch load.form {
      case .constant(let rate): curve = LoadCurve([.init(seconds: 0, requestsPerSecond: rate)])
      case .daily(let points): curve = LoadCurve(daily(points))
      case .measured(let source, let from):
        guard let series = series[load.service.value] else { continue }
        curve = measured(series, source, from: from)
      }
      if load.times != 1 {
        for index in curve.points.indices { curve.points[index].requestsPerSecond *= load.times }
      }
      if let most = curve.points.map(\.requestsPerSecond).max(), !(most <= Self.requestsPerSecondMax) {
        add(
          load.service.place,
          "spec.load: \(load.service.value) gets more than \(Int(Self.requestsPerSecondMax)) a second",
          "correct the unit: requests per second")
      }
      curves[key(load.service.value)] = curve
    }
    return curves
  }

  /// A day's points, repeated for as long as the rehearsal takes.
  private func daily(_ points: [(seconds: Double, requestsPerSecond: Double)]) -> [LoadCurve.Point] {
    let begin = definition.startOfDaySeconds
    var all: [LoadCurve.Point] = []
    for day in -1...2 {
      all += points.map {
        LoadCurve.Point(seconds: Double(day) * 86_400 + $0.seconds - begin, requestsPerSecond: $0.requestsPerSecond)
      }
    }
    let line = LoadLine(all)
    let end = definition.durationSeconds
    let inside = all.filter { $0.seconds > 0 && $0.seconds < end }
    return [.init(seconds: 0, requestsPerSecond: line.value(at: 0))] + inside
      + [.init(seconds: end, requestsPerSecond: line.value(at: end))]
  }

  /// - Returns: the part of a series that is rehearsed; an error is collected where it does not reach over all of it.
  private mutating func measured(_ series: Series, _ source: SeriesSource, from: Timestamp?) -> LoadCurve {
    let origin: Double
    switch series.clock {
    case .unstated: origin = 0
    case .timeOfDay: origin = definition.startOfDaySeconds
    case .unix: origin = (from ?? definition.start).seconds
    }
    if from != nil, series.clock != .unix {
      add(source.place, "\(source.path) has no dates, so from has no meaning", "remove from")
    }
    guard let first = series.samples.first?.seconds, let last = series.samples.last?.seconds else {
      return LoadCurve([])
    }
    // The last sample stands for the step after it.
    let slack = 2 * (series.stepSeconds ?? 0) + 1
    if series.clock == .timeOfDay, first <= slack, last >= 86_400 - slack {
      // A whole day, which any other is like.
      return LoadCurve(daily(series.samples.map { ($0.seconds, $0.value) }))
    }
    if first > origin + slack || last + slack < origin + definition.durationSeconds {
      let (from, to) = (Self.moment(first, series.clock), Self.moment(last, series.clock))
      let needed =
        Self.moment(origin, series.clock) + " to "
        + Self.moment(origin + definition.durationSeconds, series.clock)
      add(
        source.place, "\(source.path) was measured from \(from) to \(to); the rehearsal needs \(needed)",
        series.clock == .unix
          ? "give from: the moment of the series at which the rehearsal begins, such as \(from), or another duration"
          : "measure for longer, or change start and duration")
    }
    return series.loadCurve(from: origin)
  }

  private static func moment(_ seconds: Double, _ clock: Series.Clock) -> String {
    switch clock {
    case .unix: return Timestamp(seconds: seconds).rfc3339
    case .unstated: return "\(Int(seconds)) s"
    case .timeOfDay:
      let minutes = Int(seconds / 60)
      return "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    }
  }

  mutating func scheduledPushes(_ prescaling: PrescalingDecision.Configuration) -> [ScheduledPush] {
    let driven = services.contains { $0.microservice.spec.expose != nil && $0.microservice.spec.scale.push }
    var pushes: [ScheduledPush] = []
    for push in definition.pushes {
      for name in push.services { checkExposed(name, "push \"\(push.name.value)\"") }
      if push.services.isEmpty, !driven {
        add(
          push.name.place, "push \"\(push.name.value)\" reaches no service: none that is exposed has scale.push",
          exposed.isEmpty
            ? "add expose and scale: { push: true } to one"
            : "add scale: { push: true } to \(exposed[0]), or name services")
      }
      if let kind = push.kind, prescaling.kinds[kind.value] == nil {
        add(
          kind.place, "push \"\(push.name.value)\": the platform has no kind \"\(kind.value)\"",
          Diagnostic.nearest(to: kind.value, in: Array(prescaling.kinds.keys)))
      }
      pushes.append(
        ScheduledPush(
          name: push.name.value, namespace: platform.namespace, sendAt: push.sendAt,
          announcedAt: push.sendAt - push.announcedBeforeSeconds, audience: push.audience,
          kind: push.kind?.value ?? "", services: push.services.map(\.value), response: response(of: push)))
    }
    return pushes.sorted { ($0.sendAt, $0.name) < ($1.sendAt, $1.name) }
  }

  /// Read as the platform's own kinds are.
  private mutating func response(of push: RehearsalDefinition.Push) -> PrescalingDecision.Configuration.Kind? {
    guard let response = push.response else { return nil }
    do throws(FieldError) {
      return try PrescalingDecision.Configuration(json: ["pushes": ["kinds": ["real": response]]]).kinds["real"]
    } catch {
      add(push.name.place, "push \"\(push.name.value)\": response: \(error.message)", "correct it")
      return nil
    }
  }

  mutating func troubles() -> [Trouble] {
    definition.troubles.compactMap { trouble($0) }.sorted { $0.at < $1.at }
  }

  private mutating func trouble(_ written: RehearsalDefinition.Trouble) -> Trouble? {
    let name = written.kind.rawValue
    if let group = written.group {
      let known = platform.nodeGroups.filter { written.kind != .spotReclaim || $0.isSpot }.map(\.name)
      if !known.contains(group.value) {
        let isOther = platform.nodeGroups.contains { $0.name == group.value }
        add(
          group.place,
          isOther
            ? "\(name): node group \"\(group.value)\" is not of spot nodes"
            : "\(name): the platform has no node group \"\(group.value)\"",
          isOther ? "name one with spot: true, or use nodesFail" : Diagnostic.nearest(to: group.value, in: known))
      }
    }
    if let zone = written.zone, !definition.cloud.zones.contains(zone.value) {
      add(
        zone.place, "\(name): the cloud has no zone \"\(zone.value)\"",
        Diagnostic.nearest(to: zone.value, in: definition.cloud.zones))
    }
    let group = written.group?.value ?? ""
    let kind: Trouble.Kind =
      switch written.kind {
      case .spotReclaim: .spotReclaim(group: group, share: written.share)
      case .zoneLost: .zoneLost(zone: written.zone?.value ?? "")
      case .nodesFail: .nodesFail(group: group, share: written.share)
      case .groupExhausted: .groupExhausted(group: group)
      case .slowRegistry: .slowRegistry(factor: written.factor)
      case .slowAPI: .slowAPI(delaySeconds: written.delaySeconds)
      case .metricsMissing: .metricsMissing
      }
    return Trouble(at: written.at, durationSeconds: written.durationSeconds, kind)
  }
}
