import Kubernetes
import KubernetesClient

/// What the operator may do in a cluster: one table for the roles that `install` applies, for the documentation, and for
/// the test that compares it with what the operator asks for.
public struct OperatorRule: Sendable, Hashable {
  public var group: String
  public var resources: [String]
  public var verbs: [String]
  /// Empty: any name.
  public var names: [String] = []
  /// What it is needed for.
  public var why: String

  init(_ group: String, _ resources: [String], _ verbs: [String], names: [String] = [], why: String) {
    self.group = group
    self.resources = resources
    self.verbs = verbs
    self.names = names
    self.why = why
  }

  /// In every namespace: the services that pushes reach may be anywhere.
  public static let everywhere: [OperatorRule] = [
    OperatorRule(
      "sakigake.dev", ["microservices"], ["list", "watch"], why: "who calls whom, and what a pod of each can take"),
    OperatorRule(
      "sakigake.dev", ["pushcampaigns"], ["create", "get", "list", "patch", "watch"],
      why: "the push API announces (create), shows (get, list) and cancels (patch) pushes; the prescaler follows them"),
    OperatorRule(
      "sakigake.dev", ["pushcampaigns/status"], ["patch"], why: "what is held for a push, and when it is ready"),
    OperatorRule(
      "autoscaling", ["horizontalpodautoscalers"], ["list", "patch", "watch"],
      why: "minReplicas is raised before a push and given back after it, under a field manager of its own"),
    OperatorRule(
      "apps", ["deployments"], ["list", "watch"], why: "what pods to come will ask for, and where they may run"),
    OperatorRule("", ["pods"], ["list", "watch"], why: "how many pods are ready, and how long they took"),
    OperatorRule("", ["nodes"], ["list", "watch"], why: "whether pods to come find room, and how long nodes take"),
    OperatorRule(
      "", ["events"], ["create", "patch"], why: "tells of each push, autoscaler and Deployment why something was done"),
  ]

  /// In the operator's own namespace.
  public static let inOwnNamespace: [OperatorRule] = [
    OperatorRule(
      "coordination.k8s.io", ["leases"], ["create"], why: "the first replica makes the Lease (a create has no name)"),
    OperatorRule(
      "coordination.k8s.io", ["leases"], ["get", "update"], names: [OperatorProcess.leaseName],
      why: "which replica leads"),
    OperatorRule(
      "", ["configmaps"], ["list", "watch"], names: [PlatformSettings.name], why: "the platform's settings"),
    OperatorRule(
      "apps", ["deployments"], ["create", "delete", "patch"],
      why: "placeholder pods, which ask for nodes ahead of a push"),
  ]

  var json: JSONValue {
    var rule: JSONObject = [
      "apiGroups": [.string(group)], "resources": .array(resources.map { .string($0) }),
      "verbs": .array(verbs.map { .string($0) }),
    ]
    if !names.isEmpty { rule["resourceNames"] = .array(names.map { .string($0) }) }
    return .object(rule)
  }
}
