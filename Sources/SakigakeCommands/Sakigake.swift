public import ArgumentParser
import ChildProcesses
import Definitions
import Kubernetes
import KubernetesClient
import Kustomize
import Rendering

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `sakigake`: one file a command beside this one.
public struct Sakigake: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "sakigake",
    abstract: "Capacity ahead of the push, and everything around it.",
    discussion: "Exit codes: 0 done, 1 found problems, 2 wrong usage or input, 3 the world failed.",
    version: "0.1.0",
    subcommands: [
      DemoCommand.self, LocalCommand.self, NewCommand.self, CheckCommand.self, RenderCommand.self, DiffCommand.self,
      ApplyCommand.self, DeleteCommand.self, TerraformCommand.self, ImportCommand.self, KustomizeCommand.self,
      PushCommand.self, TrafficCommand.self, RehearseCommand.self, LearnCommand.self, BenchAPICommand.self,
      BenchEstimatorCommand.self, BenchRehearsalCommand.self, BenchRenderCommand.self,
      InstallCommand.self, UninstallCommand.self, OperatorCommand.self, WebhookCommand.self,
    ])

  public init() {}

  /// Prepares the process, and runs what needs neither the parser of arguments nor threads, which cost milliseconds.
  /// - Returns: false where there is something left for `start`.
  public static func startQuickly() -> Bool {
    Watchdog.runIfRequested()
    // A reader that hung up is an error of a write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that may not grow further (setrlimit(2)).
    signal(SIGXFSZ, SIG_IGN)
    guard let request = KustomizeRequest(quickly: Array(CommandLine.arguments.dropFirst())) else { return false }
    do { try request.run() } catch { end(error) }
    return true
  }

  /// Runs what the command line asks for, once `startQuickly` has prepared the process, and ends the process with an exit
  /// code that scripts can use.
  public static func start() async {
    do {
      var command = try parseAsRoot(BareOptions.spelledOut(Array(CommandLine.arguments.dropFirst())))
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(error)
    }
  }

  private static func end(_ error: any Error) -> Never {
    let failure = CommandFailure(error)
    if failure.code == .done { Console.output(failure.message) } else { Console.error(failure.message) }
    endProcess(failure.code.rawValue)
  }
}

/// `exit`, which inside a command is the name of something else.
private func endProcess(_ code: Int32) -> Never { exit(code) }

/// Why a command ended otherwise than done.
struct CommandFailure: Error, CustomStringConvertible {
  enum Code: Int32 { case done = 0, foundProblems = 1, wrongInput = 2, worldFailed = 3 }
  var code: Code
  var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  var description: String { message }

  /// Sorts any error into one of the codes.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let invalid as InvalidDefinition: self.init(.wrongInput, invalid.description)
    case let failure as KustomizeError:
      self.init(failure.code == .unreadable ? .worldFailed : .wrongInput, failure.description)
    case let failure as ServiceRenderer.Failure: self.init(.wrongInput, "error: \(failure)")
    case let failure as KubeconfigError: self.init(.wrongInput, "error: \(failure)")
    case let failure as APIError: self.init(.worldFailed, "error: the cluster refused: \(failure)")
    case is CancellationError: self.init(.worldFailed, "interrupted")
    default:
      let code = Sakigake.exitCode(for: error)
      if code == .success {
        self.init(.done, Sakigake.fullMessage(for: error))
      } else if code == .validationFailure {
        self.init(.wrongInput, Sakigake.fullMessage(for: error))
      } else {
        self.init(.worldFailed, "error: \(error)")
      }
    }
  }
}
