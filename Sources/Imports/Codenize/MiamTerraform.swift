import Definitions
import Kubernetes
import Terraform

/// IAM as miam exports it, to Terraform. The import blocks' names are those that the AWS provider's pages of the
/// resources tell (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#import).
struct MiamTerraform {
  private var document = TerraformDocument(comment: CodenizeImport.comment(on: "miam"))
  private(set) var result = ImportResult()
  private var names: [String: String] = [:]
  private var profileRoles: [String: String] = [:]
  /// The addresses of managed policies of these files, by path and name.
  private var policies: [String: String] = [:]

  /// What an export does not have, by type. Without it a plan would take it away, a policy's description by making the
  /// policy anew; `force_destroy` stands in Terraform's state only.
  private static let untold: [String: JSONValue] = [
    "aws_iam_user": ["force_destroy", "permissions_boundary", "tags"],
    "aws_iam_role": ["description", "permissions_boundary", "tags"],
    "aws_iam_policy": ["description", "tags"], "aws_iam_instance_profile": ["tags"],
  ]

  static func convert(_ account: MiamAccount) -> ImportResult {
    var terraform = MiamTerraform()
    for entry in account.entries { terraform.declare(entry) }
    for entry in account.entries { terraform.add(entry) }
    if account.entries.contains(where: { $0.kind == .policy }) {
      terraform.document.data("aws_caller_identity", "current", [:])
      terraform.document.data("aws_partition", "current", [:])
    }
    if !account.exclusions.isEmpty {
      terraform.result.decisions.append(
        "exclude: names that miam leaves alone are not in its files, and stay outside of Terraform too")
    }
    if !terraform.document.isEmpty {
      terraform.result.files = [ImportedFile(path: "iam.tf.json", text: terraform.document.text)]
    }
    return terraform.result
  }

  /// Names first, so that groups and roles can be referred to before they come.
  private mutating func declare(_ entry: MiamAccount.Entry) {
    if entry.kind == .role { for profile in entry.profiles { profileRoles[profile] = entry.name } }
    guard isOurs(entry) else { return }
    let type = Self.type(entry.kind)
    let local = document.uniqueLabel(entry.name, of: type)
    names["\(entry.kind) \(entry.name)"] = local
    if entry.kind == .policy, entry.document != nil { policies[entry.path + entry.name] = "\(type).\(local)" }
  }

  private func isOurs(_ entry: MiamAccount.Entry) -> Bool { !entry.path.hasPrefix("/aws-service-role/") }

  private static func type(_ kind: MiamAccount.Kind) -> String {
    kind == .profile ? "aws_iam_instance_profile" : kind == .policy ? "aws_iam_policy" : "aws_iam_\(kind)"
  }

  private func reference(_ kind: MiamAccount.Kind, _ name: String) -> JSONValue {
    guard let local = names["\(kind) \(name)"] else { return TerraformDocument.literal(name) }
    return .string("${\(Self.type(kind)).\(local).name}")
  }

  /// A policy of these files by its address, so that it is there before it is attached; all others as written.
  private func policy(_ arn: String) -> JSONValue {
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[4] != "aws", parts[5].hasPrefix("policy/"),
      let address = policies[String(parts[5].dropFirst(6))]
    else { return TerraformDocument.literal(arn) }
    return .string("${\(address).arn}")
  }

  private mutating func add(_ entry: MiamAccount.Entry) {
    guard isOurs(entry), let local = names["\(entry.kind) \(entry.name)"] else {
      return result.drop(entry.place, "role \(entry.name)", "AWS itself makes and keeps roles of this path")
    }
    let type = Self.type(entry.kind)
    var body: JSONObject = [
      "name": TerraformDocument.literal(entry.name), "path": TerraformDocument.literal(entry.path),
    ]
    var id = TerraformDocument.escaped(entry.name)
    switch entry.kind {
    case .role:
      guard let document = entry.document else {
        return result.drop(entry.place, "role \(entry.name)", "it does not say who may assume it")
      }
      body["assume_role_policy"] = TerraformDocument.literal(document.text)
      if let session = entry.session { body["max_session_duration"] = .integer(session) }
      for profile in entry.profiles where names["\(MiamAccount.Kind.profile) \(profile)"] == nil {
        result.drop(entry.place, "the instance profile \(profile)", "it is not in these files: export it too")
      }
    case .profile: if let role = profileRoles[entry.name] { body["role"] = reference(.role, role) }
    case .policy:
      guard let document = entry.document else {
        return result.drop(entry.place, "managed policy \(entry.name)", "it has no document")
      }
      body["policy"] = TerraformDocument.literal(document.text)
      id =
        "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy"
        + TerraformDocument.escaped(entry.path + entry.name)
    case .user, .group: break
    }
    if let untold = Self.untold[type] { body["lifecycle"] = ["ignore_changes": untold] }
    document.resource(type, local, body, importedAs: id)
    addParts(of: entry, local)
  }

  private mutating func addParts(of entry: MiamAccount.Entry, _ local: String) {
    guard entry.kind == .user || entry.kind == .group || entry.kind == .role else { return }
    let kind = "\(entry.kind)"
    let owner = reference(entry.kind, entry.name)
    for (name, policy) in entry.policies {
      let type = "aws_iam_\(kind)_policy"
      document.resource(
        type, document.uniqueLabel("\(local)_\(name)", of: type),
        ["name": TerraformDocument.literal(name), kind: owner, "policy": TerraformDocument.literal(policy.text)],
        importedAs: TerraformDocument.escaped("\(entry.name):\(name)"))
    }
    for arn in entry.attached {
      let type = "aws_iam_\(kind)_policy_attachment"
      let short = arn.split(separator: "/").last.map(String.init) ?? arn
      document.resource(
        type, document.uniqueLabel("\(local)_\(short)", of: type), [kind: owner, "policy_arn": policy(arn)],
        importedAs: TerraformDocument.escaped("\(entry.name)/\(arn)"))
    }
    if !entry.groups.isEmpty {
      let groups = entry.groups.map { reference(.group, $0) }
      document.resource(
        "aws_iam_user_group_membership", local, ["user": owner, "groups": .array(groups)],
        importedAs: TerraformDocument.escaped(([entry.name] + entry.groups).joined(separator: "/")))
    }
    if entry.hasLogin {
      result.drop(
        entry.place, "the login profile of \(entry.name)", "its password stays as it is, and is not Terraform's")
    }
  }
}
