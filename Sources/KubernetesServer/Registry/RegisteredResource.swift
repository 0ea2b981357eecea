import Kubernetes

/// A resource in one of its versions, and how the server treats it.
struct RegisteredResource: Sendable {
  var type: ResourceType
  /// For kinds that a CustomResourceDefinition declares.
  var custom: CustomVersion?

  var key: String { type.qualifiedPlural }
  var hasStatus: Bool { type.subresources.contains("status") }

  /// Kinds whose `metadata.generation` counts changes of what is asked for.
  var hasGeneration: Bool { custom != nil || Self.withGeneration.contains(key) }

  private static let withGeneration: Set<String> = [
    "deployments.apps", "replicasets.apps", "horizontalpodautoscalers.autoscaling", "poddisruptionbudgets.policy",
    "endpointslices.discovery.k8s.io", "customresourcedefinitions.apiextensions.k8s.io",
  ]

  /// Kinds of which a deletion answers with the object itself, not with a Status.
  var returnsDeletedObject: Bool { ["pods", "services", "namespaces", "serviceaccounts"].contains(key) }

  func objectKey(namespace: String, name: String) -> ObjectKey {
    ObjectKey(resource: key, namespace: type.isNamespaced ? namespace : "", name: name)
  }

  /// The object in this version. Versions of a custom resource differ in nothing but their name, as with the
  /// conversion strategy `None`.
  func presentation(of object: StoredObject) -> [UInt8] {
    guard custom?.isMultiVersion == true, var value = try? object.value(),
      value["apiVersion"]?.stringValue != type.apiVersion
    else { return object.bytes }
    value["apiVersion"] = .string(type.apiVersion)
    return value.bytes
  }
}

/// What a CustomResourceDefinition says of one version.
struct CustomVersion: Sendable {
  var definition: String
  var isMultiVersion: Bool
  var schema: StructuralSchema?
  /// `additionalPrinterColumns`
  var columns: JSONValue?
  var scale: ScalePaths?
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
