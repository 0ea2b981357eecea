import Foundation
import Kubernetes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The machine that the tests have to themselves.
enum Machine {
  /// Waits until nobody listens on a port (proc_pid_net(5)): another fleet on it would take part of the traffic.
  static func waitUntilFree(port: Int) async throws {
    let hexadecimal = ":" + String(port, radix: 16, uppercase: true)
    try await eventually("nobody listens on port \(port); another cluster of this machine may", within: .seconds(60)) {
      ["/proc/net/tcp", "/proc/net/tcp6"].allSatisfy { path in
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        return !text.split(separator: "\n").contains { line in
          let fields = line.split(separator: " ")
          return fields.count > 3 && fields[1].hasSuffix(hexadecimal) && fields[3] == "0A"
        }
      }
    }
  }
}

/// A cluster of `sakigake local up`, in a directory of its own.
struct Cluster: Sendable {
  let directory: String
  /// What `up` is given besides directory and address.
  let options: [String]

  @TaskLocal static var shared: Cluster?

  /// The cluster of the suite that runs.
  static func current() throws -> Cluster {
    guard let shared else { throw Shell.Failed(description: "the suite has no cluster") }
    return shared
  }

  /// Runs `body` with a cluster and takes it down afterwards, however `body`, or the tests' process, ends.
  static func with<Result>(_ options: [String], _ body: (Cluster) async throws -> Result) async throws -> Result {
    try await withDirectory(options) { cluster in
      try await cluster.up()
      return try await body(cluster)
    }
  }

  /// The same for a cluster that `body` starts itself.
  static func withDirectory<Result>(
    _ options: [String] = [], _ body: (Cluster) async throws -> Result
  ) async throws -> Result {
    let directory =
      FileManager.default.temporaryDirectory.path + "/sakigake-e2e-\(UUID().uuidString.prefix(8).lowercased())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let undertaker = try Undertaker(directory)
    let cluster = Cluster(directory: directory, options: options)
    do {
      let result = try await body(cluster)
      try await cluster.takeDown(undertaker)
      return result
    } catch {
      try await cluster.takeDown(undertaker)
      throw error
    }
  }

  private func takeDown(_ undertaker: Undertaker) async throws {
    _ = try await Sakigake.run(["local", "down", "--data-dir", directory])
    await undertaker.bury()
  }

  var kubeconfig: String { directory + "/kubeconfig" }
  var environment: [String: String] { ["KUBECONFIG": kubeconfig] }
  var upArguments: [String] { ["local", "up", "--data-dir", directory, "--listen", "127.0.0.1:0"] + options }

  func up() async throws {
    let outcome = try await Sakigake.run(upArguments + ["--detach"], within: .seconds(90))
    guard outcome.status == 0 else { throw Shell.Failed(description: outcome.description) }
  }

  func down() async throws -> Outcome { try await Sakigake.run(["local", "down", "--data-dir", directory]) }
  func status(_ more: String...) async throws -> Outcome {
    try await Sakigake.run(["local", "status", "--data-dir", directory] + more)
  }

  /// The process that serves, as the directory tells; nil where it tells of none.
  var pid: Int32? {
    FileManager.default.contents(atPath: directory + "/local.json")
      .flatMap { try? JSONValue(parsing: Array($0)) }?["pid"]?.integerValue.map { Int32($0) }
  }

  /// `kill -9`, and waits until the process is gone, and with it all that it had started.
  func killNow() async throws {
    guard let pid else { throw Shell.Failed(description: "\(directory) tells of no process") }
    let family = ProcessTable.read().family(of: pid)
    kill(pid, SIGKILL)
    try await eventually("nothing is left of process \(pid)", within: .seconds(5)) {
      let left = ProcessTable.read().survivors(of: family)
      if left.isEmpty { return true }
      throw NotInTime(description: "\(left)")
    }
  }

  /// The end of what the cluster said.
  var log: String {
    String(decoding: FileManager.default.contents(atPath: directory + "/local.log") ?? Data(), as: UTF8.self)
  }

  func sakigake(_ arguments: String..., within limit: Duration = .seconds(60)) async throws -> Outcome {
    try await Sakigake.run(arguments, environment: environment, within: limit)
  }
}
