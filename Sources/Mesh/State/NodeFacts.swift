import Kubernetes

/// What of a cluster one proxy's own resources depend on, beside the services it calls. While this stays the same,
/// nothing of them is made again.
package enum NodeFacts: Sendable, Hashable {
  case sidecar(SidecarFacts)
  case edge([EdgeEntry])
}

package struct SidecarFacts: Sendable, Hashable {
  /// Where the application listens; nil when nobody says.
  package var applicationPort: Int?
  package var healthPath: String
  /// Called services and the ports on which the application finds them.
  package var calls: [OutboundCall]
}

package struct OutboundCall: Sendable, Hashable {
  package var service: String
  package var port: Int
}

/// One node port and the cluster behind it.
package struct EdgeEntry: Sendable, Hashable {
  package var nodePort: Int
  package var cluster: String
}

extension SidecarFacts {
  /// What the pod itself says goes before the microservice: during a rollout, pods of the old revision keep the ports
  /// that they were started with. Nil when neither is known.
  init?(pod: Pod?, microservice: Microservice?) {
    guard pod != nil || microservice != nil else { return nil }
    let application = pod?.spec.containers.first { $0.name == "app" }
    let sidecar = pod.flatMap { pod in
      (pod.spec.initContainers + pod.spec.containers).first { $0.name == "envoy" }
    }
    let declaredPort = microservice?.spec.port ?? 0
    applicationPort = application?.listeningPort ?? (declaredPort > 0 ? declaredPort : nil)
    healthPath = sidecar?.readinessProbe?.httpGet?.path ?? microservice?.spec.health ?? ""
    let rendered = application?.calledServices ?? []
    calls = rendered.isEmpty ? Self.calls(declaredBy: microservice) : rendered
  }

  /// As rendering numbers them: by name, from the first outbound port.
  private static func calls(declaredBy microservice: Microservice?) -> [OutboundCall] {
    let services = Set((microservice?.spec.calls ?? []).map(\.service)).sorted()
    return services.prefix(MeshPorts.outboundLast - MeshPorts.outboundFirst + 1).enumerated().map {
      OutboundCall(service: $0.element, port: MeshPorts.outboundFirst + $0.offset)
    }
  }
}

extension Container {
  /// `PORT` of the environment, or else the port named `app`, `http`, or the first.
  fileprivate var listeningPort: Int? {
    if let text = env.first(where: { $0.name == "PORT" })?.value, let port = Int(text), (1...65535).contains(port) {
      return port
    }
    let named = ports.first { $0.name == "app" } ?? ports.first { $0.name == "http" } ?? ports.first
    return named?.containerPort
  }

  /// `USERS_API_URL=http://…:15100` says that the service `users-api` is called through port 15100. A service's name
  /// has no underscore, so the variable's name tells it.
  fileprivate var calledServices: [OutboundCall] {
    var found: [Int: String] = [:]
    for variable in env where variable.name.hasSuffix("_URL") && variable.value.hasPrefix("http://") {
      guard let colon = variable.value.lastIndex(of: ":"),
        let port = Int(variable.value[variable.value.index(after: colon)...]),
        (MeshPorts.outboundFirst...MeshPorts.outboundLast).contains(port)
      else { continue }
      let name = variable.name.dropLast(4).map { $0 == "_" ? "-" : $0 }
      found[port] = String(name).lowercased()
    }
    return found.sorted { $0.key < $1.key }.map { OutboundCall(service: $0.value, port: $0.key) }
  }
}
