/// `rehearsal.yaml` and the table of prices, field by field.
enum RehearsalShape {
  static let document = Shape.object([
    Field("apiVersion", .word(["sakigake.dev/v1"]), required: true),
    Field("kind", .word(["Rehearsal"]), required: true),
    Field("metadata", .object([Field("name", .name, required: true)]), required: true),
    Field("spec", .object(spec), required: true),
  ])

  static let spec = [
    Field("fleet", .either([.string, .list(.string)])),
    Field("platform", .string),
    Field("environment", .name),
    Field("tag", .text),
    // A moment with its offset, in which times of day are told.
    Field("start", .text, required: true),
    Field("duration", .duration),
    Field("load", .map(.either([.object(load), .rate])), required: true),
    Field("pushes", .list(push)),
    Field("troubles", .list(trouble)),
    Field("pods", .map(.object(pod))),
    Field(
      "cloud",
      .object([
        Field("zones", .list(.name)), Field("bootJitter", .percent(upTo: 100)),
        Field("interruptionNotice", .duration), Field("metricsDelay", .duration),
      ])),
    Field("prices", .either([.object(prices), .string])),
    Field("objective", .percent(upTo: 100)),
  ]

  static let load = [
    Field("daily", .map(.rate)), Field("file", .string), Field("series", .string), Field("from", .text),
    Field("times", .number(above: 0)),
  ]

  static let push = Shape.object([
    Field("name", .name, required: true),
    Field("sendAt", .text, required: true),
    Field("announcedBefore", .duration),
    Field("audience", .integer(1...10_000_000_000), required: true),
    Field("kind", .name),
    Field("services", .list(.serviceName)),
    Field(
      "response",
      .object([
        Field("openRate", .percent(upTo: 100), required: true), Field("rise", .duration), Field("hold", .duration),
        Field("fall", .duration),
      ])),
  ])

  static let trouble = Shape.object([
    Field("at", .text, required: true),
    Field("kind", .word(RehearsalDefinition.Trouble.Kind.allCases.map(\.rawValue)), required: true),
    Field("for", .duration),
    Field("group", .name),
    Field("share", .percent(upTo: 100)),
    Field("zone", .name),
    Field("factor", .number(above: 0)),
    Field("delay", .duration),
  ])

  static let pod = [
    Field("requestsPerSecond", .number(above: 0)),
    Field("serviceTime", .duration),
    Field("queue", .integer(0...1_000_000)),
    Field("timeout", .duration),
    Field("retries", .integer(0...10)),
    Field("start", .duration),
    Field("imagePull", .duration),
    Field("idle", .quantity),
    Field("cpuPerRequest", .quantity),
    Field("memory", .quantity),
  ]

  static let pricesDocument = Shape.object([
    Field("apiVersion", .word(["sakigake.dev/v1"]), required: true),
    Field("kind", .word(["Prices"]), required: true),
    Field("metadata", .object([Field("name", .name, required: true)]), required: true),
    Field("spec", .object(prices), required: true),
  ])

  static let prices = [
    // A day, such as 2026-11-01.
    Field("date", .text, required: true),
    Field("region", .string, required: true),
    Field("currency", .string),
    Field(
      "perHour",
      .map(.object([Field("onDemand", .number(above: 0), required: true), Field("spot", .number(above: 0))])),
      required: true),
  ]
}
