import Kubernetes

/// A pod that does not exist yet: shared, as it is large, never changes, and states are copied at every look.
final class PodToCome: Sendable {
  let pod: Pod

  init(_ pod: Pod) { self.pod = pod }
}

/// One service as the prescaler sees it: what it may have, what it has, and what one pod can take.
struct ServiceState {
  var key: NamespacedName
  /// A pod as its deployment will make it; nil where there is no deployment.
  var podToCome: PodToCome?
  /// The service's own minimum, to which floors return.
  var declared: Int
  var maximum: Int
  /// Requests per second to plan for each pod; nil where nobody said what a pod can take.
  var perPod: Double?
  /// Pods that are there or on their way and may stay.
  var existing: Int
  var ready: Int
  /// Pods beside these on nodes that the cloud is about to take away: others must be there before they go.
  var leaving = 0
  /// Of those that exist, pods that have no node.
  var waiting = 0
  /// Requests per second over all pods; nil where nothing was measured.
  var observed: Double?

  /// Of a service without pods.
  init(
    of microservice: Microservice, _ deployment: Deployment?, _ autoscaler: HorizontalPodAutoscaler?,
    _ configuration: PrescalingDecision.Configuration
  ) {
    let scale = microservice.spec.scale
    key = microservice.key
    podToCome = deployment.map { PodToCome($0.podToCome) }
    declared = DeclaredMinimum.of(autoscaler, microservice)
    maximum = autoscaler?.spec.maxReplicas ?? (scale.max > 0 ? scale.max : deployment?.spec.replicas ?? 1)
    perPod = Self.perPod(microservice.spec, configuration)
    existing = 0
    ready = 0
  }

  /// The declared capacity at its utilization; else the rate that the autoscaler aims at, which is one already.
  private static func perPod(_ spec: MicroserviceSpec, _ configuration: PrescalingDecision.Configuration) -> Double? {
    if let capacity = spec.capacity, capacity.requestsPerSecond > 0 {
      return capacity.requestsPerSecond * configuration.utilization(of: capacity)
    }
    return spec.scale.on.lazy.compactMap { $0["requestsPerSecond"]?.doubleValue }.first { $0 > 0 }
  }
}

/// The services of one namespace, and who calls whom.
struct Fleet {
  /// By name.
  var services: [ServiceState]
  private let numbers: [String: Int]
  var graph: CallGraph
  /// Exposed services that pushes drive.
  var entries: [String]

  /// - Parameter microservices: of one namespace.
  init(_ microservices: [Microservice], state: (Microservice) -> ServiceState) {
    graph = CallGraph(microservices)
    entries = microservices.filter { $0.spec.expose != nil && $0.spec.scale.push }.map(\.metadata.name).sorted()
    services = microservices.map(state).sorted { $0.key < $1.key }
    numbers = Dictionary(
      services.enumerated().map { ($1.key.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Where a service is among `services`.
  func number(of service: String) -> Int? { numbers[service] }

  subscript(service: String) -> ServiceState? { numbers[service].map { services[$0] } }

  /// The services of a namespace with their pods, counted from a view.
  init(
    _ namespace: String, _ view: ClusterView, _ pods: PodsByService, _ configuration: PrescalingDecision.Configuration
  ) {
    self.init(view.microservices.values.filter { $0.metadata.namespace == namespace }) { microservice in
      let key = microservice.key
      let deployment = view.deployments[key]
      var state = ServiceState(of: microservice, deployment, view.autoscalers[key], configuration)
      for pod in pods.pods(of: key, deployment, view) where !pod.isFinished {
        if let rate = view.metrics.pods[pod.key]?.custom["requests_per_second"], rate.isFinite {
          state.observed = (state.observed ?? 0) + max(rate, 0)
        }
        if pod.isTerminating { continue }
        if view.nodes[pod.spec.nodeName]?.endsAt != nil {
          state.leaving += 1
          continue
        }
        state.existing += 1
        if !pod.isScheduled { state.waiting += 1 }
        if pod.isReady { state.ready += 1 }
      }
      return state
    }
  }
}

/// Finds services of a fleet by name: where they are asked for in the order of their names, without a look at a table.
struct ServiceFinder {
  private let fleet: Fleet
  private var next = 0

  init(_ fleet: Fleet) { self.fleet = fleet }

  mutating func number(of service: String) -> Int? {
    if next < fleet.services.count, fleet.services[next].key.name == service {
      next += 1
      return next - 1
    }
    guard let number = fleet.number(of: service) else { return nil }
    next = number + 1
    return number
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
