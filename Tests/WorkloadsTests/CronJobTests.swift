import Kubernetes
import Testing
import Workloads

@Suite struct CronJobTests {
  private let born = Timestamp(parsing: "2026-11-25T10:00:30Z") ?? Timestamp(seconds: 0)

  private func cron(_ change: (inout CronJob.Spec) -> Void = { _ in }) -> CronJob {
    var cron = CronJob()
    cron.metadata = ObjectMeta(name: "tick", namespace: "default")
    cron.metadata.uid = "cron"
    cron.metadata.creationTimestamp = born
    cron.spec.schedule = "*/5 * * * *"
    cron.spec.successfulJobsHistoryLimit = 3
    cron.spec.failedJobsHistoryLimit = 1
    cron.spec.jobTemplate.metadata.labels = ["app": "tick"]
    cron.spec.jobTemplate.spec.template = Make.template("tick", image: "busybox")
    change(&cron.spec)
    return cron
  }

  private func cluster(_ cron: CronJob) -> WorkloadCluster {
    var cluster = WorkloadCluster()
    cluster.view.cronJobs[cron.key] = cron
    cluster.now = born
    return cluster
  }

  private func finish(_ cluster: inout WorkloadCluster) {
    for (key, var job) in cluster.view.jobs where job.status.conditions.isEmpty {
      job.status.startTime = cluster.now
      job.status.completionTime = cluster.now
      job.status.conditions = [Condition("Complete", true, at: cluster.now)]
      cluster.view.jobs[key] = job
    }
  }

  private func status(_ cluster: WorkloadCluster) -> CronJob.Status? { cluster.view.cronJobs.values.first?.status }

  @Test func makesAJobWhenItIsDue() throws {
    var cluster = cluster(cron())
    var decision = CronJobDecision()
    try cluster.settle(&decision)
    #expect(cluster.view.jobs.isEmpty)
    cluster.now = born + 275
    let due = try #require(Timestamp(parsing: "2026-11-25T10:05:00Z"))
    try cluster.settle(&decision)
    let job = try #require(cluster.view.jobs.values.first)
    #expect(cluster.view.jobs.count == 1)
    #expect(job.metadata.name == "tick-\(due.nanoseconds / 60_000_000_000)")
    #expect(job.metadata.annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] == "2026-11-25T10:05:00Z")
    #expect(job.metadata.labels == ["app": "tick"])
    #expect(status(cluster)?.lastScheduleTime == due)
    #expect(status(cluster)?.active.map(\.name) == [job.metadata.name])
    finish(&cluster)
    try cluster.settle(&decision)
    #expect(status(cluster)?.active.isEmpty == true)
    #expect(status(cluster)?.lastSuccessfulTime != nil)
    #expect(cluster.events == ["SuccessfulCreate", "SawCompletedJob"])
  }

  @Test func onlyTheLastMissedTimeIsMadeUpFor() throws {
    var cluster = cluster(cron())
    var decision = CronJobDecision()
    cluster.now = born + 3600
    try cluster.settle(&decision)
    #expect(cluster.view.jobs.count == 1)
    #expect(status(cluster)?.lastScheduleTime?.rfc3339 == "2026-11-25T11:00:00Z")
  }

  @Test func concurrencyIsAllowedForbiddenOrReplaced() throws {
    for (policy, jobs, event) in [
      ("Allow", 2, nil), ("Forbid", 1, "JobAlreadyActive"), ("Replace", 1, "SuccessfulDelete"),
    ] {
      var cluster = cluster(cron { $0.concurrencyPolicy = policy })
      var decision = CronJobDecision()
      cluster.now = born + 275
      try cluster.settle(&decision)
      cluster.now = born + 575
      try cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
      #expect(cluster.view.jobs.count == jobs, "\(policy)")
      if let event { #expect(cluster.events.contains(event), "\(policy)") }
    }
  }

  @Test func lateJobsAndSuspendedOnesAreNotStarted() throws {
    var late = cluster(
      cron {
        $0.startingDeadlineSeconds = 10; $0.schedule = "0 * * * *"
      })
    var decision = CronJobDecision()
    late.now = born + 3600
    try late.settle(&decision)
    #expect(late.view.jobs.isEmpty)
    var suspended = cluster(cron { $0.suspend = true })
    suspended.now = born + 3600
    try suspended.settle(&decision)
    #expect(suspended.view.jobs.isEmpty)
  }

  @Test func historyHasALimit() throws {
    var cluster = cluster(cron { $0.successfulJobsHistoryLimit = 2 })
    var decision = CronJobDecision()
    for minute in 1...5 {
      cluster.now = born + Double(minute) * 300
      try cluster.settle(&decision)
      finish(&cluster)
      try cluster.settle(&decision)
    }
    #expect(cluster.view.jobs.count == 2)
  }
}
