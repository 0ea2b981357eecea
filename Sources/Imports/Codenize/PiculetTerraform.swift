import Definitions
import Kubernetes

/// Security groups to Terraform.
///
/// Exports in Ruby have no ids of groups, and none has ids of rules: Terraform looks both up while it plans, groups by
/// name and VPC, rules by what they allow.
struct PiculetTerraform {
  private var document = TerraformDocument()
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
      let local = terraform.document.name(group.name, of: groupType)
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
      "name": .string(TerraformDocument.literal(group.name)),
      "description": .string(TerraformDocument.literal(group.description)), "vpc_id": .string(group.vpc ?? ""),
    ]
    if !group.tags.isEmpty {
      body["tags"] = .object(
        JSONObject(group.tags.map { ($0.key, .string(TerraformDocument.literal($0.value))) }))
    }
    document.add(Self.groupType, local, .object(body), id: group.id ?? "${data.\(Self.groupType).\(local).id}")
    if group.id == nil {
      document.look(
        up: Self.groupType, local,
        ["name": .string(TerraformDocument.literal(group.name)), "vpc_id": .string(group.vpc ?? "")])
    }
  }

  /// The id of a group as an expression that is known while planning, without its `${}`.
  private func known(_ local: String, _ id: String?) -> String {
    id.map { "\"\($0)\"" } ?? "data.\(Self.groupType).\(local).id"
  }

  private mutating func addRules(of group: SecurityGroup, _ local: String) {
    for rule in group.rules {
      var body: JSONObject = [
        "security_group_id": .string("${\(Self.groupType).\(local).id}"),
        "ip_protocol": .string(rule.protocol),
      ]
      if Self.portProtocols.contains(rule.protocol), let ports = rule.ports {
        body["from_port"] = .integer(ports.first)
        body["to_port"] = .integer(ports.last)
      }
      let peer: String
      let label: String
      switch rule.peer {
      case .range(let range):
        body[range.contains(":") ? "cidr_ipv6" : "cidr_ipv4"] = .string(TerraformDocument.literal(range))
        (peer, label) = ("\"\(TerraformDocument.literal(range))\"", range)
      case .foreign(let owner, let id):
        body["referenced_security_group_id"] = .string("\(owner)/\(id)")
        (peer, label) = ("\"\(owner)/\(id)\"", id)
      case .group(let name):
        if let other = ids[name] {
          body["referenced_security_group_id"] = .string("${\(Self.groupType).\(other).id}")
          (peer, label) = ("\"\(name)\"", other)
        } else if let other = names[[group.vpc ?? "", name]] {
          body["referenced_security_group_id"] = .string("${\(Self.groupType).\(other).id}")
          (peer, label) = (known(other, nil), other)
        } else if name.hasPrefix("sg-") {
          body["referenced_security_group_id"] = .string(name)
          (peer, label) = ("\"\(name)\"", name)
        } else {
          result.drop(
            group.place, "a rule of security group \(group.name) for the group \(name)",
            "that group is not in these files: export it too")
          continue
        }
      }
      let direction = rule.isEgress ? "egress" : "ingress"
      let ports = Self.portProtocols.contains(rule.protocol) ? rule.ports.map { "\($0.first)-\($0.last)" } ?? "" : ""
      let type = "aws_vpc_security_group_\(direction)_rule"
      let name = document.name("\(local)_\(rule.protocol == "-1" ? "any" : rule.protocol)_\(ports)_\(label)", of: type)
      let key =
        "join(\"|\", [\(known(local, group.id)), \"\(direction)\", \"\(rule.protocol)\", \"\(ports)\", \(peer)])"
      document.add(type, name, .object(body), id: "${local.security_group_rule_ids[\(key)]}")
    }
  }

  private mutating func addLookups(_ groups: [(group: SecurityGroup, local: String)]) {
    guard groups.contains(where: { !$0.group.rules.isEmpty }) else { return }
    let values = groups.map { JSONValue.string("${\(known($0.local, $0.group.id))}") }
    document.look(
      up: "aws_vpc_security_group_rules", "all", ["filter": ["name": "group-id", "values": .array(values)]])
    document.look(
      up: "aws_vpc_security_group_rule", "all",
      [
        "for_each": "${toset(data.aws_vpc_security_group_rules.all.ids)}", "security_group_rule_id": "${each.value}",
      ])
    let protocols = Self.portProtocols.map { "\"\($0)\"" }.joined(separator: ", ")
    document.set(
      local: "security_group_rule_ids",
      "${ { for rule in data.aws_vpc_security_group_rule.all : join(\"|\", [rule.security_group_id, "
        + "rule.is_egress ? \"egress\" : \"ingress\", rule.ip_protocol, contains([\(protocols)], rule.ip_protocol) ? "
        + "format(\"%d-%d\", rule.from_port, rule.to_port) : \"\", try(coalesce(rule.cidr_ipv4, rule.cidr_ipv6, "
        + "rule.referenced_security_group_id), \"\")]) => rule.id } }")
  }
}
