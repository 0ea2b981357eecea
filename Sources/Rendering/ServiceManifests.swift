import Definitions
import Kubernetes

/// The objects of one service; a file for each of their subjects stands in `Manifests/`.
struct ServiceManifests {
  let platform: PlatformDefinition
  let tag: String
  let service: Microservice
  let configFiles: [String: String]
  let source: ServiceSource?
  /// The ConfigMap of `configFiles`, whose name is a part of what runs.
  private(set) var config: JSONValue?

  init(
    platform: PlatformDefinition, tag: String, service: Microservice, configFiles: [String: String],
    source: ServiceSource?
  ) {
    self.platform = platform
    self.tag = tag
    self.service = service
    self.configFiles = configFiles
    self.source = source
    config = configMap
  }

  var name: String { service.metadata.name }
  var spec: MicroserviceSpec { service.spec }

  /// In the order in which they are to be applied: what others need goes first; a job before the pods that wait for it.
  var objects: [JSONValue] {
    var objects: [JSONValue] = []
    if let config { objects.append(config) }
    objects += externalSecrets + claims
    objects.append(definition)
    objects += [serviceAccount, networkPolicy] + securityGroupPolicy
    objects += jobs(.before)
    objects += [clusterService, deployment, autoscaler]
    objects.append(disruptionBudget)
    objects += verticalAutoscaler + cronJobs + ingress + monitoring
    objects += jobs(.after)
    return objects
  }

  // MARK: Metadata

  /// - Parameter section: the part of the definition that the object comes from.
  func metadata(_ name: String, from section: [String] = [], annotations: JSONObject = [:]) -> JSONValue {
    var object: JSONObject = [
      "name": .string(name), "namespace": .string(platform.namespace), "labels": .object(labels),
    ]
    var all = annotations
    if let source { all["sakigake.dev/source"] = .string(source.place(of: section)) }
    for (key, value) in service.metadata.annotations.sorted(by: { $0.key < $1.key }) { all[key] = .string(value) }
    // Only of those who may: whom the platform does not name waives nothing.
    for waiver in spec.waivers.sorted(by: { $0.rule < $1.rule })
    where platform.guardrails.waivers.contains(waiver.owner) {
      all[MicroserviceSpec.Waiver.prefix + waiver.rule] = .string(waiver.text)
    }
    if !all.isEmpty { object["annotations"] = .object(all) }
    return .object(object)
  }

  /// Of every object, and of the service's own pods.
  var labels: JSONObject {
    var labels = commonLabels
    labels[WellKnown.service] = .string(name)
    return ordered(labels)
  }

  /// Of pods that run to their end: they are no pods of the service, and get no requests.
  func labels(ofJob job: String) -> JSONObject {
    var labels = commonLabels
    labels["sakigake.dev/job"] = .string(job)
    return labels
  }

  private var commonLabels: JSONObject {
    var labels: JSONObject = [WellKnown.appName: .string(name), WellKnown.managedBy: "sakigake"]
    if !spec.owner.isEmpty { labels["sakigake.dev/owner"] = .string(spec.owner) }
    for (key, value) in platform.tags.merging(spec.tags, uniquingKeysWith: { own, _ in own }).sorted(by: {
      $0.key < $1.key
    }) {
      labels["sakigake.dev/tag-\(key)"] = .string(value)
    }
    for (key, value) in service.metadata.labels.sorted(by: { $0.key < $1.key }) { labels[key] = .string(value) }
    return labels
  }

  /// With the service's name after the two labels that everybody's objects have.
  private func ordered(_ labels: JSONObject) -> JSONObject {
    var result: JSONObject = [:]
    for key in [WellKnown.appName, WellKnown.managedBy, WellKnown.service] { result[key] = labels[key] }
    for member in labels { result[member.key] = member.value }
    return result
  }

  /// What lets a pod through to the services that it calls.
  var callLabels: JSONObject {
    JSONObject(
      spec.calls.map(\.service).sorted().map { (Microservice.callLabelPrefix + $0, JSONValue.string("true")) })
  }

  var selector: JSONValue { [WellKnown.service: .string(name)] }

  /// Of a content that cannot be changed once it is applied, with the service's own patch of it.
  func hash(of content: JSONValue, patchedAs kind: String) -> String {
    ContentHash.of(spec.extend[kind].map { [content, $0] } ?? content)
  }

  // MARK: The plainest objects

  /// The definition itself, from which the operator reads calls, capacity and pushes.
  private var definition: JSONValue {
    ["apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": metadata(name), "spec": spec.json]
  }

  /// Without a token for the cluster's API; with a role of the cloud where the service has permissions there.
  private var serviceAccount: JSONValue {
    var annotations: JSONObject = [:]
    if !spec.permissions.isEmpty, let role = platform.roleARN(of: name) {
      annotations["eks.amazonaws.com/role-arn"] = .string(role)
    }
    return [
      "apiVersion": "v1", "kind": "ServiceAccount",
      "metadata": metadata(name, from: ["permissions"], annotations: annotations),
      "automountServiceAccountToken": false,
    ]
  }

  private var clusterService: JSONValue {
    var port: JSONObject = [
      "name": "http", "port": 80, "protocol": "TCP",
      // By number: older clusters do not look for named ports in sidecars.
      "targetPort": .integer(Int64(Self.meshPort)),
      "appProtocol": "http",
    ]
    if let nodePort = spec.expose?.nodePort, nodePort > 0 { port["nodePort"] = .integer(Int64(nodePort)) }
    return [
      "apiVersion": "v1", "kind": "Service", "metadata": metadata(name, from: ["expose"]),
      "spec": [
        "type": spec.expose == nil ? "ClusterIP" : "NodePort", "selector": selector, "ports": [.object(port)],
      ],
    ]
  }

  /// A quarter of the pods may be moved at once, rounded up; a single pod may be moved too, and so may one that is not
  /// ready anyway, or its node never ends.
  private var disruptionBudget: JSONValue {
    [
      "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata(name, from: ["scale"]),
      "spec": [
        "maxUnavailable": spec.scale.min > 1 ? "25%" : 1, "selector": ["matchLabels": selector],
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
      ],
    ]
  }
}
