internal import Kubernetes

/// Carries out replacements, one after the other
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/filters/replacement/replacement.go).
struct ReplacementTransformer: Transformer {
  let replacements: [Replacement]

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    for replacement in replacements {
      var source = try source(of: replacement, in: set)
      for target in replacement.targets { try apply(&source, to: target, set) }
      set.namesChanged()
    }
  }

  /// IDs as replacements compare them: whether a kind has a namespace does not count.
  private static func ids(of resource: Resource) -> [ResourceID] {
    var current = resource.currentID
    current.isClusterScoped = false
    return [current] + resource.previousIDs
  }

  private static func candidates(_ name: String, _ set: ResourceSet) -> [Resource] {
    name.isEmpty ? set.resources : set.named(name)
  }

  /// Where a value comes from.
  private struct Source {
    var value: YAMLNode
    let resource: Resource
    /// The field itself, which targets may change; nil where the value is a part of it.
    let path: [String]?

    /// Takes note of what a target has made of the field.
    mutating func refresh() {
      guard let path, let value = try? FieldLookup(path).find(in: resource.node), !value.isNullOrEmpty else { return }
      self.value = value
    }
  }

  private func source(of replacement: Replacement, in set: ResourceSet) throws(KustomizeError) -> Source {
    let source = replacement.source
    let matches = Self.candidates(source.id.name, set).filter { resource in
      Self.ids(of: resource).contains { $0.isSelected(by: source.id) }
    }
    let named = "\(source.id.text):\(source.fieldPath)"
    guard let resource = matches.first else {
      throw KustomizeError(
        at: replacement.place, "nothing selected by \(named)", remedy: "check kind, name and namespace")
    }
    guard matches.count == 1 else {
      throw KustomizeError(at: replacement.place, "multiple matches for selector \(named)")
    }
    let value: YAMLNode?
    let path = FieldPath.splitBrackets(source.fieldPath)
    do throws(FieldVisitor.Failure) { value = try FieldLookup(path).find(in: resource.node) } catch {
      throw KustomizeError(at: replacement.place, "the source's fieldPath \(source.fieldPath): \(error.message)")
    }
    guard let value, !value.isNullOrEmpty else {
      throw KustomizeError(
        at: replacement.place, "fieldPath `\(source.fieldPath)` is missing for replacement source \(source.id.text)")
    }
    guard !source.options.delimiter.isEmpty else { return Source(value: value, resource: resource, path: path) }
    guard case .scalar(var scalar) = value.content else {
      throw KustomizeError(
        at: replacement.place, "a delimiter can only divide a text, and the source is \(value.kindName)")
    }
    let parts = TextParts.split(scalar.text, source.options.delimiter)
    guard parts.indices.contains(source.options.index) else {
      throw KustomizeError(
        at: replacement.place, "options.index \(source.options.index) is out of bounds for value \(scalar.text)")
    }
    scalar.text = parts[source.options.index]
    return Source(value: YAMLNode(.scalar(scalar), at: value.point), resource: resource, path: nil)
  }

  private func apply(_ source: inout Source, to target: Replacement.Target, _ set: ResourceSet) throws(KustomizeError) {
    let select = try TextSelector(target.select)
    var rejects: [(selector: Selector, texts: TextSelector)] = []
    for reject in target.rejects { rejects.append((reject, try TextSelector(reject))) }
    for resource in Self.candidates(target.select.id.name, set) {
      guard select.matches(resource), !rejects.contains(where: { !$0.texts.isEmpty && $0.texts.matches(resource) })
      else { continue }
      let ids = Self.ids(of: resource)
      guard ids.contains(where: { $0.isSelected(by: target.select.id) }) else { continue }
      let isRejected = rejects.contains { reject in
        reject.selector.id != ResourceID(gvk: GVK(), name: "", namespace: "")
          && ids.contains { $0.isSelected(by: reject.selector.id) }
      }
      if isRejected { continue }
      for path in target.fieldPaths {
        try put(source.value, at: path, in: resource, target)
        if resource === source.resource { source.refresh() }
      }
    }
  }

  private func put(
    _ value: YAMLNode, at path: String, in resource: Resource, _ target: Replacement.Target
  ) throws(KustomizeError) {
    var count = 0
    var shared = SharedChanges()
    do throws(FieldVisitor.Failure) {
      let lookup = FieldMatches(FieldPath.splitBrackets(path), creating: target.options.creates ? value : nil)
      try lookup.visit(&resource.node) { (node) throws(FieldVisitor.Failure) in
        count += 1
        try Self.replace(&node, with: value, target.options)
        shared.note(node)
      }
    } catch {
      throw KustomizeError(at: target.place, "fieldPath \(path) of \(resource.currentID.text): \(error.message)")
    }
    shared.carryOut(in: &resource.node)
    guard count > 0 else {
      throw KustomizeError(
        at: target.place,
        "unable to find \(target.options.creates ? "or create " : "")field \"\(path)\" in replacement target "
          + resource.currentID.text, remedy: target.options.creates ? "" : "options: { create: true } makes it")
    }
  }

  private static func replace(
    _ node: inout YAMLNode, with value: YAMLNode, _ options: Replacement.Options
  ) throws(FieldVisitor.Failure) {
    var value = value
    if !options.delimiter.isEmpty {
      guard case .scalar(let old) = node.content else {
        throw FieldVisitor.Failure(point: node.point, message: "delimiter option can only be used with scalar nodes")
      }
      var parts = TextParts.split(old.text, options.delimiter)
      let text = value.isNull ? "" : value.text
      if options.index < 0 {
        parts.insert(text, at: 0)
      } else if options.index >= parts.count {
        parts.append(text)
      } else {
        parts[options.index] = text
      }
      let joined = parts.joined(separator: options.delimiter)
      if case .scalar(var scalar) = value.content {
        scalar.text = joined
        value.content = .scalar(scalar)
      }
    }
    // A single value keeps its type, so that numbers become texts where texts stood.
    if case .scalar(var scalar) = node.content {
      scalar.text = value.text
      node.content = .scalar(scalar)
    } else {
      node.content = value.content
    }
  }
}

/// Selects by labels and annotations only.
struct TextSelector {
  private let labels: [LabelRequirement]
  private let annotations: [LabelRequirement]

  init(_ selector: Selector) throws(KustomizeError) {
    do throws(SelectorSyntaxError) {
      labels = try LabelRequirement.parse(selector.labels)
      annotations = try LabelRequirement.parse(selector.annotations)
    } catch {
      throw KustomizeError(at: selector.place, "\(error)")
    }
  }

  var isEmpty: Bool { labels.isEmpty && annotations.isEmpty }

  func matches(_ resource: Resource) -> Bool {
    CompiledSelector.match(labels, resource.labels()) && CompiledSelector.match(annotations, resource.annotations())
  }
}

enum TextParts {
  /// As Go's `strings.Split`.
  static func split(_ text: String, _ delimiter: String) -> [String] {
    let text = Array(text.utf8)
    let mark = Array(delimiter.utf8)
    var parts: [String] = []
    var start = 0
    var index = 0
    while index + mark.count <= text.count {
      if text[index..<(index + mark.count)].elementsEqual(mark) {
        parts.append(String(decoding: text[start..<index], as: UTF8.self))
        index += mark.count
        start = index
      } else {
        index += 1
      }
    }
    parts.append(String(decoding: text[start...], as: UTF8.self))
    return parts
  }
}
