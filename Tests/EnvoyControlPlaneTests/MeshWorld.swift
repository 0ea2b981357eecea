import EnvoyControlPlane
import Foundation
import Kubernetes
import Mesh
import Testing

/// A control plane, a view to feed it and real Envoys, on loopback addresses `127.90.<subnet>.*`: `articles` at .1
/// calls `users` at .11, .12 …, and is on a node port of the edge at .200.
final class MeshWorld {
  let subnet: Int
  let log = EventLog()
  let controlPlane: EnvoyControlPlane
  var view = ClusterView()
  private var children: [ChildProgram] = []
  private var serving: Task<Void, any Error>?

  init(subnet: Int, port: Int = 0) {
    self.subnet = subnet
    let log = log
    controlPlane = EnvoyControlPlane(host: "127.0.0.1", port: port) { log.record($0) }
    add(service: "articles", calls: ["users"])
    add(service: "users")
  }

  deinit { stop() }

  func address(_ host: Int) -> String { "127.90.\(subnet).\(host)" }
  var podIP: String { address(1) }
  var edgeAddress: String { address(200) }

  func serve() {
    let controlPlane = controlPlane
    serving = Task { try await controlPlane.run() }
    controlPlane.update(view)
  }

  func stop() {
    serving?.cancel()
    for child in children { child.stop() }
    children = []
  }

  /// Stops the control plane and waits until its port is free.
  func stopServing() async {
    serving?.cancel()
    _ = try? await serving?.value
  }

  func backends(_ servers: [String: String]) throws { children.append(try Backends.start(servers)) }

  func sidecar(_ variant: DiscoveryVariant = .delta, podIP: String? = nil) async throws {
    try await proxy(
      SidecarBootstrap.json(
        pod: NamespacedName("news", "articles-1"), service: "articles", podIP: podIP ?? self.podIP,
        meshAddress: self.podIP,
        xdsHost: "127.0.0.1", xdsPort: try await controlPlane.boundPort, variant: variant))
  }

  func edge() async throws {
    try await proxy(
      EdgeBootstrap.json(
        xdsHost: "127.0.0.1", xdsPort: try await controlPlane.boundPort, adminAddress: edgeAddress, adminPort: 15000,
        listenAddress: edgeAddress))
  }

  private func proxy(_ bootstrap: JSONValue) async throws {
    let envoy = try #require(try RealEnvoy.path())
    children.append(
      try ChildProgram(
        envoy, ["--config-yaml", bootstrap.text, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"])
    )
  }

  func add(service name: String, calls: [String] = []) {
    var microservice = Microservice()
    microservice.metadata = ObjectMeta(name: name, namespace: "news")
    microservice.spec.port = 8080
    microservice.spec.health = "/healthz"
    microservice.spec.calls = calls.map { MicroserviceSpec.Call(service: $0) }
    microservice.spec.scale.min = 3
    microservice.spec.scale.max = 10
    view.microservices[microservice.key] = microservice
    var service = Service()
    service.metadata = ObjectMeta(name: name, namespace: "news")
    service.spec.type = "NodePort"
    var port = ServicePort()
    port.port = 80
    port.nodePort = name == "articles" ? 30080 : 30081
    service.spec.ports = [port]
    view.services[service.key] = service
  }

  /// Endpoints of `users` by the last part of their address.
  func endpoints(_ service: String, _ hosts: [Int], port: Int = 15006) {
    var slice = EndpointSlice()
    slice.metadata = ObjectMeta(
      name: service + "-1", namespace: "news", labels: [EndpointSlice.serviceNameLabel: service])
    slice.endpoints = hosts.map {
      var endpoint = Endpoint()
      endpoint.addresses = [address($0)]
      endpoint.conditions.ready = true
      return endpoint
    }
    var endpointPort = EndpointPort()
    endpointPort.port = port
    slice.ports = [endpointPort]
    view.endpointSlices[slice.key] = slice
  }

  func update() { controlPlane.update(view) }

  func inbound(_ path: String = "/") async -> HTTPProbe.Answer? { await HTTPProbe.get(podIP, MeshPorts.inbound, path) }
  func outbound(_ path: String = "/") async -> HTTPProbe.Answer? {
    await HTTPProbe.get(podIP, MeshPorts.outboundFirst, path)
  }
}
