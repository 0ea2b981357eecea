internal import Kubernetes

/// A selector whose patterns are compiled: each part a regular expression that must match from end to end, a resource's
/// old and new names both counting
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/types/selector.go).
struct CompiledSelector {
  private let selector: Selector
  private let group: Pattern?
  private let version: Pattern?
  private let kind: Pattern?
  private let name: Pattern?
  private let namespace: Pattern?
  private let labels: [LabelRequirement]
  private let annotations: [LabelRequirement]

  init(_ selector: Selector) throws(KustomizeError) {
    self.selector = selector
    func pattern(_ text: String, _ field: String) throws(KustomizeError) -> Pattern? {
      if text.isEmpty { return nil }
      do throws(Pattern.SyntaxError) { return try Pattern(whole: text) } catch {
        throw KustomizeError(at: selector.place, "\(field): \"\(text)\" is no regular expression: \(error.message)")
      }
    }
    func requirements(_ text: String, _ field: String) throws(KustomizeError) -> [LabelRequirement] {
      do throws(SelectorSyntaxError) { return try LabelRequirement.parse(text) } catch {
        throw KustomizeError(at: selector.place, "\(field): \"\(text)\" is no selector: \(error)")
      }
    }
    group = try pattern(selector.id.gvk.group, "group")
    version = try pattern(selector.id.gvk.version, "version")
    kind = try pattern(selector.id.gvk.kind, "kind")
    name = try pattern(selector.id.name, "name")
    namespace = try pattern(selector.id.namespace, "namespace")
    labels = try requirements(selector.labels, "labelSelector")
    annotations = try requirements(selector.annotations, "annotationSelector")
  }

  /// The resources that it selects, in their order.
  func select(from set: ResourceSet) -> [Resource] {
    let candidates: [Resource]
    if let literal = Pattern.plainText(selector.id.name[...]), !literal.isEmpty {
      candidates = set.named(literal)
    } else {
      candidates = set.resources
    }
    return candidates.filter(selects)
  }

  func selects(_ resource: Resource) -> Bool {
    let current = resource.currentID
    let original = resource.originalID
    if let namespace, !namespace.matches(original.effectiveNamespace), !namespace.matches(current.effectiveNamespace) {
      return false
    }
    if let name, !name.matches(original.name), !name.matches(current.name) { return false }
    if let group, !group.matches(current.gvk.group) { return false }
    if let version, !version.matches(current.gvk.version) { return false }
    if let kind, !kind.matches(current.gvk.kind) { return false }
    return Self.match(labels, resource.labels()) && Self.match(annotations, resource.annotations())
  }

  static func match(_ requirements: [LabelRequirement], _ texts: [(key: String, text: String)]) -> Bool {
    if requirements.isEmpty { return true }
    return requirements.matches(Labels(texts.map { ($0.key, $0.text) }, uniquingKeysWith: { $1 }))
  }
}
