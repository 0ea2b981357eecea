import Kubernetes

/// One look at one StatefulSet.
struct StatefulSetSync {
  let owner: StatefulSet
  let revisions: TemplateRevisions
  let now: Timestamp
  private let pods: [Int: Pod]
  /// Revisions by name: what pods had before the present template, and the present one.
  private let currentRevision: String
  private let updateRevision: String

  init(owner: StatefulSet, revisions: TemplateRevisions, pods: [Pod], now: Timestamp) {
    self.owner = owner
    self.revisions = revisions
    self.now = now
    var byNumber: [Int: Pod] = [:]
    for pod in pods { if let number = Self.number(of: pod, in: owner) { byNumber[number] = pod } }
    self.pods = byNumber
    updateRevision = revisions.name(ofHash: revisions.hash)
    // A set whose pods were never updated has one revision.
    currentRevision = owner.status.currentRevision.isEmpty ? updateRevision : owner.status.currentRevision
  }

  private static func number(of pod: Pod, in owner: StatefulSet) -> Int? {
    let prefix = owner.metadata.name + "-"
    guard pod.metadata.name.hasPrefix(prefix) else { return nil }
    return Int(pod.metadata.name.dropFirst(prefix.count))
  }

  private var first: Int { owner.spec.ordinals?.start ?? 0 }
  private var replicas: Int { owner.spec.replicas ?? 1 }
  private var numbers: Range<Int> { first..<(first + max(0, replicas)) }
  private var isOrdered: Bool { owner.spec.podManagementPolicy != "Parallel" }
  private var partition: Int { first + (owner.spec.updateStrategy.rollingUpdate?.partition ?? 0) }

  private func revision(of pod: Pod) -> String {
    revisions.name(ofHash: pod.metadata.labels[TemplateRevisions.label] ?? "")
  }
  private func isHealthy(_ pod: Pod) -> Bool { pod.status.phase == "Running" && pod.isReady && !pod.isTerminating }
  private func isAvailable(_ pod: Pod) -> Bool {
    !pod.isTerminating && pod.isAvailable(after: owner.spec.minReadySeconds, at: now)
  }

  func changes() -> [Change] {
    var changes = pass()
    if let status = Change.status(of: owner, from: owner.status, to: status()) { changes.append(status) }
    return changes
  }

  /// Fills the numbers, then takes away those that are too many, then updates: one after another where order counts.
  private func pass() -> [Change] {
    var changes: [Change] = []
    for number in numbers {
      guard let pod = pods[number] else {
        changes += create(number)
        if isOrdered { return changes }
        continue
      }
      if pod.isFinished, !pod.isTerminating {
        // A pod that has ended makes room for the next one of its name.
        changes += delete(pod)
        if isOrdered { return changes }
        continue
      }
      if isOrdered, !isHealthy(pod) || !isAvailable(pod) { return changes }
    }
    let condemned = pods.keys.filter { !numbers.contains($0) }.sorted(by: >).compactMap { pods[$0] }
    for pod in condemned {
      if pod.isTerminating {
        if isOrdered { return changes }
        continue
      }
      changes += delete(pod)
      if isOrdered { return changes }
    }
    return changes + update()
  }

  /// The highest number first, down to the partition; the next when the last one is well.
  private func update() -> [Change] {
    guard owner.spec.updateStrategy.type != "OnDelete" else { return [] }
    for number in numbers.reversed() where number >= partition {
      guard let pod = pods[number] else { return [] }
      if revision(of: pod) != updateRevision, !pod.isTerminating { return delete(pod) }
      if !isHealthy(pod) { return [] }
    }
    return []
  }

  // MARK: Pods

  private func create(_ number: Int) -> [Change] {
    let usesFormer =
      owner.spec.updateStrategy.type != "OnDelete" && currentRevision != updateRevision && number < partition
    let former = usesFormer ? revisions.template(ofRevision: currentRevision) : nil
    let hash =
      former == nil ? revisions.hash : String(currentRevision.dropFirst(owner.metadata.name.count + 1))
    let pod = pod(number, former ?? owner.spec.template, hash)
    let claims = owner.spec.volumeClaimTemplates.map { claim($0, number) }
    return claims.map { .create($0) } + [
      .create(pod.json),
      event("SuccessfulCreate", "create Pod \(pod.metadata.name) in StatefulSet \(owner.metadata.name) successful"),
    ]
  }

  private func delete(_ pod: Pod) -> [Change] {
    [
      .delete(.init(pod), uid: pod.metadata.uid),
      event("SuccessfulDelete", "delete Pod \(pod.metadata.name) in StatefulSet \(owner.metadata.name) successful"),
    ]
  }

  private func event(_ reason: String, _ message: String) -> Change {
    .event(about: owner, reason, message, by: StatefulSetDecision.component)
  }

  private func pod(_ number: Int, _ template: PodTemplate, _ hash: String) -> Pod {
    var pod = Pod()
    pod.metadata = template.metadata
    pod.metadata.name = "\(owner.metadata.name)-\(number)"
    pod.metadata.namespace = owner.metadata.namespace
    pod.metadata.labels[TemplateRevisions.label] = hash
    pod.metadata.labels[StatefulSetDecision.podNameLabel] = pod.metadata.name
    pod.metadata.labels[StatefulSetDecision.podIndexLabel] = String(number)
    pod.metadata.ownerReferences = [OwnerReference(to: owner)]
    pod.spec = template.spec
    pod.spec.unknown["hostname"] = .string(pod.metadata.name)
    if !owner.spec.serviceName.isEmpty { pod.spec.unknown["subdomain"] = .string(owner.spec.serviceName) }
    for template in owner.spec.volumeClaimTemplates {
      guard let name = template["metadata"]?["name"]?.stringValue else { continue }
      pod.spec.volumes.removeAll { $0["name"]?.stringValue == name }
      pod.spec.volumes.append([
        "name": .string(name), "persistentVolumeClaim": ["claimName": .string(claimName(name, number))],
      ])
    }
    return pod
  }

  private func claimName(_ template: String, _ number: Int) -> String { "\(template)-\(owner.metadata.name)-\(number)" }

  /// One that is there already stays: claims outlive their pods.
  private func claim(_ template: JSONValue, _ number: Int) -> JSONValue {
    var claim = template
    claim["apiVersion"] = "v1"
    claim["kind"] = "PersistentVolumeClaim"
    claim["status"] = nil
    let name = template["metadata"]?["name"]?.stringValue ?? ""
    claim[path: ["metadata", "name"]] = .string(claimName(name, number))
    claim[path: ["metadata", "namespace"]] = .string(owner.metadata.namespace)
    for label in owner.spec.selector.matchLabels {
      claim[path: ["metadata", "labels", label.key]] = .string(label.value)
    }
    return claim
  }

  // MARK: Status

  private func status() -> StatefulSet.Status {
    var status = owner.status
    let living = pods.values.filter { !$0.isTerminating }
    status.observedGeneration = owner.metadata.generation
    status.replicas = pods.values.count { !$0.isFinished }
    status.readyReplicas = pods.values.count { $0.status.phase == "Running" && $0.isReady }
    status.availableReplicas = pods.values.count { $0.isAvailable(after: owner.spec.minReadySeconds, at: now) }
    status.updatedReplicas = living.count { revision(of: $0) == updateRevision }
    status.currentReplicas = living.count { revision(of: $0) == currentRevision }
    status.currentRevision = currentRevision
    status.updateRevision = updateRevision
    status.collisionCount = status.collisionCount ?? 0
    if owner.spec.updateStrategy.type != "OnDelete", status.updatedReplicas == status.replicas,
      status.readyReplicas == status.replicas
    {
      // The update is through: the new revision is the current one.
      status.currentRevision = updateRevision
      status.currentReplicas = status.updatedReplicas
    }
    return status
  }
}
