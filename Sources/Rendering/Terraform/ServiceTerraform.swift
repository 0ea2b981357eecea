public import Definitions
import Kubernetes
public import Terraform

/// What a service owns in the cloud, as Terraform: its role, its security group, its place behind the load balancer,
/// its image's repository and its alarms. A file for each of them stands beside this one.
///
/// What only the central repository knows is looked up by the names and tags of `CloudNames`: no state is shared.
public struct ServiceTerraform: Sendable {
  public let document: TerraformDocument
  /// What the cloud cannot do of it.
  public let warnings: [Diagnostic]

  /// - Throws: `InvalidDefinition` with all that cannot be expressed, each with its place.
  public init(_ service: ServiceDefinition, on platform: PlatformDefinition) throws(InvalidDefinition) {
    var builder = ServiceTerraformBuilder(service: service, platform: platform)
    builder.addAll()
    guard builder.errors.isEmpty else { throw InvalidDefinition(builder.errors) }
    document = builder.document
    warnings = builder.warnings
  }
}

struct ServiceTerraformBuilder {
  let service: ServiceDefinition
  let platform: PlatformDefinition
  let names: CloudNames
  var document: TerraformDocument
  var errors: [Diagnostic] = []
  var warnings: [Diagnostic] = []
  /// The target group and the load balancer, for alarms.
  var targets: (group: JSONValue, balancer: JSONValue)?

  init(service: ServiceDefinition, platform: PlatformDefinition) {
    self.service = service
    self.platform = platform
    names = CloudNames(platform: platform)
    let spec = service.microservice.spec
    var tags: JSONObject = [
      "sakigake.dev/cluster": .string(platform.cluster),
      "sakigake.dev/service": .string(service.microservice.metadata.name),
      "sakigake.dev/owner": .string(spec.owner),
    ]
    for (key, value) in platform.tags.merging(spec.tags, uniquingKeysWith: { own, _ in own }).sorted(by: {
      $0.key < $1.key
    }) {
      tags[key] = TerraformDocument.literal(value)
    }
    document = TerraformDocument(
      comment:
        "Made by `sakigake terraform` from the microservice.yaml of \(service.microservice.metadata.name); not to be edited.",
      account: .init(number: platform.account, region: platform.region, tags: tags))
  }

  var name: String { service.microservice.metadata.name }
  var spec: MicroserviceSpec { service.microservice.spec }

  mutating func addAll() {
    errors += platform.terraformErrors
    addRole()
    addSecurityGroup()
    addExposure()
    addRepository()
    addAlarms()
  }

  /// Added where something needs it.
  mutating func network() -> TerraformDocument.Reference {
    document.data("aws_vpc", "main", ["tags": ["Name": .string(names.network)]])
  }

  mutating func nodes() -> TerraformDocument.Reference {
    document.data(
      "aws_security_group", "nodes", ["vpc_id": network()["id"], "tags": ["Name": .string(names.nodes)]])
  }

  private mutating func addRepository() {
    guard let repository = names.repository(ofImage: spec.image) else { return }
    guard spec.image.split(separator: "/").last.map(String.init) == name else {
      warnings.append(
        Diagnostic(
          .warning, at: service.place(of: "image"),
          "spec.image: no repository is made for \(spec.image): the service named so makes it",
          remedy: "name the image as the service, or make the repository \(repository) elsewhere"))
      return
    }
    let made = document.resource(
      "aws_ecr_repository", "image",
      [
        "name": .string(repository), "image_tag_mutability": "IMMUTABLE",
        "image_scanning_configuration": [["scan_on_push": true]],
        "encryption_configuration": [["encryption_type": "AES256"]],
      ])
    let rules: JSONValue = [
      "rules": [
        [
          "rulePriority": 1, "description": "What nothing names any more goes after two weeks",
          "selection": [
            "tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14,
          ],
          "action": ["type": "expire"],
        ],
        [
          "rulePriority": 2, "description": "The newest stay",
          "selection": [
            "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": .integer(Self.imagesKept),
          ],
          "action": ["type": "expire"],
        ],
      ]
    ]
    document.resource(
      "aws_ecr_lifecycle_policy", "image", ["repository": made["name"], "policy": .string(rules.text)])
    document.output("repository", made["repository_url"], "Where images are pushed to.")
  }

  /// Images that a repository holds at most.
  static let imagesKept: Int64 = 200
}
