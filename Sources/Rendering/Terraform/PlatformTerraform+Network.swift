import Definitions
import Kubernetes
import Terraform

/// A network over three zones: in each a public subnet for load balancers and a gateway, and a private one for nodes.
extension PlatformTerraformBuilder {
  /// A cluster wants two zones at least; with three the loss of one leaves two.
  static let zoneCount = 3

  struct Network {
    let vpc: TerraformDocument.Reference
    /// Of nodes, of the control plane's addresses and of the load balancer.
    let nodes: TerraformDocument.Reference
    let publicSubnets: [TerraformDocument.Reference]
    let privateSubnets: [TerraformDocument.Reference]
    let gateways: [TerraformDocument.Reference]
    /// What nodes need to reach anything.
    let routes: [TerraformDocument.Reference]
  }

  mutating func addNetwork() -> Network {
    let vpc = document.resource(
      "aws_vpc", "main",
      [
        "cidr_block": .string(platform.cloud.network), "enable_dns_hostnames": true, "enable_dns_support": true,
        "tags": ["Name": .string(names.network)],
      ])
    let internet = document.resource("aws_internet_gateway", "main", ["vpc_id": vpc["id"], "tags": name("internet")])
    let table = document.resource("aws_route_table", "public", ["vpc_id": vpc["id"], "tags": name("public")])
    document.resource(
      "aws_route", "public",
      ["route_table_id": table["id"], "destination_cidr_block": "0.0.0.0/0", "gateway_id": internet["id"]])
    let nodes = nodesGroup(in: vpc)
    var open: [TerraformDocument.Reference] = []
    var closed: [TerraformDocument.Reference] = []
    var gateways: [TerraformDocument.Reference] = []
    var routes: [TerraformDocument.Reference] = []
    for (index, zone) in zones().enumerated() {
      // A quarter of the addresses for each zone's pods, and small subnets in the last quarter.
      let outer = subnet(
        "public_\(index)", in: vpc, zone, newBits: 6, number: 48 + index, role: "elb", isPublic: true)
      document.resource(
        "aws_route_table_association", "public_\(index)", ["subnet_id": outer["id"], "route_table_id": table["id"]])
      let address = document.resource(
        "aws_eip", "gateway_\(index)", ["domain": "vpc", "tags": name("gateway-\(index)")])
      let gateway = document.resource(
        "aws_nat_gateway", "zone_\(index)",
        [
          "subnet_id": outer["id"], "allocation_id": address["id"], "tags": name("zone-\(index)"),
          "depends_on": [internet.dependency],
        ])
      let inner = subnet(
        "private_\(index)", in: vpc, zone, newBits: 2, number: index, role: "internal-elb", isPublic: false)
      let own = document.resource(
        "aws_route_table", "private_\(index)", ["vpc_id": vpc["id"], "tags": name("private-\(index)")])
      routes.append(
        document.resource(
          "aws_route", "private_\(index)",
          ["route_table_id": own["id"], "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": gateway["id"]]))
      routes.append(
        document.resource(
          "aws_route_table_association", "private_\(index)", ["subnet_id": inner["id"], "route_table_id": own["id"]]))
      // A rule for each service's group would be more than a group takes; NetworkPolicies tell pods apart.
      document.resource(
        "aws_vpc_security_group_ingress_rule", "pods_\(index)",
        [
          "security_group_id": nodes["id"], "cidr_ipv4": inner["cidr_block"], "ip_protocol": "-1",
          "description": "From pods in groups of their own",
        ])
      open.append(outer)
      closed.append(inner)
      gateways.append(gateway)
    }
    document.output("vpc_id", vpc["id"], "The network.")
    return Network(
      vpc: vpc, nodes: nodes, publicSubnets: open, privateSubnets: closed, gateways: gateways, routes: routes)
  }

  private func name(_ suffix: String) -> JSONValue { ["Name": .string("\(platform.cluster)-\(suffix)")] }

  /// As the platform names them, or those that the account is given, of which some are for few types of instances.
  private mutating func zones() -> [JSONValue] {
    guard platform.cloud.zones.isEmpty else { return platform.cloud.zones.map { .string($0) } }
    let zones = document.data(
      "aws_availability_zones", "all",
      ["state": "available", "filter": [["name": "opt-in-status", "values": ["opt-in-not-required"]]]])
    return (0..<Self.zoneCount).map { zones["names[\($0)]"] }
  }

  private mutating func subnet(
    _ label: String, in vpc: TerraformDocument.Reference, _ zone: JSONValue, newBits: Int, number: Int, role: String,
    isPublic: Bool
  ) -> TerraformDocument.Reference {
    // How EKS and its load balancer controller find them:
    // https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
    let tags: JSONObject = [
      "Name": .string("\(platform.cluster)-\(label.replacing("_", with: "-"))"),
      .init("kubernetes.io/cluster/\(platform.cluster)"): "shared", .init("kubernetes.io/role/\(role)"): "1",
    ]
    return document.resource(
      "aws_subnet", label,
      [
        "vpc_id": vpc["id"], "availability_zone": zone,
        "cidr_block": .string("${cidrsubnet(\"\(platform.cloud.network)\", \(newBits), \(number))}"),
        "map_public_ip_on_launch": .bool(isPublic), "tags": .object(tags),
      ])
  }

  /// Nodes and the control plane reach each other wholly, and everything outside.
  private mutating func nodesGroup(in vpc: TerraformDocument.Reference) -> TerraformDocument.Reference {
    let group = document.resource(
      "aws_security_group", "nodes",
      [
        "name": .string(names.nodes), "description": "Nodes and the control plane", "vpc_id": vpc["id"],
        "tags": ["Name": .string(names.nodes)],
      ])
    document.resource(
      "aws_vpc_security_group_ingress_rule", "nodes",
      [
        "security_group_id": group["id"], "referenced_security_group_id": group["id"], "ip_protocol": "-1",
        "description": "Among themselves",
      ])
    document.resource(
      "aws_vpc_security_group_egress_rule", "nodes",
      ["security_group_id": group["id"], "cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1", "description": "Anywhere"])
    return group
  }
}
