import Kubernetes

/// Makes every CronJob's jobs when they are due (pkg/controller/cronjob upstream).
public struct CronJobDecision: Decision {
  public static let component = "cronjob-controller"
  static let scheduledAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp"
  /// Time zones that are known: the schedule's arithmetic is in UTC.
  private static let zones: Set<String> = ["", "UTC", "Etc/UTC", "Etc/GMT", "GMT", "Zulu", "Etc/UCT", "UCT"]
  /// Missed times beyond which one is told of them.
  private static let missedMax = 100

  public init() {}

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var jobsByOwner: [String: [Job]] = [:]
    for job in view.jobs.values {
      if let owner = job.metadata.controller, owner.kind == "CronJob" {
        jobsByOwner[owner.uid, default: []].append(job)
      }
    }
    var changes: [Change] = []
    for cron in view.cronJobs.values.sorted(by: { $0.key < $1.key }) {
      let jobs = (jobsByOwner[cron.metadata.uid] ?? []).sorted { $0.metadata.name < $1.metadata.name }
      changes += CronSync(cron: cron, jobs: jobs, now: now).changes()
    }
    return changes
  }

  /// One look at one CronJob.
  struct CronSync {
    let cron: CronJob
    let jobs: [Job]
    let now: Timestamp

    func changes() -> [Change] {
      var status = cron.status
      var changes = upkeep(&status)
      if cron.metadata.deletionTimestamp == nil, cron.spec.suspend != true { changes += start(&status) }
      if let patch = Change.status(of: cron, from: cron.status, to: status) { changes.append(patch) }
      return changes + history()
    }

    private func event(_ reason: String, _ message: String, isWarning: Bool = false) -> Change {
      .event(about: cron, reason, message, isWarning: isWarning, by: CronJobDecision.component)
    }

    /// The list of active jobs, and the events about those that left it.
    private func upkeep(_ status: inout CronJob.Status) -> [Change] {
      var events: [Change] = []
      let known = Set(status.active.map(\.uid))
      let byUID = Dictionary(jobs.map { ($0.metadata.uid, $0) }, uniquingKeysWith: { first, _ in first })
      for reference in status.active {
        guard let job = byUID[reference.uid] else {
          events.append(event("MissingJob", "Active job went missing: \(reference.name)"))
          continue
        }
        guard let finish = job.finish else { continue }
        events.append(
          event("SawCompletedJob", "Saw completed job: \(job.metadata.name), condition: \(finish.type)"))
      }
      status.active.removeAll { byUID[$0.uid]?.isFinished ?? true }
      for job in jobs where !job.isFinished && !known.contains(job.metadata.uid) {
        status.active.append(ObjectReference(to: job))
      }
      let ends = jobs.compactMap { $0.finish?.type == "Complete" ? $0.status.completionTime : nil }
      if let last = ends.max(), last > status.lastSuccessfulTime ?? Timestamp(nanoseconds: .min) {
        status.lastSuccessfulTime = last
      }
      return events
    }

    private func start(_ status: inout CronJob.Status) -> [Change] {
      guard CronJobDecision.zones.contains(cron.spec.timeZone ?? "") else {
        return [
          event(
            "UnknownTimeZone", "invalid timeZone: \"\(cron.spec.timeZone ?? "")\": unknown time zone", isWarning: true)
        ]
      }
      let schedule: CronSchedule
      do throws(CronSchedule.Mistake) { schedule = try CronSchedule(parsing: cron.spec.schedule) } catch {
        return [
          event("UnparseableSchedule", "unparseable schedule: \"\(cron.spec.schedule)\" : \(error)", isWarning: true)
        ]
      }
      let (due, missed) = lastDue(by: schedule)
      guard let due, due != status.lastScheduleTime else { return [] }
      var changes: [Change] = []
      if missed > CronJobDecision.missedMax {
        changes.append(
          event(
            "TooManyMissedTimes",
            "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
            isWarning: true))
      }
      if let seconds = cron.spec.startingDeadlineSeconds, due + Double(seconds) < now { return changes }
      let name = name(at: due)
      if jobs.contains(where: { $0.metadata.name == name }) {
        status.lastScheduleTime = due
        return changes
      }
      switch cron.spec.concurrencyPolicy {
      case "Forbid" where !status.active.isEmpty:
        return changes + [
          event(
            "JobAlreadyActive",
            "Not starting job because prior execution is running and concurrency policy is Forbid")
        ]
      case "Replace":
        for job in jobs where !job.isFinished { changes += delete(job) }
        status.active = []
      default: break
      }
      changes += [.create(job(named: name, at: due).json), event("SuccessfulCreate", "Created job \(name)")]
      status.lastScheduleTime = due
      return changes
    }

    /// The last time that has come since the last job was made, or since the deadline for starting late ones.
    private func lastDue(by schedule: CronSchedule) -> (due: Timestamp?, missed: Int) {
      var moment = cron.status.lastScheduleTime ?? cron.metadata.creationTimestamp ?? now
      if let seconds = cron.spec.startingDeadlineSeconds, now - Double(seconds) > moment {
        moment = now - Double(seconds)
      }
      var due: Timestamp?
      var missed = 0
      while let next = schedule.next(after: moment), next <= now {
        due = next
        moment = next
        missed += 1
        // Times without end are passed in strides: only the last one is made up for.
        if missed % 1000 == 0, let after = schedule.next(after: next), now - next > 2 * (after - next) {
          moment = now - 2 * (after - next)
        }
      }
      return (due, missed)
    }

    /// One name for one time, so that no time has two jobs.
    private func name(at due: Timestamp) -> String {
      "\(cron.metadata.name)-\(due.nanoseconds / 60_000_000_000)"
    }

    private func job(named name: String, at due: Timestamp) -> Job {
      var job = Job()
      job.metadata.name = name
      job.metadata.namespace = cron.metadata.namespace
      job.metadata.labels = cron.spec.jobTemplate.metadata.labels
      job.metadata.annotations = cron.spec.jobTemplate.metadata.annotations
      job.metadata.annotations[CronJobDecision.scheduledAnnotation] = due.rfc3339
      job.metadata.ownerReferences = [OwnerReference(to: cron)]
      job.spec = cron.spec.jobTemplate.spec
      return job
    }

    private func delete(_ job: Job) -> [Change] {
      [.delete(.init(job), uid: job.metadata.uid), event("SuccessfulDelete", "Deleted job \(job.metadata.name)")]
    }

    /// Ended jobs go when there are more of their kind than are kept.
    private func history() -> [Change] {
      func surplus(_ type: String, _ limit: Int?) -> [Job] {
        guard let limit else { return [] }
        let ended = jobs.filter { $0.finish?.type == type && $0.metadata.deletionTimestamp == nil }
          .sorted { ($0.status.startTime?.nanoseconds ?? 0) < ($1.status.startTime?.nanoseconds ?? 0) }
        return Array(ended.prefix(max(0, ended.count - limit)))
      }
      return
        (surplus("Complete", cron.spec.successfulJobsHistoryLimit)
        + surplus("Failed", cron.spec.failedJobsHistoryLimit)).flatMap(delete)
    }
  }
}
