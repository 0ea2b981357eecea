import Definitions
import Kubernetes
import Terraform

/// A service's place behind the load balancer of the central repository.
extension ServiceTerraformBuilder {
  mutating func addExposure() {
    guard names.hasBalancer, let expose = spec.expose, !(expose.host.isEmpty && expose.path.isEmpty) else { return }
    guard expose.nodePort > 0 else {
      errors.append(
        Diagnostic(
          at: service.place(of: "expose"),
          "spec.expose: the load balancer needs to know the port at the nodes, which is left to the cluster here",
          remedy: "add nodePort: 30000 to 32767, another one for each service"))
      return
    }
    let balancer = document.data("aws_lb", "edge", ["name": .string(names.balancer)])
    let listener = document.data(
      "aws_lb_listener", "edge",
      ["load_balancer_arn": balancer["arn"], "port": .integer(names.listenerPort)])
    let group = document.resource(
      "aws_lb_target_group", "service",
      [
        // With its port, so that a group on another can be made before this one goes.
        "name": .string(CloudNames.bounded("\(platform.cluster)-\(name)-\(expose.nodePort)", 32)),
        "port": .integer(Int64(expose.nodePort)), "protocol": "HTTP", "target_type": "instance",
        "vpc_id": network()["id"],
        "deregistration_delay": .integer(ServiceManifests.graceSeconds - ServiceManifests.drainSeconds),
        "health_check": [
          [
            "path": TerraformDocument.literal(spec.health), "port": "traffic-port", "protocol": "HTTP",
            "matcher": "200-399", "interval": 10, "timeout": 5, "healthy_threshold": 2, "unhealthy_threshold": 2,
          ]
        ],
        "lifecycle": [["create_before_destroy": true]],
      ])
    let path = expose.path.isEmpty ? "/" : expose.path
    let whole = path.hasSuffix("/") ? String(path.dropLast()) : path
    var conditions: [JSONValue] = []
    if !expose.host.isEmpty { conditions.append(["host_header": [["values": [.string(expose.host)]]]]) }
    conditions.append([
      "path_pattern": [
        [
          "values": whole.isEmpty
            ? ["/*"] : [TerraformDocument.literal(whole), TerraformDocument.literal(whole + "/*")]
        ]
      ]
    ])
    document.resource(
      "aws_lb_listener_rule", "service",
      [
        "listener_arn": listener["arn"],
        "priority": .integer(
          expose.priority > 0 ? Int64(expose.priority) : Self.priority(host: expose.host, path: whole)),
        "condition": .array(conditions),
        "action": [["type": "forward", "target_group_arn": group["arn"]]],
      ])
    let groups = document.data(
      "aws_autoscaling_groups", "nodes",
      ["filter": [["name": "tag:eks:cluster-name", "values": [.string(platform.cluster)]]]])
    document.resource(
      "aws_autoscaling_attachment", "nodes",
      [
        "for_each": .string("${toset(\(groups.address).names)}"), "autoscaling_group_name": "${each.value}",
        "lb_target_group_arn": group["arn"],
      ])
    targets = (group["arn_suffix"], balancer["arn_suffix"])
  }

  /// From 1 to 50,000: paths of more parts are looked at first, then rules for one host before those for all. Within
  /// that a hash decides, so that a repository need not know the others; AWS refuses a second rule of one priority.
  static func priority(host: String, path: String) -> Int64 {
    let depth = min(path.split(separator: "/").count, 4)
    let band = Int64((4 - depth) * 2 + (host.isEmpty ? 1 : 0))
    return band * 5000 + Int64(FNV1a("\(host)\(path)".utf8).value % 5000) + 1
  }
}
