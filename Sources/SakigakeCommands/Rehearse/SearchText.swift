import Kubernetes
import Rehearsal

/// What a search over random days found, for people and programs.
enum SearchText {
  /// - Parameter replay: the command that rehearses the day of a seed alone.
  static func text(_ report: SearchReport, replay: (UInt64) -> String) -> String {
    let pushes = report.days.flatMap(\.pushes)
    let bound = pushes.count { $0.isAnnounced && $0.isWithinQuota }
    var lines = [
      "\(report.days.count) days, \(pushes.count) pushes: \(bound) announced in time and within quota, "
        + "\(pushes.count { !$0.isAnnounced }) by surprise, \(pushes.count { !$0.isWithinQuota }) beyond the maxima",
      "",
    ]
    var table = TextTable(header: ["", "p50", "p90", "p99", "MAX", "OF"])
    table.rows.append(
      row("minutes outside, announced and within quota", report.minutesOutside, "\(report.minutesOutside.count) pushes")
    )
    table.rows.append(row("cost by the least possible", report.costRatio, "\(report.costRatio.count) days"))
    lines.append(table.text)
    lines += failures(report, replay)
    lines.append("")
    if report.broken.isEmpty {
      lines.append("Nothing that must always hold was broken.")
    } else {
      lines.append("Broken on \(report.broken.count) days:")
      for day in report.broken.prefix(shownMax) {
        lines.append("  seed \(day.seed): \(day.violations.first ?? "")")
        if day.violations.count > 1 { lines.append("    and \(day.violations.count - 1) more") }
        lines.append("    \(replay(day.seed))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static let shownMax = 10

  private static func failures(_ report: SearchReport, _ replay: (UInt64) -> String) -> [String] {
    let failures = report.failures
    guard !failures.isEmpty else {
      return ["", "No push that was announced and within quota was outside its objective."]
    }
    var lines = [
      "",
      "Outside the objective though announced and within quota: \(failures.count)",
      "  foretold by the plan, with the rate at which to send: \(failures.count { $0.push.isForetold })",
      "  another push came in between, of which the plan said so: \(failures.count { $0.push.isCrowded })",
      "  trouble struck during the push: \(failures.count { $0.push.isStruck })",
      "  not foretold: \(failures.count { !$0.push.isWarned && !$0.push.isStruck })",
    ]
    for (seed, push) in failures.prefix(shownMax) {
      let why = push.troubles.isEmpty ? "no trouble near it" : push.troubles.joined(separator: ", ")
      lines.append(
        "  seed \(seed), \(push.name): \(push.minutesOutside) minutes, \(Int(push.failed)) of \(Int(push.requests)) "
          + "requests failed; \(why)")
      lines.append("    the plan: \(push.message.isEmpty ? "said nothing" : push.message)")
      if push.isStruck {
        let told = push.toldAfterSeconds.map { "\(Int($0.rounded())) s later it said that capacity was lost" }
        lines.append(
          "    struck after it was sent: \(push.struckBy.joined(separator: ", ")); \(told ?? "no word of it")")
      }
      if push.isCrowded { lines.append("    came in between: \(push.crowdedBy.joined(separator: ", "))") }
      lines.append("    \(replay(seed))")
    }
    if failures.count > shownMax { lines.append("  and \(failures.count - shownMax) more") }
    return lines
  }

  private static func row(_ name: String, _ distribution: SearchReport.Distribution, _ of: String) -> [String] {
    [name]
      + [distribution.p50, distribution.p90, distribution.p99, distribution.max].map {
        String(($0 * 1000).rounded() / 1000)
      } + [of]
  }
}

extension SearchReport {
  var json: JSONValue {
    [
      "days": days.count.json,
      "minutesOutside": minutesOutside.json, "costRatio": costRatio.json,
      "failures": .array(
        failures.map { seed, push in
          ["seed": .integer(Int64(clamping: seed)), "push": push.json]
        }),
      "broken": .array(
        broken.map {
          ["seed": .integer(Int64(clamping: $0.seed)), "violations": .array($0.violations.map(JSONValue.string))]
        }),
    ]
  }
}

extension SearchReport.Distribution {
  fileprivate var json: JSONValue {
    ["count": count.json, "p50": .double(p50), "p90": .double(p90), "p99": .double(p99), "max": .double(max)]
  }
}

extension PushVerdict {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "announced": .bool(isAnnounced), "withinQuota": .bool(isWithinQuota),
      "foretold": .bool(isForetold), "minutesOutside": minutesOutside.json, "requests": .double(requests),
      "failed": .double(failed), "message": .string(message), "troubles": .array(troubles.map(JSONValue.string)),
      "struckBy": .array(struckBy.map(JSONValue.string)), "crowdedBy": .array(crowdedBy.map(JSONValue.string)),
      "toldAfterSeconds": toldAfterSeconds.map { .double($0) } ?? .null,
    ]
  }
}
