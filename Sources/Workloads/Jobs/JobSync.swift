import Kubernetes

/// One look at one Job.
struct JobSync {
  let job: Job
  let pods: JobPods
  let configuration: JobDecision.Configuration
  let now: Timestamp
  /// Pods that this look makes; they count as active.
  var justCreated = 0

  private var status: Job.Status
  private var events: [Change] = []
  private var succeededIndexes = CompletionIndexes()
  /// Pods that this look stops; they do not count as active any more.
  private var stopping = 0

  init(job: Job, pods: JobPods, configuration: JobDecision.Configuration, now: Timestamp) {
    self.job = job
    self.pods = pods
    self.configuration = configuration
    self.now = now
    status = job.status
  }

  private var noted: Job.UncountedPods { status.uncountedTerminatedPods ?? .init() }
  private var succeeded: Int {
    job.isIndexed ? succeededIndexes.indexes.count : status.succeeded + noted.succeeded.count
  }
  private var failed: Int { status.failed + noted.failed.count }
  private var isSuspended: Bool { job.spec.suspend == true }

  /// The success or failure that is certain, though pods still have to go.
  private var verdict: Condition? {
    status.conditions.first { ($0.type == "FailureTarget" || $0.type == "SuccessCriteriaMet") && $0.isTrue }
  }
  /// No pods are made any more.
  var isEnding: Bool { verdict != nil || isSuspended }

  // MARK: Counting and judging

  mutating func judge() {
    count()
    if status.startTime == nil, !isSuspended { status.startTime = now }
    if verdict == nil {
      if let failure = failure() {
        set("FailureTarget", failure.reason, failure.message)
      } else if isReached {
        set("SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods")
      }
    }
    suspendOrResume()
  }

  /// Ended pods are noted first, then let go, then counted: none is counted twice, and none is lost.
  private mutating func count() {
    var noted = noted
    let held = Set(pods.all.filter { $0.metadata.finalizers.contains(JobPods.finalizer) }.map(\.metadata.uid))
    status.succeeded += noted.succeeded.count { !held.contains($0) }
    status.failed += noted.failed.count { !held.contains($0) }
    noted.succeeded.removeAll { !held.contains($0) }
    noted.failed.removeAll { !held.contains($0) }
    noted.succeeded += pods.newlySucceeded.map(\.metadata.uid)
    noted.failed += pods.newlyFailed.filter(counts).map(\.metadata.uid)
    status.uncountedTerminatedPods = noted
    guard job.isIndexed else { return }
    let ended = pods.all.filter { $0.status.phase == "Succeeded" }.compactMap(JobPods.index(of:))
    let limit = job.spec.completions ?? 0
    succeededIndexes = CompletionIndexes(
      CompletionIndexes(parsing: status.completedIndexes).indexes.union(ended).filter { $0 < limit })
    status.completedIndexes = succeededIndexes.text
  }

  /// Whether a failure counts against the job's limit.
  private func counts(_ pod: Pod) -> Bool {
    PodFailureJudgement.of(pod, by: job.spec.podFailurePolicy)?.action != "Ignore"
  }

  private func failure() -> (reason: String, message: String)? {
    for pod in pods.newlyFailed {
      if let judgement = PodFailureJudgement.of(pod, by: job.spec.podFailurePolicy), judgement.action == "FailJob" {
        return ("PodFailurePolicy", judgement.message)
      }
    }
    let limit = job.spec.backoffLimit ?? 6
    if failed > limit || exceedsLimitByRestarts(limit) {
      return ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
    }
    if let deadline = deadline, now >= deadline {
      return ("DeadlineExceeded", "Job was active longer than specified deadline")
    }
    return nil
  }

  private var deadline: Timestamp? {
    guard !isSuspended, let start = status.startTime, let seconds = job.spec.activeDeadlineSeconds else { return nil }
    return start + Double(seconds)
  }

  /// Containers that are started again in their pods fail as often as pods would.
  private func exceedsLimitByRestarts(_ limit: Int) -> Bool {
    guard job.spec.template.spec.restartPolicy == "OnFailure" else { return false }
    let restarts = pods.active.filter { ["Running", "Pending"].contains($0.status.phase) }.reduce(0) { sum, pod in
      (pod.status.initContainerStatuses + pod.status.containerStatuses).reduce(sum) { $0 + $1.restartCount }
    }
    return limit == 0 ? restarts > 0 : restarts >= limit
  }

  private var isReached: Bool {
    guard let completions = job.spec.completions else { return succeeded > 0 && pods.active.isEmpty }
    return succeeded >= completions
  }

  private mutating func suspendOrResume() {
    guard verdict == nil else { return }
    let wasSuspended = status.conditions["Suspended"]?.isTrue ?? false
    if isSuspended, !wasSuspended {
      set("Suspended", "JobSuspended", "Job suspended")
      status.startTime = nil
      note("Suspended", "Job suspended")
    } else if !isSuspended, wasSuspended {
      set("Suspended", "JobResumed", "Job resumed", isTrue: false)
      status.startTime = now
      note("Resumed", "Job resumed")
    }
  }

  private mutating func set(_ type: String, _ reason: String, _ message: String, isTrue: Bool = true) {
    var condition = Condition(type, isTrue, reason: reason, message: message, at: now)
    condition.lastProbeTime = now
    status.conditions.set(condition)
  }

  private mutating func note(_ reason: String, _ message: String, isWarning: Bool = false) {
    events.append(.event(about: job, reason, message, isWarning: isWarning, by: JobDecision.component))
  }

  // MARK: Pods

  /// Takes away the pods that are too many, and lets those go that were noted to be counted.
  mutating func stopped() -> [Change] {
    let surplus: [Pod]
    if isEnding {
      surplus = pods.active
    } else {
      surplus = Array(
        pods.active.sorted { ReplicaSetDecision.goesBefore($0, $1) }.prefix(max(0, pods.active.count - activeWanted)))
    }
    stopping = surplus.count
    var changes: [Change] = []
    for pod in surplus {
      changes.append(.delete(.init(pod), uid: pod.metadata.uid))
      changes.append(
        .event(about: job, "SuccessfulDelete", "Deleted pod: \(pod.metadata.name)", by: JobDecision.component))
    }
    return changes + released()
  }

  private func released() -> [Change] {
    let before = job.status.uncountedTerminatedPods ?? .init()
    let noted = Set(before.succeeded + before.failed)
    return pods.all.filter {
      $0.metadata.finalizers.contains(JobPods.finalizer) && (noted.contains($0.metadata.uid) || isForgotten($0))
    }.map(JobPods.release)
  }

  /// A failure that does not count is not noted either.
  private func isForgotten(_ pod: Pod) -> Bool {
    (pod.status.phase == "Failed" || (pod.isTerminating && !pod.isFinished)) && !counts(pod)
  }

  private var activeWanted: Int {
    let parallelism = job.spec.parallelism ?? 1
    guard let completions = job.spec.completions else {
      // Of a work queue, the first success says that the queue is empty.
      return succeeded > 0 ? min(pods.active.count, parallelism) : parallelism
    }
    return min(parallelism, max(0, completions - succeeded))
  }

  /// The pods to be made now: the index of each, nil where pods have none.
  func wanted() -> [Int?] {
    let present = pods.active.count + (job.spec.podReplacementPolicy == "Failed" ? pods.terminating.count : 0)
    let missing = min(activeWanted - present, configuration.burst)
    guard missing > 0, now >= backoffEnd else { return [] }
    guard job.isIndexed else { return Array(repeating: nil, count: missing) }
    let taken = Set((pods.active + pods.terminating).compactMap(JobPods.index(of:))).union(succeededIndexes.indexes)
    let free = (0..<(job.spec.completions ?? 0)).lazy.filter { !taken.contains($0) }.prefix(missing)
    return free.reduce(into: []) { $0.append($1) }
  }

  /// Until when no pod is made, after those that failed since the last that succeeded.
  private var backoffEnd: Timestamp {
    let lastSuccess = pods.all.filter { $0.status.phase == "Succeeded" }.compactMap(Self.end).max()
    let failures = pods.all.filter { $0.status.phase == "Failed" }.compactMap(Self.end).filter { end in
      lastSuccess.map { end > $0 } ?? true
    }
    guard let last = failures.max() else { return now }
    let factor = Double(1 << min(failures.count - 1, 20))
    return last + min(configuration.backoffSecondsMost, configuration.backoffSecondsFirst * factor)
  }

  private static func end(of pod: Pod) -> Timestamp? {
    pod.status.containerStatuses.compactMap(\.state.terminated?.finishedAt).max()
      ?? pod.status.conditions["Ready"]?.lastTransitionTime ?? pod.metadata.creationTimestamp
  }

  // MARK: Status

  mutating func statusChanges() -> [Change] {
    status.active = pods.active.count - stopping + justCreated
    status.ready = pods.active.count(where: \.isReady)
    status.terminating = pods.terminating.count + stopping
    if let verdict, status.active == 0, status.terminating == 0, noted.succeeded.isEmpty, noted.failed.isEmpty {
      finish(by: verdict)
    }
    guard let change = Change.status(of: job, from: job.status, to: status) else { return events }
    return [change] + events
  }

  private mutating func finish(by verdict: Condition) {
    if verdict.type == "FailureTarget" {
      set("Failed", verdict.reason, verdict.message)
      note(verdict.reason, verdict.message, isWarning: true)
    } else {
      set("Complete", verdict.reason, verdict.message)
      status.completionTime = now
      note("Completed", "Job completed")
    }
  }

  /// What is left to do for a job that has ended: its pods are let go, and in the end it goes itself.
  func afterwards() -> [Change] {
    var changes = pods.all.filter {
      $0.metadata.finalizers.contains(JobPods.finalizer) && ($0.isFinished || $0.isTerminating)
    }.map(JobPods.release)
    if let seconds = job.spec.ttlSecondsAfterFinished, let end = job.finish?.lastTransitionTime,
      now >= end + Double(seconds)
    {
      changes.append(.delete(.init(job), uid: job.metadata.uid))
    }
    return changes
  }
}
