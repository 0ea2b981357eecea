import Kubernetes

/// Node groups, as autoscaling plans with them.
extension PlatformDefinition {
  /// - Returns: one group, or two where a share of it is spot.
  static func nodeGroups(_ node: SourceNode) -> [NodeGroup] {
    let group = nodeGroup(node)
    guard let share = node["spot"]?.json.stringValue.flatMap(Units.share) else { return [group] }
    var steady = group
    var spot = group
    // At least one node of each, so that neither kind is lost by rounding.
    spot.maximum = min(max(1, Int((Double(group.maximum) * share).rounded())), group.maximum - 1)
    steady.maximum = group.maximum - spot.maximum
    spot.name += "-spot"
    spot.isSpot = true
    spot.minimum = 0
    spot.target = 0
    spot.pricePerHour = node["spotPricePerHour"]?.json.doubleValue ?? group.pricePerHour
    return [steady, spot]
  }

  private static func nodeGroup(_ node: SourceNode) -> NodeGroup {
    func quantity(_ key: String) -> Quantity { node[key].flatMap { Quantity(parsing: $0.text) } ?? .zero }
    func integer(_ key: String) -> Int? { node[key]?.json.integerValue.map { Int(clamping: $0) } }
    var labels: Labels = [:]
    for member in node["labels"]?.members ?? [] { labels[member.key] = member.value.json.stringValue }
    return NodeGroup(
      name: node["name"]?.json.stringValue ?? "", instanceType: instanceTypes(node).first ?? "",
      allocatable: [
        "cpu": quantity("cpu"), "memory": quantity("memory"), "pods": Quantity(Int64(integer("pods") ?? 110)),
      ],
      labels: labels, minimum: integer("min") ?? 0, maximum: integer("max") ?? 0, target: integer("min") ?? 0,
      bootSeconds: node["boot"]?.seconds ?? 90, isSpot: node["spot"]?.json.boolValue ?? false,
      pricePerHour: node["pricePerHour"]?.json.doubleValue ?? 0)
  }

  static func instanceTypes(_ node: SourceNode) -> [String] {
    node["instanceType"].map { [$0.text] } ?? (node["instanceTypes"]?.elements ?? []).map(\.text)
  }
}
