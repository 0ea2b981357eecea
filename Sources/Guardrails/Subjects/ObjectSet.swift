import Definitions
import Kubernetes

/// All objects that are checked together, found by what they are and by their pods' labels.
struct ObjectSet: Sendable {
  let objects: [CheckedObject]
  let pods: [PodTemplate]
  /// What they are for, where that is known.
  let platform: PlatformDefinition?
  private var byName: [Key: [Int]] = [:]
  /// By group of kinds, kind and name: which is the first one, and how many there are.
  private var written: [GroupKey: (first: Int, count: Int)] = [:]
  private var byKind: [String: [Int]] = [:]
  private var podsByLabel: [LabelKey: [Int]] = [:]
  private var podsByNamespace: [String: [Int]] = [:]
  /// Of those that pick pods, by one of the labels that they ask for; by their namespace where they ask for none.
  private var selectors: [SelectorKey: [Picker]] = [:]
  private var autoscalers: [Key: Int] = [:]

  private struct Key: Hashable {
    var kind: String
    var namespace: String
    var name: String
  }
  private struct GroupKey: Hashable {
    var key: Key
    var group: Substring

    init(_ object: CheckedObject) {
      key = Key(kind: object.kind, namespace: object.namespace, name: object.name)
      group = object.apiVersion.firstIndex(of: "/").map { object.apiVersion[..<$0] } ?? ""
    }
  }
  private struct LabelKey: Hashable {
    var namespace: String
    var key: String
    var value: String
  }

  private struct SelectorKey: Hashable {
    var kind: String
    var namespace: String
    var label: LabelKey?
  }
  private struct Picker {
    var object: Int
    var selector: LabelSelector
  }

  /// Where kinds that pick pods have their selector.
  private static let selectorPaths = [
    "Service": ["spec", "selector"], "PodDisruptionBudget": ["spec", "selector"],
    "NetworkPolicy": ["spec", "podSelector"],
  ]

  /// Nil where it picks nothing: a Service without a selector, or one that the API refuses.
  private static func selector(of object: CheckedObject) -> LabelSelector? {
    guard let path = selectorPaths[object.kind], let json = object.json[path: path] else { return nil }
    guard object.kind == "Service" else { return LabelSelector(checked: json) }
    let labels = json.texts
    return labels.isEmpty ? nil : LabelSelector(matchLabels: labels)
  }

  init(_ objects: [CheckedObject], platform: PlatformDefinition? = nil) {
    self.objects = objects
    self.platform = platform
    pods = objects.compactMap(PodTemplate.init)
    for (index, object) in objects.enumerated() {
      byKind[object.kind, default: []].append(index)
      written[GroupKey(object), default: (index, 0)].count += 1
      byName[Key(kind: object.kind, namespace: object.namespace, name: object.name), default: []].append(index)
      if object.kind == "HorizontalPodAutoscaler" {
        let target = Key(
          kind: object.json.text("spec", "scaleTargetRef", "kind") ?? "", namespace: object.namespace,
          name: object.json.text("spec", "scaleTargetRef", "name") ?? "")
        autoscalers[target] = index
      }
      guard let selector = Self.selector(of: object) else { continue }
      let label = selector.matchLabels.min { $0.key < $1.key }.map {
        LabelKey(namespace: object.namespace, key: $0.key, value: $0.value)
      }
      let key = SelectorKey(kind: object.kind, namespace: object.namespace, label: label)
      selectors[key, default: []].append(Picker(object: index, selector: selector))
    }
    for (index, pod) in pods.enumerated() {
      let namespace = pod.owner.namespace
      podsByNamespace[namespace, default: []].append(index)
      for (key, value) in pod.labels {
        podsByLabel[LabelKey(namespace: namespace, key: key, value: value), default: []].append(index)
      }
    }
  }

  func all(_ kind: String) -> [CheckedObject] { (byKind[kind] ?? []).map { objects[$0] } }

  func named(_ kind: String, _ name: String, in namespace: String) -> [CheckedObject] {
    (byName[Key(kind: kind, namespace: namespace, name: name)] ?? []).map { objects[$0] }
  }

  /// The first one of an object that is written more than once; nil of any other.
  func first(like object: CheckedObject) -> CheckedObject? {
    guard let known = written[GroupKey(object)], known.count > 1 else { return nil }
    return objects[known.first]
  }

  /// Pods of a namespace that a selector picks; those of one label are looked at, not all.
  func pods(matching selector: LabelSelector, in namespace: String) -> [PodTemplate] {
    let candidates: [Int]
    if let (key, value) = selector.matchLabels.min(by: { $0.key < $1.key }) {
      candidates = podsByLabel[LabelKey(namespace: namespace, key: key, value: value)] ?? []
    } else {
      candidates = podsByNamespace[namespace] ?? []
    }
    return candidates.map { pods[$0] }.filter { selector.matches($0.labels) }
  }

  /// Objects of a kind (Services, budgets, network policies) whose selector picks a pod.
  func selecting(_ pod: PodTemplate, _ kind: String) -> [CheckedObject] {
    let namespace = pod.owner.namespace
    let labels = pod.labels.map { LabelKey(namespace: namespace, key: $0.key, value: $0.value) }
    return ([nil] + labels).flatMap { label in
      (selectors[SelectorKey(kind: kind, namespace: namespace, label: label)] ?? [])
        .filter { $0.selector.matches(pod.labels) }.map { objects[$0.object] }
    }
  }

  /// The autoscaler of a workload.
  func autoscaler(of object: CheckedObject) -> CheckedObject? {
    autoscalers[Key(kind: object.kind, namespace: object.namespace, name: object.name)].map { objects[$0] }
  }

  /// How many pods a workload has when nothing is going on.
  func replicas(of object: CheckedObject) -> Int64 {
    if let autoscaler = autoscaler(of: object) { return autoscaler.json.integer("spec", "minReplicas") ?? 1 }
    return object.json.integer("spec", "replicas") ?? 1
  }
}

extension LabelSelector {
  /// Nil where it is none that the API takes.
  init?(checked json: JSONValue) {
    guard json.objectValue != nil, let selector = try? LabelSelector(json: json) else { return nil }
    self = selector
  }
}
