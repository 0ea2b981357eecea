import ArgumentParser
import Definitions
import Kubernetes
import LocalCluster
import Rehearsal
import Traffic

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// For those who work on the rehearsal: not listed by `--help`.
struct BenchRehearsalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-rehearsal", abstract: "Measure the rehearsal: its speed, and how near it is to what happens.",
    discussion: """
      scale: a day of generated fleets up to 1,000 services, 5,000 nodes and 100,000 pods; how its time grows.
      calibration: the demo's two runs in a real local cluster, and the same story rehearsed with 40 seeds: the nearest of \
      them beside each run.
      """, shouldDisplay: false)

  enum Part: String, ExpressibleByArgument, CaseIterable { case scale, calibration }

  @Argument(help: "scale, calibration; both where none is given.") var parts: [Part] = Part.allCases
  @Option(help: "How many times faster than life the demo's cluster runs.") var speed = 10.0
  @Option(help: "Envoy's path, for the demo.") var envoy: String?
  @Option(help: "The largest fleet, in services.") var services = 1_000
  @Option(help: "Where the calibration's two sides go as CSV, second by second.") var series: String?

  func validate() throws {
    guard (1...20).contains(speed) else { throw ValidationError("--speed must be 1 to 20") }
    guard (8...5_000).contains(services) else { throw ValidationError("--services must be 8 to 5000") }
  }

  func run() async throws {
    var problems: [String] = []
    if parts.contains(.scale) { problems += try ScaleBenchmark(largest: services).run() }
    if parts.contains(.calibration) { problems += try await calibrate() }
    guard problems.isEmpty else { throw CommandFailure(.foundProblems, problems.joined(separator: "\n")) }
  }

  private func calibrate() async throws -> [String] {
    let stage = try DemoPreparation(fleetDirectory: nil, speed: speed, envoy: envoy, verbose: false)
    let runs = try await Interruption.cancelling {
      var runs: [DemoRun] = []
      for strategy in DemoRun.Strategy.allCases { runs.append(try await stage.stage(strategy).run()) }
      return runs
    }
    let rehearsal = DemoRehearsal(
      fleet: stage.fleet, story: stage.scenario, groups: stage.world.nodeGroups,
      imagePullSeconds: stage.world.imagePullSeconds)
    var table = TextTable(header: ["", "", "LIVED", "REHEARSED", "APART", "BOUND"])
    var problems: [String] = []
    var lines = [CalibrationSeries.header]
    var words: [String] = []
    for run in runs {
      let rehearsals = try Self.seeds.map { try Rehearsed(rehearsal, run, seed: $0) }
      guard let nearest = rehearsals.min(by: { $0.distance < $1.distance }) else { continue }
      lines += CalibrationSeries(run: run, outcome: nearest.outcome).lines
      for comparison in nearest.comparisons {
        table.rows.append([run.strategy.rawValue] + comparison.cells)
        if !comparison.holds {
          problems.append("\(run.strategy.rawValue), \(comparison.name): further apart than its bound")
        }
      }
      words.append(Self.words(rehearsals, nearest, of: run))
    }
    Console.output(table.text)
    words.forEach(Console.output)
    if let series { try Files.write(lines.joined(separator: "\n") + "\n", to: series) }
    return problems
  }

  /// Where in their periods the loops are when the push comes is chance, in life too, and the seed's in a rehearsal. So a
  /// lived run is held against the nearest of these.
  private static let seeds: ClosedRange<UInt64> = 1...40

  /// The story of a lived run, rehearsed with one seed.
  private struct Rehearsed {
    var seed: UInt64
    var outcome: Outcome
    var comparisons: [Comparison]
    /// In parts of the bounds: at most 1 where all hold.
    var distance: Double { comparisons.map(\.distance).max() ?? 0 }

    init(_ rehearsal: DemoRehearsal, _ run: DemoRun, seed: UInt64) throws {
      self.seed = seed
      var options = RehearsalOptions()
      options.stepSeconds = 1
      outcome = try Rehearsal.run(
        try rehearsal.scenario(), strategy: run.strategy == .reactive ? .reactive : .prescaled, seed: seed,
        options: options)
      let result = try rehearsal.result(outcome)
      let total = run.traffic.total()
      comparisons = [
        Comparison("requests", Double(total.sent), result.requests, bound: 0.02, floor: 100),
        Comparison("failed requests", Double(total.failed), result.failed, bound: 0.15, floor: 0.002 * result.requests),
        Comparison(
          "seconds to capacity", run.fullCapacitySeconds ?? -1, result.fullCapacitySeconds ?? -1, bound: 0.10,
          floor: 0.5),
      ]
    }
  }

  private static func words(_ rehearsals: [Rehearsed], _ nearest: Rehearsed, of run: DemoRun) -> String {
    let ranges = nearest.comparisons.indices.dropFirst().map { index in
      let values = rehearsals.map { $0.comparisons[index].rehearsed }
      return "\(nearest.comparisons[index].name) \(DemoTable.rounded(values.min() ?? 0)) to "
        + DemoTable.rounded(values.max() ?? 0)
    }
    return
      "\(run.strategy.rawValue): rehearsed with seed \(nearest.seed), the nearest of \(rehearsals.count), of which "
      + "\(rehearsals.count { $0.distance <= 1 }) are within the bounds; over all, \(ranges.joined(separator: ", "))"
  }

  /// One figure of both.
  struct Comparison {
    var name: String
    var lived: Double
    var rehearsed: Double
    /// A share of what was lived.
    var bound: Double
    /// So much does not count, in the figure's own unit.
    var floor: Double

    init(_ name: String, _ lived: Double, _ rehearsed: Double, bound: Double, floor: Double) {
      self.name = name
      self.lived = lived
      self.rehearsed = rehearsed
      self.bound = bound
      self.floor = floor
    }

    var apart: Double { abs(lived - rehearsed) }
    /// In parts of what is allowed.
    var distance: Double { apart / max(bound * abs(lived), floor) }
    var holds: Bool { distance <= 1 }
    var cells: [String] {
      let share = lived == 0 ? "-" : "\((apart / abs(lived) * 1000).rounded() / 10) %"
      return [name, DemoTable.rounded(lived), DemoTable.rounded(rehearsed), share, "\(Int(bound * 100)) %"]
    }
  }
}

/// How the time of a rehearsed day grows with the fleet.
struct ScaleBenchmark {
  var largest: Int

  private static let secondsMax = 10.0
  private static let memoryMax = 1024.0

  /// - Returns: what is not as it was promised.
  func run() throws -> [String] {
    var table = TextTable(
      header: ["SERVICES", "PODS", "NODES", "SECONDS", "µs PER POD", "PER n log n", "CLAIRVOYANT", "PEAK MiB"])
    var problems: [String] = []
    var shares: [Double] = []
    for size in [largest / 8, largest / 4, largest / 2, largest] {
      let scenario = try LargeFleet.day(services: size)
      let clock = ContinuousClock()
      let start = clock.now
      let outcome = try Rehearsal.run(scenario, strategy: .prescaled, seed: 1)
      let seconds = Self.seconds(clock.now - start)
      let boundStart = clock.now
      _ = try Rehearsal.run(scenario, strategy: .clairvoyant, seed: 1)
      let bound = Self.seconds(clock.now - boundStart)
      let pods = outcome.services.reduce(0) { $0 + $1.replicasMax }
      let nodes = zip(outcome.series.onDemandNodes, outcome.series.spotNodes).map { $0 + $1 }.max() ?? 0
      let share = seconds * 1e6 / (Double(pods) * Self.log2(pods))
      shares.append(share)
      table.rows.append([
        String(size), String(pods), String(nodes), Self.three(seconds),
        Self.three(seconds * 1e6 / Double(max(pods, 1))),
        Self.three(share), "\(Self.three(bound)) s", DemoTable.rounded(Self.peakMebibytes()),
      ])
      if size == 1_000, seconds > Self.secondsMax { problems.append("a day of 1,000 services took \(seconds) s") }
      if size == 1_000, Self.peakMebibytes() > Self.memoryMax { problems.append("it took more than 1 GiB") }
    }
    Console.output(table.text)
    // Twice the share at eight times the pods would be far from n log n; less is noise.
    if let first = shares.first, let last = shares.last, last > 2 * first {
      problems.append("the time grows faster than n log n in pods")
    }
    return problems
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func three(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }

  private static func log2(_ count: Int) -> Double {
    var (value, result) = (Double(max(count, 2)), 0.0)
    while value >= 2 {
      value /= 2
      result += 1
    }
    return result + (value - 1)
  }

  /// Of this process.
  private static func peakMebibytes() -> Double {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) / 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1_048_576
    #endif
  }
}
