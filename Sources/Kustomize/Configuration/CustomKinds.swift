/// What the OpenAPI definitions of custom kinds, named under `crds`, say of their fields
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/internal/accumulator/loadconfigfromcrds.go).
extension TransformerConfiguration {
  private static let depthMax = 64

  /// - Parameter document: definitions by their name.
  init(customKinds document: YAMLNode) throws(Conflict) {
    let definitions = document.map ?? YAMLMapping()
    for entry in definitions.entries {
      guard let properties = Self.properties(entry.value),
        ["kind", "apiVersion", "metadata"].allSatisfy({ properties.index(of: $0) != nil })
      else { continue }
      let kind = entry.key.split(separator: ".").last.map(String.init) ?? entry.key
      try add(entry.key, of: GVK(kind: kind), definitions, path: [])
    }
    sort()
  }

  private static func properties(_ definition: YAMLNode) -> YAMLMapping? {
    (definition["Schema"] ?? definition["schema"])?["properties"]?.map
  }

  private mutating func add(
    _ name: String, of kind: GVK, _ definitions: YAMLMapping, path: [String]
  ) throws(Conflict) {
    guard path.count < Self.depthMax, let definition = definitions[name], let properties = Self.properties(definition)
    else { return }
    for property in properties.entries {
      let path = path + [property.key]
      func field(_ more: String...) -> FieldSpec { FieldSpec(gvk: kind, path: (path + more).joined(separator: "/")) }
      func says(_ extension: String) -> String? {
        guard let node = property.value[`extension`], node.scalar?.tag == .string else { return nil }
        return node.text
      }
      if says("x-kubernetes-annotation") != nil { try Self.merge(&commonAnnotations, [field()]) }
      if says("x-kubernetes-label-selector") != nil { try Self.merge(&commonLabels, [field()]) }
      if says("x-kubernetes-identity") != nil { try Self.merge(&namePrefix, [field()]) }
      if let version = says("x-kubernetes-object-ref-api-version"), let target = says("x-kubernetes-object-ref-kind") {
        let key = says("x-kubernetes-object-ref-name-key") ?? "name"
        try addReference(NameReference(target: GVK(version: version, kind: target), referrers: [field(key)]))
      }
      if let reference = property.value["$ref"]?.text {
        try add(reference, of: kind, definitions, path: path)
      }
    }
  }
}
