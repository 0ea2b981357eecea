import Kubernetes

/// One service as the prescaler sees it: what it may have, what it has, and what one pod can take.
struct ServiceState {
  var key: NamespacedName
  var hasDeployment: Bool
  /// The service's own minimum, to which floors return.
  var declared: Int
  var maximum: Int
  /// Requests per second to plan for each pod; nil where nobody said what a pod can take.
  var perPod: Double?
  /// Pods that are there or on their way.
  var existing: Int
  var ready: Int
  /// Requests per second over all pods; nil where nothing was measured.
  var observed: Double?
}

/// The services of one namespace, and who calls whom.
struct Fleet {
  var services: [String: ServiceState] = [:]
  var graph: CallGraph
  /// Exposed services that pushes drive.
  var entries: [String]

  init(
    _ namespace: String, _ view: ClusterView, _ pods: PodsByService, _ configuration: PrescalingDecision.Configuration
  ) {
    let microservices = view.microservices.values.filter { $0.metadata.namespace == namespace }
      .sorted { $0.metadata.name < $1.metadata.name }
    graph = CallGraph(microservices)
    entries = microservices.filter { $0.spec.expose != nil && $0.spec.scale.push }.map(\.metadata.name)
    for microservice in microservices {
      services[microservice.metadata.name] = Self.state(of: microservice, view, pods, configuration)
    }
  }

  private static func state(
    of microservice: Microservice, _ view: ClusterView, _ pods: PodsByService,
    _ configuration: PrescalingDecision.Configuration
  ) -> ServiceState {
    let key = microservice.key
    let deployment = view.deployments[key]
    let autoscaler = view.autoscalers[key]
    let scale = microservice.spec.scale
    var state = ServiceState(
      key: key, hasDeployment: deployment != nil, declared: DeclaredMinimum.of(autoscaler, microservice),
      maximum: autoscaler?.spec.maxReplicas ?? (scale.max > 0 ? scale.max : deployment?.spec.replicas ?? 1),
      perPod: perPod(microservice.spec, configuration), existing: 0, ready: 0, observed: nil)
    for pod in pods.pods(of: key, deployment, view) where !pod.isFinished {
      if let rate = view.metrics.pods[pod.key]?.custom["requests_per_second"], rate.isFinite {
        state.observed = (state.observed ?? 0) + max(rate, 0)
      }
      if pod.isTerminating { continue }
      state.existing += 1
      if pod.isReady { state.ready += 1 }
    }
    return state
  }

  /// The declared capacity at its utilization; else the rate that the autoscaler aims at, which is one already.
  private static func perPod(_ spec: MicroserviceSpec, _ configuration: PrescalingDecision.Configuration) -> Double? {
    if let capacity = spec.capacity, capacity.requestsPerSecond > 0 {
      let own = capacity.utilization > 0 && capacity.utilization <= 1
      return capacity.requestsPerSecond * (own ? capacity.utilization : configuration.utilization)
    }
    return spec.scale.on.lazy.compactMap { $0["requestsPerSecond"]?.doubleValue }.first { $0 > 0 }
  }
}

/// A service's own minimum: what its autoscaler was rendered with, else what its definition says, else one.
enum DeclaredMinimum {
  static let annotation = "sakigake.dev/min-replicas"

  static func of(_ autoscaler: HorizontalPodAutoscaler?, _ microservice: Microservice?) -> Int {
    if let text = autoscaler?.metadata.annotations[annotation], let value = Int(text), value >= 0 { return value }
    if let minimum = microservice?.spec.scale.min, minimum > 0 { return minimum }
    return 1
  }
}

/// Pods by their service's label, gathered in one pass.
struct PodsByService {
  private var byService: [NamespacedName: [Pod]] = [:]

  init(_ view: ClusterView) {
    for pod in view.pods.values {
      guard let service = pod.metadata.labels[WellKnown.service] else { continue }
      byService[NamespacedName(pod.metadata.namespace, service), default: []].append(pod)
    }
  }

  /// A deployment that does not select by that label is asked for its own selector.
  func pods(of service: NamespacedName, _ deployment: Deployment?, _ view: ClusterView) -> [Pod] {
    guard let selector = deployment?.spec.selector, selector.matchLabels[WellKnown.service] != service.name else {
      return byService[service] ?? []
    }
    return selector.isEmpty ? [] : view.pods(in: service.namespace, matching: selector)
  }
}
