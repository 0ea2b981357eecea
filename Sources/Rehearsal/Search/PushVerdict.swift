import Autoscaling
import Kubernetes

/// How one push of a random day went, and whether it had to go well.
public struct PushVerdict: Sendable, Hashable {
  public var name: String
  /// Whether the platform heard of it early enough to boot nodes and start pods.
  public var isAnnounced: Bool
  /// Whether the maxima of services and node groups suffice for what the platform expects of it.
  public var isWithinQuota: Bool
  public var requests: Double
  public var failed: Double
  public var minutesOutside: Int
  /// Whether the plan said when it was sent that its capacity was not there, and how fast to send.
  public var isForetold: Bool
  /// What the plan said.
  public var message: String
  /// What went wrong around it.
  public var troubles: [String]
  /// Of that, what began after it was sent: no plan could say it beforehand.
  public var struckBy: [String]
  /// How long after the first of those the plan said that capacity was lost, seconds; nil where it did not.
  public var toldAfterSeconds: Double?
  /// Pushes that were sent while this one was answered and before its first minute outside, and of which the plan had
  /// said that there was no capacity for them.
  public var crowdedBy: [String]

  /// Outside the objective without a word beforehand, as trouble struck when it was sent already.
  public var isStruck: Bool { minutesOutside > 0 && !isForetold && !struckBy.isEmpty }
  /// Outside the objective because another push came in between, of which the plan said so.
  public var isCrowded: Bool { minutesOutside > 0 && !isForetold && !isStruck && !crowdedBy.isEmpty }
  /// Whether the plan had said before, of this push or of one that came in between, that it would be outside.
  public var isWarned: Bool { isForetold || isCrowded }
  /// Within the objective, or said beforehand not to be, or not the prescaler's to keep.
  public var isKept: Bool { minutesOutside == 0 || isWarned || !isAnnounced || !isWithinQuota }
}

extension PushVerdict {
  /// - Parameters:
  ///   - others: all pushes of the day.
  ///   - planned: the bound of the day as the platform expects it.
  init(
    _ push: ScheduledPush, _ outcome: PushOutcome, among others: [PushOutcome], of scenario: Scenario,
    planned: PlannedDay
  ) {
    name = push.name
    let lead = scenario.prescaling.lead
    let boot = (scenario.cloud.groups.map(\.bootSeconds).max() ?? 0) * (1 + scenario.cloud.bootJitter)
    let needed = boot + lead.schedule + lead.imagePull + lead.start + lead.ready + scenario.prescaling.margin
    isAnnounced = push.sendAt - push.announcedAt >= needed
    isWithinQuota = planned.fits(push)
    requests = outcome.requests
    failed = outcome.failed
    minutesOutside = outcome.minutesOutside
    isForetold = outcome.isForetold
    message = outcome.message
    let end = push.sendAt + push.answered(scenario.prescaling).shape.durationSeconds
    let around = scenario.troubles.filter { trouble in
      trouble.at <= end && trouble.at + trouble.durationSeconds + Self.aftermathSeconds >= push.sendAt
    }
    troubles = around.map { "\($0.kind)" }
    let striking = around.filter { $0.at >= push.sendAt }
    struckBy = striking.map { "\($0.kind)" }
    crowdedBy = outcome.crowding(others)
    toldAfterSeconds = striking.first.flatMap { first in outcome.lossToldAt.map { $0 - first.at } }
  }

  /// How long after its end a trouble may still be felt.
  private static let aftermathSeconds = 900.0
}

extension PushOutcome {
  /// Whether the plan said when it was sent that it is late, or how fast to send.
  var isForetold: Bool { pacePerSecond != nil || readyAt.map { $0 > sentAt } ?? false }

  /// Which of other pushes came before its first minute outside, with too little capacity by their own plans.
  func crowding(_ others: [PushOutcome]) -> [String] {
    guard let outsideSince else { return [] }
    return others.filter { $0.isForetold && $0.sentAt > sentAt && $0.sentAt <= outsideSince }.map(\.name)
  }
}

/// A day as the platform expects it: each pod given no more than what is planned for it, each kind of push answered as
/// declared.
struct PlannedDay {
  private let scenario: Scenario
  private let failed: [(start: Double, end: Double)]

  init(_ scenario: Scenario) {
    var planned = scenario
    planned.troubles = []
    for index in planned.pushes.indices { planned.pushes[index].response = nil }
    for index in planned.services.indices {
      let capacity = planned.services[index].microservice.spec.capacity
      planned.services[index].behavior.requestsPerSecond *= scenario.prescaling.utilization(of: capacity)
      planned.services[index].behavior.queueMax = 0
    }
    self.scenario = scenario
    failed = Clairvoyant.overloads(of: planned)
  }

  /// Whether the maxima suffice while a push is answered.
  func fits(_ push: ScheduledPush) -> Bool {
    let start = push.sendAt - scenario.start
    let kind = scenario.prescaling.kind(push.kind) ?? scenario.prescaling.defaultKind
    let end = start + kind.shape.durationSeconds
    return !failed.contains { $0.start < end && $0.end > start }
  }
}
