import Kubernetes

extension CustomResources {
  static let campaignColumns = [
    column("Kind", "string", ".spec.kind", "The kind of campaign"),
    column("Audience", "integer", ".spec.audience", "How many are notified"),
    column("Send At", "string", ".spec.sendAt", "When it is sent"),
    column("Phase", "string", ".status.phase", "How far it is"),
    column("Ready At", "string", ".status.readyAt", "When capacity is, or is expected to be, there"),
    age,
  ]

  static let campaignSchema = SchemaPart.root(
    "A push notification that is going to be sent, and the capacity it needs.", required: ["spec"],
    ["spec": campaignSpec, "status": campaignStatus])

  private static let campaignSpec = SchemaPart.object(
    "What is going to be sent", required: ["audience"],
    [
      "sendAt": SchemaPart.time("When it is sent; left out: as soon as possible"),
      "audience": SchemaPart.integer("How many are notified", min: 1, max: PushRequest.audienceMax),
      "kind": SchemaPart.string("The kind of campaign, from which its open rate is known", max: 63),
      "services": SchemaPart.array(
        "The exposed services that recipients open; empty: every one with scale.push", max: PushRequest.servicesMax,
        of: SchemaPart.string("A service's name", max: 63)),
      "cancelled": SchemaPart.boolean("Whether it is not going to be sent after all"),
    ])

  private static let campaignStatus = SchemaPart.object(
    "Written by the prescaler", preservingUnknown: true,
    [
      "phase": SchemaPart.string("Planned, Preparing, Ready, Active, Releasing, Released or Cancelled"),
      "message": SchemaPart.string("What to know about it"),
      "startAt": SchemaPart.time("When preparing starts"),
      "readyAt": SchemaPart.time("When capacity is, or is expected to be, there"),
      "releasedAt": SchemaPart.time("When the last floor was given back"),
      "floors": SchemaPart.array(
        "What each service must have while the push is on", max: 1000,
        of: SchemaPart.object(
          "One service's floor",
          [
            "service": SchemaPart.string("The service"), "replicas": SchemaPart.integer("Replicas to have", min: 0),
            "ready": SchemaPart.integer("Replicas ready", min: 0),
            "declared": SchemaPart.integer("The service's own minimum", min: 0),
            "peakLoad": SchemaPart.number("Expected requests per second of this push at its peak", min: 0),
            "baseLoad": SchemaPart.number("Requests per second without any push, as the floor was sized on", min: 0),
          ])),
      "nodeGroups": SchemaPart.array(
        "Nodes to have while the push is on", max: 100,
        of: SchemaPart.object(
          "One node group's floor",
          [
            "group": SchemaPart.string("The node group"), "nodes": SchemaPart.integer("Nodes to have", min: 0),
            "ready": SchemaPart.integer("Nodes ready", min: 0),
          ])),
      "sendRate": SchemaPart.number("Requests per second that the edge serves safely until readyAt", min: 0),
      "pacePerSecond": SchemaPart.number("Notifications per second to send until readyAt", min: 0),
      "conditions": SchemaPart.array("Conditions", max: 20, of: SchemaPart.free("A condition")),
    ])
}
