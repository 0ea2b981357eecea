import Definitions
import Kubernetes

/// IAM as miam exports it, to Terraform. The import blocks' names are those that the AWS provider's pages of the
/// resources tell (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#import).
struct MiamTerraform {
  private var document = TerraformDocument()
  private(set) var result = ImportResult()
  private var names: [String: String] = [:]
  private var profileRoles: [String: String] = [:]

  static func convert(_ account: MiamAccount) -> ImportResult {
    var terraform = MiamTerraform()
    for entry in account.entries { terraform.declare(entry) }
    for entry in account.entries { terraform.add(entry) }
    if account.entries.contains(where: { $0.kind == .policy }) {
      terraform.document.look(up: "aws_caller_identity", "current", [:])
      terraform.document.look(up: "aws_partition", "current", [:])
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
    names["\(entry.kind) \(entry.name)"] = document.name(entry.name, of: Self.type(entry.kind))
  }

  private func isOurs(_ entry: MiamAccount.Entry) -> Bool { !entry.path.hasPrefix("/aws-service-role/") }

  private static func type(_ kind: MiamAccount.Kind) -> String {
    kind == .profile ? "aws_iam_instance_profile" : kind == .policy ? "aws_iam_policy" : "aws_iam_\(kind)"
  }

  private func reference(_ kind: MiamAccount.Kind, _ name: String) -> String {
    guard let local = names["\(kind) \(name)"] else { return TerraformDocument.literal(name) }
    return "${\(Self.type(kind)).\(local).name}"
  }

  private mutating func add(_ entry: MiamAccount.Entry) {
    guard isOurs(entry), let local = names["\(entry.kind) \(entry.name)"] else {
      return result.drop(entry.place, "role \(entry.name)", "AWS itself makes and keeps roles of this path")
    }
    var body: JSONObject = [
      "name": .string(TerraformDocument.literal(entry.name)), "path": .string(TerraformDocument.literal(entry.path)),
    ]
    var id = TerraformDocument.literal(entry.name)
    switch entry.kind {
    case .role:
      guard let document = entry.document else {
        return result.drop(entry.place, "role \(entry.name)", "it does not say who may assume it")
      }
      body["assume_role_policy"] = .string(TerraformDocument.literal(document.text))
      if let session = entry.session { body["max_session_duration"] = .integer(session) }
    case .profile: if let role = profileRoles[entry.name] { body["role"] = .string(reference(.role, role)) }
    case .policy:
      guard let document = entry.document else {
        return result.drop(entry.place, "managed policy \(entry.name)", "it has no document")
      }
      body["policy"] = .string(TerraformDocument.literal(document.text))
      id =
        "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy"
        + TerraformDocument.literal(entry.path + entry.name)
    case .user, .group: break
    }
    document.add(Self.type(entry.kind), local, .object(body), id: id)
    addParts(of: entry, local)
  }

  private mutating func addParts(of entry: MiamAccount.Entry, _ local: String) {
    guard entry.kind == .user || entry.kind == .group || entry.kind == .role else { return }
    let kind = "\(entry.kind)"
    let owner = JSONValue.string(reference(entry.kind, entry.name))
    for (name, policy) in entry.policies {
      let type = "aws_iam_\(kind)_policy"
      document.add(
        type, document.name("\(local)_\(name)", of: type),
        [
          "name": .string(TerraformDocument.literal(name)), kind: owner,
          "policy": .string(TerraformDocument.literal(policy.text)),
        ], id: TerraformDocument.literal("\(entry.name):\(name)"))
    }
    for arn in entry.attached {
      let type = "aws_iam_\(kind)_policy_attachment"
      let short = arn.split(separator: "/").last.map(String.init) ?? arn
      document.add(
        type, document.name("\(local)_\(short)", of: type),
        [kind: owner, "policy_arn": .string(TerraformDocument.literal(arn))],
        id: TerraformDocument.literal("\(entry.name)/\(arn)"))
    }
    if !entry.groups.isEmpty {
      let groups = entry.groups.map { JSONValue.string(reference(.group, $0)) }
      document.add(
        "aws_iam_user_group_membership", local, ["user": owner, "groups": .array(groups)],
        id: TerraformDocument.literal(([entry.name] + entry.groups).joined(separator: "/")))
    }
    if entry.hasLogin {
      result.drop(
        entry.place, "the login profile of \(entry.name)", "its password stays as it is, and is not Terraform's")
    }
  }
}
