extension SchemaTable {
  /// Work that ends.
  static let jobs = """
    @ io.k8s.api.batch.v1 batch/v1
    Job kind | Pods that run until enough of them have succeeded.
    - spec JobSpec #2 | What is wanted.
    - status JobStatus #3 | What was last seen.
    JobSpec | What is to be done, and what counts as done.
    - activeDeadlineSeconds int64 #3? | Seconds after which the job is ended and counts as failed.
    - backoffLimit int32 #7? | How many failures there may be. 6 by default.
    - backoffLimitPerIndex int32 #12? | How many failures there may be at each index.
    - completionMode string #9? (Indexed,NonIndexed) | NonIndexed counts successes, Indexed wants one at each index.
    - completions int32 #2? | How many pods must succeed. Cannot be changed, unless the job is Indexed.
    - managedBy string #15? | Who carries the job out, if not the job controller.
    - manualSelector bool #5? | Whether selector was chosen by hand.
    - maxFailedIndexes int32 #13? | How many indexes may fail.
    - parallelism int32 #1? | How many pods run at a time. 1 by default.
    - podFailurePolicy PodFailurePolicy #11? | What certain failures mean.
    - podReplacementPolicy string #14? (Failed,TerminatingOrFailed) | When a failed pod is replaced.
    - selector LabelSelector #4? | The job's pods. Made by the server.
    - successPolicy SuccessPolicy #16? | When the job has succeeded although not all indexes have.
    - suspend bool #10? | Whether no pods may run now.
    - template! PodTemplateSpec #6 | What each pod is like. Cannot be changed while the job runs.
    - ttlSecondsAfterFinished int32 #8? | Seconds after the end until the job is deleted; never where absent.
    PodFailurePolicy | What certain failures mean.
    - rules! [PodFailurePolicyRule] #1 atomic | The first rule that fits a pod decides.
    PodFailurePolicyRule | What one kind of failure means. One of onExitCodes and onPodConditions.
    - action! string #1 (Count,FailIndex,FailJob,Ignore) | FailJob, FailIndex, Ignore or Count.
    - onExitCodes PodFailurePolicyOnExitCodesRequirement #2? | Exit codes of containers.
    - onPodConditions [PodFailurePolicyOnPodConditionsPattern] #3 atomic | Conditions of the pod.
    PodFailurePolicyOnExitCodesRequirement | Exit codes of containers.
    - containerName string #1?
    - operator! string #2 (In,NotIn)
    - values! [int32] #3 set
    PodFailurePolicyOnPodConditionsPattern | A condition of a pod.
    - status! string #2
    - type! string #1
    SuccessPolicy | When a job has succeeded before all its indexes have.
    - rules! [SuccessPolicyRule] #1 atomic | Any of these is enough.
    SuccessPolicyRule | Indexes that are enough.
    - succeededCount int32 #2? | How many of them.
    - succeededIndexes string #1? | Which, such as 1,3-5.
    JobStatus | What was last seen of the job.
    - active int32 #4 | Pods that run.
    - completedIndexes string #7 | Indexes that have succeeded, such as 1,3-5.
    - completionTime Time #3? | When the job succeeded.
    - conditions [JobCondition] #1 merge=type atomic | Complete, Failed, Suspended and the like.
    - failed int32 #6 | Pods that have failed.
    - failedIndexes string #10? | Indexes that have failed.
    - ready int32 #9? | Pods that are ready.
    - startTime Time #2? | When the job began, or went on after a pause.
    - succeeded int32 #5 | Pods that have succeeded.
    - terminating int32 #11? | Pods that are ending.
    - uncountedTerminatedPods UncountedTerminatedPods #8? | Pods that ended and are not counted yet.
    JobCondition | One aspect of a job's state.
    - lastProbeTime Time #3 | When it was last looked at.
    - lastTransitionTime Time #4 | When it last changed.
    - message string #6 | For people.
    - reason string #5 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    UncountedTerminatedPods | Pods that ended and are not counted yet, by their UIDs.
    - failed [string] #2 set
    - succeeded [string] #1 set
    CronJob kind | Jobs made at times that repeat.
    - spec CronJobSpec #2 | What is wanted.
    - status CronJobStatus #3 | What was last seen.
    CronJobSpec | When jobs are made, and what they are like.
    - concurrencyPolicy string #3 (Allow,Forbid,Replace) | What happens when the last job still runs: Allow, Forbid \
      or Replace it. Allow by default.
    - failedJobsHistoryLimit int32 #7? | How many failed jobs are kept. 1 by default.
    - jobTemplate! JobTemplateSpec #5 | What each job is like.
    - schedule! string #1 | When, in cron's notation: minute, hour, day, month, weekday.
    - startingDeadlineSeconds int64 #2? | How many seconds late a job may still start.
    - successfulJobsHistoryLimit int32 #6? | How many successful jobs are kept. 3 by default.
    - suspend bool #4? | Whether no jobs are made now.
    - timeZone string #8? | The zone that the schedule is meant in, such as Asia/Tokyo. The controller's own by default.
    JobTemplateSpec | What a job will be like when it is made from this template.
    - metadata ObjectMeta #1 | Labels and annotations of the jobs.
    - spec JobSpec #2 | What the jobs do.
    CronJobStatus | What was last seen of the jobs.
    - active [ObjectReference] #1 atomic | Jobs that run.
    - lastScheduleTime Time #4? | When a job was last made.
    - lastSuccessfulTime Time #5? | When a job last succeeded.
    """
}
