import Kubernetes

/// Versions of the API that are gone (https://kubernetes.io/docs/reference/using-api/deprecation-guide/).
extension Rule {
  private struct Removal {
    var kinds: Set<String>
    var version: String
    var removedIn: String
    var successor: String
    /// Whether nothing but the version changes.
    var isSame: Bool
  }

  private static let rbacKinds: Set<String> = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"]
  private static let workloadAPIs: Set<String> = ["Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"]

  private static let removals: [Removal] = [
    Removal(kinds: workloadAPIs, version: "extensions/v1beta1", removedIn: "1.16", successor: "apps/v1", isSame: false),
    Removal(kinds: workloadAPIs, version: "apps/v1beta1", removedIn: "1.16", successor: "apps/v1", isSame: false),
    Removal(kinds: workloadAPIs, version: "apps/v1beta2", removedIn: "1.16", successor: "apps/v1", isSame: true),
    Removal(
      kinds: ["NetworkPolicy"], version: "extensions/v1beta1", removedIn: "1.16", successor: "networking.k8s.io/v1",
      isSame: true),
    Removal(
      kinds: ["PodSecurityPolicy"], version: "policy/v1beta1", removedIn: "1.25", successor: "pod security admission",
      isSame: false),
    Removal(
      kinds: ["Ingress"], version: "extensions/v1beta1", removedIn: "1.22", successor: "networking.k8s.io/v1",
      isSame: false),
    Removal(
      kinds: ["Ingress"], version: "networking.k8s.io/v1beta1", removedIn: "1.22", successor: "networking.k8s.io/v1",
      isSame: false),
    Removal(
      kinds: ["IngressClass"], version: "networking.k8s.io/v1beta1", removedIn: "1.22",
      successor: "networking.k8s.io/v1", isSame: true),
    Removal(
      kinds: rbacKinds, version: "rbac.authorization.k8s.io/v1beta1", removedIn: "1.22",
      successor: "rbac.authorization.k8s.io/v1", isSame: true),
    Removal(
      kinds: ["CustomResourceDefinition"], version: "apiextensions.k8s.io/v1beta1", removedIn: "1.22",
      successor: "apiextensions.k8s.io/v1", isSame: false),
    Removal(
      kinds: ["PriorityClass"], version: "scheduling.k8s.io/v1beta1", removedIn: "1.22",
      successor: "scheduling.k8s.io/v1", isSame: true),
    Removal(
      kinds: ["StorageClass", "VolumeAttachment", "CSIDriver", "CSINode"], version: "storage.k8s.io/v1beta1",
      removedIn: "1.22", successor: "storage.k8s.io/v1", isSame: true),
    Removal(kinds: ["CronJob"], version: "batch/v1beta1", removedIn: "1.25", successor: "batch/v1", isSame: true),
    // An empty selector means all pods in the new version and none in the old one.
    Removal(
      kinds: ["PodDisruptionBudget"], version: "policy/v1beta1", removedIn: "1.25", successor: "policy/v1",
      isSame: false),
    Removal(
      kinds: ["HorizontalPodAutoscaler"], version: "autoscaling/v2beta1", removedIn: "1.25",
      successor: "autoscaling/v2", isSame: false),
    Removal(
      kinds: ["HorizontalPodAutoscaler"], version: "autoscaling/v2beta2", removedIn: "1.26",
      successor: "autoscaling/v2", isSame: true),
    Removal(
      kinds: ["EndpointSlice"], version: "discovery.k8s.io/v1beta1", removedIn: "1.25",
      successor: "discovery.k8s.io/v1", isSame: false),
    Removal(
      kinds: ["FlowSchema", "PriorityLevelConfiguration"], version: "flowcontrol.apiserver.k8s.io/v1beta3",
      removedIn: "1.32", successor: "flowcontrol.apiserver.k8s.io/v1", isSame: false),
  ]

  static let versions: [Rule] = [
    Rule(
      "api-version", .error, "Objects are of a version that clusters still have",
      because: "After the next upgrade they can no longer be applied.", remedy: "write the version that came after",
      isFixable: true,
      .object([]) { object, _ in
        guard let removal = removals.first(where: { $0.version == object.apiVersion && $0.kinds.contains(object.kind) })
        else { return [] }
        return [
          object.hit(
            "\(object.apiVersion) is gone since Kubernetes \(removal.removedIn): \(removal.successor)",
            at: "apiVersion",
            fix: removal.isSame ? Fix(path: ObjectPath(), key: "apiVersion", value: removal.successor) : nil)
        ]
      })
  ]
}
