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
    switch (resource.group, resource.kind) {
    case ("", "Pod"): findings.pod(object, old: old)
    case ("", "Service"): findings.service(object, old: old)
    case ("", "ConfigMap"): findings.configMap(object, old: old)
    case ("", "Secret"): findings.secret(object, old: old)
    case ("", "Node"): findings.taints(object[path: ["spec", "taints"]], Field("spec.taints"))
    case ("apps", "Deployment"): findings.deployment(object, old: old)
    case ("apps", "ReplicaSet"): findings.replicaSet(object, old: old)
    case ("autoscaling", "HorizontalPodAutoscaler"): findings.autoscaler(object)
    case ("policy", "PodDisruptionBudget"): findings.disruptionBudget(object)
    case ("discovery.k8s.io", "EndpointSlice"): findings.endpointSlice(object, old: old)
    case ("coordination.k8s.io", "Lease"): findings.lease(object)
    case ("apiextensions.k8s.io", "CustomResourceDefinition"): findings.customResourceDefinition(object, old: old)
    default: break
    }
    return findings.causes
  }

  /// A custom resource, by the `openAPIV3Schema` of its version.
  package static func check(_ object: JSONValue, old: JSONValue?, resource: ResourceType, schema: JSONValue) -> [Cause]
  {
    var findings = Findings()
    findings.metadata(object, old: old, resource: resource)
    findings.schema(object, schema, Field(""), isRoot: true)
    return findings.causes
  }
}
