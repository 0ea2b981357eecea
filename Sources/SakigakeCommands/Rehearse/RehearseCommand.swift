import ArgumentParser
import Definitions
import Foundation
import Kubernetes
import Rehearsal

struct RehearseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse",
    abstract: "Rehearse a day in virtual time: how a fleet takes its load, pushes and troubles, and its cost.",
    discussion: """
      Reads a rehearsal.yaml (docs/rehearsal-file.md) and runs the decisions of production over it, once for each \
      strategy. The same seed gives the same answer. Exit code 1 where prescaled or paced is outside the objective \
      during an announced push. With --seeds, many random days are searched for one that breaks a promise.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, yaml }

  @Argument(help: "A rehearsal.yaml, or the directory of one.") var file = "."
  @Option(name: [.short, .long], help: "Whose settings are laid over the definitions.") var environment: String?
  @Option(
    help: "One of \(Strategy.allCases.map(\.rawValue).joined(separator: ", ")); may be repeated. All unless given.")
  var strategy: [Strategy] = []
  @Option(help: "What chance follows from.") var seed: UInt64 = 1
  @Option(help: "Say for this moment what each controller decided and why: 19:05:30, a moment in RFC 3339, or 90s.")
  var explain: String?
  @Option(help: "Where a page with charts goes, which needs no network.") var report: String?
  @Option(name: [.short, .customLong("output")], help: "table, json or yaml.") var output = Format.table
  @Option(help: "Rehearse the random day of this seed instead of a file.") var random: UInt64?
  @Option(help: "Search so many random days from --seed on for promises that do not hold.") var seeds: Int?

  @Flag(help: "Delay, repeat and drop some decisions on their way to the cluster, as a real API does.")
  var faults = false

  func validate() throws {
    if let seeds {
      guard (1...1_000_000).contains(seeds) else { throw ValidationError("--seeds must be 1 to 1000000") }
      guard report == nil, explain == nil, random == nil, strategy.isEmpty else {
        throw ValidationError("--seeds goes with none of --report, --explain, --random and --strategy")
      }
    }
  }

  func run() async throws {
    if let seeds { return try await search(seeds) }
    var answer = try subject()
    let moment = try explain.map {
      try Explanation.moment($0, in: answer.scenario, zoneOffsetSeconds: answer.zoneOffsetSeconds)
    }
    let strategies = Strategy.allCases.filter { strategy.isEmpty || strategy.contains($0) }
    let options = RehearsalOptions(
      stepSeconds: RehearsalRuns.stepSeconds(for: answer.scenario, isFine: report != nil || moment != nil),
      keepsNotes: moment != nil, checksPromises: true, faults: faults ? DecisionFaults() : nil)
    let runs = RehearsalRuns(scenario: answer.scenario, strategies: strategies, seed: answer.seed, options: options)
    answer.outcomes = try await rehearsing {
      try await runs.outcomes { done, count in
        guard Console.errorIsTerminal else { return }
        Console.progress("rehearsed: \(done) (\(count) of \(strategies.count))", isLast: count == strategies.count)
      }
    }
    let explanations = moment.map { moment in
      answer.outcomes.map { Explanation(of: $0, at: moment, in: answer.scenario) }
    }
    if let report { try Files.write(RehearsalPage(answer).html, to: report) }
    show(answer, explanations ?? [])
    try judge(answer)
  }

  /// What is rehearsed, without outcomes yet.
  private func subject() throws -> RehearsalAnswer {
    if let random {
      return RehearsalAnswer(
        scenario: try RandomDay(seed: random).scenario, prices: nil, zoneOffsetSeconds: 0, seed: random, outcomes: [])
    }
    let read = try RehearsedFiles(path: file, environment: environment).read()
    for warning in read.warnings { Console.error("\(warning)") }
    return RehearsalAnswer(
      scenario: read.scenario, prices: read.prices, zoneOffsetSeconds: read.definition.zoneOffsetSeconds, seed: seed,
      outcomes: [])
  }

  private func show(_ answer: RehearsalAnswer, _ explanations: [Explanation]) {
    switch output {
    case .json: Console.output(answer.json(explanations: explanations).prettyText)
    case .yaml: Console.output(bytes: YAMLText.bytes(of: [answer.json(explanations: explanations)]))
    case .table:
      Console.output(RehearsalText.text(answer))
      for explanation in explanations { Console.output("\n" + RehearsalText.explanation(explanation, answer)) }
    }
  }

  private func judge(_ answer: RehearsalAnswer) throws {
    var problems = answer.missed.map { strategy, push in
      "outside the objective: \(strategy), push \(push.name), \(push.minutesOutside) minutes; the plan said: "
        + (push.message.isEmpty ? "nothing" : push.message)
    }
    for outcome in answer.outcomes {
      problems += outcome.violations.prefix(5).map { "broken: \(outcome.strategy): \($0)" }
    }
    if !problems.isEmpty { throw CommandFailure(.foundProblems, problems.joined(separator: "\n")) }
  }

  private func search(_ count: Int) async throws {
    let search = SeedSearch(
      firstSeed: seed, count: count, workers: ProcessInfo.processInfo.activeProcessorCount)
    let options = RehearsalOptions(
      stepSeconds: 300, checksPromises: true, faults: faults ? DecisionFaults() : nil)
    let report = try await rehearsing {
      try await search.run { scenario, strategy, seed in
        try Rehearsal.run(scenario, strategy: strategy, seed: seed, options: options)
      } progress: { done in
        guard Console.errorIsTerminal, done == count || done.isMultiple(of: 10) else { return }
        Console.progress("rehearsed: \(done) of \(count) days", isLast: done == count)
      }
    }
    switch output {
    case .json: Console.output(report.json.prettyText)
    case .yaml: Console.output(bytes: YAMLText.bytes(of: [report.json]))
    case .table:
      Console.output(SearchText.text(report) { "sakigake rehearse --random \($0)" + (faults ? " --faults" : "") })
    }
    let unsaid = report.failures.count { !$0.push.isWarned }
    guard report.broken.isEmpty, unsaid == 0 else {
      throw CommandFailure(
        .foundProblems, "broken promises on \(report.broken.count) days; \(unsaid) pushes failed without a warning")
    }
  }

  /// What cannot be rehearsed is the input's fault.
  private func rehearsing<Result>(_ work: () async throws -> Result) async throws -> Result {
    do { return try await work() } catch let impossible as Rehearsal.Impossible {
      throw CommandFailure(.wrongInput, "error: \(impossible)")
    }
  }
}

extension Strategy: ExpressibleByArgument {}
