public import Definitions
import Kubernetes
public import Terraform

/// What all services share in the cloud, as Terraform for the central repository: the network, the cluster and its nodes,
/// the load balancer, who is told of alarms, and the boundary of what services may be permitted.
public struct PlatformTerraform: Sendable {
  public let document: TerraformDocument

  /// - Throws: `InvalidDefinition` with all that cannot be expressed, each with its place.
  public init(_ platform: PlatformDefinition) throws(InvalidDefinition) {
    let builder = PlatformTerraformBuilder(platform)
    guard builder.errors.isEmpty else { throw InvalidDefinition(builder.errors) }
    document = builder.document
  }
}

struct PlatformTerraformBuilder {
  let platform: PlatformDefinition
  let names: CloudNames
  var document: TerraformDocument
  private(set) var errors: [Diagnostic]

  init(_ platform: PlatformDefinition) {
    self.platform = platform
    names = CloudNames(platform: platform)
    errors = platform.terraformErrors
    var tags: JSONObject = ["sakigake.dev/cluster": .string(platform.cluster)]
    for (key, value) in platform.tags.sorted(by: { $0.key < $1.key }) { tags[key] = TerraformDocument.literal(value) }
    document = TerraformDocument(
      comment: "Made by `sakigake terraform --central` from platform.yaml; not to be edited.",
      account: .init(number: platform.account, region: platform.region, tags: tags))
    for tag in platform.mandatoryTags where platform.tags[tag] == nil {
      errors.append(
        Diagnostic(
          at: platform.place(of: "mandatoryTags"),
          "spec.mandatoryTags: what is shared would itself lack the tag \(tag)", remedy: "add tags: { \(tag): VALUE }"))
    }
    let network = addNetwork()
    let cluster = addCluster(network)
    addNodes(of: cluster, in: network)
    let balancer = addBalancer(in: network)
    addBoundary()
    addAlarms(gateways: network.gateways, balancer: balancer)
  }

  /// The most that any service can be permitted, whatever its own definition says: what the platform's `owns.actions`
  /// allows, or the services of AWS that have short names here; never identities and accounts.
  private mutating func addBoundary() {
    guard platform.owns.boundary.isEmpty else { return }
    let actions =
      platform.owns.actions ?? CloudResource.Kind.allCases.map { "\($0.service):*" }
    var statements: [JSONValue] = [
      ["Effect": "Deny", "Action": ["iam:*", "organizations:*", "account:*", "sts:AssumeRole"], "Resource": "*"]
    ]
    // A statement without actions is none.
    if !actions.isEmpty {
      statements.insert(["Effect": "Allow", "Action": .array(actions.map { .string($0) }), "Resource": "*"], at: 0)
    }
    let policy: JSONValue = ["Version": "2012-10-17", "Statement": .array(statements)]
    let lettersMax = 6144  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    if policy.text.utf8.count > lettersMax {
      errors.append(
        Diagnostic(
          at: platform.place(of: "owns", "actions"),
          "spec.owns.actions: they make a policy of \(policy.text.utf8.count) letters, and IAM takes \(lettersMax)",
          remedy: "name actions by their common beginning: dynamodb:Get*"))
    }
    let made = document.resource(
      "aws_iam_policy", "boundary",
      [
        "name": .string(names.boundary), "description": "The most that a service of the platform may do",
        "policy": .string(policy.text),
      ])
    document.output("boundary_arn", made["arn"], "The permissions boundary of every service's role.")
  }
}
