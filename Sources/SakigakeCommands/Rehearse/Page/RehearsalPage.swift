import Definitions
import Kubernetes
import Rehearsal

/// A rehearsal as one page that needs no network: what happened, when and why, and what it costs.
struct RehearsalPage {
  let answer: RehearsalAnswer

  init(_ answer: RehearsalAnswer) { self.answer = answer }

  var html: String {
    var page = "<h1>\(text(answer.scenario.name))</h1><p class=\"lead\">\(text(RehearsalText.extent(answer)))</p>"
    page += cards
    page += "<h2 class=\"part\">Strategies side by side</h2>" + strategies + costs
    if !answer.scenario.pushes.isEmpty {
      page += "<h2 class=\"part\">The pushes</h2>" + pushes
      page += RehearsalCharts(answer).pushes
    }
    page += "<h2 class=\"part\">What failed, when and why</h2>" + failures
    page += "<h2 class=\"part\">The whole time</h2>" + RehearsalCharts(answer).wholeTime
    page += "<p class=\"note\">\(note)</p>"
    return HTMLPage.html(title: "Rehearsal: \(answer.scenario.name)", page)
  }

  private func text(_ value: String) -> String { HTMLPage.escaped(value) }

  /// The two that are compared most, as far as both were rehearsed.
  private var cards: String {
    let shown = answer.compared
    guard !shown.isEmpty else { return "" }
    return "<section class=\"cards\">"
      + shown.map { outcome in
        let capacity =
          outcome.fullCapacitySeconds.map { "Full capacity came \(Figure.plain($0)) s after the first overload." }
          ?? "Nothing was ever overloaded."
        let share = Figure.percent(outcome.failed, of: outcome.requests)
        return "<div class=\"card \(outcome.minutesOutside == 0 ? "good" : "bad")\"><h2>\(outcome.strategy)</h2>"
          + "<p class=\"big\">\(Figure.count(outcome.failed)) <small>of \(Figure.count(outcome.requests)) requests "
          + "failed (\(text(share)))</small></p><p>\(outcome.minutesOutside) minutes outside the objective. \(capacity) "
          + "\(Figure.money(outcome.cost, text(answer.currency))).</p></div>"
      }.joined() + "</section>"
  }

  private var strategies: String {
    var table = HTMLTable(header: [
      "Strategy", "Requests", "Failed", "Share", "Minutes outside", "Full capacity", "Nodes on demand, hours",
      "Spot, hours", "Spot share", "Evictions", "Cost", "By the least",
    ])
    let least = answer.outcomes.first { $0.strategy == .clairvoyant }?.cost ?? 0
    for outcome in answer.outcomes {
      let isHeld = outcome.minutesOutside == 0
      table.rows.append([
        outcome.strategy.rawValue, Figure.count(outcome.requests), Figure.count(outcome.failed),
        text(Figure.percent(outcome.failed, of: outcome.requests)),
        "<span class=\"\(isHeld ? "yes" : "no")\">\(outcome.minutesOutside)</span>",
        outcome.fullCapacitySeconds.map { "\(Figure.plain($0)) s" } ?? "–", Figure.plain(outcome.onDemandNodeHours),
        Figure.plain(outcome.spotNodeHours), text(Figure.percent(outcome.spotShare, of: 1)),
        String(outcome.evictions), Figure.money(outcome.cost, text(answer.currency)),
        least > 0 ? "× \(hundredths(outcome.cost / least))" : "–",
      ])
    }
    return table.html(numbers: 1..<12)
  }

  private func hundredths(_ value: Double) -> String { Figure.money(value, "") }

  private var costs: String {
    guard let costs = CostComparison(of: answer.scenario, answer.outcomes) else { return "" }
    var table = HTMLTable(header: ["", "Node-hours", "Spot", "Cost", "Against VM groups", ""])
    let most = costs.rows.map(\.cost).max() ?? 1
    for row in costs.rows {
      let width = most > 0 ? Int((row.cost / most * 170).rounded()) : 0
      let style = row.isRehearsed ? "c1" : "c5"
      table.rows.append([
        row.name, Figure.plain(row.nodeHours), text(Figure.percent(row.spotShare, of: 1)),
        Figure.money(row.cost, text(answer.currency)), row.saving,
        "<span class=\"bar \(style)\" style=\"width:\(width)px\"></span>",
      ])
    }
    return "<h2 class=\"part\">What it costs</h2>" + table.html(numbers: 1..<5)
      + "<p class=\"note\">VM groups: each service on machines of its own, on demand, sized all day for its own "
      + "greatest load. Shared nodes: the node-hours of the static strategy, at the prices of as much spot. "
      + text(priceNote) + "</p>"
  }

  private var priceNote: String {
    guard let prices = answer.prices else { return "Prices are those of the platform's node groups." }
    return "Prices of \(prices.date)\(prices.region.isEmpty ? "" : ", \(prices.region)"), \(prices.currency)."
  }

  private var pushes: String {
    var table = HTMLTable(header: [
      "Push", "Sent", "Announced", "Strategy", "Requests", "Failed", "Minutes outside", "What the plan said",
    ])
    for push in answer.scenario.pushes {
      let ahead = push.sendAt - push.announcedAt
      for outcome in answer.outcomes where outcome.strategy != .clairvoyant {
        guard let result = outcome.pushes.first(where: { $0.name == push.name }) else { continue }
        table.rows.append([
          text(push.name), answer.clock(push.sendAt),
          ahead > 0 ? "\(Figure.plain(ahead / 60)) min before" : "not at all", outcome.strategy.rawValue,
          Figure.count(result.requests), Figure.count(result.failed),
          "<span class=\"\(result.minutesOutside == 0 ? "yes" : "no")\">\(result.minutesOutside)</span>",
          result.message.isEmpty ? "–" : text(answer.told(result.message)),
        ])
      }
    }
    return table.html()
  }

  private static let failuresMax = 100

  private var failures: String {
    var table = HTMLTable(header: ["Strategy", "From", "To", "Requests, at most", "Why"])
    var more = 0
    for outcome in answer.outcomes where outcome.strategy != .clairvoyant {
      let spans = FailureSpan.all(in: outcome, of: answer.scenario)
      more += max(spans.count - Self.failuresMax, 0)
      for span in spans.prefix(Self.failuresMax) {
        table.rows.append([
          outcome.strategy.rawValue, answer.clock(span.start), answer.clock(span.end),
          Figure.count(span.failedAtMost), text(FailureWords.why(span, answer)),
        ])
      }
    }
    guard !table.rows.isEmpty else { return "<p>No request failed under any strategy.</p>" }
    return table.html() + (more > 0 ? "<p class=\"note\">And \(more) more.</p>" : "")
  }

  private var note: String {
    "Worked out in virtual time by the decisions that run in production, from seed \(answer.seed): the same seed gives "
      + "the same page. Clairvoyant knows what comes; its cost is a bound that none can be below."
  }
}

/// A table of cells that are HTML already.
struct HTMLTable {
  var header: [String]
  var rows: [[String]] = []

  /// - Parameter numbers: columns that are set to the right.
  func html(numbers: Range<Int> = 0..<0) -> String {
    func cell(_ content: String, _ column: Int, _ tag: String) -> String {
      let scope = tag == "th" ? " scope=\"col\"" : ""
      return "<\(tag)\(scope)\(numbers.contains(column) ? " class=\"num\"" : "")>\(content)</\(tag)>"
    }
    let head = header.enumerated().map { cell($1, $0, "th") }.joined()
    let body = rows.map { row in "<tr>" + row.enumerated().map { cell($1, $0, "td") }.joined() + "</tr>" }.joined()
    return "<div class=\"scroll\"><table class=\"wide\"><thead><tr>\(head)</tr></thead>"
      + "<tbody>\(body)</tbody></table></div>"
  }
}

extension CostComparison.Row {
  fileprivate var isRehearsed: Bool {
    if case .rehearsed = kind { return true }
    return false
  }
}
