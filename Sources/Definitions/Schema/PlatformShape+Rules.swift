import Kubernetes

/// What services are held to, and who is told.
extension PlatformShape {
  static let logs = Shape.object([
    Field(
      "papertrail",
      .object([
        Field("host", .notation(.host), required: true, "The log destination's host."),
        Field("port", .integer(1...65535), required: true, "Its port, for syslog over TLS."),
        Field("secret", .name, "The Secret with its certificate authority or token, in the platform's namespace."),
      ]), "A Papertrail log destination.")
  ])

  static let alerts = Shape.object([
    Field(
      "prometheus", .bool, default: "false",
      "Whether the cluster has the Prometheus operator: services' alerts become PrometheusRules, their sidecars are scraped."
    ),
    Field("scrapedFrom", .name, default: "monitoring", "The namespace of Prometheus, from which pods may be scraped."),
    Field("labels", .labels, "Of PrometheusRules and PodMonitors, where Prometheus looks for some only."),
    Field(
      "routes",
      .object(
        MicroserviceSpec.Alert.Severity.allCases.map { Field($0.rawValue, .string, "Of alerts of this severity.") }),
      "By severity: the receiver, as label `route` of each alert."),
    Field(
      "snsTopic", .notation(.arn),
      "Where CloudWatch's alarms are told, of whatever severity. Without it: topics `CLUSTER-alerts-SEVERITY`."),
  ])

  static let names = Shape.object([
    Field("service", .notation(.expression), "A regular expression that the names of services match as a whole."),
    Field(
      "role", .notation(.template), default: PlatformDefinition.Names().role.text,
      "The IAM role of a service that has permissions: "
        + NameTemplate.parts.map { "`{\($0)}`" }.joined(separator: ", ")
        + "; at most 64 letters."),
  ])

  private static let amounts = [
    Field("pods", .integer(1...100_000), "Pods."),
    Field("cpu", .quantity, "CPU requested by all pods."),
    Field("memory", .quantity, "Memory requested by all pods."),
    Field("storage", .quantity, "Storage claimed."),
  ]

  static let quotas = Shape.object([
    Field("service", .object(amounts), "What one service may have at its `scale.max`."),
    Field("services", .map(.object(amounts)), "The same for a service by its name, over `service`."),
    Field("namespace", .object(amounts), "What all services may have together: a ResourceQuota."),
  ])

  private static let prefixes = Shape.list(.notation(.template))

  static let owns = Shape.object([
    Field("tables", prefixes, "Beginnings of the names of DynamoDB tables: `{service}-`."),
    Field("buckets", prefixes, "The same of S3 buckets."),
    Field("queues", prefixes, "The same of SQS queues."),
    Field("actions", .list(.notation(.actionPattern)), "Actions that may be allowed at all: `dynamodb:*`, `s3:Get*`."),
    Field(
      "boundary", .notation(.arn),
      "The permissions boundary of every role. Without it: `CLUSTER-boundary`, which allows `actions`."),
  ])

  static let guardrails = Shape.object([
    Field(
      "rules", .map(.word(PlatformDefinition.Guardrails.Severity.allCases.map(\.rawValue))),
      "By a rule's id: how strictly it is kept."),
    Field(
      "waivers", .object([Field("by", .list(.name), required: true, "Owners.")]), "Who may waive a rule for a time."),
  ])
}
