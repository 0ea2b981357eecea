import Definitions
import Kubernetes
import Terraform

/// The security group of a service's pods: the definition's `network` in addresses and ports.
///
/// What is inside of the cluster, by names, is the business of the NetworkPolicy: here it is the nodes' group, which all
/// pods without a group of their own are in. Groups of other services are not referred to, since two that call each other
/// could then not be made one after the other.
extension ServiceTerraformBuilder {
  private enum End {
    case addresses(String)
    case nodes
  }

  mutating func addSecurityGroup() {
    let nodes = nodes()
    let group = document.resource(
      "aws_security_group", "service",
      [
        "name": .string("\(platform.cluster)-\(name)"), "description": .string("Pods of \(name)"),
        "vpc_id": network()["id"], "tags": ["Name": .string("\(platform.cluster)-\(name)")],
      ])
    func add(
      _ direction: String, _ label: String, _ description: String, _ end: End, _ port: Int, _ kind: String = "tcp"
    )
      -> (String, String, JSONObject)
    {
      var rule: JSONObject = [
        "security_group_id": group["id"], "description": .string(description), "ip_protocol": .string(kind),
        "from_port": .integer(Int64(port)), "to_port": .integer(Int64(port)),
      ]
      switch end {
      case .nodes: rule["referenced_security_group_id"] = nodes["id"]
      case .addresses(let range): rule[range.contains(":") ? "cidr_ipv6" : "cidr_ipv4"] = .string(range)
      }
      return ("aws_vpc_security_group_\(direction)_rule", TerraformDocument.label(label), rule)
    }
    var rules = [
      add("ingress", "mesh", "Calls from the cluster, and probes", .nodes, ServiceManifests.meshPort)
    ]
    for (label, port, description) in ownPorts { rules.append(add("ingress", label, description, .nodes, port)) }
    for range in (spec.network?.from ?? []).compactMap(Self.addresses).uniqued {
      rules.append(
        add("ingress", "from-\(range)", "Declared in network.from", .addresses(range), ServiceManifests.meshPort))
    }
    rules.append(add("egress", "dns-udp", "Names", .nodes, 53, "udp"))
    rules.append(add("egress", "dns-tcp", "Names", .nodes, 53))
    if !spec.calls.isEmpty {
      rules.append(add("egress", "mesh", "Declared in calls", .nodes, ServiceManifests.meshPort))
    }
    if let port = platform.mesh.controlPlane.flatMap({ Int(ServiceManifests.split($0).1) }) {
      rules.append(add("egress", "control-plane", "The mesh's control plane", .nodes, port))
    }
    for peer in (spec.network?.to ?? []).compactMap(NetworkPeer.init) {
      let port = peer.port ?? 443
      if case .addresses(let range) = peer.kind {
        rules.append(add("egress", "to-\(range)-\(port)", "Declared in network.to", .addresses(range), port))
      } else {
        rules.append(add("egress", "to-cluster-\(port)", "Declared in network.to, within the cluster", .nodes, port))
      }
    }
    for port in outsidePorts {
      let description =
        port == 443 && !spec.permissions.isEmpty
        ? "APIs of the cloud, and network.egress" : "Declared in network.egress"
      rules.append(add("egress", "outside-\(port)", description, .addresses("0.0.0.0/0"), port))
    }
    for (type, label, rule) in rules { document.resource(type, label, rule) }
    document.output("security_group_id", group["id"], "For the groups of databases and the like to let in.")
  }

  /// What nodes and Prometheus ask pods past the sidecar, once the group is the pods': a probe comes from the node
  /// (https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html).
  private var ownPorts: [(label: String, port: Int, description: String)] {
    guard platform.cloud.podSecurityGroups else { return [] }
    var ports: [(label: String, port: Int, description: String)] = []
    let probed = spec.containers.values.filter { $0.probes != nil && $0.port > 0 }.map(\.port)
    for port in Set(probed + [spec.port]).sorted() { ports.append(("probes-\(port)", port, "Probes of the kubelet")) }
    if platform.alerts.prometheus { ports.append(("metrics", ServiceManifests.metricsPort, "Prometheus")) }
    return ports
  }

  /// Groups know no names: the ports of `network.egress`, and HTTPS where there are permissions.
  private var outsidePorts: [Int] {
    Set((spec.network?.egress ?? []).compactMap { EgressHost($0)?.port } + (spec.permissions.isEmpty ? [] : [443]))
      .sorted()
  }

  private static func addresses(_ text: String) -> String? {
    if case .addresses(let range)? = NetworkPeer(text)?.kind { range } else { nil }
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it stands first.
  fileprivate var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
