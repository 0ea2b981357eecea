import Autoscaling
import Kubernetes

/// Everything that `sakigake install` puts into a cluster, in the order in which it must come.
public struct Installation: Sendable {
  public struct Options: Sendable {
    public var namespace = PlatformSettings.namespace
    public var image = "sakigake/sakigake:0.1.0"
    public var replicas = 2
    public var placeholderImage = PrescalingDecision.Headroom().image
    /// Serves the guardrails for the cluster's API servers, with the certificate of Secret `guardrailsSecret`.
    public var servesGuardrails = false

    public init() {}
  }

  /// The name of everything of the operator's own.
  public static let name = "sakigake-operator"
  public static let tokenSecret = "sakigake-push-token"
  public static let tokenKey = "token"
  /// Of type kubernetes.io/tls; made by whoever issues certificates.
  public static let guardrailsSecret = "sakigake-guardrails-tls"
  public static let placeholderPriorityClass = PrescalingDecision.Headroom().priorityClass
  /// As much as the cluster's own add-ons, below its critical ones: floors must not wait behind what they are for.
  public static let priorityClass = "sakigake-operator"
  static let pushPort = 8443
  static let metricsPort = 8080
  static let serviceMetricsPort = 8080
  static let servicePushPort = 80
  static let guardrailsPort = 9443
  static let serviceGuardrailsPort = 443

  public let options: Options

  public init(_ options: Options) { self.options = options }

  /// All objects but the Secret, which is made once and never applied: see `tokenSecretObject`.
  public var objects: [JSONValue] {
    [namespace] + CustomResources.definitions + [
      priorityClass(
        Self.priorityClass, value: 1_000_000, "The operator, which must run before what it makes room for."),
      priorityClass(
        Self.placeholderPriorityClass, value: -10, preempts: false,
        "Pods that hold room for others to come, and give way to any."),
      object("v1", "ServiceAccount", ["automountServiceAccountToken": false]),
      role("ClusterRole", OperatorRule.everywhere), binding("ClusterRoleBinding", to: "ClusterRole"),
      role("Role", OperatorRule.inOwnNamespace), binding("RoleBinding", to: "Role"),
      service, budget, OperatorDeployment(options: options).manifest,
    ]
  }

  /// The Secret with the push API's token.
  /// - Parameter token: nil leaves the value out, for those who only want to see.
  public func tokenSecretObject(_ token: String?) -> JSONValue {
    var secret = object("v1", "Secret", ["type": "Opaque"], name: Self.tokenSecret)
    if let token { secret["stringData"] = [Self.tokenKey: .string(token)] }
    return secret
  }

  static let labels: Labels = [
    "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "sakigake", WellKnown.managedBy: "sakigake-install",
  ]
  static let selector: Labels = ["app.kubernetes.io/name": name]

  func object(_ apiVersion: String, _ kind: String, _ members: JSONObject, name: String = name) -> JSONValue {
    var metadata: JSONObject = ["name": .string(name)]
    if !["Namespace", "ClusterRole", "ClusterRoleBinding", "PriorityClass"].contains(kind) {
      metadata["namespace"] = .string(options.namespace)
    }
    metadata["labels"] = Self.json(Self.labels)
    var object: JSONObject = [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": .object(metadata),
    ]
    for member in members { object[member.key] = member.value }
    return .object(object)
  }

  static func json(_ labels: Labels) -> JSONValue { LabelSelector(matchLabels: labels).json["matchLabels"] ?? [:] }
}

extension Installation {
  /// What it holds passes the strictest of the Pod Security Standards.
  private var namespace: JSONValue {
    var namespace = object("v1", "Namespace", [:], name: options.namespace)
    namespace[path: ["metadata", "labels", "pod-security.kubernetes.io/enforce"]] = "restricted"
    return namespace
  }

  private func priorityClass(_ name: String, value: Int, preempts: Bool = true, _ why: String) -> JSONValue {
    var members: JSONObject = ["value": value.json, "globalDefault": false, "description": .string(why)]
    members["preemptionPolicy"] = preempts ? "PreemptLowerPriority" : "Never"
    return object("scheduling.k8s.io/v1", "PriorityClass", members, name: name)
  }

  private func role(_ kind: String, _ rules: [OperatorRule]) -> JSONValue {
    object("rbac.authorization.k8s.io/v1", kind, ["rules": .array(rules.map(\.json))])
  }

  private func binding(_ kind: String, to role: String) -> JSONValue {
    object(
      "rbac.authorization.k8s.io/v1", kind,
      [
        "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(role), "name": .string(Self.name)],
        "subjects": [
          ["kind": "ServiceAccount", "name": .string(Self.name), "namespace": .string(options.namespace)]
        ],
      ])
  }

  private var service: JSONValue {
    var ports = [("push", Self.servicePushPort), ("metrics", Self.serviceMetricsPort)]
    if options.servesGuardrails { ports.append(("guardrails", Self.serviceGuardrailsPort)) }
    let list = ports.map { name, port -> JSONValue in
      ["name": .string(name), "port": port.json, "targetPort": .string(name), "protocol": "TCP"]
    }
    return object("v1", "Service", ["spec": ["selector": Self.json(Self.selector), "ports": .array(list)]])
  }

  private var budget: JSONValue {
    object(
      "policy/v1", "PodDisruptionBudget",
      ["spec": ["maxUnavailable": 1, "selector": ["matchLabels": Self.json(Self.selector)]]])
  }
}
