/// What a strategic merge has to know of a kind: which of its lists are merged, and by which members.
final class MergeShape: @unchecked Sendable {
  struct Field {
    /// The members that tell a list's elements apart, none for single values; nil where the field is no list that is
    /// merged.
    var mergeKeys: [String]?
    /// Of the map, or of the list's elements.
    var shape: MergeShape?
  }
  // Shapes may lead to themselves, so members are set after the shape is made, and before anybody else sees it.
  private(set) var fields: [String: Field] = [:]
  private var others: Field?

  func set(_ name: String, _ field: Field) { fields[name] = field }
  func setOthers(_ field: Field) { others = field }

  func field(_ name: String) -> Field? { fields[name] ?? others }
}

/// The shapes of all kinds, and which kinds have no namespace.
struct KindSchemas: Sendable {
  struct Kind: Hashable {
    var apiVersion: String
    var kind: String
  }
  private var shapes: [Kind: MergeShape]
  private var namespaced: [Kind: Bool] = [:]

  /// The built-in shapes by their name.
  private var named: [String: MergeShape] = [:]

  func shape(apiVersion: String, kind: String) -> MergeShape? { shapes[Kind(apiVersion: apiVersion, kind: kind)] }

  /// Whether a document's paths say that a kind has no namespace.
  func isClusterScoped(apiVersion: String, kind: String) -> Bool {
    if namespaced.isEmpty { return false }
    return namespaced[Kind(apiVersion: apiVersion, kind: kind)] == false
  }

  /// Whether it is known of a built-in kind, without any schema, if it has namespaces: of all but those that are only
  /// asked, and never kept.
  func hasScope(apiVersion: String, kind: String) -> Bool {
    guard shapes[Kind(apiVersion: apiVersion, kind: kind)] != nil, kind != "Binding" else {
      return apiVersion == "v1" && kind.hasSuffix("Options")
    }
    return !apiVersion.hasPrefix("authentication.") && !apiVersion.hasPrefix("authorization.")
  }

  static let none = KindSchemas(shapes: [:])

  static let builtIn: KindSchemas = {
    var shapes: [String: MergeShape] = [:]
    var kinds: [Kind: MergeShape] = [:]
    func shape(_ name: Substring) -> MergeShape {
      if let known = shapes[String(name)] { return known }
      let new = MergeShape()
      shapes[String(name)] = new
      return new
    }
    for line in MergeTable.text.pieces("\n") {
      let words = line.pieces(" ")
      if words[0] == "@" {
        for word in words.dropFirst(2) {
          let parts = word.pieces(">")
          kinds[Kind(apiVersion: String(words[1]), kind: String(parts[0]))] = shape(parts[parts.count - 1])
        }
        continue
      }
      for word in words.dropFirst() {
        let parts = word.pieces(">")
        let sides = parts[0].pieces("=", keepingEmpty: true)
        let name = sides[0].hasSuffix("[]") ? sides[0].dropLast(2) : sides[0]
        let keys = sides.count > 1 ? sides[1].pieces(",").map(String.init) : nil
        shape(words[0]).set(
          String(name), MergeShape.Field(mergeKeys: keys, shape: parts.count > 1 ? shape(parts[1]) : nil))
      }
    }
    var result = KindSchemas(shapes: kinds)
    result.named = shapes
    return result
  }()

  private init(shapes: [Kind: MergeShape]) { self.shapes = shapes }
}

extension KindSchemas {
  /// How the built-in definitions stand to those of a document: of two with the same name the upper one counts.
  enum BuiltInLayer { case absent, below, above }

  /// The schemas of an OpenAPI document (version 2) that a kustomization names.
  init(openAPI document: YAMLNode, builtIn layer: BuiltInLayer) {
    let builtIn = layer == .absent ? KindSchemas.none : .builtIn
    self.init(shapes: builtIn.shapes)
    var compiler = OpenAPICompiler(
      definitions: document["definitions"]?.map ?? YAMLMapping(), builtIn: builtIn.named,
      isBuiltInAbove: layer == .above)
    for entry in compiler.definitions.entries {
      for kind in Self.kinds(entry.value["x-kubernetes-group-version-kind"])
      where layer != .above || shapes[kind] == nil {
        shapes[kind] = compiler.shape(entry.value)
      }
    }
    for path in document["paths"]?.map?.entries ?? [] {
      guard let operation = path.value["get"]?["x-kubernetes-group-version-kind"] else { continue }
      for kind in Self.kinds(operation) {
        if path.key.contains("namespaces/{namespace}") {
          namespaced[kind] = true
        } else if namespaced[kind] == nil {
          namespaced[kind] = false
        }
      }
    }
  }

  private static func kinds(_ node: YAMLNode?) -> [Kind] {
    guard let node else { return [] }
    return (node.elements ?? [node]).compactMap { element in
      guard let version = element["version"]?.text, let kind = element["kind"]?.text else { return nil }
      let group = element["group"]?.text ?? ""
      return Kind(apiVersion: group.isEmpty ? version : "\(group)/\(version)", kind: kind)
    }
  }

  private struct OpenAPICompiler {
    let definitions: YAMLMapping
    /// By the last part of their name: `PodSpec` for `io.k8s.api.core.v1.PodSpec`.
    let builtIn: [String: MergeShape]
    let isBuiltInAbove: Bool
    private var named: [String: MergeShape] = [:]
    private static let depthMax = 64

    init(definitions: YAMLMapping, builtIn: [String: MergeShape], isBuiltInAbove: Bool) {
      self.definitions = definitions
      self.builtIn = builtIn
      self.isBuiltInAbove = isBuiltInAbove
    }

    private func builtInShape(_ name: String) -> MergeShape? {
      guard !builtIn.isEmpty, name.hasPrefix("io.k8s."), let last = name.split(separator: ".").last else { return nil }
      return builtIn[String(last)]
    }

    mutating func shape(_ schema: YAMLNode, depth: Int = 0) -> MergeShape? {
      guard depth < Self.depthMax else { return nil }
      if let reference = schema["$ref"]?.text {
        let name = String(reference.split(separator: "/").last ?? "")
        if let known = named[name] { return known }
        if isBuiltInAbove, let shape = builtInShape(name) { return shape }
        guard let target = definitions[name] else { return builtInShape(name) }
        let shape = MergeShape()
        named[name] = shape
        fill(shape, target, depth)
        return shape
      }
      let shape = MergeShape()
      fill(shape, schema, depth)
      return shape
    }

    private mutating func fill(_ shape: MergeShape, _ schema: YAMLNode, _ depth: Int) {
      for entry in schema["properties"]?.map?.entries ?? [] {
        shape.set(entry.key, field(entry.value, depth: depth + 1))
      }
      if let others = schema["additionalProperties"], others.map != nil {
        shape.setOthers(field(others, depth: depth + 1))
      }
    }

    private mutating func field(_ schema: YAMLNode, depth: Int) -> MergeShape.Field {
      var keys: [String]?
      if let strategy = schema["x-kubernetes-patch-strategy"]?.text, strategy.split(separator: ",").contains("merge") {
        if let mapKeys = schema["x-kubernetes-list-map-keys"]?.elements {
          keys = mapKeys.map(\.text)
        } else {
          keys = schema["x-kubernetes-patch-merge-key"].map { [$0.text] } ?? []
        }
      }
      let inner = schema["items"] ?? schema
      return MergeShape.Field(mergeKeys: keys, shape: shape(inner, depth: depth))
    }
  }
}

/// The built-in kinds without a namespace, by the API versions that have them so (Kubernetes 1.21.2's paths, as
/// kustomize 5.5 carries them).
enum ScopeTable {
  static let clusterScoped: [String: Set<String>] = [
    "MutatingWebhookConfiguration": ["admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1beta1"],
    "ValidatingWebhookConfiguration": ["admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1beta1"],
    "CustomResourceDefinition": ["apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1"],
    "APIService": ["apiregistration.k8s.io/v1", "apiregistration.k8s.io/v1beta1"],
    "CertificateSigningRequest": ["certificates.k8s.io/v1", "certificates.k8s.io/v1beta1"],
    "FlowSchema": ["flowcontrol.apiserver.k8s.io/v1beta1"],
    "PriorityLevelConfiguration": ["flowcontrol.apiserver.k8s.io/v1beta1"],
    "IngressClass": ["networking.k8s.io/v1", "networking.k8s.io/v1beta1"],
    "RuntimeClass": ["node.k8s.io/v1", "node.k8s.io/v1beta1"],
    "PodSecurityPolicy": ["policy/v1beta1"],
    "ClusterRole": ["rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1beta1"],
    "ClusterRoleBinding": ["rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1beta1"],
    "PriorityClass": ["scheduling.k8s.io/v1", "scheduling.k8s.io/v1beta1"],
    "CSIDriver": ["storage.k8s.io/v1", "storage.k8s.io/v1beta1"],
    "CSINode": ["storage.k8s.io/v1", "storage.k8s.io/v1beta1"],
    "StorageClass": ["storage.k8s.io/v1", "storage.k8s.io/v1beta1"],
    "VolumeAttachment": ["storage.k8s.io/v1", "storage.k8s.io/v1beta1"],
    "ComponentStatus": ["v1"], "Namespace": ["v1"], "Node": ["v1"], "NodeProxyOptions": ["v1"],
    "PersistentVolume": ["v1"],
  ]
  static let kinds = Set(clusterScoped.keys)
}
