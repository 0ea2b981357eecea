import Kubernetes

extension TableLayout {
  static let service = TableLayout([
    .name,
    Column("Type", "How the service is reached."),
    Column("Cluster-IP", "The address inside the cluster."),
    Column("External-IP", "The addresses outside the cluster."),
    Column("Port(s)", "Ports, with the node's port where there is one."),
    .age,
    Column("Selector", wide: true, "Which pods serve."),
  ]) { service, now in
    let ports = service.elements("spec", "ports").map { port in
      let number = port.number("port") ?? 0
      let nodePort = port.number("nodePort") ?? 0
      return (nodePort > 0 ? "\(number):\(nodePort)/" : "\(number)/") + (port.text("protocol") ?? "TCP")
    }
    let clusterIP = service.elements("spec", "clusterIPs").first?.stringValue ?? service.text("spec", "clusterIP") ?? ""
    return [
      service.printedName, .string(service.text("spec", "type") ?? "ClusterIP"),
      .string(clusterIP.isEmpty ? "<none>" : clusterIP), .string(externalAddress(of: service)),
      .string(ports.isEmpty ? "<none>" : ports.joined(separator: ",")), service.printedAge(now),
      .string(LabelText.labels(service[path: ["spec", "selector"]])),
    ]
  }

  private static func externalAddress(of service: JSONValue) -> String {
    let declared = service.elements("spec", "externalIPs").compactMap(\.stringValue)
    switch service.text("spec", "type") {
    case "ExternalName": return service.text("spec", "externalName") ?? "<none>"
    case "LoadBalancer":
      let ingress = service.elements("status", "loadBalancer", "ingress").compactMap {
        $0.text("ip") ?? $0.text("hostname")
      }
      let all = ingress + declared
      return all.isEmpty ? "<pending>" : all.joined(separator: ",")
    default: return declared.isEmpty ? "<none>" : declared.joined(separator: ",")
    }
  }

  static let endpointSlice = TableLayout([
    .name,
    Column("AddressType", "What the addresses are: IPv4, IPv6 or FQDN."),
    Column("Ports", "Ports of the endpoints."),
    Column("Endpoints", "Addresses of the endpoints."),
    .age,
  ]) { slice, now in
    let ports = slice.elements("ports").map { $0.number("port").map(String.init) ?? "*" }
    let addresses = slice.elements("endpoints").flatMap { $0.elements("addresses").compactMap(\.stringValue) }
    return [
      slice.printedName, .string(slice.text("addressType") ?? ""), .string(LabelText.shortened(ports, limit: 3)),
      .string(LabelText.shortened(addresses, limit: 3)), slice.printedAge(now),
    ]
  }
}
