import Kubernetes

/// What Kubernetes fills in where a manifest is silent, including what its default admission plugins would.
///
/// The values are those of the API reference (https://kubernetes.io/docs/reference/kubernetes-api/).
package enum Defaults {
  /// Sets the absent fields of a built-in kind to their defaults; other kinds stay as they are.
  ///
  /// A Secret's `stringData` moves into `data`. Doing it again changes nothing.
  package static func apply(_ object: inout JSONValue, resource: ResourceType) {
    switch (resource.group, resource.kind) {
    case ("", "Pod"): PodDefaults.pod(&object)
    case ("", "Service"): service(&object)
    case ("", "Namespace"): namespace(&object)
    case ("", "Secret"): secret(&object)
    case ("apps", "Deployment"): deployment(&object)
    case ("apps", "ReplicaSet"): replicaSet(&object)
    case ("autoscaling", "HorizontalPodAutoscaler"): AutoscalerDefaults.autoscaler(&object)
    case ("discovery.k8s.io", "EndpointSlice"): endpointSlice(&object)
    case ("apiextensions.k8s.io", "CustomResourceDefinition"): customResourceDefinition(&object)
    default: break
    }
  }

  private static func deployment(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      spec.setDefault("replicas", 1)
      spec.editOrCreate("strategy") { strategy in
        if strategy.isUnset("type") { strategy["type"] = "RollingUpdate" }
        guard strategy["type"] == "RollingUpdate" else { return }
        strategy.editOrCreate("rollingUpdate") { update in
          update.setDefault("maxUnavailable", "25%")
          update.setDefault("maxSurge", "25%")
        }
      }
      spec.setDefault("revisionHistoryLimit", 10)
      spec.setDefault("progressDeadlineSeconds", 600)
      spec.edit("template") { $0.edit("spec", PodDefaults.spec) }
    }
  }

  private static func replicaSet(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      spec.setDefault("replicas", 1)
      spec.edit("template") { $0.edit("spec", PodDefaults.spec) }
    }
  }

  private static func service(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      if spec.isUnset("type") { spec["type"] = "ClusterIP" }
      if spec.isUnset("sessionAffinity") { spec["sessionAffinity"] = "None" }
      if spec["sessionAffinity"] == "ClientIP" {
        spec.editOrCreate("sessionAffinityConfig") {
          $0.editOrCreate("clientIP") { $0.setDefault("timeoutSeconds", 10800) }
        }
      }
      spec.editEach("ports") { port in
        if port.isUnset("protocol") { port["protocol"] = "TCP" }
        let target = port["targetPort"]
        if port.isUnset("targetPort") || target?.integerValue == 0 { port["targetPort"] = port["port"] }
      }
      guard let type = spec["type"]?.stringValue, type != "ExternalName" else { return }
      spec.setDefault("internalTrafficPolicy", "Cluster")
      if type == "NodePort" || type == "LoadBalancer" { spec.setDefault("externalTrafficPolicy", "Cluster") }
      if type == "LoadBalancer" { spec.setDefault("allocateLoadBalancerNodePorts", true) }
      if spec.isUnset("ipFamilies") { spec["ipFamilies"] = ["IPv4"] }
      if spec.isUnset("ipFamilyPolicy") { spec["ipFamilyPolicy"] = "SingleStack" }
    }
    object.editOrCreate("status") { $0.setDefault("loadBalancer", .object([:])) }
  }

  private static func namespace(_ object: inout JSONValue) {
    if let name = object[path: ["metadata", "name"]] {
      object.edit("metadata") { $0.editOrCreate("labels") { $0["kubernetes.io/metadata.name"] = name } }
    }
    // One that is being deleted has its finalizer taken away; it must not come back.
    guard object[path: ["metadata", "deletionTimestamp"]] == nil else { return }
    object.editOrCreate("spec") { $0.setDefault("finalizers", ["kubernetes"]) }
    object.editOrCreate("status") { if $0.isUnset("phase") { $0["phase"] = "Active" } }
  }

  private static func secret(_ object: inout JSONValue) {
    if object.isUnset("type") { object["type"] = "Opaque" }
    guard let plain = object["stringData"]?.objectValue else { return }
    if !plain.isEmpty {
      object.editOrCreate("data") { data in
        for member in plain {
          // Anything but a text stays where it is, for validation to refuse.
          data[member.key] = member.value.stringValue.map { .string(Base64.encode(Array($0.utf8))) } ?? member.value
        }
      }
    }
    object["stringData"] = nil
  }

  private static func endpointSlice(_ object: inout JSONValue) {
    object.editEach("ports") { port in
      port.setDefault("name", "")
      port.setDefault("protocol", "TCP")
    }
  }

  private static func customResourceDefinition(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      spec.edit("names") { names in
        let kind = names["kind"]?.stringValue ?? ""
        if names.isUnset("singular") { names["singular"] = .string(kind.lowercased()) }
        if names.isUnset("listKind") { names["listKind"] = .string(kind + "List") }
      }
      spec.editOrCreate("conversion") { if $0.isUnset("strategy") { $0["strategy"] = "None" } }
    }
  }
}
