import Kubernetes

/// How pods are operated: how many, how they are released and watched, what they may do.
extension MicroserviceShape {
  static let scale = Shape.object([
    Field("min", .integer(1...10_000), default: "2, or 1 where `max` is 1", "Pods when nothing is going on."),
    Field("max", .integer(1...10_000), default: "10, or `min` where that is more", "Pods at most."),
    Field(
      "on", .list(scaleTarget), default: "[{ cpu: 70% }]",
      "Targets for the autoscaler, one measure an entry. The one that needs most pods counts."),
    Field(
      "push", .bool, default: "false",
      "Pushes drive this service: it is kept ahead of them. Where it is exposed too, it is where their recipients arrive."
    ),
  ])

  static let scaleTarget = Shape.object([
    Field("cpu", .percent(upTo: 1000), "Used of what is requested."),
    Field("memory", .percent(upTo: 1000), "Used of what is requested."),
    Field("requestsPerSecond", .number(above: 0), "For each pod, as its sidecar counts them."),
    Field("external", .string, "A metric from outside, by its name in the external metrics API; with `perPod`."),
    Field("labels", .labels, "Which series of the external metric."),
    Field("perPod", .number(above: 0), "How much of the external metric one pod takes."),
  ])

  static let capacity = Shape.object([
    Field(
      "requestsPerSecond", .number(above: 0), required: true, "What one pod serves within its objective, as measured."),
    Field("utilization", .percent(upTo: 100), default: "the platform's", "The share of it to plan for."),
  ])

  static let rightsizeModes = MicroserviceSpec.Rightsize.Mode.allCases.map(\.rawValue)

  static let rightsize = Shape.object([
    Field("mode", .word(rightsizeModes), default: "recommend", "`auto` lets pods be started anew with other requests."),
    Field("min", bounds, "Never less than this."),
    Field("max", bounds, "Never more than this."),
  ])

  private static let bounds = Shape.object([
    Field("cpu", .quantity, "CPU of the application."), Field("memory", .quantity, "Memory of the application."),
  ])

  static let release = Shape.object([
    Field(
      "canary",
      .object([
        Field(
          "steps", .list(.percent(upTo: 100)), "Shares of the traffic, each more than the one before: `[5%, 25%, 50%]`."
        ),
        Field("bake", .duration, "How long each step is watched."),
        Field(
          "expect",
          .object([
            Field("successRate", .percent(upTo: 100), "Answers other than 5xx among all, at least."),
            Field("p99", .duration, "99 of 100 answers come within it."),
          ]), "What must hold, or the release is taken back."),
      ]), "A few requests first, then more.")
  ])

  static let alert = Shape.object([
    Field(
      "when", .notation(.condition), required: true,
      "A measure, `>`, `>=`, `<` or `<=`, and a bound. Measures: "
        + AlertCondition.Measure.allCases.map { "`\($0.rawValue)` (`\($0.example)`)" }.joined(separator: ", ") + "."),
    Field("for", .duration, default: "5m", "How long it holds before anybody is told."),
    Field(
      "severity", .word(MicroserviceSpec.Alert.Severity.allCases.map(\.rawValue)), default: "warning",
      "Which of the platform's routes it takes."),
    Field("summary", .string, default: "the condition in words", "What people read first."),
    Field("runbook", .string, "Where it says what to do."),
  ])

  static let permission = Shape.object([
    Field(
      "allow", .either([.list(.notation(.action)), .notation(.action)]), required: true,
      "Actions: `dynamodb:GetItem`, `s3:Get*`."),
    Field(
      "on", .either([.list(.notation(.resource)), .notation(.resource)]), required: true,
      "Resources: " + CloudResource.Kind.allCases.map { "`\($0.rawValue)/NAME`" }.joined(separator: ", ")
        + ", or a whole ARN."),
  ])

  static let waiver = Shape.object([
    Field("rule", .name, required: true, "The rule's id: `sakigake check --rules` lists them."),
    Field("owner", .name, required: true, "Who answers for it: one whom the platform's `guardrails.waivers` names."),
    Field("reason", .notation(.reason), required: true, "Why it cannot be kept, in words."),
    Field("expires", .notation(.day), required: true, "The last day on which it need not be kept, in UTC."),
  ])

  /// The kinds that a service's objects are of, as far as they have strategic merge patches.
  static let extensibleKinds = [
    "ConfigMap", "CronJob", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Job", "NetworkPolicy",
    "PersistentVolumeClaim", "PodDisruptionBudget", "Service", "ServiceAccount",
  ]
}
