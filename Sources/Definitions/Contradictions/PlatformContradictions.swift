import Kubernetes

/// What the shapes cannot say of a platform.
extension CheckedDocument {
  var platformContradictions: [Diagnostic] {
    var found: [Diagnostic] = []
    func add(_ node: SourceNode, _ message: String, _ remedy: String) { found.append(error(node, message, remedy)) }
    found += groupContradictions + nameContradictions
    for kind in spec["pushes"]?["kinds"]?.members ?? [] {
      let spans = ["rise", "hold", "fall"].map { kind.value[$0]?.json.stringValue.flatMap(Units.seconds) }
      if spans.allSatisfy({ $0 == 0 }) {
        add(
          kind.value, "spec.pushes.kinds.\(kind.key): rise, hold and fall are all zero",
          "a response takes some time: give one")
      }
    }
    if let place = spec["mesh"]?["controlPlane"], let text = place.json.stringValue, text != "node",
      !Self.isAddress(text)
    {
      add(
        place, "spec.mesh.controlPlane: \"\(text)\" is not HOST:PORT",
        "write it as sakigake-xds.sakigake-system:15010, or node")
    }
    return found + cloudContradictions + tagNames(spec["tags"], at: "spec.tags")
  }

  private var groupContradictions: [Diagnostic] {
    var found: [Diagnostic] = []
    func add(_ node: SourceNode, _ message: String, _ remedy: String) { found.append(error(node, message, remedy)) }
    var seen: Set<String> = []
    for group in spec["nodeGroups"]?.elements ?? [] {
      let name = group["name"]?.json.stringValue ?? ""
      let share = group["spot"]?.json.stringValue
      if !seen.insert(name).inserted || share != nil && !seen.insert(name + "-spot").inserted {
        add(group, "node group \"\(name)\" is given twice", "rename one of the two")
      }
      let minimum = Int(clamping: group["min"]?.json.integerValue ?? 0)
      let maximum = Int(clamping: group["max"]?.json.integerValue ?? 0)
      if minimum > maximum {
        add(group, "node group \"\(name)\": min \(minimum) is above max \(maximum)", "lower min or raise max")
      }
      switch (group["instanceType"], group["instanceTypes"]) {
      case (nil, nil): add(group, "node group \"\(name)\" has no instance type", "add instanceType: c5.large")
      case (_?, let types?):
        add(types, "node group \"\(name)\": instanceType and instanceTypes say the same", "remove one of the two")
      case (nil, let types?) where types.elements.isEmpty:
        add(types, "node group \"\(name)\" has no instance type", "name one at least")
      default: break
      }
      if let share {
        let spot = group.nearest("spot")
        if maximum < 2 {
          add(spot, "node group \"\(name)\": one node cannot be in two groups", "raise max, or say spot: true or false")
        } else if let part = Units.share(share), maximum - max(1, Int((Double(maximum) * part).rounded())) < minimum {
          add(
            spot, "node group \"\(name)\": \(share) of max \(maximum) leaves less than min \(minimum)",
            "lower spot or min, or raise max")
        }
      } else if let price = group["spotPricePerHour"] {
        add(price, "node group \"\(name)\": spotPricePerHour has no meaning unless spot is a share", "use pricePerHour")
      }
    }
    return found
  }

  /// What CloudWatch keeps logs for
  /// (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html), in days.
  private static let logDays: [Int64] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]

  private var cloudContradictions: [Diagnostic] {
    var found: [Diagnostic] = []
    if let zones = spec["cloud"]?["zones"], Set(zones.elements.map(\.text)).count != 3 || zones.elements.count != 3 {
      found.append(
        error(zones, "spec.cloud.zones: \(zones.elements.count) are not three different ones", "name three, or none"))
    }
    if let days = spec["cloud"]?["logDays"], let count = days.json.integerValue, !Self.logDays.contains(count) {
      let least = Self.logDays.first { $0 > count } ?? 3653
      found.append(
        error(
          days, "spec.cloud.logDays: CloudWatch keeps no logs for \(count) days", "the next that it does is \(least)"))
    }
    return found
  }

  private var nameContradictions: [Diagnostic] {
    var found: [Diagnostic] = []
    if let role = spec["names"]?["role"], !role.text.contains("{service}") {
      found.append(
        error(role, "spec.names.role: \"\(role.text)\" is one role for all services", "put {service} into it"))
    }
    for field in ["tables", "buckets", "queues"] {
      for prefix in spec["owns"]?[field]?.elements ?? [] where prefix.text == "{environment}" {
        found.append(
          error(
            prefix, "spec.owns.\(field): \"\(prefix.text)\" is empty where no environment is named",
            "put {service} into it"))
      }
    }
    for tag in spec["mandatoryTags"]?.elements ?? []
    where tag.text.utf8.count > 59 || !tag.text.isLabelKey || tag.text.contains("/") {
      found.append(
        error(
          tag, "spec.mandatoryTags: \"\(tag.text)\" is not a tag's name", "use letters, digits, -, _ and ., at most 59")
      )
    }
    return found
  }

  /// What of a platform is accepted and has no effect.
  var platformWarnings: [Diagnostic] {
    let silent: [(path: [String], message: String)] = [
      (["logs"], "spec.logs has no effect yet: no log shipper is rendered")
    ]
    let found = silent.compactMap { path, message -> Diagnostic? in
      guard let node = path.reduce(Optional(spec), { $0?[$1] }) else { return nil }
      return Diagnostic(.warning, at: node.place(in: file), message)
    }
    return found.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
  }

  private static func isAddress(_ text: String) -> Bool {
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
      let port = Int(text[text.index(after: colon)...])
    else {
      return false
    }
    return (1...65535).contains(port)
      && text[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.:[]".contains($0)) }
  }
}
