import Kubernetes

/// How pods are operated: dials that two would turn, steps that go back, alerts that cannot tell anything.
extension CheckedDocument {
  var rightsizing: [Diagnostic] {
    guard let node = spec["rightsize"] else { return [] }
    var found: [Diagnostic] = []
    let mode = node["mode"]?.text ?? (node.members.isEmpty ? node.text : "recommend")
    let targets = spec["scale"]?["on"]?.elements.compactMap { $0.members.first?.key } ?? ["cpu"]
    if mode == "auto", let measure = targets.first(where: { ["cpu", "memory"].contains($0) }) {
      found.append(
        error(
          node, "spec.rightsize: auto changes what the share of \(measure) in scale.on is a share of",
          "scale on requestsPerSecond, or use recommend"))
    }
    for name in ["cpu", "memory"] {
      guard let low = node["min"]?[name].flatMap({ Quantity(parsing: $0.text) }),
        let high = node["max"]?[name].flatMap({ Quantity(parsing: $0.text) }), low > high
      else { continue }
      found.append(
        error(
          node.nearest("min", name), "spec.rightsize: min \(name) \(low) is above max \(high)", "lower min or raise max"
        ))
    }
    return found
  }

  var releases: [Diagnostic] {
    var found: [Diagnostic] = []
    var last = 0.0
    for step in spec["release"]?["canary"]?["steps"]?.elements ?? [] {
      let share = Units.share(step.text) ?? 0
      if share <= last {
        found.append(
          error(
            step, "spec.release.canary.steps: \(step.text) is not above the step before",
            "write them rising: [5%, 25%, 50%]"))
      }
      last = share
    }
    return found
  }

  var alerts: [Diagnostic] {
    var found: [Diagnostic] = []
    for member in spec["alerts"]?.members ?? [] {
      let path = "spec.alerts.\(member.key)"
      guard let node = member.value["when"], let condition = try? AlertCondition(node.text) else { continue }
      let isLow = [.below, .atMost].contains(condition.comparison)
      switch condition.measure {
      case .successRate, .readyPods:
        if !isLow {
          found.append(error(node, "\(path).when: \(node.text) is true while all is well", "compare with < or <="))
        }
      case .errorRate, .p50, .p90, .p95, .p99, .restarts:
        if isLow {
          found.append(error(node, "\(path).when: \(node.text) is true while all is well", "compare with > or >="))
        }
      case .requestsPerSecond, .cpu, .memory: break
      }
      if [.errorRate, .successRate].contains(condition.measure), condition.bound > 1 {
        found.append(error(node, "\(path).when: more than 100% of the requests", "use 100% at most"))
      }
    }
    return found
  }

  private static let permissionsMax = 100

  var permissions: [Diagnostic] {
    let permissions = spec["permissions"]?.elements ?? []
    var found: [Diagnostic] = []
    if permissions.count > Self.permissionsMax {
      found.append(
        error(
          spec.nearest("permissions"), "spec.permissions has \(permissions.count) entries",
          "at most \(Self.permissionsMax) are possible"))
    }
    var seen: Set<String> = []
    for permission in permissions {
      let resources = Self.texts(permission["on"]).compactMap { CloudResource(reading: $0.text) }
      for action in Self.texts(permission["allow"]) {
        let service = String(action.text.prefix { $0 != ":" })
        if !resources.isEmpty, !resources.contains(where: { $0.service == service }) {
          let kinds = CloudResource.Kind.allCases.filter { $0.service == service }.map { "\($0.rawValue)/NAME" }
          found.append(
            error(
              action, "spec.permissions: \(action.text) is no action on \(Self.texts(permission["on"])[0].text)",
              kinds.isEmpty ? "name the ARN of a resource of \(service)" : "name a \(kinds[0])"))
        }
        for resource in Self.texts(permission["on"]) where !seen.insert("\(action.text) \(resource.text)").inserted {
          found.append(
            error(
              action, "spec.permissions: \(action.text) on \(resource.text) is given twice", "remove one of the two"))
        }
      }
    }
    return found
  }

  /// A text, or a list of them.
  static func texts(_ node: SourceNode?) -> [SourceNode] {
    guard let node else { return [] }
    if case .sequence(let elements) = node.content { return elements }
    return [node]
  }

  /// Of `groups`: what a SecurityGroupPolicy takes
  /// (https://github.com/aws/amazon-vpc-resource-controller-k8s/tree/master/config/crd/bases).
  private static let entriesMax = ["from": 100, "to": 100, "egress": 100, "groups": 16]

  var network: [Diagnostic] {
    ["from", "to", "egress", "groups"].flatMap { field -> [Diagnostic] in
      let nodes = spec["network"]?[field]?.elements ?? []
      var found: [Diagnostic] = []
      let most = Self.entriesMax[field, default: 100]
      if nodes.count > most {
        found.append(
          error(
            spec.nearest("network", field), "spec.network.\(field) has \(nodes.count) entries",
            "at most \(most) are possible"))
      }
      var seen: Set<String> = []
      for node in nodes {
        if !seen.insert(node.text).inserted {
          found.append(error(node, "spec.network.\(field): \(node.text) is given twice", "remove one of the two"))
        }
        if field == "from", NetworkPeer(node.text)?.port != nil {
          found.append(
            error(node, "spec.network.from: \(node.text) has a port", "leave it out: all enter through the sidecar"))
        }
      }
      return found
    }
  }

  private static let waiversMax = 100

  var waivers: [Diagnostic] {
    let waivers = spec["waivers"]?.elements ?? []
    guard waivers.count <= Self.waiversMax else {
      return [
        error(
          spec.nearest("waivers"), "spec.waivers has \(waivers.count) entries",
          "at most \(Self.waiversMax) are possible")
      ]
    }
    var seen: Set<String> = []
    return waivers.compactMap { waiver in
      guard let node = waiver["rule"] else { return nil }
      if !seen.insert(node.text).inserted {
        return error(node, "spec.waivers: \(node.text) is given twice", "remove one of the two")
      }
      guard metadata["annotations"]?[MicroserviceSpec.Waiver.prefix + node.text] != nil else { return nil }
      return error(node, "spec.waivers: \(node.text) is waived in metadata.annotations too", "remove one of the two")
    }
  }

  var tags: [Diagnostic] { tagNames(spec["tags"], at: "spec.tags") }

  func tagNames(_ node: SourceNode?, at path: String) -> [Diagnostic] {
    (node?.members ?? []).filter { $0.key.contains("/") || $0.key.utf8.count > 59 }.map {
      error($0, "\(path): \"\($0.key)\" is not a tag's name", "use letters, digits, -, _ and ., at most 59")
    }
  }
}
