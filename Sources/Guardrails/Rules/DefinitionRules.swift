import Definitions
import Kubernetes

/// What only a definition tells, and what its platform holds it to.
extension Rule {
  private static func kept(_ topic: PlatformTopic) -> Check {
    .service { service, platform in service.broken(topic, on: platform) }
  }

  /// `s3:D*`: few letters before a star are many actions.
  private static func isWideAction(_ action: String) -> Bool {
    let name = action.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
    return name.hasSuffix("*") && name.count <= 3
  }

  /// An ARN without the beginning of a name: `…:table/*`, `…:secret:*`, `arn:aws:s3:::*`.
  private static func isWideResource(_ resource: String) -> Bool {
    let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, let name = parts.last, name.hasSuffix("*") else { return false }
    let before = name.dropLast()
    // In S3 what stands before the slash is a bucket's name.
    if before.isEmpty { return true }
    guard parts[2] != "s3", let mark = before.last, mark == "/" || mark == ":" else { return false }
    return !before.dropLast().contains { $0 == "/" || $0 == ":" }
  }

  static let definitions: [Rule] = [
    Rule(
      "service-name", .error, "Services are named as the platform says",
      because: "Dashboards, roles and alarms are found by names.", remedy: "rename the service", kept(.names)),
    Rule(
      "mandatory-tags", .error, "Services have the tags that the platform asks for",
      because: "Costs and questions must find their owner.", remedy: "add the tag", kept(.tags)),
    Rule(
      "quota", .error, "Services keep within their quota", because: "What one takes, another one lacks.",
      remedy: "lower scale.max, or have the quota raised", kept(.quotas)),
    Rule(
      "owned-resources", .error, "Services touch only what is theirs",
      because: "Another one's table changes without anybody knowing why.",
      remedy: "call the service that owns it", kept(.permissions)),
    Rule(
      "alerts", .warning, "Services that are watched have alerts", because: "Otherwise it is users who tell.",
      remedy: "add alerts: { errors: { when: errorRate > 1% } }",
      .service { service, platform in
        guard platform.alerts.prometheus, service.microservice.spec.alerts.isEmpty else { return [] }
        return [
          Diagnostic(.warning, at: service.namePlace, "\(service.microservice.metadata.name) has no alerts")
        ]
      }),
    Rule(
      "iam-wildcard", .error, "Permissions name their actions and resources",
      because: "A role with a wildcard may do what nobody thought of.",
      remedy: "name the actions, and the resource or the beginning of its name",
      .service { service, _ in
        let spec = service.microservice.spec
        return spec.permissions.enumerated().flatMap { index, permission -> [Diagnostic] in
          let actions = permission.allow.filter(isWideAction)
          let resources = permission.on.filter(isWideResource)
          let path = ObjectPath("permissions").element(index)
          return (actions + resources).map { word in
            Diagnostic(at: service.place(at: path), "spec.permissions: \(word) is too wide")
          }
        }
      }),
    Rule(
      "spot-only", .warning, "A service on nothing but spot nodes has several pods",
      because: "One pod is away for minutes whenever its node is taken.",
      remedy: "set scale.min: 2, or spot: preferred",
      .service { service, _ in
        guard service.microservice.spec.spot == "only", service.microservice.spec.scale.min < 2 else { return [] }
        return [Diagnostic(.warning, at: service.place(of: "spot"), "its only pod is on a spot node")]
      }),
    Rule(
      "capacity", .info, "Services that pushes drive say what a pod can take",
      because: "Without it a push is sized by guess.", remedy: "add capacity: { requestsPerSecond: … }, as measured",
      .service { service, _ in
        guard service.microservice.spec.scale.push, service.microservice.spec.capacity == nil else { return [] }
        return [Diagnostic(.warning, at: service.place(of: "scale", "push"), "says not what a pod can take")]
      }),
  ]

  static let waiver = Rule(
    "waiver", .error, "Waivers have an owner who may, a reason, and a day on which they end",
    because: "An exception that nobody remembers is the rule.", remedy: Waiver.notation, .built)
  static let setting = Rule(
    "guardrail-setting", .warning, "A platform sets rules that there are",
    because: "A setting with a typing error sets nothing.",
    remedy: "sakigake check --rules lists them", .built)

  static let built = [waiver, setting]
}

extension ServiceDefinition {
  func place(at path: ObjectPath) -> SourcePlace {
    let found = spec.walked(path)
    return SourcePlace(file: file, line: found.line, column: found.column)
  }
}
