import Kubernetes

/// `platform.yaml`, field by field. What services are held to stands in the file beside this one.
enum PlatformShape {
  static let document = Shape.object([
    Field("apiVersion", .word(["sakigake.dev/v1"]), required: true, "The version of this format."),
    Field("kind", .word(["Platform"]), required: true, "What the document defines."),
    Field(
      "metadata", .object([Field("name", .name, required: true, "The platform.")]), required: true, "What it is called."
    ),
    Field("spec", spec, required: true, "What it is."),
    Field(
      "environments", .map(spec.relaxed),
      "By name: any fields of `spec` again. Maps are merged, all else is replaced, lists too. `-e` must name one of them."
    ),
  ])

  static let spec = Shape.object([
    Field("cluster", .string, default: "`metadata.name`", "The cluster's name."),
    Field("region", .string, "The cloud's region."),
    Field("account", .notation(.account), "The account at AWS; service accounts get their roles in it."),
    Field("registry", .string, "Stands before every image: `REGISTRY/IMAGE:TAG`."),
    Field("tag", .text, "The tag where `--tag` gives none, as written: `1.20` stays `1.20`."),
    Field("namespace", .name, default: "default", "Where services are applied."),
    Field("nodeGroups", .list(nodeGroup), "The nodes that there may be."),
    Field("mesh", mesh, "The sidecars."),
    Field(
      "ingress", ingress,
      "The load balancer before exposed services that have a `host` or a `path`."),
    Field("cloud", cloud, "What the cluster in the cloud is, where the conventions of `sakigake terraform` do not do."),
    Field("secrets", secrets, "Where the secrets of services come from."),
    Field("rightsize", rightsize, "Who may change what services request."),
    Field("pushes", pushes, "How pushes are planned."),
    Field("logs", logs, "Where logs go. No effect yet: no shipper is rendered."),
    Field("alerts", alerts, "How people are told."),
    Field("tags", .labels, "By name, at most 59 letters: labels `sakigake.dev/tag-NAME` on every object."),
    Field("mandatoryTags", .list(.string), "Tags that every service must have, from here or from its own `tags`."),
    Field("names", names, "What things are called."),
    Field("quotas", quotas, "How much there may be."),
    Field("owns", owns, "What a service may have permissions on."),
    Field("guardrails", guardrails, "How strictly `sakigake check` keeps rules."),
  ])

  static let nodeGroup = Shape.object([
    Field("name", .name, required: true, "What it is called."),
    Field("instanceType", .string, "What its nodes are. Either this or `instanceTypes` is needed."),
    Field(
      "instanceTypes", .list(.string),
      "Types of one size, any of which will do. The first is planned and priced with."),
    Field("cpu", .quantity, required: true, "What a node has for pods."),
    Field("memory", .quantity, required: true, "What a node has for pods."),
    Field("pods", .integer(1...1000), default: "110", "How many it takes."),
    Field("min", .integer(0...10_000), default: "0", "Nodes that are always there."),
    Field("max", .integer(1...10_000), required: true, "Nodes at most."),
    Field(
      "spot", .either([.bool, .percent(upTo: 100)]), default: "false",
      "May be taken back by the cloud at short notice. A share, such as `70%`, makes two groups: `NAME-spot` with that share "
        + "of `max`, and `NAME` with the rest and `min`."),
    Field("boot", .duration, default: "90s", "From the request to a node that takes pods."),
    Field("pricePerHour", .number(above: 0), default: "0", "For reports, and to choose among groups."),
    Field(
      "spotPricePerHour", .number(above: 0), default: "`pricePerHour`",
      "The same of the spot part, where `spot` is a share."),
    Field("labels", .labels, "Of its nodes."),
  ])

  static let mesh = Shape.object([
    Field(
      "controlPlane", .string, default: PlatformDefinition.controlPlane,
      "`HOST:PORT` where sidecars are told what to do; `node`: each node says it (the local cluster)."),
    Field(
      "loopback", .word(["localhost", "podIP"]), default: "localhost",
      "Where a sidecar listens for its application. `podIP` where pods share one host's loopback (the local cluster)."),
    Field("image", .string, default: PlatformDefinition.Mesh().image, "The sidecar."),
  ])

  static let ingress = Shape.object([
    Field(
      "by", .word(PlatformDefinition.Ingress.Maker.allCases.map(\.rawValue)), default: "controller",
      "Who makes it: the AWS Load Balancer Controller, from Ingresses; or Terraform, from what `sakigake terraform` writes, "
        + "with no Ingress."),
    Field("class", .name, default: "alb", "The IngressClass."),
    Field("scheme", .word(["internet-facing", "internal"]), default: "internet-facing", "Who can reach it."),
    Field("group", .name, default: "`metadata.name`", "Services of one group share one load balancer."),
    Field("certificate", .notation(.arn), "The certificate for HTTPS; without it there is HTTP only."),
    Field("from", .list(.notation(.cidr)), default: "[0.0.0.0/0]", "Addresses that reach pods through node ports."),
  ])

  static let cloud = Shape.object([
    Field(
      "network", .notation(.network), default: "10.0.0.0/16",
      "The addresses of the whole network, /16 to /20: a quarter for each of three zones' nodes and pods, the last for load "
        + "balancers."),
    Field("zones", .list(.name), default: "the account's first three", "The three zones."),
    Field("kubernetes", .text, default: "EKS' newest at that time", "The version of the cluster: `1.33`."),
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    Field("logDays", .integer(1...3653), default: "30", "How long CloudWatch keeps logs: 1, 3, 5, 7, 14, 30, 60, 90 …"),
    // https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html
    Field(
      "podSecurityGroups", .bool, default: "false",
      "Whether pods can have security groups of their own: services' `network.groups` become SecurityGroupPolicies of the AWS "
        + "VPC CNI, and Terraform sets the cluster up for it. Its nodes must be of types that take trunk interfaces, which `t` "
        + "types are not."),
  ])

  static let secrets = Shape.object([
    Field(
      "store", .string,
      "The ClusterSecretStore of External Secrets that reads AWS Secrets Manager, or `none`: Secrets are made by hand.")
  ])

  static let rightsize = Shape.object([
    Field(
      "verticalPodAutoscaler", .bool, default: "false",
      "Whether the cluster has the VerticalPodAutoscaler, which services' `rightsize` is given to.")
  ])

  static let pushes = Shape.object([
    Field(
      "margin", .duration, default: "10s",
      "How much earlier than the 99th percentile of the lead time preparation starts."),
    Field(
      "utilization", .percent(upTo: 100), default: "70%",
      "The share of a pod's capacity to plan for, where a service does not say."),
    Field("release", .duration, default: "30s", "Floors go down at most once in this time."),
    Field(
      "lead",
      .object([
        Field("schedule", .duration, default: "1s", "Until a pod has its node."),
        Field("imagePull", .duration, default: "10s", "Until its images are there."),
        Field("start", .duration, default: "5s", "Until it runs."),
        Field("ready", .duration, default: "5s", "Until it is ready."),
        Field(
          "node", .duration, default: "180s",
          "From a pod that finds no room to a node booted for it, where node groups do not tell their own boot time."),
      ]), "Stages of a pod's start, until they have been seen often enough."),
    Field(
      "kinds",
      .map(
        .object([
          Field("openRate", .percent(upTo: 100), required: true, "The share of the audience that opens."),
          Field("rise", .duration, default: "5s", "From the send until the load is at its height."),
          Field("hold", .duration, default: "40s", "How long it stays there."),
          Field("fall", .duration, default: "20s", "How long it falls."),
        ])),
      "By name: how the recipients of a kind of push answer. `default` is for pushes without a kind. A kind that nobody "
        + "declared is planned with 10% and the spans stated there."),
  ])
}
