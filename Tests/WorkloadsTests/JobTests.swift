import Kubernetes
import Testing
import Workloads

@Suite struct JobTests {
  private func job(_ change: (inout JobSpec) -> Void = { _ in }) -> Job {
    var job = Job()
    job.metadata = ObjectMeta(name: "work", namespace: "default")
    job.metadata.uid = "job"
    job.spec.template = Make.template("work", image: "busybox")
    job.spec.template.spec.restartPolicy = "Never"
    job.spec.completions = 1
    job.spec.parallelism = 1
    job.spec.backoffLimit = 6
    change(&job.spec)
    return job
  }

  private func cluster(_ job: Job) -> WorkloadCluster {
    var cluster = WorkloadCluster()
    cluster.view.jobs[job.key] = job
    return cluster
  }

  private func status(_ cluster: WorkloadCluster) -> Job.Status {
    cluster.view.jobs.values.first?.status ?? Job.Status()
  }

  @Test func runsItsPodsAndCompletes() throws {
    var cluster = cluster(
      job {
        $0.completions = 3; $0.parallelism = 2
      })
    var decision = JobDecision()
    try cluster.settle(&decision)
    #expect(cluster.active.count == 2)
    #expect(status(cluster).active == 2)
    #expect(status(cluster).startTime != nil)
    #expect(cluster.pods.allSatisfy { $0.metadata.finalizers == ["batch.kubernetes.io/job-tracking"] })
    #expect(cluster.pods.allSatisfy { $0.metadata.name.hasPrefix("work-") })
    cluster.end(cluster.active)
    try cluster.settle(&decision)
    #expect(cluster.active.count == 1)
    #expect(status(cluster).succeeded == 2)
    cluster.end(cluster.active)
    try cluster.settle(&decision)
    #expect(status(cluster).succeeded == 3)
    #expect(status(cluster).active == 0)
    #expect(status(cluster).completionTime != nil)
    #expect(status(cluster).conditions.map(\.type) == ["SuccessCriteriaMet", "Complete"])
    #expect(cluster.pods.allSatisfy { $0.metadata.finalizers.isEmpty })
    #expect(cluster.events.filter { $0 == "SuccessfulCreate" }.count == 3)
    #expect(cluster.events.last == "Completed")
  }

  @Test func failuresAreRepeatedLaterAndLaterUpToALimit() throws {
    var cluster = cluster(job { $0.backoffLimit = 2 })
    var decision = JobDecision()
    try cluster.settle(&decision)
    for wait in [10.0, 20.0] {
      cluster.end(cluster.active, exitCode: 1)
      let failedAt = cluster.now
      try cluster.settle(&decision)
      #expect(cluster.active.isEmpty)
      cluster.now = failedAt + wait - 0.5
      #expect(decision.reconcile(cluster.view, at: cluster.now).isEmpty)
      cluster.now = failedAt + wait
      try cluster.settle(&decision)
      #expect(cluster.active.count == 1)
    }
    cluster.end(cluster.active, exitCode: 1)
    try cluster.settle(&decision)
    #expect(status(cluster).failed == 3)
    #expect(status(cluster).conditions.map(\.type) == ["FailureTarget", "Failed"])
    #expect(status(cluster).conditions["Failed"]?.reason == "BackoffLimitExceeded")
    #expect(cluster.events.last == "BackoffLimitExceeded")
  }

  @Test func aDeadlineEndsIt() throws {
    var cluster = cluster(job { $0.activeDeadlineSeconds = 60 })
    var decision = JobDecision()
    try cluster.settle(&decision)
    cluster.run(cluster.active)
    cluster.now = cluster.now + 61
    try cluster.settle(&decision)
    #expect(status(cluster).conditions["Failed"]?.reason == "DeadlineExceeded")
    #expect(cluster.active.isEmpty)
  }

  @Test func indexesAreTakenOnceEach() throws {
    var cluster = cluster(
      job {
        $0.completions = 4; $0.parallelism = 4; $0.completionMode = "Indexed"
      })
    var decision = JobDecision()
    try cluster.settle(&decision)
    let indexes = cluster.active.compactMap { $0.metadata.annotations["batch.kubernetes.io/job-completion-index"] }
    #expect(indexes.sorted() == ["0", "1", "2", "3"])
    let first = cluster.active.filter { $0.metadata.name.hasPrefix("work-0-") }
    #expect(first.first?.spec.containers[0].env.map(\.name) == ["JOB_COMPLETION_INDEX"])
    cluster.end(cluster.active.filter { !$0.metadata.name.hasPrefix("work-1-") })
    try cluster.settle(&decision)
    #expect(status(cluster).completedIndexes == "0,2,3")
    #expect(status(cluster).succeeded == 3)
    cluster.end(cluster.active)
    try cluster.settle(&decision)
    #expect(status(cluster).completedIndexes == "0-3")
    #expect(status(cluster).conditions["Complete"]?.isTrue == true)
  }

  @Test func aPolicyJudgesFailures() throws {
    var policy = PodFailurePolicy()
    var rule = PodFailurePolicy.Rule()
    rule.action = "FailJob"
    var codes = PodFailurePolicy.OnExitCodes()
    codes.operator = "In"
    codes.values = [42]
    rule.onExitCodes = codes
    policy.rules = [rule]
    var cluster = cluster(job { $0.podFailurePolicy = policy })
    var decision = JobDecision()
    try cluster.settle(&decision)
    let pod = try #require(cluster.active.first)
    cluster.end([pod], exitCode: 42)
    try cluster.settle(&decision)
    #expect(status(cluster).conditions["Failed"]?.reason == "PodFailurePolicy")
    #expect(
      status(cluster).conditions["Failed"]?.message
        == "Container app for pod \(pod.key) failed with exit code 42 matching FailJob rule at index 0")
  }

  @Test func aSuspendedJobHasNoPods() throws {
    var cluster = cluster(job())
    var decision = JobDecision()
    try cluster.settle(&decision)
    let key = NamespacedName("default", "work")
    cluster.view.jobs[key]?.spec.suspend = true
    try cluster.settle(&decision)
    #expect(cluster.active.isEmpty)
    #expect(status(cluster).conditions["Suspended"]?.isTrue == true)
    #expect(status(cluster).startTime == nil)
    cluster.view.jobs[key]?.spec.suspend = false
    cluster.now = cluster.now + 60
    try cluster.settle(&decision)
    #expect(cluster.active.count == 1)
    #expect(status(cluster).conditions["Suspended"]?.isTrue == false)
    #expect(cluster.events.contains("Suspended") && cluster.events.contains("Resumed"))
  }

  @Test func anEndedJobGoesWhenItsTimeIsOver() throws {
    var cluster = cluster(job { $0.ttlSecondsAfterFinished = 100 })
    var decision = JobDecision()
    try cluster.settle(&decision)
    cluster.end(cluster.active)
    try cluster.settle(&decision)
    #expect(status(cluster).conditions["Complete"] != nil)
    cluster.now = cluster.now + 101
    try cluster.settle(&decision)
    #expect(cluster.view.jobs.isEmpty)
  }
}
