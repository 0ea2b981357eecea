import Definitions
import Kubernetes
import Terraform

/// Ids that an export does not have: the provider knows some, people are asked for the others.
extension RoadworkerTerraform {
  /// Of services that are all over the world
  /// (https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html).
  private static let worldwide = [
    (suffix: ".cloudfront.net", zone: "Z2FDTNDATAQYW2"), (suffix: ".awsglobalaccelerator.com", zone: "Z2BJ6XQ5FK7U4H"),
  ]

  /// The hosted zone of an alias's target.
  mutating func aliasZone(of target: String, _ part: RubyCall, zone: String, zoneName: String) -> String {
    if let id = part["hosted_zone_id"]?.name { return TerraformDocument.escaped(id) }
    if let known = Self.worldwide.first(where: { target.hasSuffix($0.suffix) }) { return known.zone }
    let isAWS = target.hasSuffix(".amazonaws.com") || target.hasSuffix(".amazonaws.com.cn")
    if !isAWS, target == zoneName || target.hasSuffix(".\(zoneName)") { return "${aws_route53_zone.\(zone).zone_id}" }
    let name = TerraformDocument.quoted(target)
    hasAliases = true
    guard let known = balancerZone(of: target) else {
      if !unknownTargets.contains(target) { unknownTargets.append(target) }
      return "${var.alias_zone_ids[\(name)]}"
    }
    return "${lookup(var.alias_zone_ids, \(name), \(known))}"
  }

  /// `NAME.REGION.elb.amazonaws.com` is a classic or an application load balancer, `NAME.elb.REGION.amazonaws.com` a
  /// network load balancer; the provider knows their zones.
  private mutating func balancerZone(of target: String) -> String? {
    let parts = target.split(separator: ".").map(String.init)
    guard parts.count >= 5, target.hasSuffix(".amazonaws.com") else { return nil }
    let (third, fourth) = (parts[parts.count - 3], parts[parts.count - 4])
    let isNetwork = fourth == "elb"
    let region = isNetwork ? third : fourth
    guard isNetwork || third == "elb", region.contains("-"), region.last?.isNumber == true,
      region.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D })
    else { return nil }
    let kind = isNetwork ? "network" : "application"
    return document.data(
      "aws_lb_hosted_zone_id", TerraformDocument.label("\(region)_\(kind)"),
      ["region": .string(region), "load_balancer_type": .string(kind)]
    ).address + ".id"
  }

  mutating func askForIDs() {
    if hasAliases {
      document.variable(
        "alias_zone_ids",
        [
          "type": "map(string)", "default": [:],
          "description": "The hosted zone's id of an alias's target, by the target's name.",
        ])
      result.decisions.append(
        "alias_zone_ids: exports do not have the hosted zones of aliases' targets. The provider knows those of load "
          + "balancers; give another one by the target's name where a plan shows that it is"
          + (unknownTargets.isEmpty ? "" : ", and those of " + unknownTargets.joined(separator: ", ")))
    }
    guard !healthChecks.isEmpty else { return }
    document.variable(
      "health_check_ids",
      ["type": "map(string)", "description": "The id of each health check, by the key that its import block has."])
    let keys = healthChecks.values.map(\.key).sorted().joined(separator: ", ")
    result.decisions.append(
      "health_check_ids: exports do not have the ids of health checks. Give them (aws route53 list-health-checks) for "
        + "the keys \(keys)")
  }
}
