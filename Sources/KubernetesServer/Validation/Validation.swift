import Kubernetes

/// Whether an object may be stored.
package enum Validation {
  /// One thing wrong with one field, as in `details.causes` of a Status.
  package struct Cause: Sendable, Hashable {
    /// `FieldValueRequired`, `FieldValueInvalid`, `FieldValueDuplicate`, `FieldValueNotSupported`,
    /// `FieldValueForbidden`, `FieldValueTooLong`, `FieldValueTooMany`, `FieldValueNotFound`.
    package var reason: String
    /// Without the field: `Required value`, `Invalid value: 0: must be greater than 0`.
    package var message: String
    /// `spec.containers[0].image`
    package var field: String

    package init(reason: String, message: String, field: String) {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  /// - Parameters:
  ///   - object: with its defaults applied.
  ///   - old: what is stored, on update; nil on create.
  /// - Returns: everything that is wrong, in the order of the fields; empty where the object may be stored.
  package static func check(_ object: JSONValue, old: JSONValue?, resource: ResourceType) -> [Cause] {
    var findings = Findings()
    findings.metadata(object, old: old, resource: resource)
    guard let rules = rules["\(resource.group)/\(resource.kind)"] else { return findings.causes }
    // Autoscalers are judged in their newer form; both forms of events have rules of their own.
    let isOlder = resource == .olderAutoscalers
    rules(&findings, isOlder ? AutoscalerConversion.toV2(object) : object, old)
    return findings.causes
  }

  private typealias Rules = @Sendable (inout Findings, _ object: JSONValue, _ old: JSONValue?) -> Void

  /// What each kind must be like, beside what holds for all.
  private static let rules: [String: Rules] = [
    "/Pod": { $0.pod($1, old: $2) },
    "/Service": { $0.service($1, old: $2) },
    "/ConfigMap": { $0.configMap($1, old: $2) },
    "/Secret": { $0.secret($1, old: $2) },
    "/Node": { findings, node, _ in findings.taints(node[path: ["spec", "taints"]], Field("metadata.taints")) },
    "/Endpoints": { findings, endpoints, _ in findings.endpoints(endpoints) },
    "/Event": { findings, event, _ in findings.event(event) },
    "/PersistentVolume": { $0.persistentVolume($1, old: $2) },
    "/PersistentVolumeClaim": { $0.persistentVolumeClaim($1, old: $2) },
    "/LimitRange": { findings, range, _ in findings.limitRange(range) },
    "/ResourceQuota": { $0.resourceQuota($1, old: $2) },
    "/ReplicationController": { findings, controller, _ in findings.replicationController(controller) },
    "/PodTemplate": { findings, object, _ in findings.podTemplate(object["template"] ?? .null, Field("template")) },
    "apps/Deployment": { $0.deployment($1, old: $2) },
    "apps/ReplicaSet": { $0.replicaSet($1, old: $2) },
    "apps/StatefulSet": { $0.statefulSet($1, old: $2) },
    "apps/DaemonSet": { $0.daemonSet($1, old: $2) },
    "apps/ControllerRevision": { $0.controllerRevision($1, old: $2) },
    "batch/Job": { $0.job($1, old: $2) },
    "batch/CronJob": { $0.cronJob($1, old: $2) },
    "autoscaling/HorizontalPodAutoscaler": { findings, autoscaler, _ in findings.autoscaler(autoscaler) },
    "policy/PodDisruptionBudget": { findings, budget, _ in findings.disruptionBudget(budget) },
    "discovery.k8s.io/EndpointSlice": { $0.endpointSlice($1, old: $2) },
    "coordination.k8s.io/Lease": { findings, lease, _ in findings.lease(lease) },
    "events.k8s.io/Event": { findings, event, old in findings.newerEvent(event, old: old) },
    "networking.k8s.io/Ingress": { findings, ingress, _ in findings.ingress(ingress) },
    "networking.k8s.io/IngressClass": { $0.ingressClass($1, old: $2) },
    "networking.k8s.io/NetworkPolicy": { findings, policy, _ in findings.networkPolicy(policy) },
    "rbac.authorization.k8s.io/Role": { findings, role, _ in findings.role(role, isNamespaced: true) },
    "rbac.authorization.k8s.io/ClusterRole": { findings, role, _ in findings.role(role, isNamespaced: false) },
    "rbac.authorization.k8s.io/RoleBinding": { $0.roleBinding($1, old: $2, isNamespaced: true) },
    "rbac.authorization.k8s.io/ClusterRoleBinding": { $0.roleBinding($1, old: $2, isNamespaced: false) },
    "scheduling.k8s.io/PriorityClass": { $0.priorityClass($1, old: $2) },
    "storage.k8s.io/StorageClass": { $0.storageClass($1, old: $2) },
    "storage.k8s.io/CSIDriver": { $0.volumeDriver($1, old: $2) },
    "storage.k8s.io/CSINode": { findings, node, _ in findings.volumeNode(node) },
    "storage.k8s.io/VolumeAttachment": { $0.volumeAttachment($1, old: $2) },
    "node.k8s.io/RuntimeClass": { $0.runtimeClass($1, old: $2) },
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration": { findings, configuration, _ in
      findings.webhooks(configuration)
    },
    "admissionregistration.k8s.io/MutatingWebhookConfiguration": { findings, configuration, _ in
      findings.webhooks(configuration)
    },
    "apiextensions.k8s.io/CustomResourceDefinition": { $0.customResourceDefinition($1, old: $2) },
  ]
  /// The metadata alone, where everything else is as it was stored.
  static func checkMetadata(_ object: JSONValue, old: JSONValue?, resource: ResourceType) -> [Cause] {
    var findings = Findings()
    findings.metadata(object, old: old, resource: resource)
    return findings.causes
  }

  /// A custom resource, by the `openAPIV3Schema` of its version.
  package static func check(_ object: JSONValue, old: JSONValue?, resource: ResourceType, schema: StructuralSchema)
    -> [Cause]
  {
    var findings = Findings()
    findings.metadata(object, old: old, resource: resource)
    findings.schema(object, schema, Field(""), isRoot: true)
    return findings.causes
  }
}
