import Kubernetes

/// Writes one EndpointSlice a service from the pods that its selector picks (pkg/controller/endpointslice upstream).
///
/// Upstream splits at 100 endpoints a slice to keep updates small over many nodes; here a slice holds up to 1,000
/// (the API's limit), since nothing but this machine reads it.
public struct EndpointSliceDecision: Decision {
  static let manager = "endpointslice-controller.k8s.io"
  static let endpointsPerSliceMax = 1000

  public init() {}

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var podsByNamespace: [String: [Pod]] = [:]
    for pod in view.pods.values where !pod.status.podIP.isEmpty && !pod.isFinished {
      podsByNamespace[pod.metadata.namespace, default: []].append(pod)
    }
    var existing: [NamespacedName: [EndpointSlice]] = [:]
    for slice in view.endpointSlices.values
    where slice.metadata.labels[EndpointSlice.managedByLabel] == Self.manager {
      let name = slice.metadata.labels[EndpointSlice.serviceNameLabel] ?? ""
      existing[NamespacedName(slice.metadata.namespace, name), default: []].append(slice)
    }
    var changes: [Change] = []
    for service in view.services.values.sorted(by: { $0.key < $1.key })
    where !service.spec.selector.isEmpty && service.spec.type != "ExternalName"
      && service.metadata.deletionTimestamp == nil
    {
      let selector = LabelSelector(matchLabels: service.spec.selector)
      let pods = (podsByNamespace[service.metadata.namespace] ?? [])
        .filter { selector.matches($0.metadata.labels) }
        .sorted { $0.metadata.name < $1.metadata.name }
      let wanted = Self.slices(of: service, pods: pods, nodes: view.nodes)
      let current = (existing.removeValue(forKey: service.key) ?? []).sorted { $0.metadata.name < $1.metadata.name }
      changes += Self.difference(current, wanted)
    }
    // Slices of services that are gone, or that lost their selector.
    for slices in existing.values { changes += slices.map { .delete(.init($0), uid: $0.metadata.uid) } }
    return changes
  }

  static func difference(_ current: [EndpointSlice], _ wanted: [EndpointSlice]) -> [Change] {
    var changes: [Change] = []
    for slice in wanted {
      guard let standing = current.first(where: { $0.metadata.name == slice.metadata.name }) else {
        changes.append(.create(slice.json))
        continue
      }
      guard standing.endpoints != slice.endpoints || standing.ports != slice.ports else { continue }
      changes.append(
        .patch(
          .init(standing), .merge,
          ["endpoints": .array(slice.endpoints.map(\.json)), "ports": .array(slice.ports.map(\.json))]))
    }
    for slice in current where !wanted.contains(where: { $0.metadata.name == slice.metadata.name }) {
      changes.append(.delete(.init(slice), uid: slice.metadata.uid))
    }
    return changes
  }

  /// A named target port may be another number in every pod: pods with the same numbers share a slice.
  static func slices(of service: Service, pods: [Pod], nodes: [String: Node]) -> [EndpointSlice] {
    var groups: [[EndpointPort]: [Endpoint]] = [:]
    for pod in pods {
      let ports = service.spec.ports.compactMap { port -> EndpointPort? in
        guard let number = targetNumber(of: port, in: pod) else { return nil }
        var endpointPort = EndpointPort()
        endpointPort.name = port.name
        endpointPort.port = number
        endpointPort.protocol = port.protocol.isEmpty ? "TCP" : port.protocol
        endpointPort.appProtocol = port.appProtocol
        return endpointPort
      }
      if ports.isEmpty, !service.spec.ports.isEmpty { continue }
      groups[ports, default: []].append(endpoint(of: pod, service: service, nodes: nodes))
    }
    if groups.isEmpty { groups[[]] = [] }
    var slices: [EndpointSlice] = []
    let ordered = groups.sorted { $0.key.map(\.port).lexicographicallyPrecedes($1.key.map(\.port)) }
    for (ports, endpoints) in ordered {
      var start = 0
      repeat {
        let end = min(endpoints.count, start + endpointsPerSliceMax)
        slices.append(slice(of: service, number: slices.count, Array(endpoints[start..<end]), ports))
        start = end
      } while start < endpoints.count
    }
    return slices
  }

  private static func slice(
    of service: Service, number: Int, _ endpoints: [Endpoint], _ ports: [EndpointPort]
  ) -> EndpointSlice {
    var slice = EndpointSlice()
    slice.metadata.name =
      "\(service.metadata.name)-\(service.metadata.uid.prefix(5))" + (number == 0 ? "" : "-\(number)")
    slice.metadata.namespace = service.metadata.namespace
    slice.metadata.labels = service.metadata.labels
    slice.metadata.labels[EndpointSlice.serviceNameLabel] = service.metadata.name
    slice.metadata.labels[EndpointSlice.managedByLabel] = manager
    slice.metadata.ownerReferences = [OwnerReference(to: service)]
    slice.endpoints = endpoints
    slice.ports = ports
    return slice
  }

  static func targetNumber(of port: ServicePort, in pod: Pod) -> Int? {
    switch port.targetPort {
    case nil: return port.port
    case .int(let number)?: return number == 0 ? port.port : number
    case .string(let name)?:
      let containers = pod.spec.containers + pod.spec.initContainers.filter(\.isSidecar)
      for container in containers {
        if let match = container.ports.first(where: { $0.name == name }) { return match.containerPort }
      }
      return nil
    }
  }

  private static func endpoint(of pod: Pod, service: Service, nodes: [String: Node]) -> Endpoint {
    var endpoint = Endpoint()
    endpoint.addresses = [pod.status.podIP]
    let serving = pod.isReady
    endpoint.conditions.ready = (serving || service.spec.publishNotReadyAddresses) && !pod.isTerminating
    endpoint.conditions.serving = serving
    endpoint.conditions.terminating = pod.isTerminating
    endpoint.nodeName = pod.spec.nodeName
    endpoint.zone = nodes[pod.spec.nodeName]?.metadata.labels[WellKnown.zone] ?? ""
    endpoint.targetRef = [
      "kind": "Pod", "namespace": .string(pod.metadata.namespace), "name": .string(pod.metadata.name),
      "uid": .string(pod.metadata.uid),
    ]
    return endpoint
  }
}
