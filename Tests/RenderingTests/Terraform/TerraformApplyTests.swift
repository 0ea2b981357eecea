import Foundation
import Kubernetes
import Rendering
import Testing

/// What is rendered, given to the real Terraform: valid, applied to a cloud that is a process here, planned again without
/// a change, and destroyed. Needs `terraform`, its provider for AWS, and `moto_server`, which `make setup` installs.
@Suite struct TerraformApplyTests {
  static let terraform = TerraformProgram.find()

  /// Continuous integration may lack Terraform; where it has it with its provider, the rest must be there too.
  @Test func theCloudIsThereWhereItMustBe() {
    guard ProcessInfo.processInfo.environment["CI"] == "true", Self.terraform != nil else { return }
    #expect(LocalCloud.program != nil, "run make setup")
  }

  @Test(
    .enabled(
      if: terraform != nil && LocalCloud.program != nil, "needs terraform, its provider for AWS, and moto_server"))
  func isAppliedAndDestroyed() throws {
    let terraform = try #require(Self.terraform)
    let cloud = try LocalCloud.start(at: try #require(LocalCloud.program))
    defer { cloud.stop() }
    let secure = try terraform.module(try TerraformFixtures.rendered("platform"), on: cloud)
    defer { secure.remove() }
    try secure.run(["init"])
    try secure.run(["validate"])
    // No certificate is there to be served with.
    let central = try terraform.module(try TerraformFixtures.rendered("platform", "plain"), on: cloud)
    defer { central.remove() }
    let service = try terraform.module(try TerraformFixtures.rendered("service", "plain"), on: cloud)
    defer { service.remove() }
    for module in [central, service] {
      try module.run(["init"])
      try module.run(["validate"])
      try module.run(["apply", "-auto-approve"])
      // 2 where anything would change.
      try module.run(["plan", "-detailed-exitcode"])
    }
    #expect(try service.run(["output", "-raw", "role_arn"]).hasSuffix("role/news-production-articles"))
    try service.run(["destroy", "-auto-approve"])
    try central.run(["destroy", "-auto-approve"])
    #expect(try central.run(["state", "list"]).isEmpty)
  }
}

/// `terraform`, with a directory that holds the provider, so that nothing is fetched.
struct TerraformProgram {
  let path: String
  let plugins: String

  /// `SAKIGAKE_TERRAFORM_PLUGINS`, or where machines without a network keep them.
  static func find() -> TerraformProgram? {
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

  /// A directory with the module, and beside it what is different because of the cloud.
  func module(_ document: TerraformDocument, on cloud: LocalCloud) throws -> TerraformModule {
    let directory = FileManager.default.temporaryDirectory.appending(path: "sakigake-terraform-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (name, text) in [
      ("main.tf.json", document.text), ("cloud_override.tf.json", cloud.override(of: document).prettyText),
      (
        "terraform.rc",
        "disable_checkpoint = true\nprovider_installation { filesystem_mirror { path = \"\(plugins)\" } }\n"
      ),
    ] {
      try text.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
    }
    return TerraformModule(program: self, directory: directory)
  }
}

struct TerraformModule {
  struct Failure: Error, CustomStringConvertible { let description: String }

  let program: TerraformProgram
  let directory: URL

  @discardableResult
  func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program.path)
    process.currentDirectoryURL = directory
    let takesInput = ["apply", "destroy", "init", "plan"].contains(arguments[0])
    process.arguments = arguments + (arguments[0] == "state" || arguments[0] == "output" ? [] : ["-no-color"])
    if takesInput { process.arguments?.append("-input=false") }
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

  func remove() { try? FileManager.default.removeItem(at: directory) }
}

/// A process that answers as AWS does, and forgets all when it ends.
final class LocalCloud {
  static let program: String? = {
    let path = Fixtures.packageRoot.appending(path: ".venv-moto/bin/moto_server").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  let url: String
  private let process: Process
  private let output: Pipe

  private init(url: String, process: Process, output: Pipe) {
    (self.url, self.process, self.output) = (url, process, output)
  }

  private static let services = [
    "autoscaling", "cloudwatch", "cloudwatchlogs", "ec2", "ecr", "eks", "elbv2", "iam", "sns", "sts",
  ]

  /// What it does not keep of a resource, or makes up, by type: a plan would change it each time.
  private static let forgotten: [String: [JSONValue]] = [
    "aws_eks_cluster": ["access_config"],
    "aws_eks_node_group": ["remote_access", "update_config", "scaling_config[0].desired_size"],
    "aws_launch_template": ["tag_specifications"],
    "aws_vpc_security_group_ingress_rule": ["description"],
    "aws_vpc_security_group_egress_rule": ["description"],
  ]

  /// Terraform lays it over the module (https://developer.hashicorp.com/terraform/language/files/override).
  func override(of document: TerraformDocument) -> JSONValue {
    let endpoints = JSONObject(Self.services.map { ($0, JSONValue.string(url)) })
    var resources: JSONObject = [:]
    for (type, attributes) in Self.forgotten {
      guard let named = document.json["resource"]?[type]?.objectValue else { continue }
      resources[type] = .object(
        JSONObject(named.keys.map { ($0, ["lifecycle": [["ignore_changes": .array(attributes)]]] as JSONValue) }))
    }
    return [
      "provider": [
        "aws": [
          "access_key": "test", "secret_key": "test", "skip_credentials_validation": true,
          "skip_metadata_api_check": true, "endpoints": [.object(endpoints)],
        ]
      ],
      "resource": .object(resources),
    ]
  }

  /// Ready when it says where it listens.
  static func start(at program: String) throws -> LocalCloud {
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

  func stop() {
    // Not SIGTERM: a process that is started from a task's thread inherits its blocked signals.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    output.fileHandleForReading.readabilityHandler = nil
  }
}
