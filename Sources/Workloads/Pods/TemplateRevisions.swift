import Kubernetes

/// The templates that a DaemonSet or a StatefulSet has had, kept as ControllerRevisions
/// (pkg/controller/history upstream).
struct TemplateRevisions {
  /// On pods and revisions: which template they are of.
  static let label = "controller-revision-hash"

  let ownerReference: OwnerReference
  let ownerKey: NamespacedName
  let template: PodTemplate
  /// Oldest first.
  let existing: [ControllerRevision]

  init<Owner: KubernetesObject>(_ owner: Owner, _ template: PodTemplate, among all: some Sequence<ControllerRevision>) {
    ownerReference = OwnerReference(to: owner)
    ownerKey = owner.key
    self.template = template
    let uid = owner.metadata.uid
    existing = all.filter { $0.metadata.controller?.uid == uid }
      .sorted { ($0.revision, $0.metadata.name) < ($1.revision, $1.metadata.name) }
  }

  /// The revision of the template as it is now, if it was recorded.
  var current: ControllerRevision? { existing.last { Self.template(of: $0) == template } }

  /// What the pods of the present template are labelled with.
  var hash: String { current?.metadata.labels[Self.label] ?? PodTemplateHash.of(template) }

  /// The name of the revision that pods are labelled with.
  func name(ofHash hash: String) -> String { "\(ownerKey.name)-\(hash)" }

  static func template(of revision: ControllerRevision) -> PodTemplate? {
    guard var template = revision.data[path: ["spec", "template"]] else { return nil }
    template["$patch"] = nil
    return try? PodTemplate(json: template)
  }

  func template(ofRevision name: String) -> PodTemplate? {
    existing.first { $0.metadata.name == name }.flatMap(Self.template(of:))
  }

  /// Records the present template, as the newest; one that comes back is the newest again.
  func record() -> [Change] {
    let newest = existing.last?.revision ?? 0
    guard let current else {
      var revision = ControllerRevision()
      revision.metadata.name = name(ofHash: PodTemplateHash.of(template))
      revision.metadata.namespace = ownerKey.namespace
      revision.metadata.labels = template.metadata.labels
      revision.metadata.labels[Self.label] = PodTemplateHash.of(template)
      revision.metadata.ownerReferences = [ownerReference]
      var data = template.json
      data["$patch"] = "replace"
      revision.data = ["spec": ["template": data]]
      revision.revision = newest + 1
      return [.create(revision.json)]
    }
    guard current.revision < newest else { return [] }
    return [.patch(.init(current), .merge, ["revision": .integer(Int64(newest + 1))])]
  }

  /// Deletes the oldest revisions that nobody uses, beyond a limit.
  /// - Parameter used: hashes that pods or the status name.
  func prune(to limit: Int, used: Set<String>) -> [Change] {
    let idle = existing.filter { revision in
      revision.metadata.name != current?.metadata.name
        && !used.contains(revision.metadata.labels[Self.label] ?? "") && revision.metadata.deletionTimestamp == nil
    }
    return idle.prefix(max(0, idle.count - limit)).map { .delete(.init($0), uid: $0.metadata.uid) }
  }
}
