/// batch/v1 Job: pods until enough of them have succeeded.
public struct Job: KubernetesObject, Hashable {
  public static var resource: ResourceType { .jobs }
  public var metadata = ObjectMeta()
  public var spec = JobSpec()
  public var status = Status()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }

  public struct Status: JSONStruct, Hashable {
    public var conditions: [Condition] = []
    public var startTime: Timestamp?
    public var completionTime: Timestamp?
    public var active = 0
    public var succeeded = 0
    public var failed = 0
    public var terminating: Int?
    public var completedIndexes = ""
    public var failedIndexes: String?
    public var uncountedTerminatedPods: UncountedPods?
    public var ready: Int?
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("conditions", &conditions)
      f.code("startTime", &startTime)
      f.code("completionTime", &completionTime)
      f.code("active", &active)
      f.code("succeeded", &succeeded)
      f.code("failed", &failed)
      f.code("terminating", &terminating)
      f.code("completedIndexes", &completedIndexes)
      f.code("failedIndexes", &failedIndexes)
      f.code("uncountedTerminatedPods", &uncountedTerminatedPods)
      f.code("ready", &ready)
    }
  }

  /// UIDs of pods that have ended and still carry the finalizer that keeps them from being forgotten.
  public struct UncountedPods: JSONStruct, Hashable {
    public var succeeded: [String] = []
    public var failed: [String] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("succeeded", &succeeded)
      f.code("failed", &failed)
    }
  }
}

public struct JobSpec: JSONStruct, Hashable {
  public var parallelism: Int?
  public var completions: Int?
  public var activeDeadlineSeconds: Int?
  public var podFailurePolicy: PodFailurePolicy?
  public var backoffLimit: Int?
  public var selector: LabelSelector?
  public var manualSelector: Bool?
  public var template = PodTemplate()
  public var ttlSecondsAfterFinished: Int?
  public var completionMode = ""  // NonIndexed (when empty), Indexed
  public var suspend: Bool?
  public var podReplacementPolicy = ""  // TerminatingOrFailed (when empty), Failed
  /// Another controller than the cluster's own, by name.
  public var managedBy: String?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("parallelism", &parallelism)
    f.code("completions", &completions)
    f.code("activeDeadlineSeconds", &activeDeadlineSeconds)
    f.code("podFailurePolicy", &podFailurePolicy)
    f.code("backoffLimit", &backoffLimit)
    f.code("selector", &selector)
    f.code("manualSelector", &manualSelector)
    f.code("template", &template)
    f.code("ttlSecondsAfterFinished", &ttlSecondsAfterFinished)
    f.code("completionMode", &completionMode)
    f.code("suspend", &suspend)
    f.code("podReplacementPolicy", &podReplacementPolicy)
    f.code("managedBy", &managedBy)
  }
}

/// What the failure of a pod means for its job: the first rule that fits decides.
public struct PodFailurePolicy: JSONStruct, Hashable {
  public var rules: [Rule] = []
  public var unknown = JSONObject()
  public init() {}
  public mutating func fields(_ f: inout FieldCoder) { f.code("rules", &rules) }

  public struct Rule: JSONStruct, Hashable {
    public var action = ""  // FailJob, Ignore, Count, FailIndex
    public var onExitCodes: OnExitCodes?
    public var onPodConditions: [OnPodCondition] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("action", &action)
      f.code("onExitCodes", &onExitCodes)
      f.code("onPodConditions", &onPodConditions)
    }
  }

  public struct OnExitCodes: JSONStruct, Hashable {
    /// Any container, where nil.
    public var containerName: String?
    public var `operator` = ""  // In, NotIn
    public var values: [Int] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("containerName", &containerName)
      f.code("operator", &`operator`)
      f.code("values", &values)
    }
  }

  public struct OnPodCondition: JSONStruct, Hashable {
    public var type = ""
    public var status = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("type", &type)
      f.code("status", &status)
    }
  }
}

/// batch/v1 CronJob: jobs at times.
public struct CronJob: KubernetesObject, Hashable {
  public static var resource: ResourceType { .cronJobs }
  public var metadata = ObjectMeta()
  public var spec = Spec()
  public var status = Status()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }

  public struct Spec: JSONStruct, Hashable {
    public var schedule = ""
    public var timeZone: String?
    public var startingDeadlineSeconds: Int?
    public var concurrencyPolicy = ""  // Allow (when empty), Forbid, Replace
    public var suspend: Bool?
    public var jobTemplate = JobTemplate()
    public var successfulJobsHistoryLimit: Int?
    public var failedJobsHistoryLimit: Int?
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("schedule", &schedule)
      f.code("timeZone", &timeZone)
      f.code("startingDeadlineSeconds", &startingDeadlineSeconds)
      f.code("concurrencyPolicy", &concurrencyPolicy)
      f.code("suspend", &suspend)
      f.code("jobTemplate", &jobTemplate)
      f.code("successfulJobsHistoryLimit", &successfulJobsHistoryLimit)
      f.code("failedJobsHistoryLimit", &failedJobsHistoryLimit)
    }
  }

  public struct JobTemplate: JSONStruct, Hashable {
    public var metadata = ObjectMeta()
    public var spec = JobSpec()
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("metadata", &metadata)
      f.code("spec", &spec)
    }
  }

  public struct Status: JSONStruct, Hashable {
    public var active: [ObjectReference] = []
    public var lastScheduleTime: Timestamp?
    public var lastSuccessfulTime: Timestamp?
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("active", &active)
      f.code("lastScheduleTime", &lastScheduleTime)
      f.code("lastSuccessfulTime", &lastSuccessfulTime)
    }
  }
}
