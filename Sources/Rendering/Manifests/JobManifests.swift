import Definitions
import Kubernetes

/// What runs to its end: once at a deployment, or by the clock.
extension ServiceManifests {
  /// A job's name ends with its content, the image's tag included: the same deployment again runs nothing again.
  func jobs(_ moment: MicroserviceSpec.Job.Moment) -> [JSONValue] {
    spec.jobs.filter { $0.value.moment == moment }.sorted { $0.key < $1.key }.map { job, written in
      let spec = jobSpec(job, written)
      return [
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": metadata("\(name)-\(job)-\(hash(of: spec, patchedAs: "Job"))", from: ["jobs", job]),
        "spec": spec,
      ]
    }
  }

  var cronJobs: [JSONValue] {
    spec.cron.sorted { $0.key < $1.key }.map { job, written in
      let concurrency =
        switch written.concurrent {
        case .forbid: "Forbid"
        case .allow: "Allow"
        case .replace: "Replace"
        }
      return [
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata("\(name)-\(job)", from: ["cron", job]),
        "spec": [
          "schedule": .string(written.schedule), "timeZone": .string(written.zone.isEmpty ? "Etc/UTC" : written.zone),
          "concurrencyPolicy": .string(concurrency),
          "startingDeadlineSeconds": .integer(written.startWithin?.wholeSeconds ?? 300),
          "suspend": .bool(written.suspended), "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 3,
          "jobTemplate": ["metadata": ["labels": .object(labels(ofJob: job))], "spec": jobSpec(job, written.job)],
        ],
      ]
    }
  }

  private func jobSpec(_ job: String, _ written: MicroserviceSpec.Job) -> JSONValue {
    var pod = commonPodSpec
    pod["restartPolicy"] = "Never"
    // Envoy ends when the job has: a native sidecar does not keep a pod alive.
    if !spec.calls.isEmpty { pod["initContainers"] = [sidecar(isProbed: false)] }
    var container: JSONObject = ["name": "app", "image": image(written.image.isEmpty ? spec.image : written.image)]
    if !written.command.isEmpty { container["command"] = .array(written.command.map { .string($0) }) }
    if !written.args.isEmpty { container["args"] = .array(written.args.map { .string($0) }) }
    container["env"] = .array(environment(over: written.env))
    container["resources"] = resources(written.resources)
    container["securityContext"] = containerSecurity
    container["volumeMounts"] = mounts(ofJob: true)
    pod["containers"] = [.object(container)]
    pod["volumes"] = volumes(ofJob: true)
    var labels = labels(ofJob: job)
    for member in callLabels { labels[member.key] = member.value }
    return [
      "backoffLimit": .integer(Int64(written.retries ?? 3)),
      "activeDeadlineSeconds": .integer(written.deadline?.wholeSeconds ?? 3600),
      // A node that is taken back is no failure of the job's.
      "podFailurePolicy": [
        "rules": [
          ["action": "Ignore", "onPodConditions": [["type": "DisruptionTarget", "status": "True"]]]
        ]
      ],
      "template": ["metadata": ["labels": .object(labels)], "spec": .object(pod)],
    ]
  }
}
