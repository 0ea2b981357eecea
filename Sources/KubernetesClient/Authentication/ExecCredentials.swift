import ChildProcesses
import Kubernetes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The credential of an exec plugin, asked for once and kept until it expires or is refused.
actor ExecCredentials: CredentialSource {
  static let secondsMax = 60.0
  static let outputBytesMax = 1 << 20
  /// Of what the program wrote to standard error last, for the message of its failure.
  static let errorBytesMax = 4096

  private let plugin: ExecPlugin
  private let cluster: ExecPlugin.ClusterInfo
  private var known: (credential: Credential, expires: Timestamp?)?
  /// All who wait share one run.
  private var asking: Task<(credential: Credential, expires: Timestamp?), any Error>?

  init(plugin: ExecPlugin, cluster: ExecPlugin.ClusterInfo) {
    self.plugin = plugin
    self.cluster = cluster
  }

  func credential() async throws -> Credential {
    if let known, known.expires.map({ $0 > Timestamp.now }) ?? true { return known.credential }
    return try await ask()
  }

  func renewed(after refused: Credential) async throws -> Credential? {
    // Somebody else's refusal may have renewed it already.
    if let known, known.credential != refused { return known.credential }
    known = nil
    let credential = try await ask()
    return credential == refused ? nil : credential
  }

  private func ask() async throws -> Credential {
    let task = asking ?? Task { try await self.run() }
    asking = task
    defer { if asking == task { asking = nil } }
    let answer = try await task.value
    known = answer
    return answer.credential
  }

  private func run() async throws -> (credential: Credential, expires: Timestamp?) {
    guard plugin.interactiveMode != .always else {
      throw KubeconfigError(
        "\(plugin.command) must be run on a terminal (interactiveMode Always), which is not done here")
    }
    var environment = ProcessInfo.processInfo.environment
    for (name, value) in plugin.environment { environment[name] = value }
    environment["KUBERNETES_EXEC_INFO"] = plugin.question(cluster)
    guard let program = Command.locate(plugin.command, path: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
    else {
      let hint = plugin.installHint.isEmpty ? "" : "\n\(plugin.installHint)"
      throw KubeconfigError("the program \(plugin.command) that signs in to the cluster was not found\(hint)")
    }
    let command = Command(
      program, plugin.arguments, calledAs: plugin.command,
      environment: environment.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
    let child: ChildProcess
    do { child = try await ChildProcess.spawn(command) } catch { throw KubeconfigError("\(error)") }
    async let errors = Self.tail(of: child.standardError)
    async let output = Self.head(of: child.standardOutput)
    guard let status = await child.exit(within: Self.secondsMax) else {
      await child.stop(graceSeconds: 1)
      throw KubeconfigError(
        "\(plugin.command) did not sign in within \(Int(Self.secondsMax)) s\(Self.shown(await errors))")
    }
    let said = await errors
    guard status.isSuccess else {
      throw KubeconfigError("\(plugin.command) failed to sign in with \(status)\(Self.shown(said))")
    }
    guard let answer = await output else {
      throw KubeconfigError("\(plugin.command) wrote more than \(Self.outputBytesMax) bytes")
    }
    return try plugin.answer(answer)
  }

  private static func shown(_ errors: [UInt8]) -> String {
    let text = String(decoding: errors, as: UTF8.self).trimmedOfSpace
    return text.isEmpty ? "" : ": \(text)"
  }

  private static func head(of pipe: PipeReader) async -> [UInt8]? {
    var bytes: [UInt8] = []
    var isTooLong = false
    while let chunk = await pipe.next() {
      if bytes.count + chunk.count > outputBytesMax { isTooLong = true } else { bytes += chunk }
    }
    return isTooLong ? nil : bytes
  }

  private static func tail(of pipe: PipeReader) async -> [UInt8] {
    var bytes: [UInt8] = []
    while let chunk = await pipe.next() { bytes = (bytes + chunk).suffix(errorBytesMax) }
    return bytes
  }
}
