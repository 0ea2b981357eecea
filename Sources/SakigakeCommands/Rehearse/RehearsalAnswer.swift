import Definitions
import Kubernetes
import Rehearsal

/// What a rehearsal came to under each strategy, with what one has to know to read it.
struct RehearsalAnswer {
  var scenario: Scenario
  /// Nil where the platform's own prices were taken.
  var prices: PricesDefinition?
  /// East of Greenwich: what times of day are told in.
  var zoneOffsetSeconds: Double
  var seed: UInt64
  /// In the order in which strategies were asked for.
  var outcomes: [Outcome]

  var currency: String { prices?.currency ?? "" }

  /// Where `prescaled` or `paced` was outside the objective while the crowd of an announced push was there.
  var missed: [(strategy: Strategy, push: PushOutcome)] {
    outcomes.filter { $0.strategy == .prescaled || $0.strategy == .paced }.flatMap { outcome in
      outcome.pushes.filter { $0.minutesOutside > 0 && isAnnounced($0) }.map { (outcome.strategy, $0) }
    }
  }

  func isAnnounced(_ push: PushOutcome) -> Bool {
    scenario.pushes.contains { $0.name == push.name && $0.announcedAt < $0.sendAt }
  }

  /// `19:05:00`, in the zone of the rehearsal's start.
  func clock(_ moment: Timestamp) -> String {
    String((moment + zoneOffsetSeconds).rfc3339.dropFirst(11).prefix(8))
  }

  /// A controller's words with their moments, which are of UTC, as `clock` tells them.
  func told(_ words: String) -> String {
    words.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/) { match in
      Timestamp(parsing: String(match.output)).map(clock) ?? String(match.output)
    }
  }

  /// `19:05`, or with its day where the rehearsal has several.
  func shortClock(_ moment: Timestamp) -> String {
    let text = (moment + zoneOffsetSeconds).rfc3339
    let time = text.dropFirst(11).prefix(5)
    return scenario.durationSeconds > 86_400 ? "\(text.dropFirst(5).prefix(5)) \(time)" : String(time)
  }
}

/// Rehearses one scenario under several strategies at once.
struct RehearsalRuns {
  var scenario: Scenario
  var strategies: [Strategy]
  var seed: UInt64
  var options: RehearsalOptions

  /// - Parameter progress: called with each strategy that is done.
  /// - Returns: in the order of `strategies`, whichever ended first.
  func outcomes(progress: @escaping @Sendable (Strategy, Int) -> Void) async throws -> [Outcome] {
    let (scenario, seed, options) = (scenario, seed, options)
    return try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      for (index, strategy) in strategies.enumerated() {
        group.addTask {
          (index, try Rehearsal.run(scenario, strategy: strategy, seed: seed, options: options))
        }
      }
      var outcomes: [(Int, Outcome)] = []
      while let (index, outcome) = try await group.next() {
        outcomes.append((index, outcome))
        progress(outcome.strategy, outcomes.count)
      }
      return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Distances of the series that are enough for charts, and not so many that many services fill the memory.
  static func stepSeconds(for scenario: Scenario, isFine: Bool) -> Double {
    let steps = isFine ? max(200, 60_000 / Double(max(scenario.services.count, 1))) : 1440
    let wanted = scenario.durationSeconds / min(steps, 6000)
    let even: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800]
    return even.first { $0 >= wanted } ?? 3600
  }
}
