import Kubernetes

extension Scenario {
  /// The same day, on which senders keep to the pace that was asked for: until capacity is there a push goes out by and
  /// by, and the rest at once.
  func paced(by plans: [PushOutcome]) -> Scenario {
    var paced = self
    paced.pushes = pushes.flatMap { push -> [ScheduledPush] in
      guard let plan = plans.first(where: { $0.name == push.name }), let pace = plan.pacePerSecond, pace > 0 else {
        return [push]
      }
      return Self.portions(of: push, pace: pace, until: plan.readyAt)
    }
    return paced
  }

  /// A push is cut into so many portions at most.
  private static let portionsMax = 120

  private static func portions(of push: ScheduledPush, pace: Double, until ready: Timestamp?) -> [ScheduledPush] {
    let all = Double(push.audience) / pace
    let paced = min(all, ready.map { max($0 - push.sendAt, 0) } ?? all)
    guard paced > 0 else { return [push] }
    let count = min(max(Int((paced / 5).rounded(.up)), 1), portionsMax)
    var left = push.audience
    var portions = (0..<count).map { index in
      var portion = push
      portion.audience = min(left, Int(pace * paced / Double(count)))
      left -= portion.audience
      portion.sendAt = push.sendAt + paced * Double(index) / Double(count)
      return portion
    }
    if left > 0 {
      var rest = push
      rest.audience = left
      rest.sendAt = push.sendAt + paced
      portions.append(rest)
    }
    return portions
  }
}
