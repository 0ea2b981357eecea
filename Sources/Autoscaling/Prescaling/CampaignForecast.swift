import Kubernetes

/// What one push is expected to bring to each service.
struct CampaignForecast {
  var key: NamespacedName
  /// At the edge, from the moment that capacity allows: the sender of a late push waits, or sends at the given pace.
  var load: CampaignLoad
  var sendAt: Timestamp
  var openRate: Double
  /// Where it comes in.
  var entries: [String]
  /// Requests on each service for one at the edge.
  var factors: [String: Double]
  /// The services that it reaches, by name.
  let services: [String]
  /// Of each of them, its factor.
  private let shares: [Double]
  var problems: [String]

  /// Why nothing can be planned, in words for the sender.
  struct Unplannable: Error { var message: String }

  init(
    _ campaign: PushCampaign, _ spreads: inout Spreads, _ configuration: PrescalingDecision.Configuration
  ) throws(Unplannable) {
    guard let sendAt = campaign.spec.sendAt else {
      throw Unplannable(message: "Nothing is planned: the push does not say when it is sent (sendAt).")
    }
    guard campaign.spec.audience > 0 else {
      throw Unplannable(message: "Nothing is planned: the push has no audience.")
    }
    key = campaign.key
    self.sendAt = sendAt
    var problems: [String] = []
    let kind = configuration.kind(campaign.spec.kind)
    if kind == nil { problems.append("the kind \"\(campaign.spec.kind)\" is not known and planned as the default") }
    let used = kind ?? configuration.defaultKind
    openRate = used.openRate
    load = CampaignLoad(
      sendAt: max(sendAt, Self.capacityAt(campaign.status) ?? sendAt),
      responses: Double(campaign.spec.audience) * used.openRate, shape: used.shape)
    entries = campaign.spec.services.isEmpty ? spreads.entries : Array(Set(campaign.spec.services)).sorted()
    if entries.isEmpty { problems.append("no exposed service is driven by pushes (expose and scale.push)") }
    let spread = spreads.spread(from: entries)
    factors = spread.factors
    services = spread.services
    shares = spread.shares
    self.problems = problems + spread.problems
  }

  /// When capacity is there, or was: only what has started can be late.
  private static func capacityAt(_ status: PushCampaign.Status) -> Timestamp? {
    PushCampaign.Phase(rawValue: status.phase)?.holdsFloors == true ? status.readyAt : nil
  }

  /// The greatest load of this push alone on one of its services, requests per second.
  func peak(on service: Int) -> Double { load.responses * load.shape.height * shares[service] }
  /// The greatest load at the edge.
  var edgePeak: Double { load.responses * load.shape.height }

  /// Whether recipients may be answering now.
  func isAnswered(at now: Timestamp) -> Bool { sendAt <= now && now <= load.end }
}

/// How load spreads over a fleet from the entries that were asked for: most pushes have the same.
struct Spreads {
  let graph: CallGraph
  let entries: [String]
  private var known: [[String]: CallGraph.Spread] = [:]

  init(_ fleet: Fleet) {
    graph = fleet.graph
    entries = fleet.entries
  }

  mutating func spread(from entries: [String]) -> CallGraph.Spread {
    if let spread = known[entries] { return spread }
    let spread = graph.spread(from: entries)
    known[entries] = spread
    return spread
  }
}

extension PushCampaign.Phase {
  /// Whether floors are held for a push in this phase.
  public var holdsFloors: Bool {
    switch self {
    case .preparing, .ready, .active, .releasing: true
    case .planned, .released, .cancelled: false
    }
  }
  /// Whether nothing more will happen.
  public var isOver: Bool { self == .released || self == .cancelled }
}

extension Timestamp {
  /// As it reads after it was written to an object: whole seconds, cut.
  var whole: Timestamp {
    let second: Int64 = 1_000_000_000
    return Timestamp(nanoseconds: nanoseconds - (nanoseconds % second + second) % second)
  }
  /// The next whole second, for a promise that must not be early.
  var wholeUp: Timestamp { whole == self ? self : whole + 1 }
}
