import ArgumentParser
import KubernetesClient

/// Which cluster is meant, as kubectl has it.
struct ClusterOptions: ParsableArguments {
  @Option(help: "The kubeconfig. Where it is not given: KUBECONFIG, or ~/.kube/config.") var kubeconfig: String?
  @Option(help: "The context of the kubeconfig.") var context: String?

  func load() throws -> Kubeconfig { try Kubeconfig.load(path: kubeconfig, context: context) }

  /// Runs `body` with a client, and closes its connections afterwards.
  func withClient<Result>(_ body: (KubernetesClient) async throws -> Result) async throws -> Result {
    try await Self.withClient(load(), body)
  }

  static func withClient<Result>(
    _ config: Kubeconfig, _ body: (KubernetesClient) async throws -> Result
  ) async throws -> Result {
    let transport = try config.transport()
    do {
      let result = try await body(KubernetesClient(transport: transport))
      await transport.shutdown()
      return result
    } catch {
      await transport.shutdown()
      throw error
    }
  }
}
