import Definitions
import Kubernetes

/// What an object names is there.
extension Rule {
  private static func picksNobody(_ kind: String, _ path: [String]) -> Check {
    .object([kind]) { object, set in
      guard let json = object.json[path: path], json.objectValue != nil else { return [] }
      let parsed = kind == "Service" ? LabelSelector(matchLabels: json.texts) : LabelSelector(checked: json)
      // Without a selector a Service's endpoints are written by hand; an empty one elsewhere means all.
      guard let selector = parsed, !selector.isEmpty, set.pods(matching: selector, in: object.namespace).isEmpty else {
        return []
      }
      return [object.hit("its selector picks no pod", at: ObjectPath(path))]
    }
  }

  private static func backends(_ object: CheckedObject) -> [(path: ObjectPath, service: JSONValue)] {
    var found: [(ObjectPath, JSONValue)] = []
    let fallback = ["spec", "defaultBackend", "service"]
    if let service = object.json[path: fallback] { found.append((ObjectPath(fallback), service)) }
    for (index, rule) in (object.json["spec"] ?? .null).items("rules") {
      for (inner, way) in (rule["http"] ?? .null).items("paths") {
        guard let service = way[path: ["backend", "service"]] else { continue }
        let path = ObjectPath("spec", "rules").element(index).appending("http", "paths").element(inner)
        found.append((path.appending("backend", "service"), service))
      }
    }
    return found
  }

  static let references: [Rule] = [
    Rule(
      "service-dangling", .error, "Services pick pods", because: "Whoever calls it is refused.",
      remedy: "let spec.selector be labels of the workload's template", needsOthers: true,
      picksNobody("Service", ["spec", "selector"])),
    Rule(
      "pdb-dangling", .warning, "Disruption budgets pick pods", because: "It protects nothing.",
      remedy: "let spec.selector be the workload's", needsOthers: true,
      picksNobody("PodDisruptionBudget", ["spec", "selector"])),
    Rule(
      "network-policy-dangling", .warning, "Network policies pick pods", because: "It protects nothing.",
      remedy: "let spec.podSelector be labels of the pods", needsOthers: true,
      picksNobody("NetworkPolicy", ["spec", "podSelector"])),
    Rule(
      "pod-monitor-dangling", .warning, "PodMonitors pick pods", because: "Nothing is measured, and no alert comes.",
      remedy: "let spec.selector be labels of the pods", needsOthers: true,
      picksNobody("PodMonitor", ["spec", "selector"])),
    Rule(
      "service-monitor-dangling", .warning, "ServiceMonitors pick Services",
      because: "Nothing is measured, and no alert comes.", remedy: "let spec.selector be labels of the Service",
      needsOthers: true,
      .object(["ServiceMonitor"]) { object, set in
        guard let selector = object.json[path: ["spec", "selector"]].flatMap(LabelSelector.init(checked:)),
          object.json[path: ["spec", "namespaceSelector"]] == nil,
          !set.all("Service").contains(where: { $0.namespace == object.namespace && selector.matches($0.labels) })
        else { return [] }
        return [object.hit("its selector picks no Service", at: "spec", "selector")]
      }),
    Rule(
      "target-port", .error, "A Service's port by name is one of its pods", because: "Whoever calls it is refused.",
      remedy: "name a port of a container",
      needsOthers: true,
      .object(["Service"]) { object, set in
        guard let labels = object.json[path: ["spec", "selector"]]?.texts, !labels.isEmpty else { return [] }
        let pods = set.pods(matching: LabelSelector(matchLabels: labels), in: object.namespace)
        guard !pods.isEmpty else { return [] }
        let names = Set(
          pods.flatMap(\.running).flatMap { $0.json.items("ports") }.compactMap { $0.value.text("name") })
        return (object.json["spec"] ?? .null).items("ports").compactMap { index, port in
          guard let name = port.text("targetPort"), !names.contains(name) else { return nil }
          return object.hit(
            "no pod has a port \(name)", at: ObjectPath("spec", "ports").element(index).appending("targetPort"))
        }
      }),
    Rule(
      "ingress-dangling", .error, "An Ingress leads to Services that are there", because: "It answers 503.",
      remedy: "name a Service of the namespace and one of its ports", in: ["expose"],
      needsOthers: true,
      .object(["Ingress"]) { object, set in
        backends(object).compactMap { path, backend in
          guard let name = backend.text("name") else { return nil }
          guard let service = set.named("Service", name, in: object.namespace).first else {
            return object.hit("there is no Service \(name)", at: path.appending("name"))
          }
          let ports = (service.json["spec"] ?? .null).items("ports").map(\.value)
          let isKnown =
            backend.integer("port", "number").map { number in ports.contains { $0.integer("port") == number } }
            ?? backend.text("port", "name").map { name in ports.contains { $0.text("name") == name } } ?? true
          return isKnown ? nil : object.hit("Service \(name) has no such port", at: path.appending("port"))
        }
      }),
    Rule(
      "service-account-exists", .error, "The service account of a pod is there",
      because: "No pod is made without it.", remedy: "add the ServiceAccount",
      needsOthers: true,
      .pod { pod, set in
        guard let name = pod.spec.text("serviceAccountName"), !name.isEmpty, name != "default",
          set.named("ServiceAccount", name, in: pod.owner.namespace).isEmpty
        else { return [] }
        return [pod.hit("there is no ServiceAccount \(name)", at: "serviceAccountName")]
      }),
    Rule(
      "duplicate-object", .error, "An object is written once", because: "The last one applied counts.",
      remedy: "rename or remove one of them",
      needsOthers: true,
      .object([]) { object, set in
        guard !object.name.isEmpty, let other = set.first(like: object) else { return [] }
        let first = other.place(of: ObjectPath(), section: [])
        guard first != object.place(of: ObjectPath(), section: []) else { return [] }
        return [object.hit("\(object.title) stands at \(first.file):\(first.line) too", at: "metadata", "name")]
      }),
    Rule(
      "label-value", .error, "Labels are such as the API takes", because: "It refuses the object.",
      remedy: "use at most 63 letters, digits, -, _ and ., with a letter or digit at each end", in: ["tags"],
      .object([]) { object, _ in
        object.labels.sorted { $0.key < $1.key }.compactMap { key, value in
          guard !value.isEmpty, !value.isLabelPart else { return nil }
          return object.hit("label \(key): \"\(value)\" is not a label's value", at: "metadata", "labels", key)
        }
      }),
    Rule(
      "owner-label", .warning, "Workloads say whose they are", because: "At night somebody must know whom to call.",
      remedy: "add the label sakigake.dev/owner", in: ["owner"],
      .object(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]) { object, _ in
        let keys = ["sakigake.dev/owner", "owner", "team", "app.kubernetes.io/part-of"]
        guard !keys.contains(where: { object.labels[$0]?.isEmpty == false }) else { return [] }
        return [object.hit("has no owner", at: "metadata", "labels")]
      }),
  ]
}
