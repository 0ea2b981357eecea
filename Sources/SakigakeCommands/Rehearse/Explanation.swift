import Definitions
import Kubernetes
import Rehearsal

/// What was the case in one second of a rehearsal, and what each controller had decided last.
struct Explanation {
  let moment: Timestamp
  let outcome: Outcome
  /// Of the series: the step that the moment is in.
  private let step: Int
  /// Services and pushes: what was decided of them is in force until something else is.
  private let lasting: Set<String>

  /// - Parameter text: a moment in RFC 3339, a time of day, or a span from the start, such as `90s`.
  static func moment(_ text: String, in scenario: Scenario, zoneOffsetSeconds: Double) throws -> Timestamp {
    let moment: Timestamp
    if let exact = Timestamp(parsing: text) {
      moment = exact
    } else if let clock = clockSeconds(text) {
      let local = scenario.start.seconds + zoneOffsetSeconds
      let sinceMidnight = local - (local / 86_400).rounded(.down) * 86_400
      moment = scenario.start + (clock >= sinceMidnight ? clock - sinceMidnight : clock - sinceMidnight + 86_400)
    } else if let span = Units.seconds(text) {
      moment = scenario.start + span
    } else {
      throw CommandFailure(
        .wrongInput, "error: --explain \(text): give a time of day (19:05:30), a moment in RFC 3339, or a span (90s)")
    }
    guard moment >= scenario.start, moment < scenario.start + scenario.durationSeconds else {
      throw CommandFailure(
        .wrongInput,
        "error: --explain \(text): the rehearsal is from \(scenario.start) to "
          + "\(scenario.start + scenario.durationSeconds)")
    }
    return moment
  }

  /// `19:05` and `19:05:30`.
  private static func clockSeconds(_ text: String) -> Double? {
    if let seconds = Units.timeOfDay(text) { return seconds }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2].count == 2, let seconds = Int(parts[2]), (0..<60).contains(seconds),
      let minutes = Units.timeOfDay(parts[0] + ":" + parts[1])
    else { return nil }
    return minutes + Double(seconds)
  }

  init(of outcome: Outcome, at moment: Timestamp, in scenario: Scenario) {
    self.moment = moment
    self.outcome = outcome
    step = Int((moment - scenario.start) / max(outcome.series.stepSeconds, 1e-9))
    lasting = Set(scenario.services.flatMap { [$0.key.name, $0.key.description] } + scenario.pushes.map(\.name))
  }

  /// Decisions about nodes and pods are told for so long.
  private static let recentSeconds = 300.0

  /// The last decision of each controller about each thing that was made by then, in the order of controllers.
  var decisions: [DecisionNote] {
    struct Subject: Hashable {
      var controller: String
      var about: String
    }
    var last: [Subject: DecisionNote] = [:]
    // A whole second is meant by a second.
    for note in outcome.notes where note.at < moment + 1 {
      guard lasting.contains(note.about) || note.at > moment - Self.recentSeconds else { continue }
      last[Subject(controller: note.controller, about: note.about)] = note
    }
    return last.values.sorted { ($0.controller, $0.about) < ($1.controller, $1.about) }
  }

  struct Service {
    var name: NamespacedName
    var offered: Double
    var capacity: Double
    var ready: Int
    var wanted: Int
  }

  var services: [Service] {
    outcome.series.services.compactMap { series in
      guard let offered = at(series.offered), let capacity = at(series.capacity) else { return nil }
      return Service(
        name: series.service, offered: offered, capacity: capacity, ready: at(series.ready) ?? 0,
        wanted: at(series.wanted) ?? 0)
    }
  }

  var nodes: (onDemand: Int, spot: Int) {
    (at(outcome.series.onDemandNodes) ?? 0, at(outcome.series.spotNodes) ?? 0)
  }

  private func at<Value>(_ values: [Value]) -> Value? { values.indices.contains(step) ? values[step] : nil }
}
