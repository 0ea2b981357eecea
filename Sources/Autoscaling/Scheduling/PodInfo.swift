import Kubernetes

/// What placing needs to know of equal pods, read once. A reference: pods of one owner and revision share it.
public final class PodShape: Sendable {
  public let traits: SchedulingTraits
  /// `ReplicaSet`, `DaemonSet` …; empty for a bare pod.
  public let ownerKind: String
  /// Preferred affinity and anti-affinity, and required affinity with weight 1: how it draws other pods.
  let attractions: [WeightedPodTerm]
  /// Whether such a pod may be moved.
  public let mobility: PodMobility

  /// - Parameter isAnywhere: whether the node that the pod is bound to is no part of what it asks for.
  public init(_ pod: Pod, isAnywhere: Bool = false) {
    var traits = SchedulingTraits(pod)
    if isAnywhere { traits.nodeName = "" }
    self.traits = traits
    ownerKind = pod.metadata.controller?.kind ?? ""
    mobility = PodMobility(pod)
    attractions = traits.affinity.map { WeightedPodTerm(term: $0, weight: 1) } + traits.preferredPods
  }

  public var requests: Resources { traits.requests }

  /// Processor and memory for scoring: a pod that asks for nothing still uses something (upstream's defaults).
  var scoredCPU: Int64 { requests.cpuMillicores == 0 ? 100 : requests.cpuMillicores }
  var scoredMemory: Int64 { requests.memoryBytes == 0 ? 200 * 1024 * 1024 : requests.memoryBytes }
}

/// One pod: its name, and the shape that it shares with its equals.
public struct PodInfo: Sendable {
  public let key: NamespacedName
  public let uid: String
  public let shape: PodShape
  public private(set) var isTerminating: Bool
  public let startedAt: Timestamp?
  public let createdAt: Timestamp?

  /// A pod of a known shape. Names of up to 15 bytes cost no memory of their own.
  public init(
    key: NamespacedName, uid: String = "", shape: PodShape, isTerminating: Bool = false, createdAt: Timestamp? = nil,
    startedAt: Timestamp? = nil
  ) {
    self.key = key
    self.uid = uid
    self.shape = shape
    self.isTerminating = isTerminating
    self.startedAt = startedAt
    self.createdAt = createdAt
  }

  public init(_ pod: Pod) { self.init(pod, shape: PodShape(pod, isAnywhere: true)) }

  public init(_ pod: Pod, shape: PodShape) {
    self.init(
      key: pod.key, uid: pod.metadata.uid, shape: shape, isTerminating: pod.isTerminating,
      createdAt: pod.metadata.creationTimestamp, startedAt: pod.status.startTime)
  }

  /// The same pod on its way out.
  var ended: PodInfo {
    var ended = self
    ended.isTerminating = true
    return ended
  }

  public var requests: Resources { shape.traits.requests }
  public var labels: Labels { shape.traits.labels }
  public var priority: Int { shape.traits.priority }
  public var ownerUID: String { shape.traits.ownerUID }
}

extension Pod {
  /// Whether both certainly have one shape: sooner told than by reading it.
  func looksLike(_ other: Pod) -> Bool {
    metadata.namespace == other.metadata.namespace && metadata.labels == other.metadata.labels
      && metadata.ownerReferences == other.metadata.ownerReferences
      && metadata.annotations == other.metadata.annotations && spec == other.spec
  }
}

extension WeightedPodTerm {
  static func preferred(of pod: Pod) -> [WeightedPodTerm] {
    let drawn = (pod.spec.affinity?.podAffinity?.preferred ?? []).map {
      WeightedPodTerm(term: PodTerm($0.podAffinityTerm, of: pod), weight: $0.weight)
    }
    let repelled = (pod.spec.affinity?.podAntiAffinity?.preferred ?? []).map {
      WeightedPodTerm(term: PodTerm($0.podAffinityTerm, of: pod), weight: -$0.weight)
    }
    return drawn + repelled
  }
}

extension Resources {
  /// A pod's requests, sidecars included, and the one pod that it is.
  public init(requestsOf pod: Pod) {
    self.init()
    // `Pod.requests` again, in integers: a snapshot asks this of every pod of a cluster.
    for container in pod.spec.containers { add(container.resources.requests) }
    if !pod.spec.initContainers.isEmpty {
      var sidecars = Resources()
      var starting = Resources()
      for container in pod.spec.initContainers {
        if container.isSidecar {
          sidecars.add(container.resources.requests)
          starting.takeMaximum(sidecars)
        } else {
          var peak = sidecars
          peak.add(container.resources.requests)
          starting.takeMaximum(peak)
        }
      }
      self += sidecars
      takeMaximum(starting)
    }
    if !pod.spec.overhead.isEmpty { add(pod.spec.overhead) }
    pods = 1
  }
}

/// A port that a pod takes on its node.
public struct HostPort: Sendable, Hashable {
  public var ip: String
  public var `protocol`: String
  public var port: Int

  static func all(of spec: PodSpec) -> [HostPort] {
    var ports: [HostPort] = []
    for container in spec.initContainers where container.isSidecar { append(container, spec, to: &ports) }
    for container in spec.containers { append(container, spec, to: &ports) }
    return ports
  }

  private static func append(_ container: Container, _ spec: PodSpec, to ports: inout [HostPort]) {
    for port in container.ports {
      let number = port.hostPort > 0 ? port.hostPort : spec.hostNetwork ? port.containerPort : 0
      guard number > 0 else { continue }
      let ip = port.unknown["hostIP"]?.stringValue ?? ""
      let transport = port.protocol.isEmpty ? "TCP" : port.protocol
      ports.append(HostPort(ip: ip.isEmpty ? "0.0.0.0" : ip, protocol: transport, port: number))
    }
  }

  /// 0.0.0.0 is every address.
  func conflicts(with other: HostPort) -> Bool {
    port == other.port && `protocol` == other.protocol
      && (ip == other.ip || ip == "0.0.0.0" || other.ip == "0.0.0.0")
  }
}
