import Kubernetes

/// A resource in one of its versions, and how the server treats it.
struct RegisteredResource: Sendable {
  var type: ResourceType
  /// For kinds that a CustomResourceDefinition declares.
  var custom: CustomVersion?

  /// Under which the objects are stored; kinds that are told in two forms have one.
  var key: String { storageType.qualifiedPlural }
  var storageType: ResourceType { custom == nil ? Conversion.storageType(of: type) : type }
  var hasStatus: Bool { type.subresources.contains("status") }

  /// Kinds whose `metadata.generation` counts changes of what is asked for.
  var hasGeneration: Bool { custom != nil || Self.withGeneration.contains(key) }

  private static let withGeneration: Set<String> = [
    "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps", "replicationcontrollers",
    "jobs.batch", "cronjobs.batch", "poddisruptionbudgets.policy", "ingresses.networking.k8s.io",
    "ingressclasses.networking.k8s.io", "networkpolicies.networking.k8s.io", "endpointslices.discovery.k8s.io",
    "priorityclasses.scheduling.k8s.io", "podtemplates", "validatingwebhookconfigurations.admissionregistration.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "customresourcedefinitions.apiextensions.k8s.io",
  ]

  /// Kinds whose objects are only replaced by one who says which version he knows.
  var updatesNeedVersion: Bool { custom != nil || Self.withVersionedUpdates.contains(key) }

  private static let withVersionedUpdates: Set<String> = [
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io", "leases.coordination.k8s.io",
    "runtimeclasses.node.k8s.io", "poddisruptionbudgets.policy", "csidrivers.storage.k8s.io",
    "csinodes.storage.k8s.io", "volumeattachments.storage.k8s.io", "customresourcedefinitions.apiextensions.k8s.io",
  ]

  /// Kinds of which a replacement creates what is not there.
  var updatesCreate: Bool { Self.withCreatingUpdates.contains(key) }

  private static let withCreatingUpdates: Set<String> = [
    "leases.coordination.k8s.io", "endpoints", "events", "limitranges", "services", "runtimeclasses.node.k8s.io",
    "roles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io",
    "clusterroles.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io",
  ]

  /// Kinds of which a deletion answers with the object itself, not with a Status.
  var returnsDeletedObject: Bool { ["pods", "services", "namespaces", "serviceaccounts"].contains(key) }

  /// How fields of the kind are merged, and owned.
  var mergeSchema: MergeSchema {
    custom?.mergeSchemas[type.apiVersion] ?? .builtIn(apiVersion: type.apiVersion, kind: type.kind) ?? .untyped
  }

  /// For managers that wrote through another version of a custom resource.
  var versions: VersionConverter? {
    guard let custom, custom.isMultiVersion else { return nil }
    return VersionConverter { object, apiVersion in
      guard let schema = custom.mergeSchemas[apiVersion] else { return nil }
      var converted = object
      converted["apiVersion"] = .string(apiVersion)
      return (converted, schema)
    }
  }

  func objectKey(namespace: String, name: String) -> ObjectKey {
    ObjectKey(resource: key, namespace: type.isNamespaced ? namespace : "", name: name)
  }

  /// The object as it is stored, from one in this version.
  func stored(_ object: JSONValue) -> JSONValue { custom == nil ? Conversion.stored(object, from: type) : object }

  /// The object in this version. Versions of a custom resource differ in nothing but their name, as with the
  /// conversion strategy `None`.
  func presentation(of object: StoredObject) -> [UInt8] { presentation(object.bytes) }

  /// The same with another resourceVersion.
  func presentation(of object: StoredObject, at version: Int64) -> [UInt8] { presentation(object.bytes(at: version)) }

  private func presentation(_ bytes: [UInt8]) -> [UInt8] {
    if custom == nil, storageType != type, let value = try? JSONValue(parsing: bytes) {
      return Conversion.presented(value, as: type).bytes
    }
    guard let custom, custom.isMultiVersion || custom.fillsInOnRead, var value = try? JSONValue(parsing: bytes) else {
      return bytes
    }
    let isStored = value["apiVersion"]?.stringValue == type.apiVersion
    if isStored, !custom.fillsInOnRead { return bytes }
    value["apiVersion"] = .string(type.apiVersion)
    if let schema = custom.schema {
      if !isStored { _ = schema.prune(&value) }
      schema.applyDefaults(&value)
    }
    return value.bytes
  }
}

/// What a CustomResourceDefinition says of one version.
struct CustomVersion: Sendable {
  var definition: String
  var isMultiVersion: Bool
  var schema: StructuralSchema?
  /// Objects may have been stored before the schema had its defaults, or in a version without them.
  var fillsInOnRead: Bool
  /// Of each version that is served, by its API version.
  var mergeSchemas: [String: MergeSchema]
  /// `additionalPrinterColumns`
  var columns: JSONValue?
  var scale: ScalePaths?
  /// `selectableFields`: by their names in field selectors, where they are.
  var selectable: [String: [String]]
}

/// Where a kind keeps what its `scale` subresource shows.
struct ScalePaths: Sendable {
  var specReplicas: [String]
  var statusReplicas: [String]
  /// A selector's text, or a label selector.
  var selector: [String]?

  static let workload = ScalePaths(
    specReplicas: ["spec", "replicas"], statusReplicas: ["status", "replicas"], selector: ["spec", "selector"])
}
