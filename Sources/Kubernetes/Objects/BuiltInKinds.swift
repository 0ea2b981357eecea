/// Further kinds that a cluster has of its own; short names, categories and subresources are those of Kubernetes 1.32.
extension ResourceType {
  public static let endpoints = ResourceType(plural: "endpoints", kind: "Endpoints", shortNames: ["ep"])
  public static let persistentVolumes = ResourceType(
    plural: "persistentvolumes", kind: "PersistentVolume", isNamespaced: false, shortNames: ["pv"],
    subresources: ["status"])
  public static let persistentVolumeClaims = ResourceType(
    plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim", shortNames: ["pvc"], subresources: ["status"])
  public static let limitRanges = ResourceType(plural: "limitranges", kind: "LimitRange", shortNames: ["limits"])
  public static let resourceQuotas = ResourceType(
    plural: "resourcequotas", kind: "ResourceQuota", shortNames: ["quota"], subresources: ["status"])
  public static let replicationControllers = ResourceType(
    plural: "replicationcontrollers", kind: "ReplicationController", shortNames: ["rc"], categories: ["all"],
    subresources: ["scale", "status"])
  public static let podTemplates = ResourceType(plural: "podtemplates", kind: "PodTemplate")
  /// The core group's events, told in the terms of their newer group.
  public static let newerEvents = ResourceType(
    group: "events.k8s.io", plural: "events", kind: "Event", shortNames: ["ev"])
  public static let statefulSets = ResourceType(
    group: "apps", plural: "statefulsets", kind: "StatefulSet", shortNames: ["sts"], categories: ["all"],
    subresources: ["scale", "status"])
  public static let daemonSets = ResourceType(
    group: "apps", plural: "daemonsets", kind: "DaemonSet", shortNames: ["ds"], categories: ["all"],
    subresources: ["status"])
  public static let controllerRevisions = ResourceType(
    group: "apps", plural: "controllerrevisions", kind: "ControllerRevision")
  public static let jobs = ResourceType(
    group: "batch", plural: "jobs", kind: "Job", categories: ["all"], subresources: ["status"])
  public static let cronJobs = ResourceType(
    group: "batch", plural: "cronjobs", kind: "CronJob", shortNames: ["cj"], categories: ["all"],
    subresources: ["status"])
  /// Autoscalers of autoscaling/v2, told in the terms of v1.
  public static let olderAutoscalers = ResourceType(
    group: "autoscaling", plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler", shortNames: ["hpa"],
    categories: ["all"], subresources: ["status"])
  public static let ingresses = ResourceType(
    group: "networking.k8s.io", plural: "ingresses", kind: "Ingress", shortNames: ["ing"], subresources: ["status"])
  public static let ingressClasses = ResourceType(
    group: "networking.k8s.io", plural: "ingressclasses", kind: "IngressClass", isNamespaced: false)
  public static let networkPolicies = ResourceType(
    group: "networking.k8s.io", plural: "networkpolicies", kind: "NetworkPolicy", shortNames: ["netpol"])
  public static let roles = ResourceType(group: "rbac.authorization.k8s.io", plural: "roles", kind: "Role")
  public static let roleBindings = ResourceType(
    group: "rbac.authorization.k8s.io", plural: "rolebindings", kind: "RoleBinding")
  public static let clusterRoles = ResourceType(
    group: "rbac.authorization.k8s.io", plural: "clusterroles", kind: "ClusterRole", isNamespaced: false)
  public static let clusterRoleBindings = ResourceType(
    group: "rbac.authorization.k8s.io", plural: "clusterrolebindings", kind: "ClusterRoleBinding", isNamespaced: false)
  public static let priorityClasses = ResourceType(
    group: "scheduling.k8s.io", plural: "priorityclasses", kind: "PriorityClass", isNamespaced: false,
    shortNames: ["pc"])
  public static let storageClasses = ResourceType(
    group: "storage.k8s.io", plural: "storageclasses", kind: "StorageClass", isNamespaced: false, shortNames: ["sc"])
  public static let volumeDrivers = ResourceType(
    group: "storage.k8s.io", plural: "csidrivers", kind: "CSIDriver", isNamespaced: false)
  public static let volumeNodes = ResourceType(
    group: "storage.k8s.io", plural: "csinodes", kind: "CSINode", isNamespaced: false)
  public static let volumeAttachments = ResourceType(
    group: "storage.k8s.io", plural: "volumeattachments", kind: "VolumeAttachment", isNamespaced: false,
    subresources: ["status"])
  public static let runtimeClasses = ResourceType(
    group: "node.k8s.io", plural: "runtimeclasses", kind: "RuntimeClass", isNamespaced: false)
  public static let validatingWebhookConfigurations = ResourceType(
    group: "admissionregistration.k8s.io", plural: "validatingwebhookconfigurations",
    kind: "ValidatingWebhookConfiguration", isNamespaced: false, categories: ["api-extensions"])
  public static let mutatingWebhookConfigurations = ResourceType(
    group: "admissionregistration.k8s.io", plural: "mutatingwebhookconfigurations",
    kind: "MutatingWebhookConfiguration", isNamespaced: false, categories: ["api-extensions"])

  /// The kinds that the embedded cluster has of its own; custom resources come with their definitions.
  public static let builtIn: [ResourceType] = [
    .namespaces, .nodes, .pods, .services, .configMaps, .secrets, .serviceAccounts, .events, .endpoints,
    .persistentVolumes, .persistentVolumeClaims, .limitRanges, .resourceQuotas, .replicationControllers, .podTemplates,
    .newerEvents, .deployments, .replicaSets, .statefulSets, .daemonSets, .controllerRevisions, .jobs, .cronJobs,
    .horizontalPodAutoscalers, .olderAutoscalers, .podDisruptionBudgets, .ingresses, .ingressClasses, .networkPolicies,
    .endpointSlices, .leases, .roles, .roleBindings, .clusterRoles, .clusterRoleBindings, .priorityClasses,
    .storageClasses, .volumeDrivers, .volumeNodes, .volumeAttachments, .runtimeClasses,
    .validatingWebhookConfigurations, .mutatingWebhookConfigurations, .customResourceDefinitions,
  ]
}
