import ArgumentParser
import KubernetesServer

extension LocalCommand {
  struct Snapshot: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Save a cluster's state into a file, or put a saved one in its place.",
      subcommands: [Save.self, Restore.self])

    struct Save: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Write all objects, as they are at one moment, into a file; the cluster may run.")

      @Argument(help: "The file to write.") var file: String
      @OptionGroup var directory: DirectoryOption

      func run() throws {
        try LocalCommand.Snapshot.told {
          try ClusterSnapshot.save(dataDirectory: directory.path, to: Files.absolute(file))
        }
        Console.output("The state of \(directory.path) is in \(file).")
      }
    }

    struct Restore: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Put a saved state in the place of a cluster's own, which is kept beside it; the cluster must be down.")

      @Argument(help: "A file that `save` wrote.") var file: String
      @OptionGroup var directory: DirectoryOption

      func run() throws {
        if let running = ClusterState.running(in: directory.path) {
          throw CommandFailure(
            .wrongInput, "error: a cluster serves \(directory.path), as process \(running.pid): end it first, with "
              + "`sakigake local down --data-dir \(directory.path)`")
        }
        let aside = try LocalCommand.Snapshot.told {
          try ClusterSnapshot.restore(Files.absolute(file), into: directory.path)
        }
        Console.output("\(directory.path) has the state of \(file).")
        if let aside { Console.output("What it had before is in \(aside).") }
      }
    }

    private static func told<Result>(_ body: () throws -> Result) throws -> Result {
      do { return try body() } catch let failure as ClusterSnapshot.Failure {
        throw CommandFailure(.worldFailed, "error: \(failure)")
      }
    }
  }
}
