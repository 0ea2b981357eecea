/// `microservice.yaml`, field by field.
enum MicroserviceShape {
  static let document = Shape.object([
    Field("apiVersion", .word(["sakigake.dev/v1"]), required: true),
    Field("kind", .word(["Microservice"]), required: true),
    Field("metadata", metadata, required: true),
    Field("spec", .object(spec(requiring: ["owner", "image", "port"])), required: true),
    Field("environments", .map(.object(spec(requiring: [])))),
  ])

  static let metadata = Shape.object([
    Field("name", .serviceName, required: true),
    Field("labels", .labels),
    Field("annotations", .map(.prose)),
  ])

  /// An environment may state any field of the specification again, and needs none.
  static func spec(requiring required: Set<String>) -> [Field] {
    var fields = [
      Field("owner", .name),
      Field("image", .repository),
      Field("port", .integer(1...65535)),
      Field("health", .path),
      Field("resources", .object([Field("cpu", .quantity), Field("memory", .quantity)])),
      Field("env", .map(environmentValue)),
      Field("config", .string),
      Field("calls", .list(.either([.serviceName, call]))),
      Field(
        "expose",
        .object([Field("host", .string), Field("path", .path), Field("nodePort", .integer(30000...32767))])),
      Field("scale", scale),
      Field(
        "capacity",
        .object([
          Field("requestsPerSecond", .number(above: 0), required: true), Field("utilization", .percent(upTo: 100)),
        ])),
      Field("spot", .word(["never", "preferred", "only"])),
      Field("release", release),
      Field("permissions", .list(permission)),
    ]
    for index in fields.indices where required.contains(fields[index].name) { fields[index].isRequired = true }
    return fields
  }

  static let environmentValue = Shape.either([
    .text,
    .object([Field("secret", .string), Field("config", .string), Field("key", .string, required: true)]),
  ])

  static let call = Shape.object([
    Field("service", .serviceName, required: true), Field("perRequest", .number(above: 0)),
  ])

  static let scale = Shape.object([
    Field("min", .integer(1...10_000)),
    Field("max", .integer(1...10_000)),
    Field(
      "on",
      .list(
        .object([
          Field("cpu", .percent(upTo: 1000)), Field("memory", .percent(upTo: 1000)),
          Field("requestsPerSecond", .number(above: 0)),
        ]))),
    Field("push", .bool),
  ])

  static let release = Shape.object([
    Field(
      "canary",
      .object([
        Field("steps", .list(.percent(upTo: 100))),
        Field("bake", .duration),
        Field("expect", .object([Field("successRate", .percent(upTo: 100)), Field("p99", .duration)])),
      ]))
  ])

  static let permission = Shape.object([
    Field("allow", .list(.string), required: true), Field("on", .either([.string, .list(.string)])),
  ])
}
