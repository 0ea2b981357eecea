public import Kubernetes

/// The kinds of objects that services and platforms become.
public enum RenderedKinds {
  public static let externalSecrets = ResourceType(
    group: "external-secrets.io", plural: "externalsecrets", kind: "ExternalSecret", shortNames: ["es"])
  public static let verticalPodAutoscalers = ResourceType(
    group: "autoscaling.k8s.io", plural: "verticalpodautoscalers", kind: "VerticalPodAutoscaler", shortNames: ["vpa"])
  public static let podMonitors = ResourceType(
    group: "monitoring.coreos.com", plural: "podmonitors", kind: "PodMonitor", shortNames: ["pmon"])
  public static let prometheusRules = ResourceType(
    group: "monitoring.coreos.com", plural: "prometheusrules", kind: "PrometheusRule", shortNames: ["promrule"])
  public static let securityGroupPolicies = ResourceType(
    group: "vpcresources.k8s.aws", version: "v1beta1", plural: "securitygrouppolicies", kind: "SecurityGroupPolicy",
    shortNames: ["sgp"])

  /// Kinds that others bring to a cluster; a cluster without them has no such objects.
  public static let brought = [
    externalSecrets, verticalPodAutoscalers, podMonitors, prometheusRules, securityGroupPolicies,
  ]

  /// Of a service's objects, in the order in which they are applied.
  public static let ofServices: [ResourceType] = [
    .configMaps, externalSecrets, .persistentVolumeClaims, .microservices, .serviceAccounts, .networkPolicies,
    securityGroupPolicies, .services,
    .deployments, .horizontalPodAutoscalers, .podDisruptionBudgets, verticalPodAutoscalers, .cronJobs, .ingresses,
    podMonitors, prometheusRules, .jobs,
  ]

  /// Of a platform's own objects.
  public static let ofPlatforms: [ResourceType] = [.configMaps, .resourceQuotas]

  /// The resource of an object that was rendered; nil for what is not rendered here.
  public static func resource(of object: JSONValue) -> ResourceType? {
    let apiVersion = object["apiVersion"]?.stringValue
    let kind = object["kind"]?.stringValue
    return (ofServices + ofPlatforms).first { $0.apiVersion == apiVersion && $0.kind == kind }
  }
}
