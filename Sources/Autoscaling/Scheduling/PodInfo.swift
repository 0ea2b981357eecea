import Kubernetes

/// What placing needs to know of one pod, read once; a reference so that forks of a snapshot share it.
public final class PodInfo: Sendable {
  public let key: NamespacedName
  public let uid: String
  public let labels: Labels
  public let ownerUID: String
  /// `ReplicaSet`, `DaemonSet` …; empty for a bare pod.
  public let ownerKind: String
  public let priority: Int
  public let requests: Resources
  public let hostPorts: [HostPort]
  public let isTerminating: Bool
  public let startedAt: Timestamp?
  public let createdAt: Timestamp?
  /// Required anti-affinity, which other pods must respect too.
  let antiAffinity: [PodTerm]
  /// Preferred affinity and anti-affinity, and required affinity with weight 1: how it draws other pods.
  let attractions: [WeightedPodTerm]

  public init(_ pod: Pod) {
    key = pod.key
    uid = pod.metadata.uid
    labels = pod.metadata.labels
    let owner = pod.metadata.controller
    ownerUID = owner?.uid ?? ""
    ownerKind = owner?.kind ?? ""
    priority = pod.spec.priority ?? 0
    requests = Resources(requestsOf: pod)
    hostPorts = HostPort.all(of: pod.spec)
    isTerminating = pod.isTerminating
    startedAt = pod.status.startTime
    createdAt = pod.metadata.creationTimestamp
    guard let affinity = pod.spec.affinity else {
      antiAffinity = []
      attractions = []
      return
    }
    antiAffinity = (affinity.podAntiAffinity?.required ?? []).map { PodTerm($0, of: pod) }
    let hard = (affinity.podAffinity?.required ?? []).map { WeightedPodTerm(term: PodTerm($0, of: pod), weight: 1) }
    attractions = hard + WeightedPodTerm.preferred(of: pod)
  }

  /// Processor and memory for scoring: a pod that asks for nothing still uses something (upstream's defaults).
  var scoredCPU: Int64 { requests.cpuMillicores == 0 ? 100 : requests.cpuMillicores }
  var scoredMemory: Int64 { requests.memoryBytes == 0 ? 200 * 1024 * 1024 : requests.memoryBytes }
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
