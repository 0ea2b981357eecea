import ArgumentParser
import Definitions
import Kubernetes

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "A push on a small news fleet: HPA and node autoscaler alone, then Sakigake ahead of it.",
    discussion: """
      Starts an embedded cluster twice, deploys the fleet with a real Envoy beside every application, sends it the same \
      HTTP traffic with a 20-fold spike, and shows both runs side by side. Results go to standard output, progress to \
      standard error.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Option(help: "How many times faster than life the cluster's periods run.") var speed = 10.0
  @Option(help: "The fleet: a directory with platform.yaml and the services' directories.") var fleet: String?
  @Option(help: "Where the HTML report goes.") var report = "sakigake-demo.html"
  @Option(help: "Run one strategy only: reactive or prescaled.") var only: String?
  @Option(help: "Envoy's path. Where it is not given: SAKIGAKE_ENVOY, the PATH, or the project's .venv.") var envoy:
    String?
  @Option(name: [.short, .customLong("output")], help: "table or json.") var output = Format.table
  @Flag(name: .shortAndLong, help: "Show what the cluster's parts report.") var verbose = false

  func validate() throws {
    guard (1...20).contains(speed) else { throw ValidationError("--speed must be 1 to 20") }
    if let only, DemoRun.Strategy(rawValue: only) == nil {
      throw ValidationError("--only: \"\(only)\" is neither reactive nor prescaled")
    }
  }

  func run() async throws {
    let directory = Files.absolute(report).split(separator: "/").dropLast().joined(separator: "/")
    guard Files.isDirectory("/" + directory) else {
      throw CommandFailure(.wrongInput, "error: --report \(report): there is no directory /\(directory)")
    }
    let strategies = only.flatMap(DemoRun.Strategy.init).map { [$0] } ?? DemoRun.Strategy.allCases
    let preparation = try DemoPreparation(fleetDirectory: fleet, speed: speed, envoy: envoy, verbose: verbose)
    let runs = try await Interruption.cancelling {
      var runs: [DemoRun] = []
      for strategy in strategies { runs.append(try await preparation.stage(strategy).run()) }
      return runs
    }
    switch output {
    case .json: Console.output((["runs": .array(runs.map(\.json))] as JSONValue).prettyText)
    case .table: Console.output(DemoTable.text(runs))
    }
    try Files.write(
      DemoReport.html(runs, services: preparation.fleet.services.map(\.microservice.metadata.name)), to: report)
    Console.error("report: \(report)")
  }
}
