import ArgumentParser
import Definitions
import Guardrails
import Kubernetes
import KubernetesClient
import Rendering

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Hold services, manifests and kustomizations against the guardrails.",
    discussion: """
      Findings are told with file, line and column of what people wrote. Exit code 0 where none is an error, 1 where \
      some are, 2 where something cannot be read.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif, github }

  @OptionGroup var definitions: DefinitionOptions
  @Flag(help: "The paths hold manifests of Kubernetes, not definitions; - is standard input.") var manifests = false
  @Option(help: "A directory with a kustomization, whose objects are checked. May be given again.")
  var kustomize: [String] = []
  @Option(name: [.short, .customLong("output")], help: "text, json, sarif, or github for its actions' logs.")
  var output = Format.text
  @Flag(help: "Set right in the files what can be set right safely.") var fix = false
  @Flag(help: "List the rules.") var rules = false

  func validate() throws {
    if definitions.filename.contains("-") {
      guard manifests else { throw ValidationError("-f - reads manifests: give --manifests") }
      if fix { throw ValidationError("--fix changes files: -f - has none") }
    }
    if manifests, !kustomize.isEmpty { throw ValidationError("give --manifests or --kustomize, not both") }
  }

  func run() throws {
    if rules { return listRules() }
    var findings = try inspect()
    if fix, try setRight(findings) { findings = try inspect() }
    tell(findings)
    let errors = findings.filter { $0.severity == .error && $0.waiver == nil }.count
    guard errors > 0 else { return }
    throw CommandFailure(.foundProblems, "\(errors) of \(findings.count) findings are errors")
  }

  private func listRules() {
    if output == .json {
      return Console.output(
        JSONValue.array(
          Rule.all.map { rule in
            [
              "id": .string(rule.id), "severity": .string(rule.severity?.rawValue ?? "off"),
              "subject": .string(rule.subject), "reason": .string(rule.reason), "remedy": .string(rule.remedy),
              "fixable": .bool(rule.isFixable),
            ]
          }
        ).prettyText)
    }
    var table = TextTable(header: ["RULE", "SEVERITY", "WHAT IS KEPT"])
    table.rows = Rule.all.map { [$0.id, $0.severity?.rawValue ?? "off", $0.subject] }
    Console.output(table.text)
  }

  // MARK: What is looked at

  private func inspect() throws -> [Finding] {
    let now = Timestamp.now
    if !manifests, kustomize.isEmpty { return try CheckedFleet(definitions).inspection(now: now).findings() }
    let objects =
      manifests
      ? try manifestPaths().flatMap(Self.objects)
      : try kustomize.flatMap { try BuiltKustomization($0, below: $0).checked() }
    return Inspection(objects: objects, platform: try platform(), now: now).findings()
  }

  private static func objects(of path: String) throws -> [CheckedObject] {
    if path == "-" { return try CheckedObject.manifests(in: try Files.standardInput(), file: "stdin") }
    return try CheckedObject.manifests(in: try Files.text(of: path), file: path)
  }

  /// The platform says how strict rules are; manifests may do without one.
  private func platform() throws -> PlatformDefinition? {
    guard let path = definitions.platform else {
      if definitions.environment != nil {
        throw CommandFailure(.wrongInput, "error: -e is of a platform: name it with --platform")
      }
      return nil
    }
    return try PlatformDefinition.read(
      try Files.text(of: path), file: path, environment: definitions.environment)
  }

  private func manifestPaths() throws -> [String] {
    try definitions.filename.flatMap { path -> [String] in
      guard Files.isDirectory(path) else { return [path] }
      var found: [String] = []
      try Self.collect(path, depth: 0, into: &found)
      guard !found.isEmpty else { throw CommandFailure(.wrongInput, "error: \(path): no .yaml file in it") }
      return found
    }
  }

  private static let depthMax = 16
  private static let filesMax = 20_000

  private static func collect(_ directory: String, depth: Int, into found: inout [String]) throws {
    guard depth < depthMax else {
      throw CommandFailure(.wrongInput, "error: \(directory): deeper than \(depthMax) directories")
    }
    for name in try Files.names(in: directory) {
      let path = directory + "/" + name
      if Files.isDirectory(path) {
        try collect(path, depth: depth + 1, into: &found)
      } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
        guard found.count < filesMax else {
          throw CommandFailure(.wrongInput, "error: \(directory): more than \(filesMax) files")
        }
        found.append(path)
      }
    }
  }

  // MARK: What is done about it

  private static let passesMax = 20

  /// - Returns: whether anything was changed.
  private func setRight(_ findings: [Finding]) throws -> Bool {
    var findings = findings
    var changed = false
    for _ in 0..<Self.passesMax {
      var made: [Finding] = []
      for file in Set(findings.filter { $0.repair != nil }.map(\.place.file)).sorted() {
        guard let edited = SourceEdit.applying(findings, to: try Files.text(of: file), file: file) else { continue }
        try Files.write(edited.text, to: file)
        made += edited.made
      }
      guard !made.isEmpty else { break }
      changed = true
      for finding in made {
        let done = finding.repair?.description ?? ""
        Console.error("\(finding.place.file):\(finding.place.line): \(finding.object): \(done) [\(finding.rule)]")
      }
      findings = try inspect()
    }
    return changed
  }

  private func tell(_ findings: [Finding]) {
    switch output {
    case .text:
      findings.forEach { Console.output($0.line) }
      let open = findings.filter { $0.waiver == nil }
      let counts = Rule.Severity.allCases.map { severity in
        "\(severity.rawValue) \(open.filter { $0.severity == severity }.count)"
      }
      Console.error("\(counts.joined(separator: ", ")), waived \(findings.count - open.count)")
    case .json: Console.output(JSONValue.array(findings.map(\.json)).prettyText)
    case .sarif: Console.output(SARIF.log(findings, version: Sakigake.configuration.version).prettyText)
    case .github: findings.forEach { Console.output($0.workflowCommand) }
    }
  }
}
