import Definitions
import Kubernetes

/// What stands around a Deployment: autoscaler, budget, Service, Ingress.
extension DeploymentImport {
  private var labels: JSONObject {
    manifests.objects[deployment].json("spec", "template", "metadata", "labels")?.objectValue ?? [:]
  }

  private func selects(_ selector: JSONValue?) -> Bool {
    guard let wanted = selector?.objectValue, !wanted.isEmpty else { return false }
    return wanted.allSatisfy { labels[$0.key] == $0.value }
  }

  mutating func readScale() {
    let own = manifests.objects[deployment].name
    let replicas = take(["spec", "replicas"])?.integerValue ?? 1
    guard
      let index = manifests.first(
        "HorizontalPodAutoscaler",
        where: {
          $0.json("spec", "scaleTargetRef", "name")?.stringValue == own
        })
    else {
      let pods = min(max(1, replicas), 10_000)
      spec["scale"] = ["min": .integer(pods), "max": .integer(pods)]
      return decisions.append(
        "\(name): \(pods) pods always, as there is no autoscaler: raise scale.max to have it scaled")
    }
    manifests.used.insert(index)
    _ = manifests.objects[index].take(["spec", "scaleTargetRef"])
    let most = min(max(1, manifests.objects[index].take(["spec", "maxReplicas"])?.integerValue ?? replicas), 10_000)
    let least = min(max(1, manifests.objects[index].take(["spec", "minReplicas"])?.integerValue ?? 1), most)
    var scale: JSONObject = ["min": .integer(least), "max": .integer(most)]
    var targets: [JSONValue] = []
    for (number, metric) in (manifests.objects[index].json("spec", "metrics")?.arrayValue ?? []).enumerated() {
      guard let resource = metric["resource"], let measure = resource["name"]?.stringValue,
        ["cpu", "memory"].contains(measure), resource["target"]?["type"] == "Utilization",
        let share = resource["target"]?["averageUtilization"]?.integerValue, (1...1000).contains(share),
        !targets.contains(where: { $0[measure] != nil })
      else { continue }
      _ = manifests.objects[index].take(["spec", "metrics", "\(number)"])
      targets.append([measure: .string("\(share)%")])
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

  mutating func readBudget() {
    while let index = manifests.first(
      "PodDisruptionBudget", where: { selects($0.json("spec", "selector", "matchLabels")) })
    {
      manifests.used.insert(index)
      _ = manifests.objects[index].take(["spec"])
      decisions.append(
        "\(name): \(manifests.objects[index].title): a quarter of the pods may be moved at once, and one of one")
    }
  }

  mutating func readService() {
    while let index = manifests.first("Service", where: { selects($0.json("spec", "selector")) }) {
      manifests.used.insert(index)
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
          manifests.used.insert(index)
          if isFirst { _ = manifests.objects[index].take(["spec", "ingressClassName"]) }
          guard spec["expose"]?["host"] == nil, let host = rule["host"]?.stringValue, host.isHostName else { continue }
          var expose = spec["expose"]?.objectValue ?? [:]
          expose["host"] = .string(host)
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

  mutating func write(
    to result: inout ImportResult, directory: String, owner: String?
  ) throws(InvalidDefinition) {
    guard files.reduce(0, { $0 + $1.text.utf8.count }) <= 1 << 20 else {
      throw InvalidDefinition([Diagnostic(at: place([]), "\(name): files of more than 1 MiB, a ConfigMap's limit")])
    }
    var whole: JSONObject = ["owner": .string(owner ?? "unknown")]
    if owner == nil { decisions.append("\(name): owner unknown: write the team's name, or give --owner") }
    for key in ["image", "command", "args", "port", "health", "probes", "resources"] { whole[key] = spec[key] }
    if !environment.isEmpty { whole["env"] = .object(environment) }
    if !files.isEmpty { whole["config"] = "config/" }
    for key in ["secrets", "volumes", "cron", "expose", "scale"] { whole[key] = spec[key] }
    let text =
      "# Made of Kubernetes manifests.\n"
      + DefinitionText.of([
        "apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": ["name": .string(name)],
        "spec": .object(whole),
      ])
    let path = "\(directory)microservice.yaml"
    _ = try ServiceDefinition.read(text, file: path, environment: nil)
    result.files.append(ImportedFile(path: path, text: text))
    result.files += files.map { ImportedFile(path: "\(directory)config/\($0.name)", text: $0.text) }
    result.secrets += secrets
    result.decisions += decisions
    result.notCarried += dropped
  }
}
