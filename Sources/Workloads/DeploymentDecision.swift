import Kubernetes

/// Keeps every Deployment's ReplicaSets as its template and strategy say (pkg/controller/deployment upstream).
public struct DeploymentDecision: Decision {
  static let revisionAnnotation = "deployment.kubernetes.io/revision"
  static let desiredAnnotation = "deployment.kubernetes.io/desired-replicas"

  public init() {}

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var setsByOwner: [String: [ReplicaSet]] = [:]
    for set in view.replicaSets.values {
      if let owner = set.metadata.controller { setsByOwner[owner.uid, default: []].append(set) }
    }
    var changes: [Change] = []
    for deployment in view.deployments.values.sorted(by: { $0.key < $1.key }) {
      guard deployment.metadata.deletionTimestamp == nil else { continue }
      let sets = (setsByOwner[deployment.metadata.uid] ?? []).sorted { $0.metadata.name < $1.metadata.name }
      changes += Rollout(deployment: deployment, sets: sets, now: now).changes()
    }
    return changes
  }
}

/// One look at one Deployment.
struct Rollout {
  let deployment: Deployment
  let sets: [ReplicaSet]
  let now: Timestamp

  var desired: Int { deployment.spec.replicas ?? 1 }
  var hash: String { PodTemplateHash.of(deployment.spec.template) }

  /// The set whose template is the Deployment's, whatever it was named by.
  var current: ReplicaSet? {
    let wanted = deployment.spec.template
    return sets.first { set in
      var template = set.spec.template
      template.metadata.labels[PodTemplateHash.label] = nil
      return template == wanted
    }
  }

  func changes() -> [Change] {
    var changes: [Change] = []
    guard let current else {
      if !deployment.spec.paused {
        let set = newSet()
        changes.append(.create(set.json))
        if let size = set.spec.replicas, size > 0 { changes.append(note("up", set, from: 0, to: size)) }
      }
      return changes + status(of: nil)
    }
    let old = sets.filter { $0.metadata.uid != current.metadata.uid }
    if deployment.spec.paused {
      changes += proportional(current, old)
    } else if deployment.spec.strategy.type == "Recreate" {
      changes += recreate(current, old)
    } else {
      changes += rolling(current, old)
    }
    changes += revision(of: current)
    changes += history(old)
    return changes + status(of: current)
  }

  private func newSet() -> ReplicaSet {
    let hash = hash
    var set = ReplicaSet()
    set.metadata.name = "\(deployment.metadata.name)-\(hash)"
    set.metadata.namespace = deployment.metadata.namespace
    set.metadata.labels = deployment.spec.template.metadata.labels
    set.metadata.labels[PodTemplateHash.label] = hash
    set.metadata.annotations = [
      DeploymentDecision.revisionAnnotation: String(nextRevision),
      DeploymentDecision.desiredAnnotation: String(desired),
    ]
    set.metadata.ownerReferences = [OwnerReference(to: deployment)]
    set.spec.minReadySeconds = deployment.spec.minReadySeconds
    set.spec.selector = deployment.spec.selector
    set.spec.selector.matchLabels[PodTemplateHash.label] = hash
    set.spec.template = deployment.spec.template
    set.spec.template.metadata.labels[PodTemplateHash.label] = hash
    let others = sets.reduce(0) { $0 + ($1.spec.replicas ?? 1) }
    if deployment.spec.strategy.type == "Recreate" {
      set.spec.replicas = others == 0 ? desired : 0
    } else {
      set.spec.replicas = max(0, min(desired, desired + maxSurge - others))
    }
    return set
  }

  private var nextRevision: Int { (sets.map(revisionNumber).max() ?? 0) + 1 }

  private func revisionNumber(_ set: ReplicaSet) -> Int {
    set.metadata.annotations[DeploymentDecision.revisionAnnotation].flatMap { Int($0) } ?? 0
  }

  private var maxSurge: Int {
    let value = deployment.spec.strategy.rollingUpdate?.maxSurge ?? .string("25%")
    return value.resolved(of: desired, roundingUp: true) ?? 0
  }

  /// Both rounding to zero would stop a rollout for ever: one pod may then be missing, as upstream decides.
  private var maxUnavailable: Int {
    let value = deployment.spec.strategy.rollingUpdate?.maxUnavailable ?? .string("25%")
    let resolved = min(desired, value.resolved(of: desired, roundingUp: false) ?? 0)
    return resolved == 0 && maxSurge == 0 ? 1 : resolved
  }

  /// New pods up to the surge; old ones down as far as availability allows, those that never became ready first.
  private func rolling(_ current: ReplicaSet, _ old: [ReplicaSet]) -> [Change] {
    let currentSize = current.spec.replicas ?? 1
    let oldSize = old.reduce(0) { $0 + ($1.spec.replicas ?? 1) }
    if currentSize > desired { return scale(current, to: desired) }
    if currentSize < desired {
      let room = desired + maxSurge - currentSize - oldSize
      if room > 0 { return scale(current, to: min(desired, currentSize + room)) + shrink(current, old) }
    }
    return shrink(current, old)
  }

  private func shrink(_ current: ReplicaSet, _ old: [ReplicaSet]) -> [Change] {
    let living = old.filter { ($0.spec.replicas ?? 1) > 0 }
    guard !living.isEmpty else { return [] }
    let minimum = desired - maxUnavailable
    let currentSize = current.spec.replicas ?? 1
    let currentUnavailable = max(0, currentSize - current.status.availableReplicas)
    let total = currentSize + living.reduce(0) { $0 + ($1.spec.replicas ?? 1) }
    var removable = total - minimum - currentUnavailable
    guard removable > 0 else { return [] }
    var sizes = Dictionary(uniqueKeysWithValues: living.map { ($0.metadata.uid, $0.spec.replicas ?? 1) })
    for set in living {
      let size = set.spec.replicas ?? 1
      let unhealthy = min(removable, max(0, size - set.status.availableReplicas))
      sizes[set.metadata.uid] = size - unhealthy
      removable -= unhealthy
    }
    let available = current.status.availableReplicas + living.reduce(0) { $0 + $1.status.availableReplicas }
    var healthy = min(removable, available - minimum)
    for set in living.sorted(by: { revisionNumber($0) < revisionNumber($1) }) where healthy > 0 {
      let size = sizes[set.metadata.uid] ?? 0
      let taken = min(size, healthy)
      sizes[set.metadata.uid] = size - taken
      healthy -= taken
    }
    return living.flatMap { scale($0, to: sizes[$0.metadata.uid] ?? 0) }
  }

  private func recreate(_ current: ReplicaSet, _ old: [ReplicaSet]) -> [Change] {
    let living = old.filter { ($0.spec.replicas ?? 1) > 0 || $0.status.replicas > 0 }
    if living.isEmpty { return scale(current, to: desired) }
    return living.flatMap { scale($0, to: 0) }
  }

  /// A paused Deployment still follows its replica count, on the newest set with pods.
  private func proportional(_ current: ReplicaSet, _ old: [ReplicaSet]) -> [Change] {
    let others = old.reduce(0) { $0 + ($1.spec.replicas ?? 1) }
    return scale(current, to: max(0, desired - others))
  }

  private func scale(_ set: ReplicaSet, to size: Int) -> [Change] {
    guard (set.spec.replicas ?? 1) != size else { return [] }
    let direction = size > (set.spec.replicas ?? 1) ? "up" : "down"
    return [
      .patch(
        .init(set), .merge,
        [
          "metadata": ["annotations": [DeploymentDecision.desiredAnnotation: .string(String(desired))]],
          "spec": ["replicas": .integer(Int64(size))],
        ]),
      note(direction, set, from: set.spec.replicas ?? 1, to: size),
    ]
  }

  private func note(_ direction: String, _ set: ReplicaSet, from old: Int, to size: Int) -> Change {
    .record(
      .init(
        about: ObjectReference(to: deployment), reason: "ScalingReplicaSet",
        message: "Scaled \(direction) replica set \(set.metadata.name) from \(old) to \(size)",
        component: "deployment-controller"))
  }

  /// A template that comes back (an undo) makes its old set the newest revision again.
  private func revision(of current: ReplicaSet) -> [Change] {
    var changes: [Change] = []
    var number = revisionNumber(current)
    let newest = sets.filter { $0.metadata.uid != current.metadata.uid }.map(revisionNumber).max() ?? 0
    if number <= newest {
      number = newest + 1
      changes.append(annotate(.init(current), number))
    }
    if deployment.metadata.annotations[DeploymentDecision.revisionAnnotation] != String(number) {
      changes.append(annotate(.init(deployment), number))
    }
    return changes
  }

  private func annotate(_ target: Change.Target, _ revision: Int) -> Change {
    .patch(
      target, .merge,
      ["metadata": ["annotations": [DeploymentDecision.revisionAnnotation: .string(String(revision))]]])
  }

  private func history(_ old: [ReplicaSet]) -> [Change] {
    let empty = old.filter {
      $0.spec.replicas == 0 && $0.status.replicas == 0 && $0.metadata.deletionTimestamp == nil
        && $0.status.observedGeneration >= $0.metadata.generation
    }
    let surplus = empty.count - (deployment.spec.revisionHistoryLimit ?? 10)
    guard surplus > 0 else { return [] }
    return empty.sorted { revisionNumber($0) < revisionNumber($1) }.prefix(surplus).map {
      .delete(.init($0), uid: $0.metadata.uid)
    }
  }
}
