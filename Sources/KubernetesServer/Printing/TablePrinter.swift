import Kubernetes

/// `meta.k8s.io/v1` Tables: what kubectl shows of a kind, cell by cell.
package enum TablePrinter {
  /// - Parameters:
  ///   - columns: `additionalPrinterColumns` of a custom resource's version; nil for other kinds.
  ///   - now: ages are counted up to here.
  ///   - includeObject: `None`, `Metadata` (when empty) or `Object`.
  ///   - listMetadata: of the list that the table stands for.
  package static func table(
    _ objects: [JSONValue], resource: ResourceType, columns: JSONValue? = nil, now: Timestamp,
    includeObject: String = "Metadata", listMetadata: JSONObject = [:]
  ) -> JSONValue {
    let layout = layout(of: resource, columns: columns)
    return [
      "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": .object(listMetadata),
      "columnDefinitions": .array(layout.columns.map(\.json)),
      "rows": .array(
        objects.map { row($0, resource: resource, layout: layout, now: now, includeObject: includeObject) }),
    ]
  }

  /// The table of one object, for a watch event; the first event of a watch carries the headers.
  package static func row(
    _ object: JSONValue, resource: ResourceType, columns: JSONValue? = nil, now: Timestamp,
    includeObject: String = "Metadata", headers: Bool = true
  ) -> JSONValue {
    let layout = layout(of: resource, columns: columns)
    var metadata = JSONObject()
    metadata["resourceVersion"] = object[path: ["metadata", "resourceVersion"]]
    return [
      "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": .object(metadata),
      "columnDefinitions": .array(headers ? layout.columns.map(\.json) : []),
      "rows": .array([row(object, resource: resource, layout: layout, now: now, includeObject: includeObject)]),
    ]
  }

  /// The rows of one table, for lists that are written object by object.
  struct Rows: Sendable {
    private let resource: ResourceType
    private let layout: TableLayout
    private let now: Timestamp
    private let includeObject: String

    init(resource: ResourceType, columns: JSONValue?, now: Timestamp, includeObject: String) {
      self.resource = resource
      layout = TablePrinter.layout(of: resource, columns: columns)
      self.now = now
      self.includeObject = includeObject
    }

    func row(_ object: JSONValue) -> JSONValue {
      TablePrinter.row(object, resource: resource, layout: layout, now: now, includeObject: includeObject)
    }
  }

  private static func row(
    _ object: JSONValue, resource: ResourceType, layout: TableLayout, now: Timestamp, includeObject: String
  ) -> JSONValue {
    // Cells are read off the form in which the kind is stored.
    let isPresented = object["apiVersion"]?.stringValue == resource.apiVersion
    let stored = isPresented ? Conversion.stored(object, from: resource) : object
    var row: JSONObject = ["cells": .array(layout.cells(stored, now))]
    if let conditions = layout.conditions?(object), !conditions.isEmpty { row["conditions"] = .array(conditions) }
    switch includeObject {
    case "None": break
    case "Object": row["object"] = isPresented ? object : Conversion.presented(object, as: resource)
    default:
      row["object"] = [
        "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] ?? .object([:]),
      ]
    }
    return .object(row)
  }

  private static func layout(of resource: ResourceType, columns: JSONValue?) -> TableLayout {
    let stored = Conversion.storageType(of: resource)
    if let layout = layouts["\(stored.group)/\(stored.kind)"] { return layout }
    return CustomColumns.layout(columns) ?? .nameAndAge
  }

  private static let layouts: [String: TableLayout] = [
    "/Pod": .pod, "/Node": .node, "/Namespace": .namespace, "/Service": .service, "/ConfigMap": .configMap,
    "/Secret": .secret, "/ServiceAccount": .serviceAccount, "/Event": .event, "/Endpoints": .endpoints,
    "/PersistentVolume": .persistentVolume, "/PersistentVolumeClaim": .persistentVolumeClaim,
    "/LimitRange": .limitRange, "/ResourceQuota": .resourceQuota, "/ReplicationController": .replicationController,
    "/PodTemplate": .podTemplate, "apps/Deployment": .deployment, "apps/ReplicaSet": .replicaSet,
    "apps/StatefulSet": .statefulSet, "apps/DaemonSet": .daemonSet, "apps/ControllerRevision": .controllerRevision,
    "batch/Job": .job, "batch/CronJob": .cronJob, "networking.k8s.io/Ingress": .ingress,
    "networking.k8s.io/IngressClass": .ingressClass, "networking.k8s.io/NetworkPolicy": .networkPolicy,
    "rbac.authorization.k8s.io/Role": .role, "rbac.authorization.k8s.io/ClusterRole": .role,
    "rbac.authorization.k8s.io/RoleBinding": .roleBinding,
    "rbac.authorization.k8s.io/ClusterRoleBinding": .roleBinding, "scheduling.k8s.io/PriorityClass": .priorityClass,
    "storage.k8s.io/StorageClass": .storageClass, "storage.k8s.io/CSIDriver": .volumeDriver,
    "storage.k8s.io/CSINode": .volumeNode, "storage.k8s.io/VolumeAttachment": .volumeAttachment,
    "node.k8s.io/RuntimeClass": .runtimeClass,
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration": .webhooks,
    "admissionregistration.k8s.io/MutatingWebhookConfiguration": .webhooks,
    "autoscaling/HorizontalPodAutoscaler": .autoscaler,
    "policy/PodDisruptionBudget": .disruptionBudget, "discovery.k8s.io/EndpointSlice": .endpointSlice,
    "coordination.k8s.io/Lease": .lease, "apiextensions.k8s.io/CustomResourceDefinition": .customResourceDefinition,
    "metrics.k8s.io/PodMetrics": .podMetrics, "metrics.k8s.io/NodeMetrics": .nodeMetrics,
  ]
}
