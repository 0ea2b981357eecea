import Kubernetes

/// The roles and bindings that every cluster starts with, for users: those of kube-apiserver 1.32
/// (plugin/pkg/auth/authorizer/rbac/bootstrappolicy), without the ones for its own components.
///
/// A line without indentation begins a role: its name, and after `>` the role into which it is aggregated. Lines below
/// are its rules: verbs, groups (`core` is the empty one) and resources, or verbs and paths.
enum BootstrapRoles {
  private static let table = """
    cluster-admin
      * | * | *
      * | *
    admin = aggregate-to-admin
    edit > admin = aggregate-to-edit
    view > edit = aggregate-to-view
    system:aggregate-to-admin > admin
      create | authorization.k8s.io | localsubjectaccessreviews
      ALL | rbac.authorization.k8s.io | rolebindings roles
    system:aggregate-to-edit > edit
      READ | core | pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy
      impersonate | core | serviceaccounts
      WRITE | core | pods pods/attach pods/exec pods/portforward pods/proxy
      create | core | pods/eviction
      WRITE | core | configmaps endpoints events persistentvolumeclaims replicationcontrollers \
    replicationcontrollers/scale secrets serviceaccounts services services/proxy
      create | core | serviceaccounts/token
      WRITE | apps | daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale \
    statefulsets statefulsets/scale
      WRITE | autoscaling | horizontalpodautoscalers
      WRITE | batch | cronjobs jobs
      WRITE | extensions | daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies \
    replicasets replicasets/scale replicationcontrollers/scale
      WRITE | policy | poddisruptionbudgets
      WRITE | networking.k8s.io | ingresses networkpolicies
      ALL | coordination.k8s.io | leases
    system:aggregate-to-view > view
      READ | core | configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods \
    replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status
      READ | core | bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status \
    resourcequotas resourcequotas/status
      READ | core | namespaces
      READ | discovery.k8s.io | endpointslices
      READ | apps | controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status \
    replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status
      READ | autoscaling | horizontalpodautoscalers horizontalpodautoscalers/status
      READ | batch | cronjobs cronjobs/status jobs jobs/status
      READ | extensions | daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses \
    ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale
      READ | policy | poddisruptionbudgets poddisruptionbudgets/status
      READ | networking.k8s.io | ingresses ingresses/status networkpolicies
    system:aggregated-metrics-reader > view
      READ | metrics.k8s.io | nodes pods
    system:discovery
      get | /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/
    system:basic-user
      create | authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews
      create | authentication.k8s.io | selfsubjectreviews
    system:public-info-viewer
      get | /healthz /livez /readyz /version /version/
    system:auth-delegator
      create | authentication.k8s.io | tokenreviews
      create | authorization.k8s.io | subjectaccessreviews
    system:monitoring
      get | /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*
    system:service-account-issuer-discovery
      get | /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/
    """

  /// Cluster role bindings of the same names as their roles, and the groups they are for.
  private static let bindings: [(role: String, groups: [String])] = [
    ("cluster-admin", [UserInfo.mastersGroup]),
    ("system:discovery", [UserInfo.authenticatedGroup]),
    ("system:basic-user", [UserInfo.authenticatedGroup]),
    ("system:public-info-viewer", [UserInfo.authenticatedGroup, UserInfo.unauthenticatedGroup]),
    ("system:monitoring", ["system:monitoring"]),
    ("system:service-account-issuer-discovery", [UserInfo.serviceAccountsGroup]),
  ]

  private static let verbs = [
    "READ": "get list watch", "WRITE": "create delete deletecollection patch update",
    "ALL": "create delete deletecollection get list patch update watch",
  ]

  /// All objects, without what a server gives them.
  static var objects: [(resource: String, value: JSONValue)] {
    roles.map { (Authorizer.clusterRoles, $0) } + bindings.map { (Authorizer.clusterRoleBindings, binding($0)) }
  }

  private static var roles: [JSONValue] {
    var roles: [JSONValue] = []
    var rules: [JSONValue] = []
    for line in table.split(separator: "\n").reversed() {
      if line.hasPrefix(" ") {
        rules.append(rule(line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }).json)
      } else {
        roles.append(role(line.split(separator: " ").map(String.init), rules.reversed()))
        rules = []
      }
    }
    return roles.reversed()
  }

  private static func rule(_ parts: [[String]]) -> PolicyRule {
    let verbs = verbs[parts[0][0]]?.split(separator: " ").map(String.init) ?? parts[0]
    if parts.count == 2 { return PolicyRule(verbs: verbs, nonResourceURLs: parts[1]) }
    return PolicyRule(verbs: verbs, apiGroups: parts[1].map { $0 == "core" ? "" : $0 }, resources: parts[2])
  }

  /// - Parameter words: the name, and `> role` and `= label` where they are given.
  private static func role(_ words: [String], _ rules: [JSONValue]) -> JSONValue {
    func word(after sign: String) -> String? { words.firstIndex(of: sign).map { words[$0 + 1] } }
    var labels: JSONObject = ["kubernetes.io/bootstrapping": "rbac-defaults"]
    if let target = word(after: ">") { labels["\(Authorizer.group)/aggregate-to-\(target)"] = "true" }
    var value = object("ClusterRole", words[0], labels)
    if let label = word(after: "=") {
      value["aggregationRule"] = [
        "clusterRoleSelectors": [["matchLabels": .object(["\(Authorizer.group)/\(label)": "true"])]]
      ]
    }
    value["rules"] = .array(rules)
    return value
  }

  private static func binding(_ binding: (role: String, groups: [String])) -> JSONValue {
    var value = object("ClusterRoleBinding", binding.role, ["kubernetes.io/bootstrapping": "rbac-defaults"])
    value["roleRef"] = [
      "apiGroup": .string(Authorizer.group), "kind": "ClusterRole", "name": .string(binding.role),
    ]
    value["subjects"] = .array(
      binding.groups.map { ["apiGroup": .string(Authorizer.group), "kind": "Group", "name": .string($0)] })
    return value
  }

  private static func object(_ kind: String, _ name: String, _ labels: JSONObject) -> JSONValue {
    [
      "apiVersion": .string("\(Authorizer.group)/v1"), "kind": .string(kind),
      "metadata": [
        "name": .string(name), "labels": .object(labels),
        "annotations": ["rbac.authorization.kubernetes.io/autoupdate": "true"],
      ],
    ]
  }
}
