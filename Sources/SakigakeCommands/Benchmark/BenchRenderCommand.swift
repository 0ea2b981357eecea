import ArgumentParser
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// For those who work on what is rendered: not listed by `--help`.
struct BenchRenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-render", abstract: "Measure what renders: kustomizations beside kubectl, and a large fleet.",
    discussion: """
      Whole processes, the best of several runs.
      kustomize: the same trees as kubectl builds. `small` is an overlay of three objects; the others are Deployments \
      with labels, images, and 50 patches. Outputs must be the same byte for byte.
      services: a platform and generated services, each with other fields: rendered, and held against the guardrails.
      """, shouldDisplay: false)

  enum Part: String, ExpressibleByArgument, CaseIterable { case kustomize, services }

  @Argument(help: "kustomize, services; both where none is given.") var parts: [Part] = Part.allCases
  @Option(help: "How many Deployments the middle tree has; the large one has four times as many.") var deployments =
    1_000
  @Option(help: "How many services the fleet has.") var services = 500
  @Option(help: "kubectl's path.") var kubectl = "kubectl"
  @Option(help: "Where the fleet is left, to look at or to profile; a directory that is not there yet.")
  var keep: String?
  @Flag(help: "Leave out what takes kubectl long: the large tree, which it builds in time that grows with the square.")
  var quick = false

  private static let smallRatioMin = 10.0
  private static let largeRatioMin = 20.0
  /// Four times the objects may take four times the time, and a little.
  private static let growthMax = 4.6

  func validate() throws {
    guard (10...20_000).contains(deployments) else { throw ValidationError("--deployments must be 10 to 20000") }
    guard (1...5_000).contains(services) else { throw ValidationError("--services must be 1 to 5000") }
    if let keep, Files.exists(keep) { throw ValidationError("--keep: \(keep) is there already") }
  }

  func run() throws {
    let directory = try Files.makeTemporaryDirectory("sakigake-bench-render")
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var problems: [String] = []
    if parts.contains(.kustomize) { problems += try kustomize(in: directory) }
    if parts.contains(.services) {
      problems += try ServicesBenchmark(fleet: BenchFleet(count: services)).run(
        in: keep.map(Files.absolute) ?? "\(directory)/fleet", output: directory)
    }
    guard problems.isEmpty else { throw CommandFailure(.foundProblems, problems.joined(separator: "\n")) }
  }

  private func kustomize(in directory: String) throws -> [String] {
    let program = ThisProgram.path
    var table = TextTable(header: ["TREE", "OBJECTS", "KUBECTL s", "MiB", "SAKIGAKE s", "MiB", "TIMES FASTER"])
    var problems: [String] = []
    var seconds: [Double] = []
    let trees: [(name: String, tree: KustomizeBenchTree, runs: Int, ratioMin: Double?)] = [
      ("small", .small, 10, Self.smallRatioMin), ("middle", .fleet(deployments), 3, Self.largeRatioMin),
      ("large", .fleet(4 * deployments), 3, nil),
    ]
    for (name, tree, runs, ratioMin) in trees {
      let path = try tree.write(into: "\(directory)/\(name)")
      let asksKubectl = !(quick && name == "large")
      let ours = try BenchProcess.best(
        of: max(3, runs), [program, "kustomize", "build", path], output: "\(directory)/\(name).ours")
      seconds.append(ours.seconds)
      var row = [name, String(tree.objects)]
      if asksKubectl {
        let theirs = try BenchProcess.best(
          of: name == "large" ? 1 : runs, [kubectl, "kustomize", path], output: "\(directory)/\(name).theirs")
        let ratio = theirs.seconds / ours.seconds
        row += [
          theirs.secondsText, theirs.memoryText, ours.secondsText, ours.memoryText, "\((ratio * 10).rounded() / 10)",
        ]
        if let ratioMin, ratio < ratioMin { problems.append("\(name): \(ratio) times faster, not \(ratioMin)") }
        if try Files.bytes(of: "\(directory)/\(name).ours") != Files.bytes(of: "\(directory)/\(name).theirs") {
          problems.append("\(name): the outputs differ")
        }
      } else {
        row += ["-", "-", ours.secondsText, ours.memoryText, "-"]
      }
      table.rows.append(row)
    }
    let growth = seconds[2] / seconds[1]
    Console.output(table.text)
    Console.output("four times the objects take \((growth * 100).rounded() / 100) times the time")
    if growth > Self.growthMax { problems.append("the time grows faster than the objects: \(growth) times") }
    return problems
  }
}
