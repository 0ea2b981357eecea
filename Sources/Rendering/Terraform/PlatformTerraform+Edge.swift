import Definitions
import Kubernetes
import Terraform

/// The load balancer before all services, and who is told of alarms.
extension PlatformTerraformBuilder {
  /// - Returns: nil where the load balancer is made by the controller of Ingresses, or there is none.
  mutating func addBalancer(in network: Network) -> TerraformDocument.Reference? {
    guard names.hasBalancer, let ingress = platform.ingress else { return nil }
    let isInternal = ingress.scheme == "internal"
    let group = document.resource(
      "aws_security_group", "edge",
      [
        "name": .string("\(platform.cluster)-edge"), "description": "The load balancer", "vpc_id": network.vpc["id"],
        "tags": ["Name": .string("\(platform.cluster)-edge")],
      ])
    let isSecure = !ingress.certificate.isEmpty
    for port in isSecure ? [80, 443] : [80] {
      document.resource(
        "aws_vpc_security_group_ingress_rule", "edge_\(port)",
        [
          "security_group_id": group["id"], "cidr_ipv4": .string(isInternal ? platform.cloud.network : "0.0.0.0/0"),
          "ip_protocol": "tcp", "from_port": .integer(Int64(port)), "to_port": .integer(Int64(port)),
          "description": "Requests",
        ])
    }
    for (direction, of, other) in [("egress", group, network.nodes), ("ingress", network.nodes, group)] {
      document.resource(
        "aws_vpc_security_group_\(direction)_rule", "edge_to_nodes",
        [
          "security_group_id": of["id"], "referenced_security_group_id": other["id"], "ip_protocol": "tcp",
          "from_port": 30000, "to_port": 32767, "description": "From the load balancer to the nodes' ports",
        ])
    }
    let balancer = document.resource(
      "aws_lb", "edge",
      [
        "name": .string(names.balancer), "load_balancer_type": "application", "internal": .bool(isInternal),
        "security_groups": [group["id"]], "drop_invalid_header_fields": true,
        "subnets": .array((isInternal ? network.privateSubnets : network.publicSubnets).map { $0["id"] }),
      ])
    let nowhere: JSONValue = [
      "type": "fixed-response",
      "fixed_response": [["content_type": "text/plain", "message_body": "no such place", "status_code": "404"]],
    ]
    let toHTTPS: JSONValue = [
      "type": "redirect", "redirect": [["port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"]],
    ]
    document.resource(
      "aws_lb_listener", "http",
      [
        "load_balancer_arn": balancer["arn"], "port": 80, "protocol": "HTTP",
        "default_action": [isSecure ? toHTTPS : nowhere],
      ])
    if isSecure {
      document.resource(
        "aws_lb_listener", "https",
        [
          "load_balancer_arn": balancer["arn"], "port": 443, "protocol": "HTTPS",
          // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
          "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06", "certificate_arn": .string(ingress.certificate),
          "default_action": [nowhere],
        ])
    }
    document.output("edge_dns_name", balancer["dns_name"], "What host names point to.")
    return balancer
  }

  mutating func addAlarms(gateways: [TerraformDocument.Reference], balancer: TerraformDocument.Reference?) {
    var topics: [MicroserviceSpec.Alert.Severity: JSONValue] = [:]
    for severity in MicroserviceSpec.Alert.Severity.allCases {
      guard platform.alerts.snsTopic.isEmpty else {
        topics[severity] = .string(platform.alerts.snsTopic)
        continue
      }
      topics[severity] =
        document.resource("aws_sns_topic", severity.rawValue, ["name": .string(names.topic(severity))])["arn"]
    }
    func alarm(
      _ label: String, _ what: String, _ namespace: String, _ metric: String, _ statistic: String,
      above threshold: Int64, minutes: Int64, of dimensions: JSONObject, _ severity: MicroserviceSpec.Alert.Severity
    ) -> (String, JSONObject) {
      let told: JSONValue = topics[severity].map { [$0] } ?? []
      return (
        label,
        [
          "alarm_name": .string("\(platform.cluster)-\(label.replacing("_", with: "-"))"),
          "alarm_description": .string(what), "namespace": .string(namespace), "metric_name": .string(metric),
          "statistic": .string(statistic), "period": 60, "evaluation_periods": .integer(minutes),
          "comparison_operator": "GreaterThanThreshold", "threshold": .integer(threshold),
          "treat_missing_data": "notBreaching", "dimensions": .object(dimensions), "alarm_actions": told,
          "ok_actions": told,
        ]
      )
    }
    var alarms = [
      alarm(
        "failed_nodes", "Nodes of the cluster fail", "ContainerInsights", "cluster_failed_node_count", "Maximum",
        above: 0, minutes: 5, of: ["ClusterName": .string(platform.cluster)], .warning)
    ]
    for (index, gateway) in gateways.enumerated() {
      alarms.append(
        alarm(
          "gateway_\(index)_ports", "The gateway of a zone has no port left for connections", "AWS/NATGateway",
          "ErrorPortAllocation", "Sum", above: 0, minutes: 2, of: ["NatGatewayId": gateway["id"]], .critical))
    }
    if let balancer {
      let dimensions: JSONObject = ["LoadBalancer": balancer["arn_suffix"]]
      alarms.append(
        alarm(
          "edge_errors", "The load balancer itself answers 5xx", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum",
          above: 50, minutes: 3, of: dimensions, .critical))
      alarms.append(
        alarm(
          "edge_refused", "The load balancer refuses connections", "AWS/ApplicationELB", "RejectedConnectionCount",
          "Sum",
          above: 0, minutes: 2, of: dimensions, .critical))
    }
    for (label, body) in alarms { document.resource("aws_cloudwatch_metric_alarm", label, body) }
  }
}
