import Kubernetes

/// What runs to its end.
extension Rule {
  private static func jobPath(_ object: CheckedObject) -> [String] {
    object.kind == "CronJob" ? ["spec", "jobTemplate", "spec"] : ["spec"]
  }

  static let jobs: [Rule] = [
    Rule(
      "cron-deadline", .warning, "CronJobs say how late a run may begin",
      because: "Without it a controller that was away for long starts none any more, or one at an odd hour.",
      remedy: "set startingDeadlineSeconds: 300", isFixable: true,
      .object(["CronJob"]) { object, _ in
        guard object.json[path: ["spec", "startingDeadlineSeconds"]] == nil else { return [] }
        return [
          object.hit(
            "says not how late a run may begin", at: "spec",
            fix: Fix(path: ObjectPath("spec"), key: "startingDeadlineSeconds", value: "300"))
        ]
      }),
    Rule(
      "cron-concurrency", .warning, "CronJobs say what happens where a run goes on for too long",
      because: "By default runs heap up.", remedy: "set concurrencyPolicy: Forbid, or Replace", in: ["cron"],
      .object(["CronJob"]) { object, _ in
        guard object.json[path: ["spec", "concurrencyPolicy"]] == nil else { return [] }
        return [object.hit("runs may heap up", at: "spec")]
      }),
    Rule(
      "cron-schedule", .error, "The schedule of a CronJob has a next time", because: "It would never run.",
      remedy: "write minute, hour, day, month and weekday", in: ["cron"],
      .object(["CronJob"]) { object, _ in
        guard let text = object.json.text("spec", "schedule"), (try? CronSchedule(parsing: text)) == nil else {
          return []
        }
        return [object.hit("\"\(text)\" is not a schedule", at: "spec", "schedule")]
      }),
    Rule(
      "cron-history", .info, "CronJobs keep few of their runs",
      because: "Each kept run keeps its pods, and lists of them grow.",
      remedy: "set successfulJobsHistoryLimit and failedJobsHistoryLimit to 10 at most",
      .object(["CronJob"]) { object, _ in
        ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"].compactMap { key in
          guard let limit = object.json.integer("spec", key), limit > 10 else { return nil }
          return object.hit("keeps \(limit) runs", at: "spec", key)
        }
      }),
    Rule(
      "job-deadline", .warning, "Jobs have a deadline",
      because: "One that hangs holds its node, and whoever waits for it, for ever.",
      remedy: "set activeDeadlineSeconds", in: ["jobs"],
      .object(["Job", "CronJob"]) { object, _ in
        guard object.json[path: jobPath(object) + ["activeDeadlineSeconds"]] == nil else { return [] }
        return [object.hit("may run for ever", at: ObjectPath(jobPath(object)))]
      }),
    Rule(
      "job-ttl", .warning, "Jobs that are over are removed",
      because: "They and their pods stay, and lists of them grow.", remedy: "set ttlSecondsAfterFinished: 86400",
      isFixable: true,
      .object(["Job"]) { object, _ in
        guard object.json[path: ["spec", "ttlSecondsAfterFinished"]] == nil else { return [] }
        // That it is there says that this deployment's job has run: the next deployment's takes its place.
        if case .definition = object.origin { return [] }
        return [
          object.hit(
            "stays when it is over", at: "spec",
            fix: Fix(path: ObjectPath("spec"), key: "ttlSecondsAfterFinished", value: "86400"))
        ]
      }),
    Rule(
      "job-restart-policy", .error, "Pods of jobs end",
      because: "The API refuses jobs whose pods are always started anew.",
      remedy: "set restartPolicy: Never, or OnFailure",
      .pod { pod, _ in
        guard !pod.isService, !["Never", "OnFailure"].contains(pod.spec.text("restartPolicy") ?? "") else { return [] }
        return [pod.hit("its pods are always started anew", at: "restartPolicy")]
      }),
  ]
}
