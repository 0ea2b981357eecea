/// `platform.yaml`, field by field.
enum PlatformShape {
  static let document = Shape.object([
    Field("apiVersion", .word(["sakigake.dev/v1"]), required: true),
    Field("kind", .word(["Platform"]), required: true),
    Field("metadata", .object([Field("name", .name, required: true)]), required: true),
    Field("spec", .object(spec), required: true),
    Field("environments", .map(.object(spec))),
  ])

  static let spec = [
    Field("cluster", .string),
    Field("region", .string),
    Field("registry", .string),
    Field("tag", .text),
    Field("namespace", .name),
    Field("nodeGroups", .list(nodeGroup)),
    Field(
      "mesh",
      .object([
        Field("controlPlane", .string), Field("loopback", .word(["localhost", "podIP"])), Field("image", .string),
      ])),
    Field("pushes", pushes),
    Field("tags", .labels),
  ]

  static let nodeGroup = Shape.object([
    Field("name", .name, required: true),
    Field("instanceType", .string, required: true),
    Field("cpu", .quantity, required: true),
    Field("memory", .quantity, required: true),
    Field("pods", .integer(1...1000)),
    Field("min", .integer(0...10_000)),
    Field("max", .integer(1...10_000), required: true),
    Field("spot", .bool),
    Field("boot", .duration),
    Field("pricePerHour", .number(above: 0)),
    Field("labels", .labels),
  ])

  static let pushes = Shape.object([
    Field("margin", .duration),
    Field("utilization", .percent(upTo: 100)),
    // How often floors may be lowered after a push.
    Field("release", .duration),
    Field(
      "lead",
      .object([
        Field("schedule", .duration), Field("imagePull", .duration), Field("start", .duration),
        Field("ready", .duration), Field("node", .duration),
      ])),
    Field(
      "kinds",
      .map(
        .object([
          Field("openRate", .percent(upTo: 100), required: true), Field("rise", .duration), Field("hold", .duration),
          Field("fall", .duration),
        ]))),
  ])
}
