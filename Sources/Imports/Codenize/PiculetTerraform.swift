import Definitions
import Kubernetes
import Terraform

/// Security groups to Terraform.
///
/// Exports in Ruby have no ids of groups, and none has ids of rules: Terraform looks both up while it plans, groups by
/// name and VPC, rules by what they allow.
struct PiculetTerraform {
  private var document = TerraformDocument(comment: CodenizeImport.comment(on: "piculet"))
  private var result = ImportResult()
  /// By VPC and name, and by id: the local name.
  private var names: [[String]: String] = [:]
  private var ids: [String: String] = [:]

  private static let groupType = "aws_security_group"
  private static let portProtocols = ["tcp", "udp", "icmp", "icmpv6"]

  static func convert(_ groups: [SecurityGroup]) -> ImportResult {
    var terraform = PiculetTerraform()
    var kept: [(group: SecurityGroup, local: String)] = []
    for group in groups {
      guard let vpc = group.vpc else {
        terraform.result.drop(group.place, "security group \(group.name)", "it is EC2 Classic's, which is no more")
        continue
      }
      guard terraform.names[[vpc, group.name]] == nil else {
        terraform.result.drop(group.place, "security group \(group.name)", "its VPC has it twice in these files")
        continue
      }
      let local = terraform.document.uniqueLabel(group.name, of: groupType)
      terraform.names[[vpc, group.name]] = local
      if let id = group.id { terraform.ids[id] = local }
      kept.append((group, local))
    }
    for (group, local) in kept { terraform.add(group, local) }
    for (group, local) in kept { terraform.addRules(of: group, local) }
    if !kept.isEmpty {
      terraform.addLookups(kept)
      terraform.result.files = [ImportedFile(path: "security_groups.tf.json", text: terraform.document.text)]
      terraform.result.decisions.append(
        "ids of rules are looked up while Terraform plans: it needs 1.6 and the account")
    }
    return terraform.result
  }

  private mutating func add(_ group: SecurityGroup, _ local: String) {
    var body: JSONObject = [
      "name": TerraformDocument.literal(group.name), "description": TerraformDocument.literal(group.description),
      "vpc_id": TerraformDocument.literal(group.vpc ?? ""),
    ]
    if !group.tags.isEmpty {
      body["tags"] = .object(JSONObject(group.tags.map { ($0.key, TerraformDocument.literal($0.value)) }))
    }
    // A VPC's own group cannot be deleted.
    if group.name == "default" { body["lifecycle"] = ["prevent_destroy": true] }
    let id = group.id.map(TerraformDocument.escaped) ?? "${data.\(Self.groupType).\(local).id}"
    document.resource(Self.groupType, local, body, importedAs: id)
    if group.id == nil {
      document.data(
        Self.groupType, local,
        ["name": TerraformDocument.literal(group.name), "vpc_id": TerraformDocument.literal(group.vpc ?? "")])
    }
    for place in group.emptyPermissions {
      result.drop(
        place, "a permission of security group \(group.name)",
        "it names nobody: piculet exports neither IPv6 ranges nor prefix lists, and what it does not export stays as it "
          + "is, outside of Terraform")
    }
  }

  /// The id of a group as an expression that is known while planning, without its `${}`.
  private func known(_ local: String, _ id: String?) -> String {
    id.map(TerraformDocument.quoted) ?? "data.\(Self.groupType).\(local).id"
  }

  private mutating func addRules(of group: SecurityGroup, _ local: String) {
    for (rule, place) in group.rules {
      guard let peer = peer(of: rule, in: group, at: place) else { continue }
      var body: JSONObject = [
        "security_group_id": .string("${\(Self.groupType).\(local).id}"),
        "ip_protocol": TerraformDocument.literal(rule.protocol),
      ]
      body[peer.attribute] = peer.value
      // An export does not have them.
      var untold: [JSONValue] = ["description", "tags"]
      var ports = ""
      if Self.portProtocols.contains(rule.protocol), let range = rule.ports {
        body["from_port"] = .integer(range.first)
        body["to_port"] = .integer(range.last)
        ports = "\(range.first)-\(range.last)"
        // All kinds of ICMP are -1 to AWS, and nothing to what the provider reads.
        if range.first == -1 { untold += ["from_port", "to_port"] }
      }
      body["lifecycle"] = ["ignore_changes": .array(untold)]
      let direction = rule.isEgress ? "egress" : "ingress"
      let type = "aws_vpc_security_group_\(direction)_rule"
      let name = "\(local)_\(rule.protocol == "-1" ? "any" : rule.protocol)_\(ports)_\(peer.label)"
      let key = [
        known(local, group.id), TerraformDocument.quoted(direction), TerraformDocument.quoted(rule.protocol),
        TerraformDocument.quoted(ports), peer.key,
      ].joined(separator: ", ")
      document.resource(
        type, document.uniqueLabel(name, of: type), body,
        importedAs: "${local.security_group_rule_ids[join(\"|\", [\(key)])]}")
    }
  }

  /// The other end of a rule: its attribute, and how it is called in the keys of rules' ids.
  private struct RulePeer {
    var attribute: String
    var value: JSONValue
    /// An expression that is known while planning.
    var key: String
    var label: String

    init(_ attribute: String, _ text: String) {
      self.attribute = attribute
      value = TerraformDocument.literal(text)
      key = TerraformDocument.quoted(text)
      label = text
    }

    /// A group of these files.
    init(group local: String, key: String) {
      attribute = "referenced_security_group_id"
      value = .string("${\(PiculetTerraform.groupType).\(local).id}")
      self.key = key
      label = local
    }
  }

  /// - Returns: nil where it cannot be named; the result says why.
  private mutating func peer(of rule: SecurityGroup.Rule, in group: SecurityGroup, at place: SourcePlace) -> RulePeer? {
    switch rule.peer {
    case .range(let range): return RulePeer(range.contains(":") ? "cidr_ipv6" : "cidr_ipv4", range)
    case .foreign(let owner, let id):
      var peer = RulePeer("referenced_security_group_id", "\(owner)/\(id)")
      peer.label = id
      return peer
    case .group(let name):
      if let other = ids[name] { return RulePeer(group: other, key: TerraformDocument.quoted(name)) }
      if let other = names[[group.vpc ?? "", name]] { return RulePeer(group: other, key: known(other, nil)) }
      if name.hasPrefix("sg-") { return RulePeer("referenced_security_group_id", name) }
      result.drop(
        place, "a rule of security group \(group.name) for the group \(name)",
        "that group is not in these files: export it too")
      return nil
    }
  }

  /// How many values a filter of EC2 may have
  /// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html).
  private static let filterValuesMax = 200

  /// All rules of the groups, and their ids by what they allow.
  private mutating func addLookups(_ groups: [(group: SecurityGroup, local: String)]) {
    guard groups.contains(where: { !$0.group.rules.isEmpty }) else { return }
    let values = groups.map { JSONValue.string("${\(known($0.local, $0.group.id))}") }
    var lists: [String] = []
    for start in stride(from: 0, to: values.count, by: Self.filterValuesMax) {
      let name = "groups_\(start / Self.filterValuesMax + 1)"
      let some = Array(values[start..<min(start + Self.filterValuesMax, values.count)])
      document.data(
        "aws_vpc_security_group_rules", name, ["filter": ["name": "group-id", "values": .array(some)]])
      lists.append("data.aws_vpc_security_group_rules.\(name).ids")
    }
    document.data(
      "aws_vpc_security_group_rule", "all",
      [
        "for_each": .string("${toset(concat(\(lists.joined(separator: ", "))))}"),
        "security_group_rule_id": "${each.value}",
      ])
    let protocols = Self.portProtocols.map(TerraformDocument.quoted).joined(separator: ", ")
    document.local(
      "security_group_rule_ids",
      .string(
        "${ { for rule in data.aws_vpc_security_group_rule.all : join(\"|\", [rule.security_group_id, "
          + "rule.is_egress ? \"egress\" : \"ingress\", rule.ip_protocol, contains([\(protocols)], rule.ip_protocol) ? "
          + "format(\"%d-%d\", rule.from_port, rule.to_port) : \"\", try(coalesce(rule.cidr_ipv4, rule.cidr_ipv6, "
          + "rule.referenced_security_group_id, rule.prefix_list_id), \"\")]) => rule.id } }"))
  }
}
