public import Kubernetes

/// A service as it is rendered, and how its pods behave.
public struct RehearsedService: Sendable {
  public var microservice: Microservice
  public var deployment: Deployment
  public var autoscaler: HorizontalPodAutoscaler
  public var disruptionBudget: PodDisruptionBudget?
  public var behavior: PodBehavior

  public init(
    microservice: Microservice, deployment: Deployment, autoscaler: HorizontalPodAutoscaler,
    disruptionBudget: PodDisruptionBudget? = nil, behavior: PodBehavior
  ) {
    self.microservice = microservice
    self.deployment = deployment
    self.autoscaler = autoscaler
    self.disruptionBudget = disruptionBudget
    self.behavior = behavior
  }

  public var key: NamespacedName { microservice.key }

  /// What a node must have of a pod, each once, in the order in which containers start.
  public var images: [String] {
    let spec = deployment.spec.template.spec
    var seen = Set<String>()
    return (spec.initContainers + spec.containers).map(\.image).filter { seen.insert($0).inserted }
  }
}

/// What one pod of a service does with requests and with time. Measured where that was done, else from the definition.
public struct PodBehavior: Sendable, Hashable {
  /// What a pod serves at most; what it is declared to serve may differ.
  public var requestsPerSecond: Double
  /// From a request's start to its answer in a pod that is not overloaded, its calls not counted.
  public var serviceSeconds: Double
  /// Requests that wait in a pod; further ones are refused.
  public var queueMax: Double
  /// After which a caller gives a request up. What it waited for is done all the same.
  public var timeoutSeconds: Double
  /// How often a caller tries a failed request again: overload feeds itself.
  public var retriesMax: Int
  /// From the containers' start to the pod's Ready.
  public var startSeconds: Double
  /// Of each image that its node does not have yet: the sidecar's, then the application's.
  public var imagePullSeconds: Double
  /// Processor use of a pod without requests, and what one request a second adds. Thousandths of a core.
  public var idleMillicores: Double
  public var millicoresPerRequest: Double
  public var memoryBytes: Double

  public init(
    requestsPerSecond: Double, serviceSeconds: Double = 0.05, queueMax: Double = 20, timeoutSeconds: Double = 2,
    retriesMax: Int = 1, startSeconds: Double = 20, imagePullSeconds: Double = 10, idleMillicores: Double = 5,
    millicoresPerRequest: Double = 5, memoryBytes: Double = 64 * 1_048_576
  ) {
    self.requestsPerSecond = requestsPerSecond
    self.serviceSeconds = serviceSeconds
    self.queueMax = queueMax
    self.timeoutSeconds = timeoutSeconds
    self.retriesMax = retriesMax
    self.startSeconds = startSeconds
    self.imagePullSeconds = imagePullSeconds
    self.idleMillicores = idleMillicores
    self.millicoresPerRequest = millicoresPerRequest
    self.memoryBytes = memoryBytes
  }
}
