import Kubernetes

extension TableLayout {
  static let node = TableLayout([
    .name,
    Column("Status", "Whether the node is ready, and whether pods may be scheduled on it."),
    Column("Roles", "What the node's role labels say."),
    .age,
    Column("Version", "The version of the node's agent."),
    Column("Internal-IP", wide: true, "The address inside the cluster."),
    Column("External-IP", wide: true, "The address outside the cluster."),
    Column("OS-Image", wide: true, "The operating system."),
    Column("Kernel-Version", wide: true, "The version of the kernel."),
    Column("Container-Runtime", wide: true, "What runs the containers."),
  ]) { node, now in
    [
      node.printedName, .string(status(of: node)), .string(roles(of: node)), node.printedAge(now),
      .string(node.text("status", "nodeInfo", "kubeletVersion") ?? ""), .string(address(of: node, "InternalIP")),
      .string(address(of: node, "ExternalIP")), .string(info(of: node, "osImage")),
      .string(info(of: node, "kernelVersion")),
      .string(info(of: node, "containerRuntimeVersion")),
    ]
  }

  private static func status(of node: JSONValue) -> String {
    let ready = node.elements("status", "conditions").first { $0.text("type") == "Ready" }
    let state = ready.map { $0.text("status") == "True" ? "Ready" : "NotReady" } ?? "Unknown"
    return node[path: ["spec", "unschedulable"]]?.boolValue == true ? state + ",SchedulingDisabled" : state
  }

  private static func roles(of node: JSONValue) -> String {
    let prefix = "node-role.kubernetes.io/"
    var roles: Set<String> = []
    for label in node[path: ["metadata", "labels"]]?.objectValue ?? [:] {
      if label.key.hasPrefix(prefix) {
        roles.insert(String(label.key.dropFirst(prefix.count)))
      } else if label.key == "kubernetes.io/role" {
        roles.insert(label.value.stringValue ?? "")
      }
    }
    roles.remove("")
    return roles.isEmpty ? "<none>" : roles.sorted().joined(separator: ",")
  }

  private static func address(of node: JSONValue, _ type: String) -> String {
    node.elements("status", "addresses").first { $0.text("type") == type }?.text("address") ?? "<none>"
  }

  private static func info(of node: JSONValue, _ key: String) -> String {
    guard let text = node.text("status", "nodeInfo", key), !text.isEmpty else { return "<unknown>" }
    return text
  }

  static let nodeMetrics = TableLayout(usageColumns) { metrics, _ in
    [
      metrics.printedName, .string(metrics.text("usage", "cpu") ?? ""), .string(metrics.text("usage", "memory") ?? ""),
      .string(metrics.text("window") ?? ""),
    ]
  }

  static let podMetrics = TableLayout(usageColumns) { metrics, _ in
    func sum(_ resource: String) -> JSONValue {
      let amounts = metrics.elements("containers").compactMap {
        $0.text("usage", resource).flatMap(Quantity.init(parsing:))
      }
      return .string(amounts.reduce(.zero, +).description)
    }
    return [metrics.printedName, sum("cpu"), sum("memory"), .string(metrics.text("window") ?? "")]
  }

  private static let usageColumns: [Column] = [
    .name, Column("CPU", "Cores in use."), Column("Memory", "Bytes in use."),
    Column("Window", "What the sample covers."),
  ]
}
