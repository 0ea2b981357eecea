import Definitions
import Kubernetes

/// A security group as piculet exports it.
struct SecurityGroup {
  enum Peer: Hashable {
    case range(String)
    /// By its name in the same VPC, or its id.
    case group(String)
    case foreign(owner: String, id: String)
  }
  struct Rule: Hashable {
    var isEgress: Bool
    /// `tcp`, `udp`, `icmp`, a number, or `-1` for any.
    var `protocol`: String
    var ports: ClosedPorts?
    var peer: Peer
  }
  struct ClosedPorts: Hashable {
    var first: Int64
    var last: Int64
  }
  /// Nil for EC2 Classic.
  var vpc: String?
  var id: String?
  var name: String
  var description = ""
  var tags: [(key: String, value: String)] = []
  var rules: [(rule: Rule, place: SourcePlace)] = []
  /// Of permissions for nobody that the file names.
  var emptyPermissions: [SourcePlace] = []
  var place: SourcePlace
}

// MARK: - Ruby

extension SecurityGroup {
  static func read(_ calls: [RubyCall]) throws(Diagnostic) -> [SecurityGroup] {
    var found: [SecurityGroup] = []
    for ec2 in calls {
      guard ec2.name == "ec2" else { throw ec2.unexpected("piculet") }
      for call in ec2.calls {
        guard call.name == "security_group", let name = call.text else { throw call.unexpected("piculet") }
        var group = SecurityGroup(vpc: ec2.text, name: name, place: call.place)
        for inner in call.calls { try group.read(inner) }
        found.append(group)
      }
    }
    return found
  }

  private mutating func read(_ call: RubyCall) throws(Diagnostic) {
    switch call.name {
    case "description": description = call.text ?? ""
    case "tags":
      for option in call.allOptions {
        guard case .string(let value) = option.value else { throw call.unexpected("piculet") }
        tags.append((option.key, value))
      }
    case "ingress", "egress":
      for permission in call.calls {
        guard permission.name == "permission" else { throw permission.unexpected("piculet") }
        try read(permission, isEgress: call.name == "egress")
      }
    default: throw call.unexpected("piculet")
    }
  }

  private mutating func read(_ permission: RubyCall, isEgress: Bool) throws(Diagnostic) {
    guard let name = permission.text else { throw permission.unexpected("piculet") }
    var ports: ClosedPorts?
    switch permission.arguments.dropFirst().first {
    case .range(let first, let last): ports = ClosedPorts(first: first, last: last)
    case .integer(let port): ports = ClosedPorts(first: port, last: port)
    case .null, nil: break
    default: throw permission.unexpected("piculet")
    }
    var peers: [(peer: Peer, place: SourcePlace)] = []
    for call in permission.calls {
      guard ["ip_ranges", "groups"].contains(call.name) else { throw call.unexpected("piculet") }
      for argument in call.arguments {
        switch argument {
        case .string(let text): peers.append((call.name == "groups" ? .group(text) : .range(text), call.place))
        case .array(let parts):
          guard parts.count == 2, call.name == "groups", let owner = parts[0].name, let id = parts[1].name else {
            throw call.unexpected("piculet")
          }
          peers.append((.foreign(owner: owner, id: id), call.place))
        default: throw call.unexpected("piculet")
        }
      }
    }
    add(peers, isEgress: isEgress, name, ports, at: permission.place)
  }

  private mutating func add(
    _ peers: [(peer: Peer, place: SourcePlace)], isEgress: Bool, _ name: String, _ ports: ClosedPorts?,
    at place: SourcePlace
  ) {
    if peers.isEmpty { emptyPermissions.append(place) }
    for (peer, place) in peers {
      let rule = Rule(isEgress: isEgress, protocol: name == "any" ? "-1" : name, ports: ports, peer: peer)
      if !rules.contains(where: { $0.rule == rule }) { rules.append((rule, place)) }
    }
  }
}

// MARK: - JSON

extension SecurityGroup {
  static func read(_ json: PlacedJSON) throws(Diagnostic) -> [SecurityGroup] {
    var found: [SecurityGroup] = []
    for (vpc, groups) in json.value.objectValue ?? [:] {
      for (id, value) in groups.objectValue ?? [:] {
        let place = json.place(of: [vpc, id])
        guard let name = value["name"]?.stringValue else {
          throw Diagnostic(at: place, "a security group without a name", remedy: RubyLexer.again)
        }
        var group = SecurityGroup(vpc: vpc.isEmpty ? nil : vpc, id: id, name: name, place: place)
        group.description = value["description"]?.stringValue ?? ""
        group.tags = (value["tags"]?.objectValue ?? [:]).map { ($0.key, $0.value.stringValue ?? $0.value.text) }
        let owner = value["owner_id"]?.stringValue
        for direction in ["ingress", "egress"] {
          for (index, permission) in (value[direction]?.arrayValue ?? []).enumerated() {
            let its = json.place(of: [vpc, id, direction, "\(index)", "protocol"])
            try group.read(permission, isEgress: direction == "egress", owner, its)
          }
        }
        found.append(group)
      }
    }
    return found
  }

  private mutating func read(
    _ permission: JSONValue, isEgress: Bool, _ owner: String?, _ place: SourcePlace
  ) throws(Diagnostic) {
    guard let name = permission["protocol"]?.stringValue else {
      throw Diagnostic(at: place, "a permission without a protocol", remedy: RubyLexer.again)
    }
    var ports: ClosedPorts?
    if let range = permission["port_range"]?.nonNull {
      let ends = (range.stringValue ?? "").split(separator: ".", omittingEmptySubsequences: true).compactMap {
        Int64($0)
      }
      guard ends.count == 2 else {
        throw Diagnostic(at: place, "a range of ports that is none", remedy: RubyLexer.again)
      }
      ports = ClosedPorts(first: ends[0], last: ends[1])
    }
    let ranges = (permission["ip_ranges"]?.arrayValue ?? []).compactMap(\.stringValue).map(Peer.range)
    var groups: [Peer] = []
    for group in permission["groups"]?.arrayValue ?? [] {
      guard let id = group["id"]?.stringValue else {
        throw Diagnostic(at: place, "a group without an id", remedy: RubyLexer.again)
      }
      let its = group["owner_id"]?.stringValue
      groups.append(its == nil || its == owner ? .group(id) : .foreign(owner: its ?? "", id: id))
    }
    add((ranges + groups).map { ($0, place) }, isEgress: isEgress, name, ports, at: place)
  }
}
