import ArgumentParser

struct LocalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "local", abstract: "A Kubernetes cluster in one process: no Docker, real processes, real Envoys.",
    subcommands: [Up.self, Status.self, User.self, Snapshot.self, Down.self])

  struct DirectoryOption: ParsableArguments {
    @Option(name: .customLong("data-dir"), help: "Where the cluster keeps its state, logs and kubeconfig.")
    var dataDirectory: String

    /// Absolute, so that a detached cluster and its files agree wherever it was started.
    var path: String { Files.absolute(dataDirectory) }
  }

  /// `127.0.0.1:PORT`, as a person gives it.
  struct ListenAddress: ExpressibleByArgument {
    var port: Int

    init(port: Int) { self.port = port }

    var defaultValueDescription: String { "127.0.0.1:\(port)" }

    init?(argument: String) {
      let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, ["127.0.0.1", "localhost"].contains(parts[0]), let port = Int(parts[1]),
        (0...65535).contains(port)
      else { return nil }
      self.port = port
    }
  }
}
