#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs a fuzzer's cases, whose seeds count up from the first, until time or their number is up or one fails.
public struct FuzzRun: Sendable {
  public var name: String
  public var firstSeed: UInt64
  public var secondsMax: Double
  public var casesMax: UInt64

  public init(name: String, firstSeed: UInt64, secondsMax: Double = .infinity, casesMax: UInt64 = .max) {
    self.name = name
    self.firstSeed = firstSeed
    self.secondsMax = secondsMax
    self.casesMax = casesMax
  }

  public struct Report: Sendable {
    public var cases: UInt64
    public var seconds: Double
    public var failure: Failure?
  }

  public struct Failure: Error, CustomStringConvertible {
    public var name: String
    public var seed: UInt64
    public var finding: String
    /// What to type to see it again.
    public var command: String { FuzzRun.command(name, seed) }
    public var description: String { "\(finding)\nreplay: \(command)" }
  }

  static func command(_ name: String, _ seed: UInt64) -> String { "fuzz \(name) --seed \(seed) --cases 1" }

  /// How long one case may take, in seconds; one that takes longer is taken for hung, and ends the process.
  static let caseSecondsMax = 60

  public func run(_ fuzzer: any Fuzzer) -> Report {
    let start = Self.now()
    let shared = SharedCount(next: firstSeed, remaining: casesMax)
    let watch = CaseWatch(name: name, slots: fuzzer.concurrency)
    FuzzThread.runAll(fuzzer.concurrency, stackBytes: fuzzer.stackBytes) { slot in
      while Self.now() - start < secondsMax, let seed = shared.take() {
        watch.begin(seed, in: slot)
        var random = SeededRandom(seed: seed)
        do { try fuzzer.check(&random) } catch {
          shared.fail(Failure(name: name, seed: seed, finding: "\(error)"))
        }
        watch.end(slot)
      }
    }
    watch.stop()
    let (taken, failure) = shared.result(since: firstSeed)
    return Report(cases: taken, seconds: Self.now() - start, failure: failure)
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
