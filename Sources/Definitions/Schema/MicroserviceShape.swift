import Kubernetes

/// `microservice.yaml`, field by field. What runs in a pod, and how its pods are operated, stand in files beside this one.
enum MicroserviceShape {
  static let document = Shape.object([
    Field("apiVersion", .word(["sakigake.dev/v1"]), required: true, "The version of this format."),
    Field("kind", .word(["Microservice"]), required: true, "What the document defines."),
    Field("metadata", metadata, required: true, "What it is called."),
    Field("spec", spec, required: true, "What it is."),
    Field(
      "environments", .map(spec.relaxed),
      "By the names of the platform's environments: any fields of `spec` again. Maps are merged, all else is replaced, "
        + "lists too. Nothing can be removed."),
  ])

  static let metadata = Shape.object([
    Field("name", .serviceName, required: true, "The service: at most 63 of a-z, 0-9 and `-`, a letter first."),
    Field(
      "labels", .labels,
      "Set on every object and on pods. Keys under `sakigake.dev/` and `calls.sakigake.dev/`, `app.kubernetes.io/name` and "
        + "`app.kubernetes.io/managed-by` are the platform's."),
    Field("annotations", .map(.prose), "Set on every object. Keys under `sakigake.dev/` are the platform's."),
  ])

  static let spec = Shape.object([
    Field("owner", .name, required: true, "The team that is asked about it; a label."),
    Field(
      "image", .repository, required: true,
      "The repository in the platform's registry, without a tag: that comes with the deployment."),
    Field("command", .list(.string), default: "the image's", "What is run."),
    Field("args", .list(.prose), default: "the image's", "Its arguments."),
    Field(
      "port", .integer(1...65535), required: true,
      "Where the application listens, on the pod's address. 15000 to 15199 are the sidecar's."),
    Field(
      "health", .path, default: ServiceDefaults.health,
      "Answers GET with a success while the application works. Start, liveness and, through the sidecar, readiness."),
    Field("probes", serviceProbes, "What is different from the convention."),
    Field("resources", resources(cpu: ServiceDefaults.cpu, memory: ServiceDefaults.memory), "What a pod is given."),
    Field("env", .map(environmentValue), "Variables. Numbers and words are taken as they are written."),
    Field(
      "config", .string,
      "A directory beside the file. Its files are mounted at `/config`, from a ConfigMap that is named by its content, so "
        + "that a change is a rollout. 1 MiB at most."),
    Field("secrets", .named(secret), "By the Secret's name: where it comes from, and where it is mounted."),
    Field("volumes", .named(volume), "By name: space to write to; all else in a container can only be read."),
    Field(
      "containers", .named(sidecar),
      "By name: further containers of every pod, started before the application and stopped after it."),
    Field("jobs", .named(job), "By name: what is run once at each deployment."),
    Field("cron", .named(scheduledJob), "By name: what is run by the clock."),
    Field(
      "calls", .list(.either([.serviceName, call])),
      "Services that this one calls, at most 100: `users`, or `{ service: users, perRequest: 0.5 }`. The application finds "
        + "each at `USERS_URL`, and may connect to no other."),
    Field("expose", expose, "Makes the service reachable from outside the cluster; `{}` suffices."),
    Field("network", network, "Traffic beside that which follows from `calls` and `expose`."),
    Field("scale", scale, "How many pods there are."),
    Field("capacity", capacity, "What one pod serves within its objective."),
    Field(
      "rightsize", .either([.word(rightsizeModes), rightsize]), default: "off",
      "Whether what is requested follows what is used: `off`, `recommend`, `auto`, or a map with bounds."),
    Field(
      "spot", .word(["never", "preferred", "only"]), default: "preferred",
      "`never`: nodes on demand only; `preferred`: spot nodes where there is a choice; `only`: nothing else."),
    Field(
      "release", release, "How a new revision takes over. No effect yet: the service is released by a rolling update."),
    Field("alerts", .named(alert), "By name: what a person is told of."),
    Field("permissions", .list(permission), "What it may do in the cloud, at most 100 entries."),
    Field("tags", .labels, "By name, at most 59 letters: labels `sakigake.dev/tag-NAME` beside the platform's own."),
    Field("waivers", .list(waiver), "Rules of the guardrails that it need not keep for a time, each once."),
    Field(
      "extend", .object(extensibleKinds.map { Field($0, .free, "A patch of each \($0).") }),
      "By kind: a strategic merge patch of the objects of that kind, for the rare thing that is not said here."),
  ])

  static let call = Shape.object([
    Field("service", .serviceName, required: true, "The called service."),
    Field(
      "perRequest", .number(above: 0), default: "1",
      "Calls made for one request served, on average. Load is carried along it when a push is planned."),
  ])

  static let expose = Shape.object([
    Field("host", .notation(.host), "The name that it is reached at, where the platform has an `ingress`."),
    Field("path", .path, default: "/", "The beginning of the paths that it serves."),
    Field("nodePort", .integer(30000...32767), default: "the cluster's choice", "A port on every node."),
    Field(
      "priority", .integer(1...50_000), default: "by host and path",
      "Where the load balancer is Terraform's: its rule is looked at before those of higher numbers."),
  ])

  static let network = Shape.object([
    Field(
      "from", .list(.notation(.peer)),
      "Who may connect besides the services that declare it in `calls`: `gateway`, `namespace/monitoring`, `10.0.0.0/8`."
    ),
    Field(
      "to", .list(.notation(.peerPort)),
      "To whom it may connect past the mesh, with the port: `namespace/databases:5432`, `10.1.0.0/16:6379`."),
    Field(
      "egress", .list(.notation(.hostPort)),
      "Names outside of the cluster, port 443 where none is given: `api.example.com`, `*.example.com:8443`. Network policies "
        + "know no names: their ports are opened to all public addresses."),
    Field(
      "groups", .list(.notation(.securityGroup)),
      "Security groups of its pods and jobs instead of their nodes', where the platform has `cloud.podSecurityGroups`; at most "
        + "16: the output `security_group_id` of its Terraform, and others."),
  ])

  static func resources(cpu: String, memory: String) -> Shape {
    .object([
      Field(
        "cpu", .quantity, default: cpu, "Requested. There is no CPU limit: it would throttle just when a burst comes."),
      Field("memory", .quantity, default: memory, "Requested, and the limit."),
    ])
  }
}

/// What holds where nobody says otherwise, as it would be written.
enum ServiceDefaults {
  static let health = "/"
  static let cpu = "250m"
  static let memory = "256Mi"
  static let sidecarCPU = "50m"
  static let sidecarMemory = "64Mi"
}
