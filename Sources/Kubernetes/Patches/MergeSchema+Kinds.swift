/// The kinds that have a schema, and what is stated of each.
extension MergeSchema {
  static let kinds: [String: Fields] = [
    "v1 Namespace": kind(status: ["conditions": .list(by: "type")]),
    "v1 Node": kind(spec: ["podCIDRs": .set], status: nodeStatus),
    "v1 Pod": kind(spec: podSpec, status: podStatus),
    "v1 Service": kind(spec: serviceSpec, status: ["conditions": .list(by: "type")]),
    "v1 ConfigMap": kind(),
    "v1 Secret": kind(),
    "v1 ServiceAccount": kind(["secrets": .list(by: "name", whole: true)]),
    "v1 Event": kind(["involvedObject": .atomicObject, "related": .atomicObject]),
    "events.k8s.io/v1 Event": kind(["regarding": .atomicObject, "related": .atomicObject]),
    "discovery.k8s.io/v1 EndpointSlice": kind(),
    "apps/v1 Deployment": kind(spec: deploymentSpec, status: ["conditions": .list(by: "type")]),
    "apps/v1 ReplicaSet": kind(spec: replicaSetSpec, status: ["conditions": .list(by: "type")]),
    "autoscaling/v2 HorizontalPodAutoscaler": kind(status: ["conditions": .list(by: "type")]),
    "policy/v1 PodDisruptionBudget": kind(
      spec: ["selector": .replacedObject], status: ["conditions": .list(by: "type")]),
    "coordination.k8s.io/v1 Lease": kind(),
    "apiextensions.k8s.io/v1 CustomResourceDefinition": kind(status: ["conditions": .appliedList(by: "type")]),
  ]

  private static func kind(_ others: Fields = [:], spec: Fields = [:], status: Fields = [:]) -> Fields {
    var fields = others
    fields["metadata"] = .object(objectMeta)
    if !spec.isEmpty { fields["spec"] = .object(spec) }
    if !status.isEmpty { fields["status"] = .object(status) }
    return fields
  }

  static let objectMeta: Fields = [
    "finalizers": .set,
    "ownerReferences": .list(by: "uid", whole: true),
  ]

  private static let deploymentSpec: Fields = [
    "selector": .atomicObject,
    "template": .object(podTemplate),
  ]

  private static let replicaSetSpec: Fields = [
    "selector": .atomicObject,
    "template": .object(podTemplate),
  ]

  private static let podTemplate: Fields = ["metadata": .object(objectMeta), "spec": .object(podSpec)]

  private static let serviceSpec: Fields = [
    "ports": .list(by: "port", protocolKey),
    "selector": .atomicObject,
  ]

  static let protocolKey = Key("protocol", default: "TCP")

  private static let nodeStatus: Fields = [
    "addresses": .list(by: "type"),
    "conditions": .list(by: "type"),
  ]

  private static let podStatus: Fields = [
    "conditions": .list(by: "type"),
    "hostIPs": .patchedList(by: "ip"),
    "podIPs": .list(by: "ip"),
    "resourceClaimStatuses": .list(by: "name"),
  ]
}
