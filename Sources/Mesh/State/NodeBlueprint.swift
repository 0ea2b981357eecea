import Kubernetes

/// A proxy's own resources, encoded, and the names of the services' clusters that it shares with others.
package struct NodeBlueprint: Sendable {
  package let facts: NodeFacts
  /// Services' clusters that this proxy sends to.
  package private(set) var serviceClusters: [String] = []
  private(set) var own = NodeResources()

  package init(_ node: ProxyNode, _ facts: NodeFacts, _ policy: TrafficPolicy) {
    self.facts = facts
    switch (node.role, facts) {
    case (.sidecar(let podIP, let meshAddress), .sidecar(let sidecar)):
      addInbound(podIP, sidecar, policy)
      for call in sidecar.calls {
        addOutbound(call, namespace: node.pod?.namespace ?? "", meshAddress, policy)
      }
    case (.edge(let listenAddress), .edge(let entries)):
      for entry in entries { addEdge(entry, listenAddress, policy) }
    default:
      preconditionFailure("the facts of \(node) are those of another role")
    }
  }

  private mutating func addInbound(_ podIP: String, _ facts: SidecarFacts, _ policy: TrafficPolicy) {
    guard let port = facts.applicationPort else { return }
    let names = facts.healthPath.isEmpty ? [SidecarNames.inbound] : [SidecarNames.inbound, SidecarNames.inboundHealth]
    for name in names {
      own.clusters[name] = EncodedResource(name, Clusters.application(name, host: podIP, port: port, policy))
    }
    own.listeners[SidecarNames.inbound] = EncodedResource(
      SidecarNames.inbound, Listeners.inbound(host: podIP, healthPath: facts.healthPath, policy))
  }

  private mutating func addOutbound(_ call: OutboundCall, namespace: String, _ address: String, _ policy: TrafficPolicy)
  {
    let name = SidecarNames.outbound(call.service)
    let cluster = NamespacedName(namespace, call.service).description
    serviceClusters.append(cluster)
    own.listeners[name] = EncodedResource(
      name, Listeners.outbound(call.service, host: address, port: call.port, policy))
    own.routes[name] = EncodedResource(
      name, Routes.toService(name, cluster: cluster, host: call.service, policy))
  }

  private mutating func addEdge(_ entry: EdgeEntry, _ address: String, _ policy: TrafficPolicy) {
    let name = EdgeNames.listener(port: entry.nodePort)
    if !serviceClusters.contains(entry.cluster) { serviceClusters.append(entry.cluster) }
    own.listeners[name] = EncodedResource(name, Listeners.edge(name, host: address, port: entry.nodePort, policy))
    own.routes[name] = EncodedResource(name, Routes.toService(name, cluster: entry.cluster, host: nil, policy))
  }
}
