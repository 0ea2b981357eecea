import Kubernetes

/// What a pod may learn of itself: `fieldRef` and `resourceFieldRef`.
package struct DownwardAPI: Sendable {
  var pod: Pod
  var podIP: String
  var hostIP: String
  var nodeAllocatable: ResourceList

  package init(pod: Pod, podIP: String, hostIP: String, nodeAllocatable: ResourceList) {
    self.pod = pod
    self.podIP = podIP
    self.hostIP = hostIP
    self.nodeAllocatable = nodeAllocatable
  }

  /// The value of a field; nil where a container cannot have that field.
  func field(_ path: String) -> String? {
    if let key = Self.subscripted(path, "metadata.labels") { return pod.metadata.labels[key] ?? "" }
    if let key = Self.subscripted(path, "metadata.annotations") { return pod.metadata.annotations[key] ?? "" }
    switch path {
    case "metadata.name": return pod.metadata.name
    case "metadata.namespace": return pod.metadata.namespace
    case "metadata.uid": return pod.metadata.uid
    case "metadata.labels": return Self.lines(pod.metadata.labels)
    case "metadata.annotations": return Self.lines(pod.metadata.annotations)
    case "spec.nodeName": return pod.spec.nodeName
    case "spec.serviceAccountName": return pod.spec.serviceAccountName
    case "status.podIP", "status.podIPs": return podIP
    case "status.hostIP", "status.hostIPs": return hostIP
    default: return nil
    }
  }

  private static func subscripted(_ path: String, _ field: String) -> String? {
    guard path.hasPrefix(field + "['"), path.hasSuffix("']") else { return nil }
    return String(path.dropFirst(field.count + 2).dropLast(2))
  }

  private static func lines(_ map: [String: String]) -> String {
    map.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: "\n")
  }

  /// `limits.cpu`, `requests.memory` …, in multiples of the divisor, rounded up; a limit that is not set is the
  /// node's.
  func resource(_ reference: JSONValue, of container: Container) -> String? {
    guard let path = reference["resource"]?.stringValue else { return nil }
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let named = reference["containerName"]?.stringValue ?? ""
    let all = pod.spec.containers + pod.spec.initContainers
    guard let source = named.isEmpty ? container : all.first(where: { $0.name == named }) else { return nil }
    let amount: Quantity?
    switch parts[0] {
    case "limits": amount = source.resources.limits[parts[1]] ?? nodeAllocatable[parts[1]]
    case "requests": amount = source.resources.requests[parts[1]] ?? source.resources.limits[parts[1]] ?? .zero
    default: return nil
    }
    guard let amount else { return nil }
    let divisor = (reference["divisor"]?.stringValue).flatMap { Quantity(parsing: $0) } ?? Quantity(1)
    let unit = divisor.nano > 0 ? divisor.nano : Quantity(1).nano
    return String((amount.nano + unit - 1) / unit)
  }
}
