import ArgumentParser
import Fuzzing

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@main struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz", abstract: "Look for inputs that break the readers and the server.",
    discussion: """
      Each case follows from its seed; seeds count up from --seed. The first case that fails ends the run with status 1 \
      and the command that replays it; so does a crash or a case that hangs.
      """)

  @Argument(help: "Which: \(Fuzzers.all.map(\.name).joined(separator: ", ")); all of them, one after another: all.")
  var fuzzer: String
  @Option(help: "How long each runs, in seconds.") var seconds = 60.0
  @Option(help: "The first case's seed. Where it is not given: another one each time.") var seed: UInt64?
  @Option(help: "How many cases at most.") var cases: UInt64?

  func run() throws {
    let chosen = Fuzzers.all.filter { $0.name == fuzzer || fuzzer == "all" }
    guard !chosen.isEmpty else { throw ValidationError("there is no fuzzer \"\(fuzzer)\"") }
    let first = seed ?? UInt64.random(in: 1...1 << 40)
    for (name, make) in chosen {
      let run = FuzzRun(name: name, firstSeed: first, secondsMax: seconds, casesMax: cases ?? .max)
      let report = run.run(try make())
      if let failure = report.failure {
        say("\(name): \(failure)")
        throw ExitCode(1)
      }
      let tenths = Int(report.seconds * 10)
      say("\(name): \(report.cases) cases in \(tenths / 10).\(tenths % 10) s from seed \(first), all well")
    }
  }

  private func say(_ line: String) {
    fputs(line + "\n", stdout)
    fflush(stdout)
  }
}
