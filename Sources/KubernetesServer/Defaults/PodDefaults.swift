import Kubernetes

/// Defaults of pods, and of pod specs in templates.
enum PodDefaults {
  /// A pod has more filled in than a template: requests from limits, tolerations.
  static func pod(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      self.spec(&spec)
      spec.editEach("containers", requestsFromLimits)
      spec.editEach("initContainers", requestsFromLimits)
      if spec["hostNetwork"]?.boolValue == true {
        for key in ["initContainers", "containers"] { spec.editEach(key, hostPorts) }
      }
      if spec["terminationGracePeriodSeconds"]?.integerValue ?? 0 < 0 { spec["terminationGracePeriodSeconds"] = 1 }
      spec.setDefault("enableServiceLinks", true)
      tolerateLostNodes(&spec)
    }
    let spec = object["spec"] ?? .null
    object.editOrCreate("status") { status in
      if status.isUnset("phase") { status["phase"] = "Pending" }
      if status.isUnset("qosClass") { status["qosClass"] = .string(QualityOfService.of(spec)) }
    }
  }

  static func spec(_ spec: inout JSONValue) {
    if spec.isUnset("restartPolicy") { spec["restartPolicy"] = "Always" }
    spec.setDefault("terminationGracePeriodSeconds", 30)
    if spec.isUnset("dnsPolicy") { spec["dnsPolicy"] = "ClusterFirst" }
    spec.setDefault("securityContext", .object([:]))
    // Two names for one field: both are always told.
    if let account = spec["serviceAccountName"]?.stringValue, !account.isEmpty {
      spec["serviceAccount"] = .string(account)
    } else if let account = spec["serviceAccount"]?.stringValue, !account.isEmpty {
      spec["serviceAccountName"] = .string(account)
    }
    if spec.isUnset("schedulerName") { spec["schedulerName"] = "default-scheduler" }
    for key in ["initContainers", "containers"] { spec.editEach(key, container) }
    spec.editEach("volumes", volume)
    spec.editEach("topologySpreadConstraints") { constraint in
      constraint.setDefault("maxSkew", 1)
    }
  }

  private static func container(_ container: inout JSONValue) {
    container.setDefault("resources", .object([:]))
    if container.isUnset("terminationMessagePath") { container["terminationMessagePath"] = "/dev/termination-log" }
    if container.isUnset("terminationMessagePolicy") { container["terminationMessagePolicy"] = "File" }
    if container.isUnset("imagePullPolicy") {
      container["imagePullPolicy"] = isLatest(container["image"]?.stringValue ?? "") ? "Always" : "IfNotPresent"
    }
    container.editEach("ports") { if $0.isUnset("protocol") { $0["protocol"] = "TCP" } }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] { container.edit(probe, self.probe) }
    container.edit("lifecycle") { lifecycle in
      for hook in ["postStart", "preStop"] { lifecycle.edit(hook) { $0.edit("httpGet", httpGet) } }
    }
    container.editEach("env") { variable in
      variable.edit("valueFrom") { source in
        source.edit("fieldRef") { if $0.isUnset("apiVersion") { $0["apiVersion"] = "v1" } }
        source.edit("resourceFieldRef") { $0.setDefault("divisor", "0") }
      }
    }
  }

  private static func probe(_ probe: inout JSONValue) {
    let numbers: [(String, JSONValue)] = [
      ("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3),
    ]
    for (key, value) in numbers where probe[key]?.integerValue ?? 0 == 0 { probe[key] = value }
    probe.edit("httpGet", httpGet)
    probe.edit("grpc") { $0.setDefault("service", "") }
  }

  private static func httpGet(_ action: inout JSONValue) {
    if action.isUnset("path") { action["path"] = "/" }
    if action.isUnset("scheme") { action["scheme"] = "HTTP" }
  }

  private static func volume(_ volume: inout JSONValue) {
    let hasSource = (volume.objectValue ?? [:]).contains { $0.key != "name" && !$0.value.isNull }
    if !hasSource { volume["emptyDir"] = .object([:]) }
    for source in ["secret", "configMap", "downwardAPI", "projected"] {
      volume.edit(source) { $0.setDefault("defaultMode", 420) }
    }
    volume.edit("projected") { projected in
      projected.editEach("sources") { source in
        source.edit("serviceAccountToken") { $0.setDefault("expirationSeconds", 3600) }
      }
    }
    volume.edit("hostPath") { $0.setDefault("type", "") }
    volume.edit("downwardAPI", fieldVersions)
    volume.edit("projected") { $0.editEach("sources") { $0.edit("downwardAPI", fieldVersions) } }
    volume.edit("ephemeral") { ephemeral in
      ephemeral.edit("volumeClaimTemplate") { $0.edit("spec") { $0.setDefault("volumeMode", "Filesystem") } }
    }
  }

  private static func fieldVersions(_ source: inout JSONValue) {
    source.editEach("items") { item in
      item.edit("fieldRef") { if $0.isUnset("apiVersion") { $0["apiVersion"] = "v1" } }
      item.edit("resourceFieldRef") { $0.setDefault("divisor", "0") }
    }
  }

  /// `latest`, or no tag and no digest.
  private static func isLatest(_ image: String) -> Bool {
    if image.contains("@") { return false }
    let name = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let colon = name.lastIndex(of: ":") else { return true }
    return name[name.index(after: colon)...] == "latest"
  }

  /// On the node's network a container's port is the node's.
  private static func hostPorts(_ container: inout JSONValue) {
    container.editEach("ports") { port in
      if port["hostPort"]?.integerValue ?? 0 == 0 { port["hostPort"] = port["containerPort"] }
    }
  }

  private static func requestsFromLimits(_ container: inout JSONValue) {
    container.edit("resources") { resources in
      guard let limits = resources["limits"]?.objectValue, !limits.isEmpty else { return }
      resources.editOrCreate("requests") { requests in
        for limit in limits { requests.setDefault(limit.key, limit.value) }
      }
    }
  }

  /// A pod stays five minutes on a node that is lost, unless it says otherwise.
  private static func tolerateLostNodes(_ spec: inout JSONValue) {
    var tolerations = spec["tolerations"]?.arrayValue ?? []
    for key in [WellKnown.notReadyTaint, WellKnown.unreachableTaint] {
      let isTolerated = tolerations.contains { toleration in
        let itsKey = toleration["key"]?.stringValue ?? ""
        let effect = toleration["effect"]?.stringValue ?? ""
        return (itsKey == key || itsKey.isEmpty) && (effect == "NoExecute" || effect.isEmpty)
      }
      if isTolerated { continue }
      tolerations.append(
        ["key": .string(key), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300])
    }
    spec["tolerations"] = .array(tolerations)
  }
}

/// `Guaranteed`, `Burstable` or `BestEffort`: who is evicted first when a node runs short.
enum QualityOfService {
  static func of(_ spec: JSONValue) -> String {
    let containers = (spec["containers"]?.arrayValue ?? []) + (spec["initContainers"]?.arrayValue ?? [])
    var isGuaranteed = !containers.isEmpty
    var asksForAnything = false
    for container in containers {
      for resource in ["cpu", "memory"] {
        let request = amount(container, "requests", resource)
        let limit = amount(container, "limits", resource)
        if request != nil || limit != nil { asksForAnything = true }
        if limit == nil || (request ?? limit) != limit { isGuaranteed = false }
      }
    }
    if !asksForAnything { return "BestEffort" }
    return isGuaranteed ? "Guaranteed" : "Burstable"
  }

  private static func amount(_ container: JSONValue, _ side: String, _ resource: String) -> Quantity? {
    guard let value = container[path: ["resources", side, resource]], let quantity = try? Quantity(json: value),
      quantity > .zero
    else { return nil }
    return quantity
  }
}
