import ArgumentParser
import Kubernetes
import KubernetesServer

extension LocalCommand {
  struct User: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a kubeconfig for another user of a running cluster.",
      discussion: """
        The user is known by a client certificate of the cluster's own authority; roles and bindings say what the user \
        may do. Whoever has the kubeconfig is the user until the certificate ends.
          sakigake local user jane --group dev --data-dir out/local > jane.kubeconfig
        """)

    @Argument(help: "The user's name.") var name: String
    @Option(name: .customLong("group"), help: "A group that the user is in; may be given several times.")
    var groups: [String] = []
    @Option(help: "Days until the certificate ends.") var days = 365
    @OptionGroup var directory: DirectoryOption

    private static let daysMax = 3650

    func validate() throws {
      guard !name.isEmpty, !groups.contains("") else { throw ValidationError("A name is missing.") }
      guard (1...Self.daysMax).contains(days) else {
        throw ValidationError("--days is between 1 and \(Self.daysMax).")
      }
    }

    func run() throws {
      guard let state = ClusterState.running(in: directory.path) else {
        throw CommandFailure(.foundProblems, "No cluster runs in \(directory.path).")
      }
      let now = EmbeddedAPIServer.systemTime()
      let authority = try CertificateAuthority(directory: directory.path + "/pki", now: now)
      let issued = try authority.issueClient(
        user: name, groups: groups, validitySeconds: Double(days) * 86400, now: now)
      Console.output(
        ServerKubeconfig.text(
          host: "127.0.0.1", port: state.port, authority: authority.certificatePEM, user: name,
          .certificate(issued.certificatePEM, key: issued.keyPEM)))
    }
  }
}
