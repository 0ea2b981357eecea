import Kubernetes
import Mesh

/// The cluster that the tests of the mesh look at: `gateway` calls `articles`, which calls `ranking` and `users`.
struct NewsFleet {
  var view = ClusterView()

  init() {
    add(service: "articles", calls: ["users", "ranking"], min: 3, max: 60, nodePort: 30080)
    add(service: "users", min: 2, max: 20)
    add(service: "ranking")
  }

  mutating func add(service name: String, calls: [String] = [], min: Int = 0, max: Int = 0, nodePort: Int = 0) {
    var microservice = Microservice()
    microservice.metadata = ObjectMeta(name: name, namespace: "news")
    microservice.spec.port = 8080
    microservice.spec.health = "/healthz"
    microservice.spec.calls = calls.map { MicroserviceSpec.Call(service: $0) }
    microservice.spec.scale.min = min
    microservice.spec.scale.max = max
    view.microservices[microservice.key] = microservice
    var service = Service()
    service.metadata = ObjectMeta(name: name, namespace: "news")
    service.spec.type = nodePort > 0 ? "NodePort" : "ClusterIP"
    var port = ServicePort()
    port.name = "http"
    port.port = 80
    port.nodePort = nodePort
    service.spec.ports = [port]
    view.services[service.key] = service
    endpoints(name, [])
  }

  /// Ready endpoints of a service, at the port of their sidecars.
  mutating func endpoints(_ service: String, _ addresses: [String], port: Int = 15006) {
    var slice = EndpointSlice()
    slice.metadata = ObjectMeta(
      name: service + "-1", namespace: "news", labels: [EndpointSlice.serviceNameLabel: service])
    slice.endpoints = addresses.map { address in
      var endpoint = Endpoint()
      endpoint.addresses = [address]
      endpoint.conditions.ready = true
      return endpoint
    }
    var endpointPort = EndpointPort()
    endpointPort.name = "http"
    endpointPort.port = port
    slice.ports = [endpointPort]
    view.endpointSlices[slice.key] = slice
  }

  mutating func endpoint(_ service: String, _ index: Int, _ change: (inout Endpoint) -> Void) {
    let key = NamespacedName("news", service + "-1")
    guard var slice = view.endpointSlices[key] else { return }
    change(&slice.endpoints[index])
    view.endpointSlices[key] = slice
  }

  static let articles = ProxyNode(
    id: "news/articles-1", cluster: "articles", role: .sidecar(podIP: "127.3.0.1", meshAddress: "127.3.0.1"))
  static let edge = ProxyNode(id: "edge", cluster: "sakigake-edge", role: .edge(listenAddress: "127.0.0.1"))

  func resources(for node: ProxyNode) -> NodeResources? {
    var state = MeshState()
    _ = state.update(view)
    return state.resources(for: node)
  }
}

/// Resources whose bytes do not matter: a name and a version each.
func resources(
  clusters: [String: Int] = [:], endpoints: [String: Int] = [:], listeners: [String: Int] = [:],
  routes: [String: Int] = [:]
) -> NodeResources {
  func made(_ versions: [String: Int]) -> [String: EncodedResource] {
    [String: EncodedResource](
      uniqueKeysWithValues: versions.map { ($0.key, EncodedResource(name: $0.key, bytes: Array("\($0.value)".utf8))) })
  }
  var resources = NodeResources()
  resources.clusters = made(clusters)
  resources.endpoints = made(endpoints)
  resources.listeners = made(listeners)
  resources.routes = made(routes)
  return resources
}

extension DiscoveryAnswer {
  var names: [String] { resources.map(\.name) }
}
