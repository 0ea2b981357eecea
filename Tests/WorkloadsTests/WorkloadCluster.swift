import Kubernetes
import Testing

/// A cluster that does what decisions about daemons, jobs and stateful sets ask for, pods with finalizers included.
struct WorkloadCluster {
  var view = ClusterView()
  var now = Timestamp(seconds: 1_800_000_000)
  private(set) var events: [String] = []
  private var version = 0

  mutating func apply(_ changes: [Change]) throws {
    for change in changes {
      switch change {
      case .create(let json): try create(json)
      case .patch(let target, _, let patch, _, _): try self.patch(target, patch)
      case .delete(let target, _, _): delete(target)
      case .record(let note): events.append(note.reason)
      default: Issue.record("not a change of these decisions: \(change)")
      }
    }
  }

  private mutating func create(_ json: JSONValue) throws {
    version += 1
    var json = json
    json[path: ["metadata", "uid"]] = .string("uid-\(version)")
    json[path: ["metadata", "generation"]] = 1
    json[path: ["metadata", "creationTimestamp"]] = now.json
    switch json["kind"]?.stringValue {
    case "Pod":
      let pod = try Pod(json: json)
      if view.pods[pod.key] == nil { view.set(pod) }
    case "Job":
      let job = try Job(json: json)
      if view.jobs[job.key] == nil { view.jobs[job.key] = job }
    case "ControllerRevision":
      let revision = try ControllerRevision(json: json)
      view.controllerRevisions[revision.key] = revision
    case "PersistentVolumeClaim": events.append("claim \(json["metadata"]?["name"]?.stringValue ?? "")")
    default: Issue.record("not a kind that these decisions create: \(json.text)")
    }
  }

  private mutating func patch(_ target: Change.Target, _ patch: JSONValue) throws {
    let key = NamespacedName(target.namespace, target.name)
    func merged<Object: KubernetesObject>(_ object: Object?) throws -> Object? {
      try object.map { try Object(json: $0.json.applying(mergePatch: patch)) }
    }
    switch target.resource {
    case .jobs: view.jobs[key] = try merged(view.jobs[key])
    case .cronJobs: view.cronJobs[key] = try merged(view.cronJobs[key])
    case .daemonSets: view.daemonSets[key] = try merged(view.daemonSets[key])
    case .statefulSets: view.statefulSets[key] = try merged(view.statefulSets[key])
    case .controllerRevisions: view.controllerRevisions[key] = try merged(view.controllerRevisions[key])
    case .pods:
      guard let pod = try merged(view.pods[key]) else { return }
      if pod.isTerminating, pod.metadata.finalizers.isEmpty { view.removePod(key) } else { view.set(pod) }
    default: Issue.record("not a kind that these decisions patch: \(target)")
    }
  }

  private mutating func delete(_ target: Change.Target) {
    let key = NamespacedName(target.namespace, target.name)
    switch target.resource {
    case .pods:
      guard var pod = view.pods[key] else { return }
      if pod.metadata.finalizers.isEmpty { return view.removePod(key) }
      pod.metadata.deletionTimestamp = now
      view.set(pod)
    case .jobs: view.jobs[key] = nil
    case .controllerRevisions: view.controllerRevisions[key] = nil
    default: Issue.record("not a kind that these decisions delete: \(target)")
    }
  }

  /// Looks until nothing is left to do.
  mutating func settle(_ decision: inout some Decision, rounds: Int = 100) throws {
    for _ in 0..<rounds {
      let changes = decision.reconcile(view, at: now)
      if changes.isEmpty { return }
      try apply(changes)
      now = now + 1
    }
    Issue.record("it did not settle")
  }

  mutating func run(_ pods: some Sequence<Pod>, ready: Bool = true) {
    for var pod in pods {
      pod.status.phase = "Running"
      pod.status.conditions.set(Condition("Ready", ready, at: now))
      view.set(pod)
    }
  }

  mutating func end(_ pods: some Sequence<Pod>, exitCode: Int = 0) {
    for var pod in pods {
      pod.status.phase = exitCode == 0 ? "Succeeded" : "Failed"
      pod.status.conditions.set(Condition("Ready", false, at: now))
      var status = ContainerStatus()
      status.name = "app"
      var terminated = ContainerState.Terminated()
      terminated.exitCode = exitCode
      terminated.finishedAt = now
      status.state.terminated = terminated
      pod.status.containerStatuses = [status]
      view.set(pod)
    }
  }

  var pods: [Pod] { view.pods.values.sorted { $0.key < $1.key } }
  var active: [Pod] { pods.filter { !$0.isFinished && !$0.isTerminating } }
}
