import Definitions
import Kubernetes

/// What `sakigake render` puts into a Deployment beside the service's own: the definition is told from it, where it was
/// not applied beside it.
extension DeploymentImport {
  private static let ownerLabel = "sakigake.dev/owner"
  private static let tagPrefix = "sakigake.dev/tag-"

  mutating func readRendering() {
    guard object.isRendered else { return }
    use(workload)
    renderedOwner = labels[Self.ownerLabel]?.stringValue
    var tags = JSONObject()
    for (key, value) in labels {
      if key.hasPrefix(Self.tagPrefix) { tags[String(key.dropFirst(Self.tagPrefix.count))] = value }
      if key.hasPrefix(Microservice.callLabelPrefix) {
        calls.insert(String(key.dropFirst(Microservice.callLabelPrefix.count)))
      }
    }
    if !tags.isEmpty { spec["tags"] = .object(tags) }
    for (number, container) in (peek(Self.pod + ["initContainers"])?.arrayValue ?? []).enumerated()
    where container["name"] == "envoy" {
      _ = take(Self.pod + ["initContainers", "\(number)"])
      decisions.append("\(name): container envoy: the platform brings the sidecar")
    }
    if peek(mainContainer + ["lifecycle"]) == ["preStop": ["sleep": ["seconds": 15]]] {
      _ = take(mainContainer + ["lifecycle"])
    }
    readSpot()
  }

  /// Whether pods keep to nodes on demand, or to others: preferring spot is the platform's own way.
  private mutating func readSpot() {
    let terms = peek(
      Self.pod + [
        "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms",
      ])
    guard let wanted = terms?.arrayValue?.first?["matchExpressions"]?.arrayValue?.first,
      wanted["key"] == .string(WellKnown.capacityType)
    else { return }
    if wanted["values"] == ["spot"] { spec["spot"] = "only" }
    if wanted["values"] == ["on-demand"] { spec["spot"] = "never" }
  }

  /// Whether a variable tells the application where a service is that it calls.
  func isAddress(_ variable: String, _ value: JSONValue?) -> Bool {
    object.isRendered && value?.stringValue?.hasPrefix("http://$(MESH_ADDRESS):") == true
      && calls.contains { Microservice.addressVariable(of: $0) == variable }
  }
}
