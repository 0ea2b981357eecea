import Definitions
import Kubernetes
import Rehearsal

/// A rehearsal's answer for people, on a terminal.
enum RehearsalText {
  static func text(_ answer: RehearsalAnswer) -> String {
    var parts = ["\(answer.scenario.name): \(extent(answer))", strategies(answer)]
    if !answer.scenario.pushes.isEmpty { parts.append(pushes(answer)) }
    let failures = failures(answer)
    if !failures.isEmpty { parts.append(failures) }
    if let costs = CostComparison(of: answer.scenario, answer.outcomes) { parts.append(self.costs(costs, answer)) }
    for outcome in answer.outcomes where !outcome.violations.isEmpty {
      parts.append("Broken (\(outcome.strategy)): \(outcome.violations.prefix(5).joined(separator: "; "))")
    }
    return parts.joined(separator: "\n\n")
  }

  /// How long, from when, and of how much.
  static func extent(_ answer: RehearsalAnswer) -> String {
    let scenario = answer.scenario
    let hours = Figure.plain(scenario.durationSeconds / 3600)
    return "\(hours) hours from \(answer.shortClock(scenario.start)), \(scenario.services.count) "
      + "services, \(scenario.pushes.count) pushes, \(scenario.troubles.count) troubles; seed \(answer.seed)"
  }

  private static func strategies(_ answer: RehearsalAnswer) -> String {
    var table = TextTable(
      header: [
        "STRATEGY", "REQUESTS", "FAILED", "SHARE", "MINUTES OUTSIDE", "FULL CAPACITY", "NODE-HOURS", "SPOT",
        "EVICTIONS", "COST",
      ])
    for outcome in answer.outcomes {
      table.rows.append([
        outcome.strategy.rawValue, Figure.count(outcome.requests), Figure.count(outcome.failed),
        Figure.percent(outcome.failed, of: outcome.requests), String(outcome.minutesOutside),
        outcome.fullCapacitySeconds.map { "\(Figure.plain($0)) s" } ?? "-", Figure.plain(outcome.nodeHours),
        Figure.percent(outcome.spotShare, of: 1), String(outcome.evictions),
        Figure.money(outcome.cost, answer.currency),
      ])
    }
    return table.text
  }

  private static func pushes(_ answer: RehearsalAnswer) -> String {
    var table = TextTable(header: [
      "PUSH", "SENT", "STRATEGY", "REQUESTS", "FAILED", "MINUTES OUTSIDE", "THE PLAN SAID",
    ])
    for push in answer.scenario.pushes {
      for outcome in answer.outcomes where outcome.strategy != .clairvoyant {
        guard let result = outcome.pushes.first(where: { $0.name == push.name }) else { continue }
        table.rows.append([
          push.name, answer.clock(result.sentAt), outcome.strategy.rawValue, Figure.count(result.requests),
          Figure.count(result.failed), String(result.minutesOutside),
          result.message.isEmpty ? "-" : answer.told(result.message),
        ])
      }
    }
    return table.text
  }

  private static let failuresMax = 8

  private static func failures(_ answer: RehearsalAnswer) -> String {
    var lines: [String] = []
    for outcome in answer.outcomes where outcome.strategy != .clairvoyant {
      let spans = FailureSpan.all(in: outcome, of: answer.scenario)
      for span in spans.prefix(failuresMax) {
        lines.append("  \(outcome.strategy), \(FailureWords.span(span, answer)): \(FailureWords.why(span, answer))")
      }
      if spans.count > failuresMax { lines.append("  \(outcome.strategy): and \(spans.count - failuresMax) more") }
    }
    return lines.isEmpty ? "" : (["What failed, and why:"] + lines).joined(separator: "\n")
  }

  private static func costs(_ costs: CostComparison, _ answer: RehearsalAnswer) -> String {
    var table = TextTable(header: ["COST", "NODE-HOURS", "SPOT", "", "AGAINST VM GROUPS"])
    for row in costs.rows {
      table.rows.append([
        row.name, Figure.plain(row.nodeHours), Figure.percent(row.spotShare, of: 1),
        Figure.money(row.cost, answer.currency), row.saving,
      ])
    }
    return table.text
  }

  static func explanation(_ explanation: Explanation, _ answer: RehearsalAnswer) -> String {
    let nodes = explanation.nodes
    var lines = [
      "\(explanation.outcome.strategy), \(answer.clock(explanation.moment)): \(nodes.onDemand) nodes on demand, "
        + "\(nodes.spot) spot"
    ]
    var table = TextTable(header: ["  SERVICE", "LOAD", "CAPACITY", "READY", "WANTED"])
    let services = explanation.services
    for service in services.prefix(shownMax) {
      table.rows.append([
        "  \(service.name.name)", "\(Figure.plain(service.offered))/s", "\(Figure.plain(service.capacity))/s",
        String(service.ready), String(service.wanted),
      ])
    }
    if !services.isEmpty { lines.append(table.text) }
    let decisions = explanation.decisions
    for note in decisions.prefix(shownMax) {
      lines.append("  \(answer.clock(note.at)) \(note.controller), \(note.about): \(answer.told(note.text))")
    }
    if decisions.count > shownMax { lines.append("  and \(decisions.count - shownMax) more (-o json has all)") }
    if decisions.isEmpty { lines.append("  No controller had decided anything by then.") }
    return lines.joined(separator: "\n")
  }

  private static let shownMax = 60
}

/// What failed and why, in words.
enum FailureWords {
  static func span(_ span: FailureSpan, _ answer: RehearsalAnswer) -> String {
    "\(answer.clock(span.start)) to \(answer.clock(span.end)), up to \(Figure.count(span.failedAtMost)) requests"
  }

  static func why(_ span: FailureSpan, _ answer: RehearsalAnswer) -> String {
    var reasons = span.shortages.prefix(3).map { shortage in
      let pods = "\(shortage.ready) of \(shortage.wanted) pods ready"
      return "\(shortage.service.name) got \(Figure.plain(shortage.offered))/s and could take "
        + "\(Figure.plain(shortage.capacity))/s (\(pods))"
    }
    if reasons.isEmpty { reasons.append("queues were full and tries made again came on top") }
    if !span.pushes.isEmpty { reasons.append("the crowd of \(span.pushes.joined(separator: ", "))") }
    reasons += span.troubles.map { "\($0.words) since \(answer.clock($0.at))" }
    return reasons.joined(separator: "; ")
  }
}

extension Trouble {
  var words: String {
    switch kind {
    case .spotReclaim(let group, let share): "\(Figure.percent(share, of: 1)) of the nodes of \(group) reclaimed"
    case .zoneLost(let zone): "zone \(zone) lost"
    case .nodesFail(let group, let share): "\(Figure.percent(share, of: 1)) of the nodes of \(group) failed"
    case .groupExhausted(let group): "no further nodes in \(group)"
    case .slowRegistry(let factor): "image pulls \(Figure.plain(factor)) times as long"
    case .slowAPI(let seconds): "decisions \(Figure.plain(seconds)) s late"
    case .metricsMissing: "no metrics"
    }
  }
}

extension CostComparison.Row {
  var name: String {
    switch kind {
    case .vmGroups: "one VM group per service, on demand"
    case .sharedNodes(let share): "shared nodes sized for the peak, \(Figure.percent(share, of: 1)) spot"
    case .rehearsed(let strategy): strategy.rawValue
    }
  }

  var saving: String {
    guard kind != .vmGroups else { return "-" }
    return Figure.percent(saved.magnitude, of: 1) + (saved < 0 ? " more" : " less")
  }
}

/// Numbers as people read them.
enum Figure {
  /// Whole, in groups of three.
  static func count(_ value: Double) -> String {
    let digits = String(Int(min(max(value, 0), 1e15).rounded()))
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { out += "," }
      out.append(digit)
    }
    return out
  }

  /// One decimal, where there is one.
  static func plain(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? String(Int(rounded)) : String(rounded)
  }

  static func percent(_ part: Double, of whole: Double) -> String {
    guard whole > 0 else { return "0%" }
    let share = part / whole * 100
    // What is little is not nothing.
    if share > 0, share < 0.05 { return "<0.1%" }
    return plain(share) + "%"
  }

  static func money(_ value: Double, _ currency: String) -> String {
    let cents = Int((min(max(value, 0), 1e12) * 100).rounded())
    let text = "\(cents / 100)." + (cents % 100 < 10 ? "0" : "") + String(cents % 100)
    return currency.isEmpty ? text : "\(text) \(currency)"
  }
}
