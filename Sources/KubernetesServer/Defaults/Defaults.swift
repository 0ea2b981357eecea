import Kubernetes

/// What Kubernetes fills in where a manifest is silent, including what its default admission plugins would.
///
/// The values are those of the API reference (https://kubernetes.io/docs/reference/kubernetes-api/).
package enum Defaults {
  /// Sets the absent fields of a built-in kind to their defaults; other kinds stay as they are.
  ///
  /// A Secret's `stringData` moves into `data`. Doing it again changes nothing.
  package static func apply(_ object: inout JSONValue, resource: ResourceType) {
    tabled(&object, resource: resource)
    switch (resource.group, resource.kind) {
    case ("", "Pod"): PodDefaults.pod(&object)
    case ("", "Service"): service(&object)
    case ("", "Namespace"): namespace(&object)
    case ("", "Secret"): secret(&object)
    case ("", "PersistentVolume"): StorageDefaults.volume(&object)
    case ("", "PersistentVolumeClaim"): StorageDefaults.claim(&object)
    case ("", "LimitRange"): limitRange(&object)
    case ("", "Endpoints"):
      object.editEach("subsets") { $0.editEach("ports") { $0.setDefault("protocol", "TCP") } }
    case ("", "ReplicationController"): WorkloadDefaults.replicationController(&object)
    case ("", "PodTemplate"): object.edit("template") { $0.edit("spec", PodDefaults.spec) }
    case ("apps", "Deployment"): WorkloadDefaults.deployment(&object)
    case ("apps", "ReplicaSet"): WorkloadDefaults.replicaSet(&object)
    case ("apps", "StatefulSet"): WorkloadDefaults.statefulSet(&object)
    case ("apps", "DaemonSet"): WorkloadDefaults.daemonSet(&object)
    case ("batch", "Job"): JobDefaults.job(&object)
    case ("batch", "CronJob"): JobDefaults.cronJob(&object)
    case ("autoscaling", "HorizontalPodAutoscaler"): AutoscalerDefaults.autoscaler(&object)
    case ("discovery.k8s.io", "EndpointSlice"): endpointSlice(&object)
    case ("networking.k8s.io", "Ingress"): object.editOrCreate("status") { $0.setDefault("loadBalancer", .object([:])) }
    case ("networking.k8s.io", "IngressClass"):
      object.edit("spec") { $0.edit("parameters") { $0.setDefault("scope", "Cluster") } }
    case ("networking.k8s.io", "NetworkPolicy"): networkPolicy(&object)
    case ("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"):
      roleBinding(&object)
    case ("scheduling.k8s.io", "PriorityClass"): object.setDefault("preemptionPolicy", "PreemptLowerPriority")
    case ("storage.k8s.io", "StorageClass"): StorageDefaults.storageClass(&object)
    case ("storage.k8s.io", "CSIDriver"): StorageDefaults.driver(&object)
    case ("admissionregistration.k8s.io", _): webhooks(&object)
    case ("apiextensions.k8s.io", "CustomResourceDefinition"): customResourceDefinition(&object)
    default: break
    }
  }

  /// The defaults that the tables state, wherever they apply.
  private static func tabled(_ object: inout JSONValue, resource: ResourceType) {
    guard let definition = SchemaTable.builtIn.definition(apiVersion: resource.apiVersion, kind: resource.kind),
      SchemaTable.builtIn.hasDefaults(definition)
    else { return }
    tabled(&object, definition)
  }

  private static func tabled(_ value: inout JSONValue, _ definition: SchemaTable.Definition) {
    let table = SchemaTable.builtIn
    guard case .object = value else { return }
    for field in definition.fields {
      if let fallback = field.defaultValue, value.isUnset(field.name) { value[field.name] = fallback }
      guard let reference = field.type.reference, value[field.name] != nil else { continue }
      let inner = table[reference]
      guard table.hasDefaults(inner) else { continue }
      switch field.type {
      case .list: value.editEach(field.name) { tabled(&$0, inner) }
      case .reference: value.edit(field.name) { tabled(&$0, inner) }
      default: break
      }
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

  /// What a container may have at most is what it has where it says nothing, and what it is given where it says that.
  private static func limitRange(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      spec.editEach("limits") { item in
        guard item["type"] == "Container" else { return }
        for (key, fallback) in [("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")] {
          guard let amounts = item[fallback]?.objectValue else { continue }
          item.editOrCreate(key) { for amount in amounts { $0.setDefault(amount.key, amount.value) } }
        }
      }
    }
  }

  private static func networkPolicy(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      if spec.isUnset("policyTypes") {
        spec["policyTypes"] = spec.isUnset("egress") ? ["Ingress"] : ["Ingress", "Egress"]
      }
      for direction in ["ingress", "egress"] {
        spec.editEach(direction) { $0.editEach("ports") { $0.setDefault("protocol", "TCP") } }
      }
    }
  }

  private static func roleBinding(_ object: inout JSONValue) {
    let group: JSONValue = "rbac.authorization.k8s.io"
    object.edit("roleRef") { if $0.isUnset("apiGroup") { $0["apiGroup"] = group } }
    object.editEach("subjects") { subject in
      if ["User", "Group"].contains(subject["kind"]), subject.isUnset("apiGroup") { subject["apiGroup"] = group }
    }
  }

  private static func webhooks(_ object: inout JSONValue) {
    let isMutating = object["kind"]?.stringValue == ResourceType.mutatingWebhookConfigurations.kind
    object.editEach("webhooks") { webhook in
      webhook.setDefault("failurePolicy", "Fail")
      webhook.setDefault("matchPolicy", "Equivalent")
      webhook.setDefault("namespaceSelector", [:])
      webhook.setDefault("objectSelector", [:])
      webhook.setDefault("timeoutSeconds", 10)
      if isMutating { webhook.setDefault("reinvocationPolicy", "Never") }
      webhook.edit("clientConfig") { $0.edit("service") { $0.setDefault("port", 443) } }
      webhook.editEach("rules") { if $0.isUnset("scope") { $0["scope"] = "*" } }
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
