import Kubernetes

/// What pods ask for of one resource, in thousandths, by pod name: the measure of utilization.
enum PodRequests {
  /// - Throws: when a container has no request, as utilization would have no meaning.
  static func milli(of pods: [Pod], resource: String, container: String) throws(MetricProblem) -> [String: Int64] {
    var requests: [String: Int64] = [:]
    requests.reserveCapacity(pods.count)
    for pod in pods {
      requests[pod.metadata.name] = try milli(of: pod, resource: resource, container: container)
    }
    return requests
  }

  private static func milli(of pod: Pod, resource: String, container: String) throws(MetricProblem) -> Int64 {
    if container.isEmpty, let podLevel = podLevelRequests(pod) {
      // A pod's own requests win over the sum of its containers' (KEP-2837).
      guard let amount = podLevel[resource] ?? pod.requests[resource] else {
        throw MetricProblem("missing pod-level request for \(resource) in Pod \(pod.metadata.name)")
      }
      return amount.milliValue
    }
    var total: Int64 = 0
    var found = false
    for candidate in pod.spec.containers + pod.spec.initContainers.filter(\.isSidecar)
    where container.isEmpty || candidate.name == container {
      guard let amount = candidate.resources.requests[resource] else {
        throw MetricProblem(
          "missing request for \(resource) in container \(candidate.name) of Pod \(pod.metadata.name)")
      }
      total += amount.milliValue
      found = true
      if !container.isEmpty { break }
    }
    guard container.isEmpty || found else {
      throw MetricProblem("container \(container) not found in Pod \(pod.metadata.name)")
    }
    return total
  }

  private static func podLevelRequests(_ pod: Pod) -> ResourceList? {
    guard let members = pod.spec.unknown["resources"]?["requests"]?.objectValue, !members.isEmpty else { return nil }
    var requests: ResourceList = [:]
    for member in members { requests[member.key] = try? Quantity(json: member.value) }
    return requests
  }
}
