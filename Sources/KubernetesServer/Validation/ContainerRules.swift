import Kubernetes

extension Findings {
  mutating func container(_ container: JSONValue, _ field: Field, isInit: Bool, volumes: Set<String>) {
    let name = container["name"]?.stringValue ?? ""
    if name.isEmpty {
      required(field.child("name"))
    } else if let problem = Names.label(name) {
      invalid(field.child("name"), name, problem)
    }
    let image = container["image"]?.stringValue ?? ""
    if image.isEmpty {
      required(field.child("image"))
    } else if image.first?.isWhitespace == true || image.last?.isWhitespace == true {
      invalid(field.child("image"), image, "must not have leading or trailing whitespace")
    }
    oneOf(container["imagePullPolicy"], ["Always", "IfNotPresent", "Never"], field.child("imagePullPolicy"))
    oneOf(
      container["terminationMessagePolicy"], ["File", "FallbackToLogsOnError"], field.child("terminationMessagePolicy"))
    let context = container["securityContext"] ?? .null
    identity(context, field.child("securityContext"))
    if context["privileged"] == true, context["allowPrivilegeEscalation"] == false {
      invalid(
        field.child("securityContext"), context,
        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
    }
    ports(container["ports"]?.arrayValue ?? [], field.child("ports"))
    environment(container, field)
    resources(container["resources"] ?? .null, field.child("resources"))
    volumeMounts(container["volumeMounts"]?.arrayValue ?? [], field.child("volumeMounts"), volumes: volumes)
    restartPolicyAndProbes(container, field, isInit: isInit)
  }

  private mutating func restartPolicyAndProbes(_ container: JSONValue, _ field: Field, isInit: Bool) {
    let restartPolicy = container["restartPolicy"]?.stringValue ?? ""
    if isInit {
      oneOf(container["restartPolicy"], ["Always"], field.child("restartPolicy"))
    } else if !restartPolicy.isEmpty {
      forbidden(field.child("restartPolicy"), "may not be set for non-init containers")
    }
    let runsOnce = isInit && restartPolicy != "Always"
    for key in ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] {
      guard let value = container[key], !value.isNull else { continue }
      if runsOnce {
        forbidden(field.child(key), "may not be set for init containers without restartPolicy=Always")
      } else if key == "lifecycle" {
        for hook in ["postStart", "preStop"] {
          guard let handler = value[hook] else { continue }
          self.handler(handler, field.child(key).child(hook), kinds: ["exec", "httpGet", "tcpSocket", "sleep"])
        }
      } else {
        probe(value, field.child(key), mustSucceedOnce: key != "readinessProbe")
      }
    }
  }

  private mutating func ports(_ ports: [JSONValue], _ field: Field) {
    var names: Set<String> = []
    for (index, port) in ports.enumerated() {
      let at = field.at(index)
      if let name = port["name"]?.stringValue, !name.isEmpty {
        if let problem = Names.portName(name) { invalid(at.child("name"), name, problem) }
        if !names.insert(name).inserted { duplicate(at.child("name"), .string(name)) }
      }
      self.port(port["containerPort"], at.child("containerPort"), missing: .required)
      self.port(port["hostPort"], at.child("hostPort"), missing: .allowed)
      oneOf(port["protocol"], ["SCTP", "TCP", "UDP"], at.child("protocol"))
    }
  }

  private mutating func environment(_ container: JSONValue, _ field: Field) {
    for (index, variable) in (container["env"]?.arrayValue ?? []).enumerated() {
      let at = field.child("env").at(index)
      let name = variable["name"]?.stringValue ?? ""
      if name.isEmpty {
        required(at.child("name"))
      } else if let problem = Names.environmentVariable(name) {
        invalid(at.child("name"), name, problem)
      }
      guard let source = variable["valueFrom"], !source.isNull else { continue }
      let kinds = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"].filter { !source.isUnset($0) }
      if kinds.isEmpty {
        invalid(
          at.child("valueFrom"), "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`")
      } else if kinds.count > 1 {
        invalid(at.child("valueFrom"), "", "may not have more than one field specified at a time")
      }
      if !variable.isUnset("value") {
        invalid(at.child("valueFrom"), "", "may not be specified when `value` is not empty")
      }
      for key in ["configMapKeyRef", "secretKeyRef"] {
        guard let reference = source[key], reference.isUnset("key") else { continue }
        required(at.child("valueFrom").child(key).child("key"))
      }
      if let reference = source["fieldRef"], !reference.isNull {
        podField(reference, at.child("valueFrom").child("fieldRef").child("fieldPath"))
      }
      if let reference = source["resourceFieldRef"], reference.isUnset("resource") {
        required(at.child("valueFrom").child("resourceFieldRef").child("resource"))
      }
    }
    for (index, source) in (container["envFrom"]?.arrayValue ?? []).enumerated() {
      let at = field.child("envFrom").at(index)
      let kinds = ["configMapRef", "secretRef"].filter { source[$0] != nil }
      if kinds.count != 1 { invalid(at, source, "must specify one of: `configMapRef` or `secretRef`") }
    }
  }

  /// Amounts are not negative, and a request is not above its limit.
  private mutating func resources(_ resources: JSONValue, _ field: Field) {
    var limits: [String: Quantity] = [:]
    for side in ["limits", "requests"] {
      for member in resources[side]?.objectValue ?? [:] {
        let at = field.child(side).key(member.key)
        resourceName(member.key, at)
        guard let amount = try? Quantity(json: member.value) else {
          invalid(at, member.value, "quantities are written as 250m, 1.5 or 256Mi")
          continue
        }
        if amount < .zero { invalid(at, member.value, "must be greater than or equal to 0") }
        if side == "limits" {
          limits[member.key] = amount
        } else if member.key.contains("/"), !member.key.hasPrefix("kubernetes.io/") {
          // Extended resources, such as GPUs, cannot be overcommitted.
          if let limit = limits[member.key] {
            if limit != amount {
              invalid(field.child(side), member.value, "must be equal to \(member.key) limit of \(limit)")
            }
          } else {
            required(field.child("limits"), "Limit must be set for non overcommitable resources")
          }
        } else if let limit = limits[member.key], amount > limit {
          invalid(field.child(side), member.value, "must be less than or equal to \(member.key) limit of \(limit)")
        }
      }
    }
  }

  private mutating func resourceName(_ name: String, _ field: Field) {
    if let problem = Names.qualified(name) { return invalid(field, go: name, problem) }
    guard !name.contains("/"), !["cpu", "memory", "ephemeral-storage"].contains(name), !name.hasPrefix("hugepages-")
    else { return }
    invalid(field, go: name, "must be a standard resource type or fully qualified")
    invalid(field, go: name, "must be a standard resource for containers")
  }

  /// Fields of the pod that a variable can show.
  private static let podFields: Set<String> = [
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
    "status.hostIPs", "status.podIP", "status.podIPs",
  ]

  private mutating func podField(_ reference: JSONValue, _ field: Field) {
    let path = reference["fieldPath"]?.stringValue ?? ""
    if path.isEmpty { return required(field) }
    let isSubscript =
      ["metadata.labels['", "metadata.annotations['"].contains(where: path.hasPrefix) && path.hasSuffix("']")
    if Self.podFields.contains(path) || isSubscript { return }
    if ["metadata.labels", "metadata.annotations"].contains(path) {
      return unsupported(field, .string(path), Self.podFields.sorted())
    }
    invalid(field, path, "error converting fieldPath: field label not supported: \(path)")
  }

  private mutating func volumeMounts(_ mounts: [JSONValue], _ field: Field, volumes: Set<String>) {
    var paths: Set<String> = []
    for (index, mount) in mounts.enumerated() {
      let at = field.at(index)
      let name = mount["name"]?.stringValue ?? ""
      if name.isEmpty {
        required(at.child("name"))
      } else if !volumes.contains(name) {
        notFound(at.child("name"), .string(name))
      }
      let path = mount["mountPath"]?.stringValue ?? ""
      if path.isEmpty {
        required(at.child("mountPath"))
      } else if !paths.insert(path).inserted {
        invalid(at.child("mountPath"), path, "must be unique")
      }
    }
  }

  /// - Returns: the names of the volumes, for the mounts to refer to.
  mutating func volumes(_ volumes: [JSONValue], _ field: Field) -> Set<String> {
    var names: Set<String> = []
    for (index, volume) in volumes.enumerated() {
      let at = field.at(index)
      let name = volume["name"]?.stringValue ?? ""
      if name.isEmpty {
        required(at.child("name"))
      } else if let problem = Names.label(name) {
        invalid(at.child("name"), name, problem)
      } else if !names.insert(name).inserted {
        duplicate(at.child("name"), .string(name))
      }
      let sources = (volume.objectValue ?? [:]).filter { $0.key != "name" && !$0.value.isNull }
      if sources.isEmpty { required(at, "must specify a volume type") }
      for extra in sources.dropFirst() { forbidden(at.child(extra.key), "may not specify more than 1 volume type") }
      for (source, key) in [("configMap", "name"), ("secret", "secretName"), ("hostPath", "path")] {
        if let reference = volume[source], reference.isUnset(key) { required(at.child(source).child(key)) }
      }
      if let claim = volume["persistentVolumeClaim"], claim.isUnset("claimName") {
        required(at.child("persistentVolumeClaim").child("claimName"))
      }
    }
    return names
  }
}
