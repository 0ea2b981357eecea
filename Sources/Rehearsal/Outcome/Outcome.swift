public import Kubernetes

/// What a rehearsal of one strategy came to.
public struct Outcome: Sendable {
  public var strategy: Strategy
  public var seed: UInt64
  /// From outside, each counted once however often it was tried.
  public var requests: Double = 0
  public var failed: Double = 0
  /// Of any service, minutes in which one was outside its objective.
  public var minutesOutside = 0
  /// From the first second in which an exposed service was overloaded to the last pod that its load needed; the longest
  /// such time of the rehearsal, nil where nothing was ever overloaded.
  public var fullCapacitySeconds: Double?
  public var onDemandNodeHours: Double = 0
  public var spotNodeHours: Double = 0
  /// In the currency of the prices.
  public var cost: Double = 0
  /// Pods that were ended by other than their own scaling.
  public var evictions = 0
  public var services: [ServiceOutcome] = []
  public var pushes: [PushOutcome] = []
  public var series = OutcomeSeries()
  /// What each controller decided and on what grounds, in the order of time; kept where it was asked for.
  public var notes: [DecisionNote] = []
  /// Of the rehearsal itself, such as a promise that it found broken.
  public var violations: [String] = []

  public init(strategy: Strategy, seed: UInt64) {
    self.strategy = strategy
    self.seed = seed
  }

  public var nodeHours: Double { onDemandNodeHours + spotNodeHours }
  /// Of the node hours, 0 to 1.
  public var spotShare: Double { nodeHours == 0 ? 0 : spotNodeHours / nodeHours }
}

public struct ServiceOutcome: Sendable {
  public var service: NamespacedName
  /// With those of other services and all tries.
  public var requests: Double = 0
  public var failed: Double = 0
  public var minutesOutside = 0
  public var replicasMax = 0

  public init(_ service: NamespacedName) { self.service = service }
}

/// How a push of the calendar went, beside what the platform said beforehand.
public struct PushOutcome: Sendable {
  public var name: String
  public var sentAt: Timestamp
  /// What the plan said when the push was sent: its message, when capacity would be there, and at which rate to send.
  public var message: String
  public var readyAt: Timestamp?
  public var pacePerSecond: Double?
  /// When the plan said that capacity was lost, after it was sent; nil where it did not.
  public var lossToldAt: Timestamp?
  /// From its sending to the end of its response, at the edge.
  public var requests: Double = 0
  public var failed: Double = 0
  public var minutesOutside = 0
  /// When the first of those minutes' requests failed; nil where there is none.
  public var outsideSince: Timestamp?

  public init(name: String, sentAt: Timestamp, message: String = "") {
    self.name = name
    self.sentAt = sentAt
    self.message = message
  }
}

/// What there was at equal distances of time, for charts.
public struct OutcomeSeries: Sendable {
  public var stepSeconds: Double = 60
  /// At the edge, requests per second: the greatest of each step.
  public var offered: [Double] = []
  public var failed: [Double] = []
  /// By service: the offered load and the capacity of ready pods, requests per second (greatest load, least capacity).
  public var services: [ServiceSeries] = []
  /// Nodes that are paid for.
  public var onDemandNodes: [Int] = []
  public var spotNodes: [Int] = []

  public init() {}
}

public struct ServiceSeries: Sendable {
  public var service: NamespacedName
  public var offered: [Double] = []
  public var capacity: [Double] = []
  public var failed: [Double] = []
  public var ready: [Int] = []
  public var wanted: [Int] = []

  public init(_ service: NamespacedName) { self.service = service }
}

/// One decision, in words.
public struct DecisionNote: Sendable, Hashable {
  public var at: Timestamp
  /// Such as `horizontal-pod-autoscaler`, `prescaler`, `node-autoscaler`, `scheduler`.
  public var controller: String
  public var about: String
  /// What was decided and on what grounds.
  public var text: String

  public init(at: Timestamp, controller: String, about: String, text: String) {
    self.at = at
    self.controller = controller
    self.about = about
    self.text = text
  }
}
