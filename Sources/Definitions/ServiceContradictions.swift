import Kubernetes

/// What the shapes cannot say of a service: fields that exclude or need one another, and names that are taken.
extension CheckedDocument {
  /// Ports that the sidecar listens on: its admin page, the inbound listener, one outbound listener for each call.
  private static let meshPorts = 15000...15199
  private static let callsMax = 100
  /// Set in every container by rendering.
  static let reservedVariables: Set<String> = [
    "PORT", "SERVICE", "POD_NAME", "POD_NAMESPACE", "POD_IP", "MESH_ADDRESS", "SAKIGAKE_XDS_HOST", "SAKIGAKE_XDS_PORT",
  ]

  var contradictions: [Diagnostic] {
    reservedNames + scaling + sizes + calls + variables
  }

  private func error(_ node: SourceNode, _ message: String, _ remedy: String) -> Diagnostic {
    Diagnostic(file: file, line: node.line, column: node.column, message, remedy: remedy)
  }

  private func error(_ member: SourceNode.Member, _ message: String, _ remedy: String) -> Diagnostic {
    Diagnostic(file: file, line: member.keyLine, column: member.keyColumn, message, remedy: remedy)
  }

  private var reservedNames: [Diagnostic] {
    ["labels", "annotations"].flatMap { kind -> [Diagnostic] in
      (metadata[kind]?.members ?? []).compactMap { member in
        let isTaken =
          member.key.hasPrefix("sakigake.dev/")
          || kind == "labels" && [WellKnown.appName, WellKnown.managedBy].contains(member.key)
        guard isTaken else { return nil }
        return error(member, "metadata.\(kind): \"\(member.key)\" is set by the platform", "choose another key")
      }
    }
  }

  private var scaling: [Diagnostic] {
    var found: [Diagnostic] = []
    let minimum = spec["scale"]?["min"]?.json.integerValue
    let maximum = spec["scale"]?["max"]?.json.integerValue
    if let minimum, let maximum, minimum > maximum {
      found.append(
        error(
          spec.nearest("scale", "min"), "spec.scale: min \(minimum) is above max \(maximum)", "lower min or raise max"))
    }
    var seen: Set<String> = []
    for target in spec["scale"]?["on"]?.elements ?? [] {
      guard let measure = target.members.first, target.members.count == 1 else {
        found.append(
          error(
            target, "spec.scale.on: one measure an entry", "write - { cpu: 60% } and - { requestsPerSecond: 120 } apart"
          ))
        continue
      }
      if !seen.insert(measure.key).inserted {
        found.append(error(target, "spec.scale.on: \(measure.key) is given twice", "remove one of the two"))
      }
    }
    return found
  }

  private var sizes: [Diagnostic] {
    var found: [Diagnostic] = []
    if let port = spec["port"]?.json.integerValue, Self.meshPorts.contains(Int(clamping: port)) {
      found.append(
        error(
          spec.nearest("port"), "spec.port: \(port) is one of the sidecar's",
          "use one outside of \(Self.meshPorts.lowerBound) to \(Self.meshPorts.upperBound)"))
    }
    if case .scalar(_, let text)? = spec["resources"]?["memory"]?.content, let amount = Quantity(parsing: text),
      amount < Quantity(bytes: 1 << 20)
    {
      found.append(
        error(
          spec.nearest("resources", "memory"), "spec.resources.memory: \(text) is less than 1Mi",
          "give the unit: 256Mi, 1Gi"))
    }
    return found
  }

  private var calls: [Diagnostic] {
    let calls = spec["calls"]?.elements ?? []
    var found: [Diagnostic] = []
    if calls.count > Self.callsMax {
      found.append(
        error(spec.nearest("calls"), "spec.calls has \(calls.count) services", "at most \(Self.callsMax) are possible"))
    }
    var seen: Set<String> = []
    for call in calls {
      let called = call.json.stringValue ?? call["service"]?.json.stringValue ?? ""
      if called == name { found.append(error(call, "spec.calls: \(called) calls itself", "remove it")) }
      if !seen.insert(called).inserted {
        found.append(error(call, "spec.calls: \(called) is given twice", "remove one of the two"))
      }
    }
    return found
  }

  private var variables: [Diagnostic] {
    let addresses = (spec["calls"]?.elements ?? []).compactMap {
      $0.json.stringValue ?? $0["service"]?.json.stringValue
    }
    .map(Microservice.addressVariable)
    return (spec["env"]?.members ?? []).flatMap { member -> [Diagnostic] in
      var found: [Diagnostic] = []
      let path = "spec.env.\(member.key)"
      if !member.key.isVariableName {
        found.append(
          error(
            member, "\(path): \"\(member.key)\" is not a variable's name", "use letters, digits and _, no digit first"))
      } else if Self.reservedVariables.contains(member.key) || addresses.contains(member.key) {
        found.append(error(member, "\(path) is set by the platform", "remove it, or choose another name"))
      }
      if case .mapping = member.value.content, ["secret", "config"].filter({ member.value[$0] != nil }).count != 1 {
        found.append(
          error(
            member.value, "\(path): needs either a secret or a config, with a key", "write { secret: NAME, key: KEY }"))
      }
      return found
    }
  }
}

extension CheckedDocument {
  /// What is accepted without the effect that its author may expect.
  var warnings: [Diagnostic] {
    var found: [(node: SourceNode, message: String, remedy: String)] = []
    if let node = spec["release"] {
      found.append((node, "spec.release has no effect yet: the service is released by a rolling update", ""))
    }
    if let node = spec["permissions"] {
      found.append((node, "spec.permissions has no effect yet: no cloud policy is rendered from it", ""))
    }
    if let node = spec["expose"]?["host"] ?? spec["expose"]?["path"] {
      found.append(
        (
          node,
          "spec.expose: no load balancer is rendered from host and path; whatever comes to the node port is served", ""
        ))
    }
    if spec["scale"]?["push"]?.json.boolValue == true, spec["capacity"] == nil {
      found.append(
        (
          spec.nearest("scale", "push"),
          "spec.scale.push without spec.capacity: what one pod serves is not known, so \(withoutCapacity)",
          "add capacity: { requestsPerSecond: N }, as measured at your objective"
        ))
    }
    return found.map {
      Diagnostic(.warning, file: file, line: $0.node.line, column: $0.node.column, $0.message, remedy: $0.remedy)
    }.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
  }
}

extension CheckedDocument {
  /// What the prescaler does with a service whose capacity nobody declared.
  private var withoutCapacity: String {
    let target = (spec["scale"]?["on"]?.elements ?? []).lazy.compactMap { $0["requestsPerSecond"]?.json.doubleValue }
      .first
    if let target { return "a push sizes this service by its scaling target of \(target.plain) requests per second" }
    return "a push cannot size this service and keeps its maximum ready"
  }
}

extension Microservice {
  /// The variable in which an application finds a service that it calls: `USERS_URL`.
  public static func addressVariable(of service: String) -> String {
    String(service.map { $0 == "-" ? "_" : Character($0.uppercased()) }) + "_URL"
  }
}
