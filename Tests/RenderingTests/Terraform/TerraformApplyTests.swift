import Foundation
import Kubernetes
import Rendering
import Terraform
import TerraformTesting
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
    let secure = try terraform.module(of: try TerraformFixtures.rendered("platform"), on: cloud)
    defer { secure.remove() }
    try secure.run(["init"])
    try secure.run(["validate"])
    // No certificate is there to be served with.
    let central = try terraform.module(of: try TerraformFixtures.rendered("platform", "plain"), on: cloud)
    defer { central.remove() }
    let service = try terraform.module(of: try TerraformFixtures.rendered("service", "plain"), on: cloud)
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

  /// The modules of the examples, as `sakigake terraform` writes them.
  @Test(
    .enabled(if: terraform != nil, "needs terraform and its provider for AWS"),
    arguments: [("news", ["articles", "gateway", "ranking", "users"]), ("comments", [""])])
  func examplesAreValid(_ name: String, _ services: [String]) throws {
    let terraform = try #require(Self.terraform)
    let directory = Fixtures.packageRoot.appending(path: "examples/\(name)")
    let platform = try TerraformFixtures.platform(
      "production", String(contentsOf: directory.appending(path: "platform.yaml"), encoding: .utf8))
    var documents = [try PlatformTerraform(platform).document]
    for service in services {
      let file = directory.appending(path: service).appending(path: "microservice.yaml")
      let definition = try TerraformFixtures.service(String(contentsOf: file, encoding: .utf8))
      let rendered = try ServiceTerraform(definition, on: platform)
      #expect(rendered.warnings.isEmpty, "\(service)")
      documents.append(rendered.document)
    }
    for document in documents {
      let module = try terraform.module(["main.tf.json": document.text])
      defer { module.remove() }
      try module.run(["init"])
      try module.run(["validate"])
    }
  }
}

extension TerraformProgram {
  /// What it does not keep of a resource, or makes up, by type: a plan would change it each time.
  private static let forgotten: [String: [JSONValue]] = [
    "aws_eks_cluster": ["access_config"],
    "aws_eks_node_group": ["remote_access", "update_config", "scaling_config[0].desired_size"],
    "aws_launch_template": ["tag_specifications"],
    "aws_vpc_security_group_ingress_rule": ["description"],
    "aws_vpc_security_group_egress_rule": ["description"],
  ]

  /// A directory with the document, and beside it what is different because of the cloud, which Terraform lays over it
  /// (https://developer.hashicorp.com/terraform/language/files/override).
  fileprivate func module(of document: TerraformDocument, on cloud: LocalCloud) throws -> TerraformModule {
    var resources: JSONObject = [:]
    for (type, attributes) in Self.forgotten {
      guard let named = document.json["resource"]?[type]?.objectValue else { continue }
      resources[type] = .object(
        JSONObject(named.keys.map { ($0, ["lifecycle": [["ignore_changes": .array(attributes)]]] as JSONValue) }))
    }
    let override: JSONValue = ["provider": .object(cloud.provider), "resource": .object(resources)]
    return try module(["main.tf.json": document.text, "cloud_override.tf.json": override.prettyText])
  }
}
