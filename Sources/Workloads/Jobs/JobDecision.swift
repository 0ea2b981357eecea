import Kubernetes

/// Runs every Job's pods until enough have succeeded or too many have failed (pkg/controller/job upstream).
public struct JobDecision: Decision {
  public static let component = "job-controller"
  /// A job that names another controller is left to it.
  private static let ownName = "kubernetes.io/job-controller"

  public struct Configuration: Sendable {
    /// Seconds after which a pod that failed is replaced: doubled with every failure in a row.
    public var backoffSecondsFirst = 10.0
    public var backoffSecondsMost = 600.0
    /// Pods made in one pass for one job; the next pass goes on.
    public var burst = 500
    public init() {}

    public func scaled(by speed: Double) -> Configuration {
      var copy = self
      copy.backoffSecondsFirst = backoffSecondsFirst / speed
      copy.backoffSecondsMost = backoffSecondsMost / speed
      return copy
    }
  }

  private let configuration: Configuration
  private var names = PodNames()
  private var expected = ExpectedPods()

  public init(configuration: Configuration = .init()) { self.configuration = configuration }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var changes: [Change] = []
    for job in view.jobs.values.sorted(by: { $0.key < $1.key }) where job.metadata.deletionTimestamp == nil {
      guard [nil, "", Self.ownName].contains(job.spec.managedBy) else { continue }
      changes += reconcile(job, view.pods(ownedBy: job.metadata.uid), now)
    }
    // What a job that is gone leaves behind must not be held by it.
    for pod in view.pods.values where pod.metadata.finalizers.contains(JobPods.finalizer) {
      let owner = pod.metadata.controller
      let isOrphan = owner.map { $0.kind == "Job" && view.jobs[NamespacedName(pod.metadata.namespace, $0.name)] == nil }
      if isOrphan ?? true, pod.isTerminating || pod.isFinished { changes.append(JobPods.release(pod)) }
    }
    expected.keep(only: Set(view.jobs.values.map(\.metadata.uid)))
    return changes
  }

  private mutating func reconcile(_ job: Job, _ pods: [Pod], _ now: Timestamp) -> [Change] {
    var sync = JobSync(job: job, pods: JobPods(job, pods), configuration: configuration, now: now)
    if job.isFinished { return sync.afterwards() }
    let pending = expected.pending(of: job.metadata.uid, seen: pods, at: now)
    sync.judge()
    var changes = sync.stopped()
    if !sync.isEnding, pending.isEmpty {
      var created: [String] = []
      for index in sync.wanted() {
        let prefix = index.map { "\(job.metadata.name)-\($0)" } ?? job.metadata.name
        let name = names.next(prefix, owner: job.metadata.uid, at: now)
        created.append(name)
        changes.append(.create(JobPods.pod(of: job, named: name, index: index).json))
        changes.append(.event(about: job, "SuccessfulCreate", "Created pod: \(name)", by: Self.component))
      }
      if !created.isEmpty { expected.expect(created, of: job.metadata.uid, at: now) }
      sync.justCreated = created.count
    }
    return changes + sync.statusChanges()
  }
}

extension Job {
  /// Complete or Failed: it will not run again.
  var isFinished: Bool { finish != nil }

  /// The condition that ended it.
  var finish: Condition? {
    status.conditions.first { ($0.type == "Complete" || $0.type == "Failed") && $0.isTrue }
  }

  var isIndexed: Bool { spec.completionMode == "Indexed" }
}
