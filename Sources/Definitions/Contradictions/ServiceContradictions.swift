import Kubernetes

/// What the shapes cannot say of a service: fields that exclude or need one another, and names that are taken.
extension CheckedDocument {
  /// Ports that the sidecar listens on: its admin page, the inbound listener, one outbound listener for each call.
  static let meshPorts = 15000...15199
  private static let callsMax = 100
  /// Set in every container by rendering.
  static let reservedVariables = identityVariables.union([
    "PORT", "SERVICE", "SAKIGAKE_XDS_HOST", "SAKIGAKE_XDS_PORT",
  ])
  static let identityVariables: Set<String> = ["POD_NAME", "POD_NAMESPACE", "POD_IP", "MESH_ADDRESS"]

  var contradictions: [Diagnostic] {
    reservedNames + scaling + sizes + calls + variables + containers + jobs + volumes + probes + secrets
      + rightsizing + releases + alerts + permissions + network + tags + waivers + extensions
  }

  func error(_ node: SourceNode, _ message: String, _ remedy: String) -> Diagnostic {
    Diagnostic(file: file, line: node.line, column: node.column, message, remedy: remedy)
  }

  func error(_ member: SourceNode.Member, _ message: String, _ remedy: String) -> Diagnostic {
    Diagnostic(file: file, line: member.keyLine, column: member.keyColumn, message, remedy: remedy)
  }

  private var reservedNames: [Diagnostic] {
    ["labels", "annotations"].flatMap { kind -> [Diagnostic] in
      (metadata[kind]?.members ?? []).compactMap { member in
        let isTaken =
          member.key.hasPrefix("sakigake.dev/") || member.key.hasPrefix(Microservice.callLabelPrefix)
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
    return found + scaleTargets
  }

  private var scaleTargets: [Diagnostic] {
    var found: [Diagnostic] = []
    var seen: Set<String> = []
    for target in spec["scale"]?["on"]?.elements ?? [] {
      let measures = target.members.filter { !["labels", "perPod"].contains($0.key) }
      guard let measure = measures.first, measures.count == 1 else {
        found.append(
          error(
            target, "spec.scale.on: one measure an entry", "write - { cpu: 60% } and - { requestsPerSecond: 120 } apart"
          ))
        continue
      }
      let isExternal = measure.key == "external"
      if isExternal, target["perPod"] == nil {
        found.append(
          error(target, "spec.scale.on: external needs perPod", "say how much of it one pod takes: perPod: 30"))
      }
      for member in target.members where !isExternal && member.key != measure.key {
        found.append(
          error(
            member, "spec.scale.on: \(member.key) has no meaning for \(measure.key)",
            "remove it; it belongs to external"))
      }
      let name = isExternal ? "external \(measure.value.text)" + (target["labels"]?.json.text ?? "") : measure.key
      if !seen.insert(name).inserted {
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
    for (path, node) in bytes {
      // A number without its unit, or with the unit of something else, is a few bytes.
      guard let amount = Quantity(parsing: node.text), amount < Quantity(bytes: 1 << 20) else { continue }
      found.append(error(node, "\(path): \(node.text) is less than 1Mi", "give the unit: 256Mi, 1Gi"))
    }
    return found
  }

  /// Amounts of memory and storage, and their paths.
  private var bytes: [(path: String, node: SourceNode)] {
    var found: [(String, SourceNode)] = []
    func add(_ path: String, _ node: SourceNode?) { if let node { found.append((path, node)) } }
    add("spec.resources.memory", spec["resources"]?["memory"])
    for section in ["containers", "jobs", "cron"] {
      for member in spec[section]?.members ?? [] {
        add("spec.\(section).\(member.key).resources.memory", member.value["resources"]?["memory"])
      }
    }
    for member in spec["volumes"]?.members ?? [] {
      add("spec.volumes.\(member.key).size", member.value["size"])
      add("spec.volumes.\(member.key).claim.size", member.value["claim"]?["size"])
    }
    for name in ["min", "max"] { add("spec.rightsize.\(name).memory", spec["rightsize"]?[name]?["memory"]) }
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
    var found = variables(spec["env"], at: "spec.env", taken: Self.reservedVariables.union(addresses))
    for section in ["containers", "jobs", "cron"] {
      for member in spec[section]?.members ?? [] {
        let taken = section == "containers" ? Self.identityVariables : Self.reservedVariables.union(addresses)
        found += variables(member.value["env"], at: "spec.\(section).\(member.key).env", taken: taken)
      }
    }
    return found
  }

  private func variables(_ node: SourceNode?, at place: String, taken: Set<String>) -> [Diagnostic] {
    (node?.members ?? []).flatMap { member -> [Diagnostic] in
      var found: [Diagnostic] = []
      let path = "\(place).\(member.key)"
      if !member.key.isVariableName {
        found.append(
          error(
            member, "\(path): \"\(member.key)\" is not a variable's name", "use letters, digits and _, no digit first"))
      } else if taken.contains(member.key) {
        found.append(error(member, "\(path) is set by the platform", "remove it, or choose another name"))
      }
      guard case .mapping = member.value.content else { return found }
      if ["secret", "config"].filter({ member.value[$0] != nil }).count != 1 {
        found.append(
          error(
            member.value, "\(path): needs either a secret or a config, with a key", "write { secret: NAME, key: KEY }"))
      }
      if let secret = member.value["secret"], let key = member.value["key"],
        let keys = spec["secrets"]?[secret.text]?["keys"], keys[key.text] == nil
      {
        found.append(
          error(
            key, "\(path): spec.secrets.\(secret.text) has no key \"\(key.text)\"",
            Diagnostic.nearest(to: key.text, in: keys.members.map(\.key))))
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

  /// Variables that no service can set, whatever it calls.
  package static var platformVariables: Set<String> { CheckedDocument.reservedVariables }

  /// Ports that no application can listen on.
  package static var meshPorts: ClosedRange<Int> { CheckedDocument.meshPorts }

  /// A pod that has the label `calls.sakigake.dev/users` may connect to the service users.
  public static let callLabelPrefix = "calls.sakigake.dev/"
}
