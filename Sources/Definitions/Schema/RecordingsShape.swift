/// `recordings.yaml`, field by field.
enum RecordingsShape {
  static let document = Shape.object([
    Field("apiVersion", .word(["sakigake.dev/v1"]), required: true),
    Field("kind", .word(["Recordings"]), required: true),
    Field("metadata", .object([Field("name", .name, required: true)]), required: true),
    Field(
      "spec",
      .object([
        Field("campaigns", .list(campaign)),
        Field("capacity", .list(capacity)),
        Field("lead", lead),
        Field("objective", .percent(upTo: 100)),
      ]), required: true),
  ])

  static let series = Shape.either([
    .string, .object([Field("file", .string, required: true), Field("series", .string)]),
  ])

  static let campaign = Shape.object([
    Field("kind", .name, required: true),
    Field("audience", .integer(1...10_000_000_000), required: true),
    // A moment, a time of day or a span, by the clock of the series.
    Field("sendAt", .text, required: true),
    Field("load", series, required: true),
    Field("window", .duration),
  ])

  static let capacity = Shape.object([
    Field("service", .serviceName, required: true),
    Field("requests", series, required: true),
    Field("failed", series, required: true),
    Field("ready", series, required: true),
  ])

  static let lead = Shape.object([
    Field("schedule", series), Field("imagePull", series), Field("start", series), Field("ready", series),
    Field("node", series),
  ])
}
