public import Foundation
public import Kubernetes

/// A process that answers as AWS does, and forgets all when it ends.
public final class LocalCloud {
  private static let programs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: ".venv-moto/bin")

  /// What `make setup` installs; nil where it is not.
  public static let program: String? = {
    let path = programs.appending(path: "moto_server").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  public let url: String
  private let process: Process
  private let output: Pipe

  private init(url: String, process: Process, output: Pipe) {
    (self.url, self.process, self.output) = (url, process, output)
  }

  private static let services = [
    "autoscaling", "cloudwatch", "cloudwatchlogs", "ec2", "ecr", "eks", "elbv2", "iam", "route53", "sns", "sts",
  ]

  /// The provider's settings: nothing is asked of anybody else.
  public var provider: JSONObject {
    let endpoints = JSONObject(Self.services.map { ($0, JSONValue.string(url)) })
    return [
      "aws": [
        "access_key": "test", "secret_key": "test", "skip_credentials_validation": true,
        "skip_metadata_api_check": true, "endpoints": [.object(endpoints)],
      ]
    ]
  }

  /// Ready when it says where it listens.
  public static func start(at program: String) throws -> LocalCloud {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["-H", "127.0.0.1", "-p", "0"]
    // With the policies that AWS has of its own.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "PYTHONUNBUFFERED": "1"], uniquingKeysWith: { $1 })
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    var said = ""
    while true {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw TerraformModule.Failure(description: "moto_server ended: \(said)") }
      said += String(decoding: data, as: UTF8.self)
      if let match = said.firstMatch(of: #/Running on (http://127\.0\.0\.1:\d+)/#) {
        // What it says of each request is read away, or it would wait for a reader.
        output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
        return LocalCloud(url: String(match.1), process: process, output: output)
      }
    }
  }

  /// Runs a script for Python that has boto3, with the cloud's address as its argument.
  /// - Returns: what it prints.
  public func run(script: URL) throws -> Data {
    let process = Process()
    process.executableURL = Self.programs.appending(path: "python")
    process.arguments = [script.path, url]
    let pipe = Pipe()
    let errors = FileManager.default.temporaryDirectory.appending(path: "sakigake-python-\(UUID())")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = pipe
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
      throw TerraformModule.Failure(description: "\(script.lastPathComponent): \(said.suffix(3000))")
    }
    return output
  }

  public func stop() {
    // Not SIGTERM: a process that is started from a task's thread inherits its blocked signals.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    output.fileHandleForReading.readabilityHandler = nil
  }
}
