import Kubernetes

/// A cluster that obeys: changes of the workload decisions take effect at once.
struct ObedientCluster {
  var view = ClusterView()
  var now = Timestamp(seconds: 1_800_000_000)
  private var version = 100

  mutating func apply(_ changes: [Change]) {
    for change in changes {
      switch change {
      case .create(let json): create(json)
      case .patch(let target, _, let patch, let subresource, _): self.patch(target, patch, subresource)
      case .delete(let target, _, _): delete(target)
      case .record: break
      default: preconditionFailure("not a change of the workload decisions: \(change)")
      }
    }
  }

  private mutating func create(_ json: JSONValue) {
    version += 1
    var json = json
    json[path: ["metadata", "uid"]] = .string("uid-\(version)")
    json[path: ["metadata", "generation"]] = 1
    json[path: ["metadata", "creationTimestamp"]] = now.json
    switch json["kind"]?.stringValue {
    case "ReplicaSet": if let set = try? ReplicaSet(json: json) { view.replicaSets[set.key] = set }
    case "Pod": if let pod = try? Pod(json: json) { view.set(pod) }
    case "EndpointSlice": if let slice = try? EndpointSlice(json: json) { view.endpointSlices[slice.key] = slice }
    default: preconditionFailure("not a kind that the workload decisions create")
    }
  }

  private mutating func patch(_ target: Change.Target, _ patch: JSONValue, _ subresource: String?) {
    let key = NamespacedName(target.namespace, target.name)
    func merged<Object: KubernetesObject>(_ object: Object?) -> Object? {
      guard let object, var result = try? Object(json: object.json.applying(mergePatch: patch)) else { return nil }
      if subresource == nil, patch["spec"] != nil { result.metadata.generation += 1 }
      return result
    }
    switch target.resource {
    case .replicaSets: view.replicaSets[key] = merged(view.replicaSets[key])
    case .deployments: view.deployments[key] = merged(view.deployments[key])
    case .endpointSlices: view.endpointSlices[key] = merged(view.endpointSlices[key])
    case .disruptionBudgets: view.disruptionBudgets[key] = merged(view.disruptionBudgets[key])
    case .nodes: if let node = merged(view.nodes[target.name]) { view.set(node) }
    default: preconditionFailure("not a kind that the workload decisions patch")
    }
  }

  private mutating func delete(_ target: Change.Target) {
    let key = NamespacedName(target.namespace, target.name)
    switch target.resource {
    case .pods: view.removePod(key)
    case .replicaSets: view.replicaSets[key] = nil
    case .endpointSlices: view.endpointSlices[key] = nil
    default: preconditionFailure("not a kind that the workload decisions delete")
    }
  }

  /// Every pod runs and is ready, but for those that `except` names.
  mutating func makeReady(except: (Pod) -> Bool = { _ in false }) {
    for (index, var pod) in view.pods.values.sorted(by: { $0.key < $1.key }).enumerated() where !except(pod) {
      if pod.isReady { continue }
      pod.status.phase = "Running"
      if pod.status.podIP.isEmpty { pod.status.podIP = "127.16.\(version % 200).\(index + 1)" }
      pod.status.conditions.set(Condition("Ready", true, at: now))
      view.set(pod)
    }
    version += 1
  }
}

extension ResourceType {
  static var disruptionBudgets: ResourceType { .podDisruptionBudgets }
}

enum Make {
  static func deployment(
    _ name: String, replicas: Int, image: String = "news:1", surge: IntOrString = .string("25%"),
    unavailable: IntOrString = .string("25%")
  ) -> Deployment {
    var deployment = Deployment()
    deployment.metadata = ObjectMeta(name: name, namespace: "default")
    deployment.metadata.uid = "uid-\(name)"
    deployment.metadata.generation = 1
    deployment.spec.replicas = replicas
    deployment.spec.selector = LabelSelector(matchLabels: ["app": name])
    deployment.spec.strategy.type = "RollingUpdate"
    deployment.spec.strategy.rollingUpdate = .init()
    deployment.spec.strategy.rollingUpdate?.maxSurge = surge
    deployment.spec.strategy.rollingUpdate?.maxUnavailable = unavailable
    deployment.spec.template = template(name, image: image)
    return deployment
  }

  static func template(_ name: String, image: String) -> PodTemplate {
    var template = PodTemplate()
    template.metadata.labels = ["app": name]
    var container = Container()
    container.name = "app"
    container.image = image
    template.spec.containers = [container]
    return template
  }

  static func service(_ name: String, selecting labels: Labels, targetPort: IntOrString = .int(8080)) -> Service {
    var service = Service()
    service.metadata = ObjectMeta(name: name, namespace: "default")
    service.metadata.uid = "service-\(name)"
    service.spec.selector = labels
    var port = ServicePort()
    port.name = "http"
    port.port = 80
    port.targetPort = targetPort
    service.spec.ports = [port]
    return service
  }
}
