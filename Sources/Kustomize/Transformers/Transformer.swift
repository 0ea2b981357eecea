/// One step of a build: it changes the resources there are.
protocol Transformer {
  func transform(_ set: ResourceSet) throws(KustomizeError)
}

/// Steps that count as one.
struct SeveralTransformers: Transformer {
  let transformers: [any Transformer]

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    for transformer in transformers { try transformer.transform(set) }
  }
}

/// One step of a build that makes resources.
protocol Generator {
  func generate() throws(KustomizeError) -> [Resource]
}

extension KustomizeError {
  init(_ failure: FieldVisitor.Failure, in resource: Resource) {
    self.init(
      at: Place(file: resource.file, point: failure.point.line > 0 ? failure.point : resource.node.point),
      "\(resource.currentID.text): \(failure.message)")
  }
}

extension FieldSpec {
  /// Whether a resource has the field, by what it is now.
  func applies(to gvk: GVK) -> Bool { gvk.isSelected(by: self.gvk) }
}

/// Field specifications by the kind that has them, so that a resource is not held against all of them.
struct FieldSpecIndex<Value> {
  private var byKind: [String: [(order: Int, spec: FieldSpec, value: Value)]] = [:]
  private var ofAll: [(order: Int, spec: FieldSpec, value: Value)] = []

  init(_ specs: [(FieldSpec, Value)]) {
    for (order, (spec, value)) in specs.enumerated() {
      if spec.gvk.kind.isEmpty {
        ofAll.append((order, spec, value))
      } else {
        byKind[spec.gvk.kind, default: []].append((order, spec, value))
      }
    }
  }

  /// Those that select a group, version and kind, in their order.
  func values(for gvk: GVK) -> [Value] {
    let own = byKind[gvk.kind] ?? []
    let all = ofAll.isEmpty ? own : own.isEmpty ? ofAll : (own + ofAll).sorted { $0.order < $1.order }
    return all.compactMap { gvk.isSelected(by: $0.spec.gvk) ? $0.value : nil }
  }
}

/// Sets labels or annotations.
struct TextsTransformer: Transformer {
  private let texts: [(key: String, text: String)]
  private let index: FieldSpecIndex<FieldVisitor>

  init(_ texts: [(key: String, text: String)], _ specs: [FieldSpec]) {
    self.texts = texts
    index = FieldSpecIndex(specs.map { ($0, FieldVisitor($0, making: .map)) })
  }

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    guard !texts.isEmpty else { return }
    for resource in set.resources {
      var shared = SharedChanges()
      let shares = texts.map { _ in resource.newShare() }
      for visitor in index.values(for: resource.gvk) {
        do throws(FieldVisitor.Failure) {
          try visitor.visit(&resource.node) { (node) throws(FieldVisitor.Failure) in
            for ((key, text), share) in zip(texts, shares) {
              try node.setEntry(key, text, share: share, &shared)
            }
          }
        } catch {
          throw KustomizeError(error, in: resource)
        }
      }
      shared.carryOut(in: &resource.node)
    }
  }
}

/// Puts a prefix before names, or a suffix behind them.
struct AffixTransformer: Transformer {
  var prefix = ""
  var suffix = ""
  let isPrefix: Bool
  let specs: [FieldSpec]

  /// Names of these are not changed, since others rely on them.
  private static let exempt = [
    GVK(kind: "CustomResourceDefinition"), GVK(group: "apiregistration.k8s.io", kind: "APIService"),
    GVK(kind: "Namespace"),
  ]

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    let affix = isPrefix ? prefix : suffix
    for resource in set.resources {
      let original = resource.originalID.gvk
      if Self.exempt.contains(where: original.isSelected) { continue }
      for spec in specs where original.isSelected(by: spec.gvk) {
        if spec.path == "metadata/name", !affix.isEmpty {
          if isPrefix { resource.prefixes.append(affix) } else { resource.suffixes.append(affix) }
          resource.rememberID()
        }
        guard spec.applies(to: resource.gvk) else { continue }
        do throws(FieldVisitor.Failure) {
          try FieldVisitor(spec, making: .scalar).visit(&resource.node) { (node) throws(FieldVisitor.Failure) in
            try node.replaceText(prefix + node.text + suffix)
          }
        } catch {
          throw KustomizeError(error, in: resource)
        }
      }
    }
    set.namesChanged()
  }
}

/// Sets how many replicas workloads of a name have.
struct ReplicasTransformer: Transformer {
  let entry: ReplicaEntry
  let specs: [FieldSpec]

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    var isFound = false
    for spec in specs {
      for resource in set.named(entry.name) {
        let ids = resource.previousIDs + [resource.currentID]
        guard ids.contains(where: { $0.name == entry.name && $0.gvk.isSelected(by: spec.gvk) }) else { continue }
        isFound = true
        guard spec.applies(to: resource.gvk) else { continue }
        do throws(FieldVisitor.Failure) {
          try FieldVisitor(spec, making: .scalar).visit(&resource.node) { (node) throws(FieldVisitor.Failure) in
            try node.replaceText(String(entry.count), tag: .integer)
          }
        } catch {
          throw KustomizeError(error, in: resource)
        }
      }
    }
    guard isFound else {
      let kinds = Set(specs.map(\.gvk.kind)).sorted().joined(separator: ", ")
      throw KustomizeError(at: entry.place, "replicas: nothing called \"\(entry.name)\" is one of \(kinds)")
    }
  }
}
