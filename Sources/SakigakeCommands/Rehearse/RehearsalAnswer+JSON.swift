import Definitions
import Kubernetes
import Rehearsal

/// The answer for programs.
extension RehearsalAnswer {
  func json(explanations: [Explanation]) -> JSONValue {
    var json: JSONObject = [
      "name": .string(scenario.name), "start": scenario.start.json,
      "durationSeconds": .rounded(scenario.durationSeconds),
      "seed": seed <= UInt64(Int64.max) ? .integer(Int64(seed)) : .string(String(seed)),
      "strategies": .array(outcomes.map(strategy)),
    ]
    if let prices {
      json["prices"] = [
        "date": .string(prices.date), "region": .string(prices.region), "currency": .string(prices.currency),
      ]
    }
    if let costs = CostComparison(of: scenario, outcomes) { json["costs"] = .array(costs.rows.map(\.json)) }
    if !explanations.isEmpty { json["explanations"] = .array(explanations.map(\.json)) }
    return .object(json)
  }

  private func strategy(_ outcome: Outcome) -> JSONValue {
    [
      "name": .string(outcome.strategy.rawValue),
      "requests": .whole(outcome.requests), "failed": .whole(outcome.failed),
      "minutesOutside": outcome.minutesOutside.json,
      "fullCapacitySeconds": outcome.fullCapacitySeconds.map(JSONValue.rounded) ?? .null,
      "nodeHours": .rounded(outcome.nodeHours), "cost": .rounded(outcome.cost),
      "onDemandNodeHours": .rounded(outcome.onDemandNodeHours), "spotNodeHours": .rounded(outcome.spotNodeHours),
      "spotShare": .rounded(outcome.spotShare), "evictions": outcome.evictions.json,
      "services": .array(outcome.services.map(\.json)),
      "pushes": .array(outcome.pushes.map(push)),
      "failures": .array(
        FailureSpan.all(in: outcome, of: scenario).map { span in
          [
            "start": .string(span.start.rfc3339), "end": .string(span.end.rfc3339),
            "failedAtMost": .whole(span.failedAtMost), "why": .string(FailureWords.why(span, self)),
          ]
        }),
      "violations": .array(outcome.violations.map(JSONValue.string)),
    ]
  }

  private func push(_ push: PushOutcome) -> JSONValue {
    [
      "name": .string(push.name), "sentAt": .string(push.sentAt.rfc3339), "announced": .bool(isAnnounced(push)),
      "message": .string(push.message), "readyAt": push.readyAt.map { .string($0.rfc3339) } ?? .null,
      "pacePerSecond": push.pacePerSecond.map(JSONValue.rounded) ?? .null,
      "requests": .whole(push.requests), "failed": .whole(push.failed), "minutesOutside": push.minutesOutside.json,
    ]
  }
}

extension JSONValue {
  /// Of a count that is worked out: parts of a request are none.
  fileprivate static func whole(_ value: Double) -> JSONValue { .integer(Int64(min(max(value, 0), 9e15).rounded())) }

  /// To a ten-thousandth.
  fileprivate static func rounded(_ value: Double) -> JSONValue {
    guard value.isFinite else { return .null }
    return .double((value * 10_000).rounded() / 10_000)
  }
}

extension ServiceOutcome {
  fileprivate var json: JSONValue {
    [
      "service": .string(service.name), "namespace": .string(service.namespace), "requests": .whole(requests),
      "failed": .whole(failed), "minutesOutside": minutesOutside.json, "replicasMax": replicasMax.json,
    ]
  }
}

extension CostComparison.Row {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "nodeHours": .rounded(nodeHours), "spotShare": .rounded(spotShare), "cost": .rounded(cost),
      "saved": .rounded(saved),
    ]
  }
}

extension Explanation {
  fileprivate var json: JSONValue {
    [
      "strategy": .string(outcome.strategy.rawValue), "at": .string(moment.rfc3339),
      "onDemandNodes": nodes.onDemand.json, "spotNodes": nodes.spot.json,
      "services": .array(
        services.map {
          [
            "service": .string($0.name.name), "offered": .rounded($0.offered), "capacity": .rounded($0.capacity),
            "ready": $0.ready.json, "wanted": $0.wanted.json,
          ]
        }),
      "decisions": .array(
        decisions.map {
          [
            "at": .string($0.at.rfc3339), "controller": .string($0.controller), "about": .string($0.about),
            "text": .string($0.text),
          ]
        }),
    ]
  }
}
