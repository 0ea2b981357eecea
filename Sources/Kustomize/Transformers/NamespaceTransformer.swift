/// Puts all resources that have namespaces into one
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/filters/namespace/namespace.go).
struct NamespaceTransformer: Transformer {
  /// Which subjects of role bindings move along.
  enum Subjects: String { case defaultOnly, allServiceAccounts, none }

  let namespace: String
  let specs: [FieldSpec]
  var onlyUnset = false
  var subjects = Subjects.defaultOnly
  /// Whether it is an ID conflict when two resources become one; a value that is added does not check.
  var checksIDs = true

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    guard !namespace.isEmpty else { return }
    // How many resources have an ID while one after the other moves.
    var counts: [ResourceID.Key: Int] = [:]
    for resource in set.resources { counts[resource.currentID.key, default: 0] += 1 }
    for resource in set.resources where !resource.node.isNullOrEmpty {
      let before = resource.currentID
      resource.rememberID()
      try apply(to: resource)
      let after = resource.currentID
      counts[before.key, default: 1] -= 1
      counts[after.key, default: 0] += 1
      guard counts[after.key] == 1 else {
        throw KustomizeError(
          at: resource.place, "in namespace \(namespace) there would be two of \(after.text)",
          remedy: "give one of them another name")
      }
    }
    set.namesChanged()
  }

  func apply(to resource: Resource) throws(KustomizeError) {
    do throws(FieldVisitor.Failure) {
      let id = resource.currentID
      let isVersion1 = resource.apiVersion == "v1"
      let isBinding = id.gvk.kind == "RoleBinding" || id.gvk.kind == "ClusterRoleBinding"
      if !id.isClusterScoped {
        let visitor = FieldVisitor("metadata/namespace", creation: .scalar)
        try visitor.visit(&resource.node) { (node) throws(FieldVisitor.Failure) in try set(&node) }
      }
      if isBinding { try setSubjects(&resource.node) }
      for spec in specs where spec.applies(to: id.gvk) {
        if spec.path == "metadata/namespace" || (!isVersion1 && spec.path == "metadata/name") { continue }
        if isBinding, spec.path == "subjects/namespace",
          spec.gvk.kind == "RoleBinding" || spec.gvk.kind == "ClusterRoleBinding"
        {
          continue
        }
        try FieldVisitor(spec, making: .scalar).visit(&resource.node) { (node) throws(FieldVisitor.Failure) in
          try set(&node)
        }
      }
    } catch {
      throw KustomizeError(error, in: resource)
    }
  }

  private func set(_ node: inout YAMLNode) throws(FieldVisitor.Failure) {
    if onlyUnset, !node.isNull, !node.text.isEmpty { return }
    try node.replaceText(namespace, tag: .string)
  }

  private func setSubjects(_ node: inout YAMLNode) throws(FieldVisitor.Failure) {
    guard subjects != .none else { return }
    _ = try node.updateMap { (map) throws(FieldVisitor.Failure) in
      try map.update("subjects") { (list) throws(FieldVisitor.Failure) in
        try list.updateElements { (subject) throws(FieldVisitor.Failure) in
          let isMeant =
            subjects == .defaultOnly ? subject["name"]?.text == "default" : subject["kind"]?.text == "ServiceAccount"
          guard isMeant else { return }
          _ = try subject.updateMap { (map) throws(FieldVisitor.Failure) in
            try map.update("namespace", orStartingWith: YAMLNode(.scalar(YAMLScalar(text: "", tag: .none)))) {
              (node) throws(FieldVisitor.Failure) in try set(&node)
            }
          }
        }
      }
    }
  }
}
