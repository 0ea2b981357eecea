import Foundation
import Testing

extension EndToEnd {
  /// Clients of others, and our own, through one table of scenarios: against the embedded cluster, or against any that
  /// `SAKIGAKE_TEST_KUBECONFIG` names, where scenarios that need a node are skipped if it has none.
  @Suite(.serialized, .conformance) struct ConformanceTests {
    let target: ConformanceTarget

    init() throws { target = try ConformanceTarget.current() }

    @Test(arguments: ForeignClient.all) func aForeignClientFindsAKubernetes(_ client: ForeignClient) async throws {
      let (verdicts, outcome) = try await client.run(target.kubeconfig)
      for scenario in client.scenarios {
        switch verdicts[scenario] {
        case .passed: break
        case .skipped(let why):
          #expect(target.isForeign, "\(scenario) was skipped on a cluster that has all it needs: \(why)")
        case .failed(let why): Issue.record("\(scenario): \(why)")
        case nil: Issue.record("\(scenario) was not run: \(outcome)")
        }
      }
      #expect(Set(verdicts.keys) == Set(client.scenarios), "the script and the table name different scenarios")
      #expect(outcome.status == 0, "\(outcome)")
    }
  }
}

/// The cluster that clients are tried against.
struct ConformanceTarget: Sendable {
  var kubeconfig: String
  /// It is not ours: a real control plane, with or without nodes.
  var isForeign: Bool

  @TaskLocal static var shared: ConformanceTarget?

  static func current() throws -> ConformanceTarget {
    guard let shared else { throw Shell.Failed(description: "the suite has no cluster") }
    return shared
  }
}

/// Gives a suite the cluster that the environment names, or one of its own.
struct ConformanceTrait: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    if let path = ProcessInfo.processInfo.environment["SAKIGAKE_TEST_KUBECONFIG"], !path.isEmpty {
      let target = ConformanceTarget(kubeconfig: path, isForeign: true)
      return try await ConformanceTarget.$shared.withValue(target) { try await function() }
    }
    try await Cluster.with(["--nodes", "2", "--speed", "10"]) { cluster in
      try await cluster.kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=20s")
      let target = ConformanceTarget(kubeconfig: cluster.kubeconfig, isForeign: false)
      try await ConformanceTarget.$shared.withValue(target) { try await function() }
    }
  }
}

extension Trait where Self == ConformanceTrait {
  static var conformance: Self { Self() }
}
