/// How long a whole process takes to read, render and print a fleet, and to hold it against the guardrails.
struct ServicesBenchmark {
  var fleet: BenchFleet

  private static let runs = 5
  /// For 500 services.
  private static let secondsMax = 1.0
  private static let servicesOfLimit = 500

  /// - Parameters:
  ///   - directory: where the fleet's files are written.
  ///   - output: where what commands print goes.
  /// - Returns: what took longer than it may.
  func run(in directory: String, output: String) throws -> [String] {
    try fleet.write(into: directory)
    let definitions = ["-f", directory, "-e", "production"]
    var table = TextTable(header: ["COMMAND", "SERVICES", "LINES", "MiB PRINTED", "s", "PEAK MiB"])
    var problems: [String] = []
    let commands: [(name: String, words: [String])] = [
      ("render", ["render", "--with-platform", "--tag", "v1"]),
      ("render -o json", ["render", "--with-platform", "--tag", "v1", "-o", "json"]), ("check", ["check"]),
      ("terraform", ["terraform", "-o", "\(output)/terraform"]),
    ]
    for (name, words) in commands {
      let file = "\(output)/printed"
      let best = try BenchProcess.best(of: Self.runs, [ThisProgram.path] + words + definitions, output: file)
      let bytes = try Files.bytes(of: file)
      let lines = bytes.count { $0 == 0x0A }
      let mebibytes = (Double(bytes.count) / 104_857.6).rounded() / 10
      table.rows.append([name, "\(fleet.count)", "\(lines)", "\(mebibytes)", best.secondsText, best.memoryText])
      guard name == "render" || name == "check", fleet.count <= Self.servicesOfLimit else { continue }
      if best.seconds > Self.secondsMax {
        problems.append("\(name): \(best.secondsText) s for \(fleet.count) services, not \(Self.secondsMax) s")
      }
    }
    Console.output(table.text)
    return problems
  }
}
