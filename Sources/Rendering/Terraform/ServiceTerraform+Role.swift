import Definitions
import Kubernetes
import Terraform

/// The role of a service's account in the cluster.
extension ServiceTerraformBuilder {
  /// IAM takes this many letters in all inline policies of a role
  /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
  static let policyLettersMax = 10_240

  mutating func addRole() {
    guard !spec.permissions.isEmpty else { return }
    checkPolicy()
    let cluster = document.data("aws_eks_cluster", "cluster", ["name": .string(platform.cluster)])
    let issuer = "identity[0].oidc[0].issuer"
    let provider = document.data("aws_iam_openid_connect_provider", "cluster", ["url": cluster[issuer]])
    let conditions = [("sub", "system:serviceaccount:\(platform.namespace):\(name)"), ("aud", "sts.amazonaws.com")].map
    {
      claim, value -> JSONValue in
      [
        "test": "StringEquals",
        "variable": .string("${replace(\(cluster.address).\(issuer), \"https://\", \"\")}:\(claim)"),
        "values": [.string(value)],
      ]
    }
    let trust = document.data(
      "aws_iam_policy_document", "trust",
      [
        "statement": [
          [
            "actions": ["sts:AssumeRoleWithWebIdentity"],
            "principals": [["type": "Federated", "identifiers": [provider["arn"]]]],
            "condition": .array(conditions),
          ]
        ]
      ])
    let role = document.resource(
      "aws_iam_role", "service",
      [
        "name": .string(platform.roleName(of: name)),
        "description": .string("What \(name) may do in the cloud"),
        "assume_role_policy": trust["json"], "permissions_boundary": .string(names.boundaryARN),
      ])
    document.resource(
      "aws_iam_role_policy", "service",
      ["name": "permissions", "role": role["id"], "policy": TerraformDocument.literal(policy)])
    document.output("role_arn", role["arn"], "As the service account's annotation names it.")
  }

  /// Exactly what was stated, as JSON.
  private var policy: String {
    let statements = spec.permissions.map { permission -> JSONValue in
      let resources = permission.on.compactMap(CloudResource.init(reading:)).flatMap {
        $0.arns(account: platform.account, region: platform.region)
      }
      return [
        "Effect": "Allow", "Action": .array(permission.allow.map { .string($0) }),
        "Resource": .array(resources.map { .string($0) }),
      ]
    }
    return (["Version": "2012-10-17", "Statement": .array(statements)] as JSONValue).text
  }

  private mutating func checkPolicy() {
    let letters = policy.utf8.count
    guard letters > Self.policyLettersMax else { return }
    errors.append(
      Diagnostic(
        at: service.place(of: "permissions"),
        "spec.permissions: they make a policy of \(letters) letters, and IAM takes \(Self.policyLettersMax)",
        remedy: "name resources by their common beginning: table/\(name)-*"))
  }
}
