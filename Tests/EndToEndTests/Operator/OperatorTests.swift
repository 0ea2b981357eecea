import Foundation
import Kubernetes
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension EndToEnd {
  /// `sakigake install`, and two `sakigake operator` processes against a cluster that has no prescaler of its own.
  @Suite(.serialized, .cluster(["--reactive", "--simulate", "--nodes", "4", "--speed", "10"]))
  struct OperatorTests {
    let cluster: Cluster

    init() throws { cluster = try Cluster.current() }
  }
}

extension EndToEnd.OperatorTests {
  @Test func installedUsedKilledAndUninstalled() async throws {
    try await installsOnce()
    let applied = try await cluster.sakigake("apply", "-f", Sakigake.news, "-e", "local")
    #expect(applied.status == 0, "\(applied)")
    let folder = FileManager.default.temporaryDirectory.path + "/sakigake-operator-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let token = try await cluster.sakigake("install", "--wait=false", "--show-token")
    #expect(token.status == 0 && token.lines.count == 1 && token.lines.first?.count == 64)
    try token.output.write(toFile: folder + "/token", atomically: true, encoding: .utf8)

    let replicas = try ["one", "two"].map { try start($0, tokenFile: folder + "/token") }
    defer { replicas.forEach { $0.killGroup() } }
    var addresses: [String] = []
    for replica in replicas { addresses.append(try await address(of: replica)) }
    let leader = try await eventually("one of them leads", within: .seconds(30)) { try await holder() }
    let first = leader.hasPrefix("one_") ? 0 : 1
    let survivor = 1 - first

    // The one that does not lead takes the push; the one that does raises the floors.
    let announced = try await push(
      ["announce", "--id", "big", "--audience", "200000", "--kind", "breaking"], addresses[survivor], folder)
    #expect(announced.status == 0 && announced.output.contains("Preparing"), "\(announced)")
    try await eventually("floors are raised") { try await cluster.minima()["articles"] ?? 0 > 2 }
    let raised = try await cluster.minima()

    replicas[first].signal(SIGKILL)
    let killedAt = ContinuousClock.now
    try await eventually("the other leads", within: .seconds(30)) { try await holder() != leader }
    print("another replica led \(ContinuousClock.now - killedAt) after the leader was killed")
    #expect(try await cluster.minima() == raised)
    let cancelled = try await push(["cancel", "big"], addresses[survivor], folder)
    #expect(cancelled.status == 0 && cancelled.output.contains("Cancelled"), "\(cancelled)")
    try await eventually("floors are given back") { try await cluster.minima() == News.declared }

    replicas[survivor].signal(SIGTERM)
    #expect(await replicas[survivor].status == 0, "\(replicas[survivor].error)")
    #expect(try await holder() == "")
    try await uninstalls()
  }

  private func installsOnce() async throws {
    let planned = try await Sakigake.run(["install", "--dry-run", "-o", "yaml"])
    #expect(planned.status == 0 && planned.output.contains("kind: ClusterRole"), "\(planned)")
    #expect(!planned.output.contains("stringData"))
    let checked = try await cluster.sakigake("install", "--dry-run=server")
    #expect(checked.status == 0 && checked.output.contains("(server dry run)"), "\(checked)")
    let first = try await cluster.sakigake("install", "--wait=false")
    #expect(first.status == 0 && first.output.contains("deployment.apps/sakigake-operator created"), "\(first)")
    let again = try await cluster.sakigake("install", "--wait=false")
    #expect(again.lines.filter { !$0.hasSuffix(" unchanged") }.isEmpty, "\(again)")
    let wrong = try await cluster.sakigake("install", "--dry-run=perhaps")
    #expect(wrong.status == 2)
  }

  private func uninstalls() async throws {
    let gone = try await cluster.sakigake("uninstall")
    #expect(gone.status == 0 && gone.output.contains("clusterrole.rbac.authorization.k8s.io/sakigake-operator deleted"))
    #expect(try await cluster.kubectl("get", "crd", "pushcampaigns.sakigake.dev", "-o", "name").isEmpty == false)
    let again = try await cluster.sakigake("uninstall")
    #expect(again.status == 0 && again.output.isEmpty, "\(again)")
  }

  private func start(_ name: String, tokenFile: String) throws -> Program {
    try Program(
      [
        try Sakigake.path(), "operator", "--kubeconfig", cluster.kubeconfig, "--token-file", tokenFile, "--listen",
        "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--lease-duration", "3s",
      ], environment: ["POD_NAME": name])
  }

  private func address(of replica: Program) async throws -> String {
    try await eventually("a replica serves") {
      replica.error.split(separator: "\n").lazy.compactMap { line in
        line.range(of: "pushes at ").map {
          String(line[$0.upperBound...]).replacingOccurrences(of: "/v1/pushes", with: "")
        }
      }.first
    }
  }

  private func push(_ words: [String], _ address: String, _ folder: String) async throws -> Outcome {
    try await Sakigake.run(["push"] + words + ["--url", address, "--token-file", folder + "/token"])
  }

  /// Who holds the lease; empty where it was given back, nil where nobody ever had it.
  private func holder() async throws -> String? {
    let lease = try await cluster.kubectlOutcome(
      "get", "lease", "sakigake-operator", "-n", "sakigake-system", "-o", "jsonpath={.spec.holderIdentity}")
    return lease.status == 0 ? lease.output : nil
  }
}
