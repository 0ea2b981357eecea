import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// What people see first: every example, in every environment that its platform has, without a finding, and rendered to
  /// manifests that Kubernetes takes as they are.
  @Suite(
    .serialized,
    .cluster(["--nodes", "1", "--simulate"]) { cluster in
      let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: { name: community }\n"
      _ = try await Shell.succeed(
        ["kubectl", "apply", "--server-side", "-f", "-"], environment: cluster.environment,
        input: namespace + BroughtKind.manifests)
      _ = try await Shell.succeed(
        ["kubectl", "wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"],
        environment: cluster.environment)
    })
  struct ExampleTests {
    let cluster: Cluster

    init() throws { cluster = try Cluster.current() }
  }
}

/// A fleet in `examples`, for one of its platform's environments; nil is the platform as it stands.
struct ExampleFleet: Sendable, CustomTestStringConvertible {
  var name: String
  var environment: String?

  var directory: String { "\(Sakigake.root)/examples/\(name)" }
  var testDescription: String { "\(name) \(environment ?? "-")" }
  var arguments: [String] { ["-f", directory] + (environment.map { ["-e", $0] } ?? []) }
  var renderArguments: [String] { ["render"] + arguments + ["--tag", "v1"] }

  /// Every directory of `examples` with a platform, with the names that stand in its `environments`.
  static let all: [ExampleFleet] = {
    let examples = "\(Sakigake.root)/examples"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: examples)) ?? []
    return names.sorted().flatMap { name -> [ExampleFleet] in
      guard let data = FileManager.default.contents(atPath: "\(examples)/\(name)/platform.yaml") else { return [] }
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").drop { $0 != "environments:" }
      let environments = lines.compactMap { $0.firstMatch(of: #/^  ([a-z]+):/#).map { String($0.1) } }
      return [ExampleFleet(name: name)] + environments.map { ExampleFleet(name: name, environment: $0) }
    }
  }()
}

extension EndToEnd.ExampleTests {
  @Test func theExamplesAreFound() {
    let found = Set(ExampleFleet.all.map(\.testDescription))
    #expect(
      found.isSuperset(of: [
        "comments -", "comments production", "comments staging", "news -", "news local", "news production",
        "news staging",
      ]), "\(found)")
  }

  @Test(arguments: ExampleFleet.all) func nothingIsFoundInIt(_ fleet: ExampleFleet) async throws {
    let outcome = try await Sakigake.run(["check"] + fleet.arguments)
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.error == "error 0, warning 0, info 0, waived 0\n", "\(outcome)")
  }

  // MARK: Kubernetes' own schemas

  static let python: String? = {
    let path = Sakigake.root + "/.venv-manifests/bin/python"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Of which Kubernetes has no schema; the cluster below has their definitions.
  static let unknownThere = Set(BroughtKind.all.map(\.kind) + ["Microservice"])

  @Test func theSchemasAreThereWhereTheyMustBe() {
    if ProcessInfo.processInfo.environment["CI"] == "true" { #expect(Self.python != nil, "run make setup") }
  }

  /// The manifests as `render` prints them, a document each.
  private func manifests(_ fleet: ExampleFleet, _ more: [String]) async throws -> [String] {
    let outcome = try await Sakigake.run(fleet.renderArguments + more)
    try #require(outcome.status == 0 && outcome.error.isEmpty, "\(outcome)")
    return outcome.output.split(separator: "---\n").map(String.init)
  }

  private static func kind(_ manifest: String) -> String {
    manifest.split(separator: "\n").first { $0.hasPrefix("kind: ") }.map { String($0.dropFirst(6)) } ?? ""
  }

  /// From the oldest that rendered pods run on, where a pod may sleep before it stops, to the newest that is known.
  @Test(
    .enabled(if: python != nil, "needs kubernetes-validate: run make setup"), arguments: ExampleFleet.all,
    [[], ["--with-platform"]] as [[String]])
  func hasNoFieldThatKubernetesLacks(_ fleet: ExampleFleet, _ more: [String]) async throws {
    let manifests = try await manifests(fleet, more).filter { !Self.unknownThere.contains(Self.kind($0)) }
    try #require(manifests.count >= 7)
    let file = FileManager.default.temporaryDirectory.path + "/sakigake-example-\(UUID()).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data(manifests.joined(separator: "---\n").utf8).write(to: URL(filePath: file))
    for version in ["1.30", "1.37"] {
      let outcome = try await Shell.run(
        [try #require(Self.python), "-m", "kubernetes_validate", "--strict", "-k", version, file])
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.lines.count { $0.contains(" passed ") } == manifests.count, "\(outcome)")
    }
  }

  // MARK: A cluster

  private func apply(_ manifests: String) async throws -> Outcome {
    try await Shell.run(
      ["kubectl", "apply", "--server-side", "--validate=strict", "--dry-run=server", "-f", "-"],
      environment: cluster.environment, input: manifests)
  }

  @Test(arguments: ExampleFleet.all) func isTakenByAClusterAsItIs(_ fleet: ExampleFleet) async throws {
    let manifests = try await manifests(fleet, ["--with-platform"])
    let outcome = try await apply(manifests.joined(separator: "---\n"))
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome)")
    #expect(
      outcome.lines.count { $0.hasSuffix("serverside-applied (server dry run)") } == manifests.count, "\(outcome)")
  }

  /// Every kind that others bring is in the example that has everything, and a field that it lacks is refused.
  @Test func aFieldThatABroughtKindLacksIsRefused() async throws {
    let manifests = try await manifests(ExampleFleet(name: "comments", environment: "production"), [])
    for kind in BroughtKind.all {
      let manifest = try #require(manifests.first { Self.kind($0) == kind.kind }, "\(kind.kind)")
      let outcome = try await apply(manifest.replacing("\nspec:\n", with: "\nspec:\n  colour: blue\n"))
      #expect(
        outcome.status != 0 && outcome.error.contains("unknown field \"spec.colour\""), "\(kind.kind): \(outcome)")
    }
  }

  // MARK: Terraform

  @Test(
    arguments: [([], ["articles", "gateway", "ranking", "users"]), (["--central"], ["news"])] as [([String], [String])])
  func theNewsFleetBecomesTerraform(_ more: [String], _ modules: [String]) async throws {
    let directory = FileManager.default.temporaryDirectory.path + "/sakigake-terraform-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let outcome = try await Sakigake.run(["terraform", "-f", Sakigake.news, "-o", directory] + more)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome)")
    #expect(outcome.lines == modules.map { "\(directory)/\($0)/main.tf.json" }, "\(outcome)")
    for path in outcome.lines {
      let document = try JSONValue(parsing: Array(try #require(FileManager.default.contents(atPath: path))))
      #expect(document["resource"]?["aws_security_group"] != nil, "\(path)")
    }
  }
}
