/// A kind with typed fields: what `Client.get`, informers and decisions work with.
public protocol KubernetesObject: JSONStruct {
  static var resource: ResourceType { get }
  var metadata: ObjectMeta { get set }
}

extension KubernetesObject {
  public var key: NamespacedName { metadata.namespacedName }

  /// Every kind starts with its apiVersion and kind; an object of another kind is refused.
  public mutating func header(_ f: inout FieldCoder) {
    var apiVersion = Self.resource.apiVersion
    var kind = Self.resource.kind
    f.code("apiVersion", &apiVersion)
    f.code("kind", &kind)
    let resource = Self.resource
    if apiVersion != resource.apiVersion {
      f.refuse("apiVersion", "expected \(resource.apiVersion), found \"\(apiVersion)\"")
    }
    if kind != resource.kind { f.refuse("kind", "expected \(resource.kind), found \"\(kind)\"") }
    f.code("metadata", &metadata, always: true)
  }
}

/// A resource that a cluster serves: how it is named in paths, in manifests and by kubectl.
public struct ResourceType: Sendable, Hashable {
  public var group: String
  public var version: String
  public var plural: String
  public var kind: String
  public var isNamespaced: Bool
  public var shortNames: [String]
  public var categories: [String]
  /// `status`, `scale`, `binding`, `eviction`, `log` …
  public var subresources: [String]

  public init(
    group: String = "", version: String = "v1", plural: String, kind: String, isNamespaced: Bool = true,
    shortNames: [String] = [], categories: [String] = [], subresources: [String] = []
  ) {
    self.group = group
    self.version = version
    self.plural = plural
    self.kind = kind
    self.isNamespaced = isNamespaced
    self.shortNames = shortNames
    self.categories = categories
    self.subresources = subresources
  }

  public var singular: String { kind.lowercased() }
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
  /// `deployments.apps`, or `pods` for the core group: as in messages of the API server.
  public var qualifiedPlural: String { group.isEmpty ? plural : "\(plural).\(group)" }

  /// `Deployment.apps`, or `Pod` for the core group: as in messages about objects that are invalid.
  public var qualifiedKind: String { group.isEmpty ? kind : "\(kind).\(group)" }

  /// The path of the collection, or of one object in it.
  public func path(namespace: String = "", name: String? = nil, subresource: String? = nil) -> String {
    var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
    if isNamespaced, !namespace.isEmpty { path += "/namespaces/\(namespace)" }
    path += "/\(plural)"
    if let name { path += "/\(name)" }
    if let subresource { path += "/\(subresource)" }
    return path
  }
}

extension ResourceType {
  public static let namespaces = ResourceType(
    plural: "namespaces", kind: "Namespace", isNamespaced: false, shortNames: ["ns"],
    subresources: ["finalize", "status"])
  public static let nodes = ResourceType(
    plural: "nodes", kind: "Node", isNamespaced: false, shortNames: ["no"], subresources: ["status"])
  public static let pods = ResourceType(
    plural: "pods", kind: "Pod", shortNames: ["po"], categories: ["all"],
    subresources: ["attach", "binding", "eviction", "exec", "log", "portforward", "status"])
  public static let services = ResourceType(
    plural: "services", kind: "Service", shortNames: ["svc"], categories: ["all"], subresources: ["status"])
  public static let configMaps = ResourceType(plural: "configmaps", kind: "ConfigMap", shortNames: ["cm"])
  public static let secrets = ResourceType(plural: "secrets", kind: "Secret")
  public static let serviceAccounts = ResourceType(
    plural: "serviceaccounts", kind: "ServiceAccount", shortNames: ["sa"], subresources: ["token"])
  public static let events = ResourceType(plural: "events", kind: "Event", shortNames: ["ev"])
  public static let endpointSlices = ResourceType(
    group: "discovery.k8s.io", plural: "endpointslices", kind: "EndpointSlice")
  public static let deployments = ResourceType(
    group: "apps", plural: "deployments", kind: "Deployment", shortNames: ["deploy"], categories: ["all"],
    subresources: ["scale", "status"])
  public static let replicaSets = ResourceType(
    group: "apps", plural: "replicasets", kind: "ReplicaSet", shortNames: ["rs"], categories: ["all"],
    subresources: ["scale", "status"])
  public static let horizontalPodAutoscalers = ResourceType(
    group: "autoscaling", version: "v2", plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler",
    shortNames: ["hpa"], categories: ["all"], subresources: ["status"])
  public static let podDisruptionBudgets = ResourceType(
    group: "policy", plural: "poddisruptionbudgets", kind: "PodDisruptionBudget", shortNames: ["pdb"],
    subresources: ["status"])
  public static let leases = ResourceType(group: "coordination.k8s.io", plural: "leases", kind: "Lease")
  public static let customResourceDefinitions = ResourceType(
    group: "apiextensions.k8s.io", plural: "customresourcedefinitions", kind: "CustomResourceDefinition",
    isNamespaced: false, shortNames: ["crd", "crds"], categories: ["api-extensions"], subresources: ["status"])
  public static let microservices = ResourceType(
    group: "sakigake.dev", plural: "microservices", kind: "Microservice", shortNames: ["ms"], subresources: ["status"])
  public static let pushCampaigns = ResourceType(
    group: "sakigake.dev", plural: "pushcampaigns", kind: "PushCampaign", shortNames: ["push"], subresources: ["status"]
  )
}
