import Kubernetes

/// The mesh as it should be, made from what a cluster says: every service's cluster and endpoints, encoded once for
/// all proxies, and what each proxy has of its own.
///
/// Feed it views; ask it for the resources of a proxy. It makes again only what changed.
public struct MeshState: Sendable {
  public let policy: TrafficPolicy
  /// The cluster as last seen.
  public private(set) var view = ClusterView()
  private var services: [String: ServiceEntry] = [:]

  private struct ServiceEntry {
    var capacity: Clusters.Capacity
    var targets: [Endpoints.Target]
    var cluster: EncodedResource
    var assignment: EncodedResource
  }

  public init(policy: TrafficPolicy = TrafficPolicy()) { self.policy = policy }

  /// Takes a newer view.
  /// - Returns: the names of the services' clusters whose definition or endpoints changed.
  public mutating func update(_ view: ClusterView) -> Set<String> {
    self.view = view
    var changed: Set<String> = []
    var current: Set<String> = []
    let slices = slicesByService()
    for (key, service) in view.services {
      let ports = service.spec.ports
      for (index, port) in ports.enumerated() {
        let name = Self.clusterName(key, port: index == 0 ? nil : port)
        current.insert(name)
        let targets = Endpoints.ready(in: slices[key] ?? [], portName: port.name)
        if refresh(name, targets: targets, capacity: capacity(of: key, targets: targets.count)) { changed.insert(name) }
      }
    }
    for name in services.keys where !current.contains(name) {
      services[name] = nil
      changed.insert(name)
    }
    return changed
  }

  /// `namespace/service` for a service's first port, which is the one that others call.
  static func clusterName(_ service: NamespacedName, port: ServicePort?) -> String {
    guard let port else { return service.description }
    return "\(service):\(port.name.isEmpty ? String(port.port) : port.name)"
  }

  private func slicesByService() -> [NamespacedName: [EndpointSlice]] {
    var found: [NamespacedName: [EndpointSlice]] = [:]
    for slice in view.endpointSlices.values {
      guard let service = slice.metadata.labels[EndpointSlice.serviceNameLabel] else { continue }
      found[NamespacedName(slice.metadata.namespace, service), default: []].append(slice)
    }
    return found
  }

  /// As declared, so that scaling leaves the cluster alone; as seen, for services that declare nothing, and then in
  /// powers of two, so that one that grows seldom replaces its cluster.
  private func capacity(of service: NamespacedName, targets: Int) -> Clusters.Capacity {
    let scale = view.microservices[service]?.spec.scale
    let low = scale?.min ?? 0
    let high = scale?.max ?? 0
    var seen = 4
    while seen < targets { seen *= 2 }
    return Clusters.Capacity(replicasMin: low > 0 ? low : min(targets, 3), replicasMax: high > 0 ? high : seen)
  }

  private mutating func refresh(_ name: String, targets: [Endpoints.Target], capacity: Clusters.Capacity) -> Bool {
    guard let old = services[name] else {
      services[name] = entry(name, targets, capacity)
      return true
    }
    var new = old
    if old.capacity != capacity {
      new.capacity = capacity
      new.cluster = EncodedResource(name, Clusters.service(name, capacity, policy))
    }
    if old.targets != targets {
      new.targets = targets
      new.assignment = EncodedResource(name, Endpoints.assignment(name, targets))
    }
    guard new.cluster != old.cluster || new.assignment != old.assignment else { return false }
    services[name] = new
    return true
  }

  private func entry(_ name: String, _ targets: [Endpoints.Target], _ capacity: Clusters.Capacity) -> ServiceEntry {
    ServiceEntry(
      capacity: capacity, targets: targets,
      cluster: EncodedResource(name, Clusters.service(name, capacity, policy)),
      assignment: EncodedResource(name, Endpoints.assignment(name, targets)))
  }
}

extension MeshState {
  /// What a proxy's own resources depend on; nil while the cluster knows neither its pod nor its microservice.
  package func facts(of node: ProxyNode) -> NodeFacts? {
    switch node.role {
    case .edge:
      return .edge(edgeEntries())
    case .sidecar:
      guard let pod = node.pod else { return nil }
      let microservice = view.microservices[NamespacedName(pod.namespace, node.cluster)]
      return SidecarFacts(pod: view.pods[pod], microservice: microservice).map(NodeFacts.sidecar)
    }
  }

  /// Every node port once; the first service by name has it where two claim it.
  private func edgeEntries() -> [EdgeEntry] {
    var taken: Set<Int> = []
    var entries: [EdgeEntry] = []
    for (key, service) in view.services.sorted(by: { $0.key < $1.key })
    where service.spec.type == "NodePort" || service.spec.type == "LoadBalancer" {
      for (index, port) in service.spec.ports.enumerated()
      where port.nodePort > 0 && taken.insert(port.nodePort).inserted {
        entries.append(
          EdgeEntry(nodePort: port.nodePort, cluster: Self.clusterName(key, port: index == 0 ? nil : port)))
      }
    }
    return entries
  }

  /// All that the proxy of a blueprint should have now. A called service that does not exist is a cluster without
  /// endpoints: its callers get 503 at once.
  package func resources(for blueprint: NodeBlueprint) -> NodeResources {
    var resources = blueprint.own
    for name in blueprint.serviceClusters {
      let entry = services[name] ?? self.entry(name, [], capacity(of: Self.service(named: name), targets: 0))
      resources.clusters[name] = entry.cluster
      resources.endpoints[name] = entry.assignment
    }
    return resources
  }

  private static func service(named cluster: String) -> NamespacedName {
    let parts = cluster.split(separator: "/", maxSplits: 1)
    return NamespacedName(String(parts.first ?? ""), String(parts.last ?? ""))
  }

  /// All that a proxy should have; nil while the cluster knows nothing of it.
  public func resources(for node: ProxyNode) -> NodeResources? {
    facts(of: node).map { resources(for: NodeBlueprint(node, $0, policy)) }
  }
}
