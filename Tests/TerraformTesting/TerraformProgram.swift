// TerraformTesting: the real Terraform, and an imitation of AWS, for tests of what is given to them.

public import Foundation

/// `terraform`, with a directory that holds the provider, so that nothing is fetched.
public struct TerraformProgram: Sendable {
  let path: String
  let plugins: String

  /// `SAKIGAKE_TERRAFORM_PLUGINS`, or where machines without a network keep them.
  public static func find() -> TerraformProgram? {
    let environment = ProcessInfo.processInfo.environment
    let path = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/terraform" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    let added = (try? FileManager.default.contentsOfDirectory(atPath: "/opt"))?.sorted().map { "/opt/\($0)" } ?? []
    let places =
      environment["SAKIGAKE_TERRAFORM_PLUGINS"].map { [$0] }
      ?? ["/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins"] + added
    let plugins = places.first {
      FileManager.default.fileExists(atPath: $0 + "/registry.terraform.io/hashicorp/aws")
    }
    guard let path, let plugins else { return nil }
    return TerraformProgram(path: path, plugins: plugins)
  }

  /// A directory with these files, and where the provider is.
  public func module(_ files: [String: String]) throws -> TerraformModule {
    let directory = FileManager.default.temporaryDirectory.appending(path: "sakigake-terraform-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let settings = "disable_checkpoint = true\nprovider_installation { filesystem_mirror { path = \"\(plugins)\" } }\n"
    for (name, text) in files.merging(["terraform.rc": settings], uniquingKeysWith: { $1 }) {
      try text.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
    }
    return TerraformModule(program: self, directory: directory)
  }
}

/// A directory that Terraform is run in.
public struct TerraformModule: Sendable {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
  }

  let program: TerraformProgram
  public let directory: URL

  /// - Returns: what it says.
  /// - Throws: `Failure` where it does not end with 0.
  @discardableResult
  public func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program.path)
    process.currentDirectoryURL = directory
    // Before others, for a plan's file comes last.
    var flags = ["state", "output", "show"].contains(arguments[0]) ? [] : ["-no-color"]
    if ["apply", "destroy", "init", "plan"].contains(arguments[0]) { flags.append("-input=false") }
    process.arguments = arguments.prefix(1) + flags + arguments.dropFirst()
    var environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("TF_") && !$0.key.hasPrefix("AWS_")
    }
    environment["TF_CLI_CONFIG_FILE"] = directory.appending(path: "terraform.rc").path
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        description: "terraform \(arguments.joined(separator: " ")) in \(directory.path): \(output.suffix(6000))")
    }
    return output
  }

  public func remove() { try? FileManager.default.removeItem(at: directory) }
}
