import Kubernetes

extension Findings {
  mutating func pod(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    podSpec(spec, field)
    if old == nil, !spec.isUnset("ephemeralContainers") {
      forbidden(field.child("ephemeralContainers"), "cannot be set on create")
    }
    if let old { podUpdate(spec, old: old["spec"] ?? .null, field) }
  }

  /// A pod's spec, or that of a template.
  mutating func podSpec(_ spec: JSONValue, _ field: Field) {
    let volumes = self.volumes(spec["volumes"]?.arrayValue ?? [], field.child("volumes"))
    let containers = spec["containers"]?.arrayValue ?? []
    if containers.isEmpty { required(field.child("containers")) }
    var names: Set<String> = []
    for (key, elements) in [("containers", containers), ("initContainers", spec["initContainers"]?.arrayValue ?? [])] {
      for (index, container) in elements.enumerated() {
        let at = field.child(key).at(index)
        self.container(container, at, isInit: key == "initContainers", volumes: volumes)
        guard let name = container["name"], name.stringValue?.isEmpty == false else { continue }
        if !names.insert(name.stringValue ?? "").inserted { duplicate(at.child("name"), name) }
      }
    }
    hostPorts(containers + (spec["initContainers"]?.arrayValue ?? []), field)
    oneOf(spec["restartPolicy"], ["Always", "OnFailure", "Never"], field.child("restartPolicy"))
    oneOf(spec["dnsPolicy"], ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], field.child("dnsPolicy"))
    identity(spec["securityContext"] ?? .null, field.child("securityContext"))
    network(spec, field)
    if let deadline = spec["activeDeadlineSeconds"]?.integerValue, !(1...Int64(Int32.max)).contains(deadline) {
      invalid(field.child("activeDeadlineSeconds"), .integer(deadline), "must be between 1 and \(Int32.max), inclusive")
    }
    labels(spec["nodeSelector"], field.child("nodeSelector"))
    for key in ["serviceAccountName", "nodeName", "priorityClassName"] {
      guard let name = spec[key]?.stringValue, !name.isEmpty, let problem = Names.subdomain(name) else { continue }
      invalid(field.child(key), name, problem)
    }
    for (index, toleration) in (spec["tolerations"]?.arrayValue ?? []).enumerated() {
      self.toleration(toleration, field.child("tolerations").at(index))
    }
    affinity(spec["affinity"] ?? .null, field.child("affinity"))
    topologySpread(spec["topologySpreadConstraints"]?.arrayValue ?? [], field.child("topologySpreadConstraints"))
  }

  /// Users and groups are not negative.
  mutating func identity(_ context: JSONValue, _ field: Field) {
    for key in ["runAsUser", "runAsGroup", "fsGroup"] {
      guard let number = context[key]?.integerValue, !(0...Int64(Int32.max)).contains(number) else { continue }
      invalid(field.child(key), .integer(number), "must be between 0 and \(Int32.max), inclusive")
    }
  }

  /// Names and addresses that a pod has or knows.
  private mutating func network(_ spec: JSONValue, _ field: Field) {
    let form = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
    for (index, alias) in (spec["hostAliases"]?.arrayValue ?? []).enumerated()
    where IPAddressText(alias["ip"]?.stringValue ?? "") == nil {
      invalid(field.child("hostAliases").at(index).child("ip"), alias["ip"] ?? "", form)
    }
    let nameservers = spec[path: ["dnsConfig", "nameservers"]]?.arrayValue ?? []
    for (index, server) in nameservers.enumerated() where IPAddressText(server.stringValue ?? "") == nil {
      invalid(field.child("dnsConfig").child("nameservers").at(index), server, form)
    }
    for key in ["hostname", "subdomain"] {
      guard let name = spec[key]?.stringValue, !name.isEmpty, let problem = Names.label(name) else { continue }
      invalid(field.child(key), name, problem)
    }
    for (index, gate) in (spec["readinessGates"]?.arrayValue ?? []).enumerated() {
      let type = gate["conditionType"]?.stringValue ?? ""
      if let problem = Names.qualified(type) {
        invalid(field.child("readinessGates").at(index).child("conditionType"), type, problem)
      }
    }
  }

  /// Two containers of a pod cannot have the same port of the host.
  private mutating func hostPorts(_ containers: [JSONValue], _ field: Field) {
    var taken: Set<String> = []
    for container in containers {
      for port in container["ports"]?.arrayValue ?? [] {
        guard let number = port["hostPort"]?.integerValue, number != 0 else { continue }
        let key = "\(port["protocol"]?.stringValue ?? "TCP")/\(port["hostIP"]?.stringValue ?? "")/\(number)"
        if !taken.insert(key).inserted { duplicate(field.child("containers"), .string(key)) }
      }
    }
  }

  /// What may change of a pod that is there: images, deadlines, and tolerations that are added.
  private mutating func podUpdate(_ spec: JSONValue, old: JSONValue, _ field: Field) {
    for key in ["containers", "initContainers"]
    where (spec[key]?.arrayValue ?? []).count != (old[key]?.arrayValue ?? []).count {
      return forbidden(field, "pod updates may not add or remove containers")
    }
    if let was = old["activeDeadlineSeconds"]?.integerValue {
      let now = spec["activeDeadlineSeconds"]?.integerValue
      if now.map({ $0 > was }) ?? true {
        invalid(
          field.child("activeDeadlineSeconds"), spec["activeDeadlineSeconds"],
          "must be less than or equal to previous value")
      }
    }
    let tolerations = spec["tolerations"]?.arrayValue ?? []
    let kept = (old["tolerations"]?.arrayValue ?? []).allSatisfy { was in
      tolerations.contains { SemanticEquality.equal(Self.withoutSeconds($0), Self.withoutSeconds(was)) }
    }
    if !kept {
      forbidden(field.child("tolerations"), "existing toleration can not be modified except its tolerationSeconds")
    }
    if SemanticEquality.equal(Self.frozen(spec), Self.frozen(old)) { return }
    forbidden(
      field,
      "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\nchanged: "
        + Self.changedFields(Self.frozen(spec), Self.frozen(old)).joined(separator: ", "))
  }

  private static func withoutSeconds(_ toleration: JSONValue) -> JSONValue {
    var copy = toleration
    copy["tolerationSeconds"] = nil
    return copy
  }

  /// The spec without what may change.
  private static func frozen(_ spec: JSONValue) -> JSONValue {
    var copy = spec
    copy["activeDeadlineSeconds"] = nil
    copy["tolerations"] = nil
    for key in ["containers", "initContainers"] { copy.editEach(key) { $0["image"] = nil } }
    return copy
  }

  private static func changedFields(_ spec: JSONValue, _ old: JSONValue) -> [String] {
    let keys = Set(spec.objectValue?.keys ?? []).union(old.objectValue?.keys ?? [])
    return keys.filter { !SemanticEquality.equal(spec[$0], old[$0]) }.sorted().map { "spec.\($0)" }
  }
}
