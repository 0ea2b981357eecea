/// Brings names up to date that resources refer to each other by, once the names have changed
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/filters/nameref/nameref.go).
struct ReferenceTransformer: Transformer {
  let references: [TransformerConfiguration.NameReference]

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    let index = FieldSpecIndex(
      references.flatMap { reference in
        reference.referrers.map { ($0, Field(path: $0.path, visitor: FieldVisitor($0.path), target: reference.target)) }
      })
    let names = NameIndex(set.resources)
    guard !names.isEmpty else {
      for resource in set.resources { _ = try ReferenceUpdater.boundNamespaces(of: resource) }
      return
    }
    var fieldsByKind: [GVK: [Field]] = [:]
    for resource in set.resources {
      let kind = resource.originalID.gvk
      let fields: [Field]
      if let known = fieldsByKind[kind] {
        fields = known
      } else {
        fields = index.values(for: kind)
        fieldsByKind[kind] = fields
      }
      if fields.isEmpty { continue }
      var updater = try ReferenceUpdater(resource, names)
      for field in fields { try updater.update(field) }
    }
  }

  /// A field that refers to a resource.
  struct Field {
    let path: String
    let visitor: FieldVisitor
    let target: GVK
  }
}

/// The resources whose names have changed, by the names that they had.
struct NameIndex {
  private var byName: [String: [Resource]] = [:]
  /// Original namespaces that resources with changed names come from, by namespace.
  private(set) var byOriginalNamespace: [String: [Resource]] = [:]

  init(_ resources: [Resource]) {
    for resource in resources {
      byOriginalNamespace[resource.originalID.effectiveNamespace, default: []].append(resource)
      for (position, previous) in resource.previous.enumerated()
      where !resource.previous[..<position].contains(where: { $0.name == previous.name }) {
        byName[previous.name, default: []].append(resource)
      }
    }
  }

  var isEmpty: Bool { byName.isEmpty }

  func resources(called name: String) -> [Resource] { byName[name] ?? [] }
}

/// Updates the references of one resource.
struct ReferenceUpdater {
  private let referrer: Resource
  private let id: ResourceID
  private let names: NameIndex
  /// Namespaces of the accounts that a role binding binds.
  private let boundNamespaces: Set<String>
  private let roleTarget: GVK?
  private let place: Place

  init(_ referrer: Resource, _ names: NameIndex) throws(KustomizeError) {
    self.referrer = referrer
    self.names = names
    id = referrer.currentID
    place = referrer.place
    boundNamespaces = try Self.boundNamespaces(of: referrer)
    if let role = referrer.node["roleRef"], let group = role["apiGroup"], let kind = role["kind"] {
      roleTarget = GVK(group: group.text, kind: kind.text)
    } else {
      roleTarget = nil
    }
  }

  /// The namespaces of the accounts that a role binding binds; none of other objects.
  static func boundNamespaces(of referrer: Resource) throws(KustomizeError) -> Set<String> {
    guard referrer.kind == "RoleBinding" else { return [] }
    var bound: Set<String> = []
    for subject in referrer.node["subjects"]?.elements ?? [] where subject["kind"]?.text == "ServiceAccount" {
      guard let namespace = subject["namespace"] else { continue }
      guard let scalar = namespace.scalar, scalar.isText else {
        throw KustomizeError(
          at: Place(file: referrer.file, point: namespace.point),
          "Invalid Input: namespace is blank for resource \"\(referrer.currentID.text)\"",
          remedy: "name the account's namespace")
      }
      bound.insert(scalar.text)
    }
    return bound
  }

  mutating func update(_ field: ReferenceTransformer.Field) throws(KustomizeError) {
    var problem: KustomizeError?
    var node = referrer.node
    // The referrer must not hold its node while that changes, or all of it would be copied.
    referrer.node = .null
    let candidates = self
    do throws(FieldVisitor.Failure) {
      try field.visitor.visit(&node) { (value) throws(FieldVisitor.Failure) in
        do throws(KustomizeError) { try candidates.set(&value, field) } catch { problem = problem ?? error }
      }
    } catch {
      referrer.node = node
      throw KustomizeError(error, in: referrer)
    }
    referrer.node = node
    if let problem { throw problem }
  }

  private func set(_ value: inout YAMLNode, _ field: ReferenceTransformer.Field) throws(KustomizeError) {
    if value.isNull { return }
    switch value.content {
    case .scalar: try setName(&value, field)
    case .mapping: try setMap(&value, field)
    case .sequence:
      try value.updateElements { (element) throws(KustomizeError) in
        if element.isNull { return }
        switch element.content {
        case .scalar: try setName(&element, field)
        case .mapping: try setMap(&element, field)
        case .sequence:
          throw KustomizeError(
            at: Place(file: referrer.file, point: element.point), "\(field.path) must hold names, not lists of lists")
        }
      }
    }
  }

  private func setName(_ value: inout YAMLNode, _ field: ReferenceTransformer.Field) throws(KustomizeError) {
    let old = value.text
    let found = try referral(to: old, field, among: names.resources(called: old)) { candidates in
      candidates.allSatisfy { identity(of: $0).name == identity(of: candidates[0]).name }
    }
    guard let found else { return }
    let name = identity(of: found).name
    if name != old { value.setText(name) }
  }

  /// A map that holds a name and perhaps a namespace.
  private func setMap(_ value: inout YAMLNode, _ field: ReferenceTransformer.Field) throws(KustomizeError) {
    guard let nameNode = value["name"] else {
      throw KustomizeError(
        at: Place(file: referrer.file, point: value.point), "path config error; no 'name' field in \(field.path)")
    }
    let old = nameNode.text
    var candidates = names.resources(called: old)
    if let namespace = value["namespace"]?.text, !candidates.isEmpty {
      let comesFromThere = names.byOriginalNamespace[namespace]?.contains(where: isReachable) ?? false
      candidates = candidates.filter {
        let its = comesFromThere ? originalNamespace(of: $0) : identity(of: $0).effectiveNamespace
        return its == namespace && its != ResourceID.noNamespace
      }
    }
    let found = try referral(to: old, field, among: candidates) { candidates in
      let first = identity(of: candidates[0])
      return candidates.allSatisfy {
        identity(of: $0).name == first.name && identity(of: $0).namespace == first.namespace
      }
    }
    guard let found else { return }
    let (name, namespace) = (identity(of: found).name, identity(of: found).namespace)
    guard name != old || !namespace.isEmpty else { return }
    _ = value.updateMap { map in
      map.update("name") { $0.setText(name) }
      if !namespace.isEmpty {
        map.update("namespace", orStartingWith: YAMLNode(.scalar(YAMLScalar(text: "", tag: .none)))) {
          $0.setText(namespace)
        }
      }
    }
  }

  /// What a resource is called now. The referrer's own node is away while it changes.
  private func identity(of resource: Resource) -> ResourceID { resource === referrer ? id : resource.currentID }

  private func originalNamespace(of resource: Resource) -> String {
    resource.previous.first?.namespace ?? identity(of: resource).effectiveNamespace
  }

  /// Whether a resource in that place can be referred to from here at all.
  private func isReachable(_ candidate: Resource) -> Bool {
    if id.isClusterScoped { return true }
    let its = identity(of: candidate)
    return its.isClusterScoped || its.effectiveNamespace == id.effectiveNamespace
      || boundNamespaces.contains(its.namespace)
  }

  private func referral(
    to name: String, _ field: ReferenceTransformer.Field, among named: [Resource], areSame: ([Resource]) -> Bool
  ) throws(KustomizeError) -> Resource? {
    if named.isEmpty { return nil }
    var candidates = named.filter { candidate in
      guard isReachable(candidate) else { return false }
      let previous = previousIDs(of: candidate)
      guard previous.contains(where: { $0.gvk.isSelected(by: field.target) }) else { return false }
      if field.path.hasSuffix("roleRef/name"), let roleTarget,
        !previous.contains(where: { $0.gvk.isSelected(by: roleTarget) })
      {
        return false
      }
      return isInNamespace(candidate)
    }
    if candidates.count == 1 { return candidates[0] }
    candidates = candidates.filter { $0.hasContext(of: referrer, allowingNone: true) }
    if candidates.count > 1 { candidates = candidates.filter { $0.hasContext(of: referrer, allowingNone: false) } }
    guard let first = candidates.first else { return nil }
    if candidates.count == 1 || areSame(candidates) { return first }
    let ids = candidates.map { identity(of: $0).text }.joined(separator: ", ")
    throw KustomizeError(
      at: place, "found multiple possible referrals: \(ids): \(id.text) refers to \"\(name)\" in \(field.path)",
      remedy: "give them different names")
  }

  private func previousIDs(of candidate: Resource) -> [ResourceID] {
    guard candidate === referrer else { return candidate.previousIDs }
    return referrer.previous.map {
      ResourceID(
        gvk: GVK(group: id.gvk.group, version: id.gvk.version, kind: $0.kind), name: $0.name, namespace: $0.namespace)
    }
  }

  private func isInNamespace(_ candidate: Resource) -> Bool {
    if id.isClusterScoped { return true }
    let its = identity(of: candidate)
    return its.isClusterScoped || its.gvk.kind == "ServiceAccount" || its.effectiveNamespace == id.effectiveNamespace
  }
}

extension Resource {
  /// Whether two have got their prefixes and suffixes from the same kustomizations, as far as the shorter list tells.
  fileprivate func hasContext(of other: Resource, allowingNone: Bool) -> Bool {
    func agree(_ left: [String], _ right: [String]) -> Bool {
      if allowingNone, left.isEmpty || right.isEmpty { return true }
      let (short, long) = left.count < right.count ? (left, right) : (right, left)
      if short.isEmpty { return long.isEmpty }
      return long.suffix(short.count).elementsEqual(short)
    }
    return agree(prefixes, other.prefixes) && agree(suffixes, other.suffixes)
  }
}
