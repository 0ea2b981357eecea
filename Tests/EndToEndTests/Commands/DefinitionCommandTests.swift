import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// What the commands answer to what people give them: exit code, message, place.
  @Suite(.serialized, .cluster(["--nodes", "1", "--simulate"])) struct CommandTests {
    let cluster: Cluster

    init() throws { cluster = try Cluster.current() }
  }
}

/// A fleet of one service, in files of a directory of its own.
struct FleetFiles {
  let directory: String
  static let platform = """
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: test }
    spec:
      registry: registry.example.com
      namespace: default
      tag: v1

    """
  static let service = """
    apiVersion: sakigake.dev/v1
    kind: Microservice
    metadata: { name: shop }
    spec:
      owner: team
      image: shop
      port: 8080
      resources: { cpu: 100m, memory: 64Mi }
      scale: { min: 2, max: 5 }

    """

  static func with<Result>(
    _ service: String = service, platform: String = platform, _ body: (FleetFiles) async throws -> Result
  ) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.path + "/sakigake-fleet-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try Data(service.utf8).write(to: URL(filePath: directory + "/microservice.yaml"))
    try Data(platform.utf8).write(to: URL(filePath: directory + "/platform.yaml"))
    return try await body(FleetFiles(directory: directory))
  }

  var service: String { directory + "/microservice.yaml" }
  var platform: String { directory + "/platform.yaml" }
}

extension EndToEnd.CommandTests {
  /// A change to a good file, and what is said of it.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var good: String
    var bad: String
    var place: String
    var says: [String]
    var testDescription: String { bad }

    init(_ good: String, _ bad: String, at place: String, _ says: String...) {
      (self.good, self.bad, self.place, self.says) = (good, bad, place, says)
    }
  }

  static let mistakes: [Mistake] = [
    .init("  port: 8080", "  prot: 8080", at: "7:3", "unknown field \"prot\"", "did you mean \"port\"?"),
    .init("port: 8080", "port: 80800", at: "7:9", "spec.port"),
    .init("memory: 64Mi", "memory: 64MB", at: "8:35", "spec.resources.memory", "64MB"),
    .init("cpu: 100m", "cpu: fast", at: "8:21", "spec.resources.cpu"),
    .init("min: 2, max: 5", "min: 7, max: 5", at: "9:", "min", "max"),
    .init("  image: shop\n", "", at: "5:3", "spec.image is missing"),
    .init("  owner: team\n", "  owner: team\n  owner: others\n", at: "6:3", "owner"),
    .init("metadata: { name: shop }", "metadata: { name: Shop }", at: "3:", "Shop"),
    .init("  port: 8080", "  port: 8080\n   bad", at: "", "error"),
  ]

  @Test(arguments: mistakes) func aMistakeIsShownWhereItIs(_ mistake: Mistake) async throws {
    try #require(FleetFiles.service.contains(mistake.good))
    try await FleetFiles.with(FleetFiles.service.replacing(mistake.good, with: mistake.bad)) { files in
      for command in [["render"], ["apply", "--dry-run=client"], ["apply", "--kubeconfig", cluster.kubeconfig]] {
        let outcome = try await Sakigake.run(command + ["-f", files.directory])
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.output.isEmpty, "\(outcome)")
        let line =
          outcome.error.split(separator: "\n").first { $0.hasPrefix("\(files.service):\(mistake.place)") } ?? ""
        #expect(line.contains(": error: "), "\(outcome)")
        for text in mistake.says { #expect(line.contains(text), "\(outcome)") }
      }
    }
  }

  @Test func aMistakeInThePlatformIsShownWhereItIs() async throws {
    let platform = FleetFiles.platform.replacing("registry:", with: "regsitry:")
    try await FleetFiles.with(platform: platform) { files in
      let outcome = try await Sakigake.run(["render", "-f", files.directory])
      #expect(outcome.status == 2, "\(outcome)")
      #expect(outcome.error.hasPrefix("\(files.platform):5:3: error: unknown field \"regsitry\""), "\(outcome)")
    }
  }

  @Test func whatIsNotThereIsNamed() async throws {
    let nowhere = try await Sakigake.run(["render", "-f", "/nonexistent/service"])
    #expect(nowhere.status == 2 && nowhere.error.contains("/nonexistent/service"), "\(nowhere)")
    try await FleetFiles.with { files in
      let environment = try await Sakigake.run(["render", "-f", files.directory, "-e", "moon"])
      #expect(environment.status == 2 && environment.error.contains("moon"), "\(environment)")
      try FileManager.default.removeItem(atPath: files.platform)
      let platform = try await Sakigake.run(["render", "-f", files.directory])
      #expect(platform.status == 2 && platform.error.contains("platform.yaml"), "\(platform)")
    }
    let usage = try await Sakigake.run(["rendr"])
    #expect(usage.status == 2 && !usage.error.isEmpty, "\(usage)")
    let help = try await Sakigake.run(["--help"])
    #expect(help.status == 0 && help.output.contains("render") && help.error.isEmpty, "\(help)")
  }

  @Test func whatIsRenderedIsYAMLOrJSON() async throws {
    let json = try await Sakigake.run(["render", "-f", Sakigake.news, "-e", "local", "-o", "json"])
    #expect(json.status == 0 && !json.error.contains("error:"), "\(json)")
    let list = try JSONValue(parsing: json.output)
    #expect(list["kind"] == "List" && list["apiVersion"] == "v1")
    let kinds = (list["items"]?.arrayValue ?? []).compactMap { $0["kind"]?.stringValue }
    for kind in ["Deployment", "Service", "HorizontalPodAutoscaler", "Microservice"] {
      #expect(kinds.count { $0 == kind } == 4, "\(kind): \(kinds)")
    }
    let yaml = try await Sakigake.run(["render", "-f", Sakigake.news + "/articles", "-e", "local"])
    #expect(yaml.status == 0 && yaml.output.contains("kind: Deployment\n"), "\(yaml)")
    // What is printed is what kubectl reads, and what the cluster takes as it is.
    let validated = try await cluster.kubectlOutcome("apply", "--dry-run=server", "-f", "-", input: yaml.output)
    #expect(validated.status == 0, "\(validated)")
    let again = try await Sakigake.run(["render", "-f", Sakigake.news, "-e", "local", "-o", "json"])
    #expect(again.output == json.output, "the same definitions render to the same objects")
  }

  @Test func aDryRunLeavesNothing() async throws {
    try await FleetFiles.with(FleetFiles.service.replacing("shop", with: "dry")) { files in
      // Nothing is sent: no cluster is needed.
      let client = try await Sakigake.run(["apply", "-f", files.directory, "--dry-run=client"])
      #expect(client.status == 0 && client.output.contains("deployment.apps/dry configured (dry run)"), "\(client)")
      let server = try await cluster.sakigake("apply", "-f", files.directory, "--dry-run=server")
      #expect(
        server.status == 0 && server.output.contains("deployment.apps/dry serverside-applied (server dry run)"),
        "\(server)")
      #expect(try await cluster.kubectlOutcome("get", "deployment", "dry").status == 1)
      let wrong = try await Sakigake.run(["apply", "-f", files.directory, "--dry-run=maybe"])
      #expect(wrong.status == 2 && wrong.error.contains("maybe"), "\(wrong)")
    }
  }

  @Test func applyingTwiceChangesNothingMore() async throws {
    try await FleetFiles.with { files in
      let first = try await cluster.sakigake("apply", "-f", files.directory)
      #expect(first.status == 0 && first.output.contains("deployment.apps/shop serverside-applied"), "\(first)")
      let generation = try await cluster.json("get", "deployment", "shop")[path: ["metadata", "generation"]]
      #expect(try await cluster.sakigake("apply", "-f", files.directory).status == 0)
      let deployment = try await cluster.json("get", "deployment", "shop")
      #expect(deployment[path: ["metadata", "generation"]] == generation)
      #expect(try await cluster.json("get", "microservice", "shop")[path: ["spec", "owner"]] == "team")
      // What another manager set is not taken silently.
      let template = #"{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":77}}}}"#
      try await cluster.kubectl(
        "patch", "deployment", "shop", "--type=merge", "--field-manager=somebody", "-p", template)
      let conflict = try await cluster.sakigake("apply", "-f", files.directory)
      let forced = try await cluster.sakigake("apply", "-f", files.directory, "--force-conflicts")
      #expect(conflict.status == 3 && conflict.error.contains("somebody"), "\(conflict)")
      #expect(forced.status == 0, "\(forced)")
    }
  }

  @Test func aClusterThatIsNotThereIsAnError() async throws {
    try await FleetFiles.with { files in
      let missing = try await Sakigake.run(["apply", "-f", files.directory])
      #expect(missing.status == 2 && missing.error.contains("/nonexistent/kubeconfig"), "\(missing)")
      // The port of nobody: a refused connection is told at once, not after a minute.
      let text = try String(contentsOfFile: cluster.kubeconfig, encoding: .utf8)
      let dead = files.directory + "/kubeconfig"
      try text.replacing(/https:\/\/127\.0\.0\.1:\d+/, with: "https://127.0.0.1:1").write(
        toFile: dead, atomically: true, encoding: .utf8)
      let refused = try await Sakigake.run(
        ["apply", "-f", files.directory, "--kubeconfig", dead], within: .seconds(30))
      #expect(refused.status == 3 && refused.error.contains("error:"), "\(refused)")
    }
  }
}
