import Kubernetes

/// Many random days, each rehearsed prescaled and held against its bound: in parallel, with the same result in whichever
/// order they end.
public struct SeedSearch: Sendable {
  /// Rehearses one day; violations of what must always hold stand in its outcome.
  public typealias Rehearse = @Sendable (Scenario, Strategy, UInt64) throws -> Outcome

  public var firstSeed: UInt64
  public var count: Int
  public var hours: Double
  /// How many days are rehearsed at once.
  public var workers: Int

  public init(firstSeed: UInt64 = 1, count: Int, hours: Double = 24, workers: Int) {
    self.firstSeed = firstSeed
    self.count = count
    self.hours = hours
    self.workers = max(workers, 1)
  }

  /// - Parameter progress: called with how many days are done.
  /// - Throws: what `rehearse` throws, or `CancellationError`.
  public func run(_ rehearse: @escaping Rehearse, progress: @escaping @Sendable (Int) -> Void = { _ in })
    async throws -> SearchReport
  {
    let hours = hours
    let days = try await withThrowingTaskGroup(of: DayResult.self) { group in
      var days: [DayResult] = []
      var next = 0
      func start() {
        let seed = firstSeed &+ UInt64(next)
        next += 1
        group.addTask { try DayResult(seed: seed, hours: hours, rehearse) }
      }
      while next < min(workers, count) { start() }
      while let day = try await group.next() {
        days.append(day)
        progress(days.count)
        if next < count { start() }
      }
      return days
    }
    return SearchReport(days: days.sorted { $0.seed < $1.seed })
  }
}

/// What one random day came to.
public struct DayResult: Sendable {
  public var seed: UInt64
  /// What must always hold and did not.
  public var violations: [String]
  public var pushes: [PushVerdict]
  public var minutesOutside: Int
  public var cost: Double
  /// The least that it could have cost.
  public var leastCost: Double

  public var costRatio: Double? { leastCost > 0 ? cost / leastCost : nil }

  init(seed: UInt64, hours: Double, _ rehearse: SeedSearch.Rehearse) throws {
    let scenario = try RandomDay(seed: seed, hours: hours).scenario
    let outcome = try rehearse(scenario, .prescaled, seed)
    self.seed = seed
    violations = outcome.violations
    minutesOutside = outcome.minutesOutside
    cost = outcome.cost
    leastCost = Clairvoyant.outcome(of: scenario, seed: seed).cost
    let planned = PlannedDay(scenario)
    let results = Dictionary(outcome.pushes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    pushes = scenario.pushes.compactMap { push in
      results[push.name].map {
        PushVerdict(push, $0, among: outcome.pushes, of: scenario, planned: planned)
      }
    }
  }
}

/// What many random days came to, as distributions.
public struct SearchReport: Sendable {
  /// By seed.
  public var days: [DayResult]

  /// Of so many: the middle one, and those that are exceeded by a tenth, by a hundredth, by none.
  public struct Distribution: Sendable, Hashable {
    public var count: Int
    public var p50: Double
    public var p90: Double
    public var p99: Double
    public var max: Double

    init(_ samples: [Double]) {
      let quantiles = Quantiles(samples)
      count = quantiles.count
      p50 = quantiles.quantile(0.5)
      p90 = quantiles.quantile(0.9)
      p99 = quantiles.quantile(0.99)
      max = quantiles.quantile(1)
    }
  }

  /// Minutes outside the objective of pushes that were announced and are within quota.
  public var minutesOutside: Distribution {
    Distribution(days.flatMap(\.pushes).filter { $0.isAnnounced && $0.isWithinQuota }.map { Double($0.minutesOutside) })
  }
  /// Cost by the least that it could have been.
  public var costRatio: Distribution { Distribution(days.compactMap(\.costRatio)) }
  /// Seeds of days on which something did not hold that always must.
  public var broken: [DayResult] { days.filter { !$0.violations.isEmpty } }
  /// Pushes that failed though they were announced and within quota, those of which nobody was warned first.
  public var failures: [(seed: UInt64, push: PushVerdict)] {
    days.flatMap { day in
      day.pushes.filter { $0.isAnnounced && $0.isWithinQuota && $0.minutesOutside > 0 }.map { (day.seed, $0) }
    }.sorted { left, right in
      left.push.isWarned == right.push.isWarned ? left.seed < right.seed : !left.push.isWarned
    }
  }
}
