import Definitions
import Kubernetes

/// What stands around a Deployment: autoscaler, budget, Service, Ingress.
extension DeploymentImport {
  var labels: JSONObject { manifests.podLabels(of: workload) }

  func selects(_ selector: JSONValue?) -> Bool {
    guard let wanted = selector?.objectValue, !wanted.isEmpty else { return false }
    return wanted.allSatisfy { labels[$0.key] == $0.value }
  }

  mutating func readScale() {
    let replicas = take(["spec", "replicas"])?.integerValue ?? 1
    let index = manifests.first("HorizontalPodAutoscaler") {
      $0.json("spec", "scaleTargetRef", "name")?.stringValue == object.name
        && $0.json("spec", "scaleTargetRef", "kind")?.stringValue ?? object.kind == object.kind
    }
    guard let index, !isSingle else {
      let pods = isSingle ? 1 : min(max(1, replicas), 10_000)
      spec["scale"] = ["min": .integer(pods), "max": .integer(pods)]
      return decisions.append(
        "\(name): \(pods) pods always, "
          + (isSingle
            ? "as its volume is one pod's" : "as there is no autoscaler: raise scale.max to have it scaled"))
    }
    use(index)
    _ = manifests.objects[index].take(["spec", "scaleTargetRef"])
    let most = min(max(1, manifests.objects[index].take(["spec", "maxReplicas"])?.integerValue ?? replicas), 10_000)
    let least = min(max(1, manifests.objects[index].take(["spec", "minReplicas"])?.integerValue ?? 1), most)
    var scale: JSONObject = ["min": .integer(least), "max": .integer(most)]
    var targets: [JSONValue] = []
    for (number, metric) in (manifests.objects[index].json("spec", "metrics")?.arrayValue ?? []).enumerated() {
      guard let target = Self.target(metric), let measure = target.objectValue?.keys.first,
        measure == "external" || !targets.contains(where: { $0[measure] != nil })
      else { continue }
      _ = manifests.objects[index].take(["spec", "metrics", "\(number)"])
      targets.append(target)
    }
    if let share = manifests.objects[index].json("spec", "targetCPUUtilizationPercentage")?.integerValue,
      (1...1000).contains(share), targets.isEmpty
    {
      _ = manifests.objects[index].take(["spec", "targetCPUUtilizationPercentage"])
      targets.append(["cpu": .string("\(share)%")])
    }
    if !targets.isEmpty { scale["on"] = .array(targets) }
    spec["scale"] = .object(scale)
  }

  /// A metric of an autoscaler, in the second version of its API or in the first betas of that.
  private static func target(_ metric: JSONValue) -> JSONValue? {
    if let measure = metric["resource"]?["name"]?.stringValue, ["cpu", "memory"].contains(measure) {
      let target = metric["resource"]?["target"]
      let share =
        target?["type"] == "Utilization"
        ? target?["averageUtilization"] : metric["resource"]?["targetAverageUtilization"]
      guard let share = share?.integerValue, (1...1000).contains(share) else { return nil }
      return [measure: .string("\(share)%")]
    }
    if let external = metric["external"], let name = external["metric"]?["name"],
      external["metric"]?["selector"]?["matchExpressions"] == nil, let amount = average(external["target"])
    {
      var target: JSONObject = ["external": name]
      target["labels"] = external["metric"]?["selector"]?["matchLabels"]
      target["perPod"] = amount
      return .object(target)
    }
    guard let pods = metric["pods"], pods["metric"] == ["name": "requests_per_second"],
      let amount = average(pods["target"])
    else { return nil }
    return ["requestsPerSecond": amount]
  }

  private static func average(_ target: JSONValue?) -> JSONValue? {
    guard target?["type"] == "AverageValue", let value = target?["averageValue"],
      let amount = Quantity(parsing: value.stringValue ?? value.text)?.doubleValue, amount > 0
    else { return nil }
    return Int64(exactly: amount).map(JSONValue.integer) ?? .double(amount)
  }

  mutating func readBudget() {
    while let index = manifests.first(
      "PodDisruptionBudget", where: { selects($0.json("spec", "selector", "matchLabels")) })
    {
      use(index)
      _ = manifests.objects[index].take(["spec"])
      decisions.append(
        "\(name): \(manifests.objects[index].title): a quarter of the pods may be moved at once, and one of one")
    }
  }

  mutating func readService() {
    while let index = manifests.first("Service", where: { selects($0.json("spec", "selector")) }) {
      use(index)
      let service = manifests.objects[index].name
      for field in ["selector", "clusterIP", "clusterIPs", "type", "ports", "sessionAffinity"] {
        if field == "sessionAffinity", manifests.objects[index].json("spec", field) != "None" { continue }
        if field == "ports", manifests.objects[index].json("spec", field)?.arrayValue?.count ?? 0 > 1 {
          _ = manifests.objects[index].take(["spec", "ports", "0"])
          continue
        }
        _ = manifests.objects[index].take(["spec", field])
      }
      decisions.append("\(name): Service \(service): the service is found as \(name) at port 80, through its sidecar")
      if service != name {
        dropped.append(
          Diagnostic(
            .warning, at: manifests.objects[index].place, "\(name): the name \(service)",
            remedy: "callers declare it in calls, and find it at \(Microservice.addressVariable(of: name))"))
      }
      let kind = manifests.objects[index].node(["spec", "type"])?.json.stringValue ?? "ClusterIP"
      if ["NodePort", "LoadBalancer"].contains(kind), spec["expose"] == nil {
        var expose = JSONObject()
        if let port = manifests.objects[index].json("spec", "ports", "0", "nodePort")?.integerValue,
          (30000...32767).contains(port)
        {
          expose["nodePort"] = .integer(port)
        }
        spec["expose"] = .object(expose)
      }
      readIngress(of: service)
    }
  }

  private mutating func readIngress(of service: String) {
    for index in manifests.objects.indices where manifests.objects[index].kind == "Ingress" {
      for (number, rule) in (manifests.objects[index].json("spec", "rules")?.arrayValue ?? []).enumerated() {
        for (position, path) in (rule["http"]?["paths"]?.arrayValue ?? []).enumerated() {
          guard path["backend"]?["service"]?["name"]?.stringValue == service else { continue }
          let isFirst = !manifests.used.contains(index)
          use(index)
          if isFirst { _ = manifests.objects[index].take(["spec", "ingressClassName"]) }
          let host = rule["host"]?.stringValue
          guard spec["expose"]?["host"] == nil, spec["expose"]?["path"] == nil, host?.isHostName ?? true else {
            continue
          }
          var expose = spec["expose"]?.objectValue ?? [:]
          expose["host"] = host.map(JSONValue.string)
          if let text = path["path"]?.stringValue, text.hasPrefix("/"), text != "/",
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
          {
            expose["path"] = .string(text)
          }
          spec["expose"] = .object(expose)
          _ = manifests.objects[index].take(["spec", "rules", "\(number)", "host"])
          _ = manifests.objects[index].take(["spec", "rules", "\(number)", "http", "paths", "\(position)"])
        }
      }
    }
  }

  mutating func write(to result: inout ImportResult, directory: String) throws(InvalidDefinition) {
    guard files.reduce(0, { $0 + $1.text.utf8.count }) <= 1 << 20 else {
      throw InvalidDefinition([Diagnostic(at: place([]), "\(name): files of more than 1 MiB, a ConfigMap's limit")])
    }
    let owner = options.owner ?? renderedOwner
    var whole: JSONObject = ["owner": .string(owner ?? "unknown")]
    if owner == nil { decisions.append("\(name): owner unknown: write the team's name, or give --owner") }
    for key in ["image", "command", "args", "port", "health", "probes", "resources"] { whole[key] = spec[key] }
    if !environment.isEmpty { whole["env"] = .object(environment) }
    if !files.isEmpty { whole["config"] = "config/" }
    for key in ["secrets", "volumes", "jobs", "cron"] { whole[key] = spec[key] }
    if !calls.isEmpty { whole["calls"] = .array(calls.sorted().map(JSONValue.string)) }
    whole["expose"] = spec["expose"]
    if !network.isEmpty { whole["network"] = .object(network) }
    for key in ["scale", "spot", "tags"] { whole[key] = spec[key] }
    let text =
      "# Made of Kubernetes manifests.\n"
      + DefinitionText.of([
        "apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": ["name": .string(name)],
        "spec": .object(whole),
      ])
    let path = "\(directory)microservice.yaml"
    try ManifestImport.check(text, of: name, at: place([]))
    result.files.append(ImportedFile(path: path, text: text))
    result.files += files.map { ImportedFile(path: "\(directory)config/\($0.name)", text: $0.text) }
    result.secrets += secrets
    result.decisions += decisions
    result.notCarried += dropped
  }
}
