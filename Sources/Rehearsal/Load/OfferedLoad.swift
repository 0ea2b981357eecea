public import Autoscaling
public import Kubernetes

/// What comes to a fleet from outside, and what that makes of each service where no request fails: the load of the day,
/// and what the recipients of pushes bring, carried along the calls.
public struct OfferedLoad: Sendable {
  /// A service that is reached from outside.
  public struct Entry: Sendable {
    /// In the scenario's services.
    public var service: Int
    public var line: LoadLine
    /// Requests on each service that it reaches for one request here, itself with 1.
    public var reaches: [(service: Int, perRequest: Double)]
  }

  /// In the order of the scenario's services.
  public let entries: [Entry]
  /// Of each of the scenario's services, in their order.
  public let services: [LoadLine]
  /// Of all entries.
  public let edge: LoadLine
  /// From the first notification to the last request of each push, in seconds from the start: one that goes out by and
  /// by is several of one name.
  public let pushSeconds: [String: ClosedRange<Double>]

  public init(_ scenario: Scenario) {
    let indices = Dictionary(
      scenario.services.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    var graphs: [String: CallGraph] = [:]
    for (namespace, services) in Dictionary(grouping: scenario.services, by: \.key.namespace) {
      graphs[namespace] = CallGraph(services.map(\.microservice))
    }
    var entries: [Entry] = []
    for (index, service) in scenario.services.enumerated() {
      var lines = Self.pushes(on: service, in: scenario)
      if let curve = scenario.load[service.key] { lines.append((LoadLine(curve), 1)) }
      guard !lines.isEmpty, let graph = graphs[service.key.namespace] else { continue }
      let spread = graph.spread(from: [service.key.name])
      let reaches = spread.services.compactMap { name in
        indices[NamespacedName(service.key.namespace, name)].map { ($0, spread.factors[name] ?? 0) }
      }
      entries.append(Entry(service: index, line: LoadLine(sumOf: lines), reaches: reaches))
    }
    self.entries = entries
    var parts = scenario.services.map { _ in [(line: LoadLine, weight: Double)]() }
    for entry in entries {
      for (service, perRequest) in entry.reaches { parts[service].append((entry.line, perRequest)) }
    }
    services = parts.map(LoadLine.init(sumOf:))
    edge = LoadLine(sumOf: entries.map { ($0.line, 1) })
    pushSeconds = scenario.pushes.reduce(into: [:]) { spans, push in
      let sent = push.sendAt - scenario.start
      let end = sent + push.answered(scenario.prescaling).shape.durationSeconds
      let known = spans[push.name] ?? sent...end
      spans[push.name] = min(known.lowerBound, sent)...max(known.upperBound, end)
    }
  }

  /// As the platform plans them: the services that a push names, or else every exposed one of the namespace that pushes
  /// drive, gets all who answer.
  private static func pushes(on service: RehearsedService, in scenario: Scenario) -> [(line: LoadLine, weight: Double)]
  {
    let spec = service.microservice.spec
    guard spec.expose != nil else { return [] }
    return scenario.pushes.filter { push in
      push.namespace == service.key.namespace
        && (push.services.isEmpty ? spec.scale.push : push.services.contains(service.key.name))
    }.map { push in
      (push.line(from: scenario.start, scenario.prescaling), 1)
    }
  }
}

extension ScheduledPush {
  /// How the crowd really answers.
  public func answered(_ configuration: PrescalingDecision.Configuration) -> PrescalingDecision.Configuration.Kind {
    response ?? configuration.kind(kind) ?? configuration.defaultKind
  }

  /// What those who answer bring to one entry, in seconds from a rehearsal's start.
  public func line(from start: Timestamp, _ configuration: PrescalingDecision.Configuration) -> LoadLine {
    let kind = answered(configuration)
    let (shape, sent) = (kind.shape, sendAt - start)
    let height = Double(audience) * kind.openRate * shape.height
    return LoadLine(
      [
        (0, 0), (shape.riseSeconds, height), (shape.plateauEndSeconds, height), (shape.durationSeconds, 0),
      ].map { LoadCurve.Point(seconds: sent + $0.0, requestsPerSecond: $0.1) })
  }
}
