import Kubernetes

/// What runs in a pod, and what it finds there.
extension MicroserviceShape {
  static let environmentValue = Shape.either([
    .text,
    .object([
      Field("secret", .notation(.objectName), "The Secret that has the value. It must be there before a pod starts."),
      Field("config", .notation(.objectName), "The ConfigMap that has the value."),
      Field("key", .string, required: true, "Which of its keys."),
    ]),
  ])

  static let secret = Shape.object([
    Field(
      "from", .string,
      "Its name in AWS Secrets Manager, from where External Secrets copies it. Where it is not given, the Secret is made "
        + "by other means."),
    Field(
      "keys", .map(.string), default: "all of them",
      "Keys of the Secret, and the properties of the JSON in Secrets Manager that they are taken from."),
    Field(
      "refresh", .duration, default: "1h", "How often it is looked for a new value. Pods see it when they start anew."),
    Field("mount", .notation(.directory), "A directory with one file for each key."),
  ])

  static let volume = Shape.object([
    Field("mount", .notation(.directory), required: true, "Where the application, its sidecars and its jobs find it."),
    Field("size", .quantity, "How much fits, where it goes with the pod. A pod that writes more is evicted."),
    Field(
      "memory", .bool, default: "false", "In memory instead of on the node's disk; counts as the containers' memory."),
    Field("claim", claim, "Keeps what is written when pods come and go."),
  ])

  static let claim = Shape.object([
    Field("size", .quantity, required: true, "How much is asked for."),
    Field("class", .notation(.objectName), default: "the cluster's", "The StorageClass."),
    Field(
      "access", .word(MicroserviceSpec.Volume.Access.allCases.map(\.rawValue)), default: "once",
      "`once`: by one pod at a time, so that `scale.max` must be 1; `many`: by all, where the class can."),
  ])

  static let sidecar = Shape.object([
    Field(
      "image", .notation(.image), required: true,
      "A repository of the platform's registry, which gets the deployment's tag, or a whole reference with a tag or digest."
    ),
    Field("command", .list(.string), default: "the image's", "What is run."),
    Field("args", .list(.prose), default: "the image's", "Its arguments."),
    Field("port", .integer(1...65535), "Where it listens on the pod's address, for probes by path or tcp."),
    Field("env", .map(environmentValue), "Its variables; those of the application are not its own."),
    Field(
      "resources", resources(cpu: ServiceDefaults.sidecarCPU, memory: ServiceDefaults.sidecarMemory),
      "What it is given."),
    Field("probes", sidecarProbes, "Without them it counts as started and ready once it runs."),
  ])

  private static let jobFields = [
    Field("image", .notation(.image), default: "the service's", "As that of a container."),
    Field("command", .list(.string), default: "the image's", "What is run."),
    Field("args", .list(.prose), default: "the image's", "Its arguments."),
    Field("env", .map(environmentValue), "Variables over those of the service."),
    Field("resources", resources(cpu: ServiceDefaults.cpu, memory: ServiceDefaults.memory), "What it is given."),
    Field("deadline", .duration, default: "1h", "How long it may take, with all its retries."),
    Field("retries", .integer(0...100), default: "3", "How often a pod that failed is followed by another."),
  ]

  static let job = Shape.object(
    jobFields + [
      Field(
        "when", .word(MicroserviceSpec.Job.Moment.allCases.map(\.rawValue)), default: "before",
        "`before` the pods of the new revision, which wait until it has succeeded, or `after` they are ready.")
    ])

  static let scheduledJob = Shape.object(
    [
      Field(
        "schedule", .notation(.schedule), required: true, "Minute, hour, day, month, weekday; or `@hourly`, `@daily`."),
      Field("zone", .notation(.zone), default: "UTC", "The time zone that the schedule is told in."),
      Field(
        "concurrency", .word(MicroserviceSpec.ScheduledJob.Concurrency.allCases.map(\.rawValue)), default: "forbid",
        "What happens at a time at which the run before still goes on: the new one is left out (`forbid`), runs beside it "
          + "(`allow`), or takes its place (`replace`)."),
      Field("startWithin", .duration, default: "5m", "How late a run may still begin."),
      Field("suspended", .bool, default: "false", "Whether no run begins."),
    ] + jobFields)

  private static let probeFields = [
    Field("path", .path, default: "`health`", "Answers GET with a success."),
    Field("command", .list(.string), "Ends with 0. Not for the application's readiness, which its sidecar finds out."),
    Field("tcp", .bool, default: "false", "Whether it suffices that the port accepts. As above."),
    Field("period", .duration, default: "10s; startup 1s, readiness 2s", "How often it is asked, in whole seconds."),
    Field("timeout", .duration, default: "2s", "How long an answer may take, in whole seconds."),
    Field("failures", .integer(1...1000), default: "3; startup 120, readiness 2", "After how many failures it counts."),
  ]

  private static func probes(readiness: Shape) -> Shape {
    .object([
      Field("readiness", readiness, "Whether it is given requests."),
      Field("liveness", .either([.word(["off"]), .object(probeFields)]), "Whether it is started anew; `off`: never."),
      Field(
        "startup", .either([.word(["off"]), .object(probeFields)]),
        "Until it succeeds the other probes wait; `off`: none."),
    ])
  }

  /// The application is ready when a request through its sidecar would be answered: no other way tells that.
  static let serviceProbes = probes(
    readiness: .object(probeFields.filter { !["command", "tcp"].contains($0.name) }))
  static let sidecarProbes = probes(readiness: .either([.word(["off"]), .object(probeFields)]))
}
