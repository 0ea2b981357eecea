import Kubernetes

/// Objects that refer to each other by a few names, with members that need care when they are written.
struct RandomObjects {
  private let values = RandomValues(depthMax: 3, countMax: 3)

  static let names = ["web", "app", "settings", "key", "data"]
  static let labels = ["app", "tier", "app.kubernetes.io/name", "10", "true"]

  func object(_ random: inout SeededRandom) -> JSONValue {
    let (version, kind) = random.pick(Self.kinds)
    var object: JSONValue = ["apiVersion": .string(version), "kind": .string(kind), "metadata": metadata(&random)]
    switch kind {
    case "Deployment", "StatefulSet":
      object["spec"] = ["replicas": .integer(Int64(random.below(5))), "template": template(&random)]
      if random.oneIn(2) { object[path: ["spec", "selector"]] = ["matchLabels": texts(&random)] }
    case "CronJob": object["spec"] = ["jobTemplate": ["spec": ["template": template(&random)]]]
    case "Service":
      object["spec"] = ["selector": texts(&random), "ports": .array((0..<random.below(3)).map { _ in port(&random) })]
    case "ConfigMap", "Secret": object["data"] = texts(&random)
    case "RoleBinding":
      object["roleRef"] = ["kind": "Role", "name": name(&random), "apiGroup": "rbac.authorization.k8s.io"]
      object["subjects"] = [["kind": "ServiceAccount", "name": name(&random), "namespace": "default"]]
    case "HorizontalPodAutoscaler":
      object["spec"] = ["scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": name(&random)]]
    default:
      object["spec"] = .object(values.object(&random))
      object[path: ["spec", "list"]] = [["name": "a", "value": values.value(&random)], ["name": "b"]]
    }
    return object
  }

  private static let kinds = [
    ("apps/v1", "Deployment"), ("apps/v1", "Deployment"), ("apps/v1", "StatefulSet"), ("batch/v1", "CronJob"),
    ("v1", "Service"), ("v1", "ConfigMap"), ("v1", "Secret"), ("v1", "ServiceAccount"), ("v1", "Namespace"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"), ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("example.com/v1", "Widget"),
  ]

  private func name(_ random: inout SeededRandom) -> JSONValue { .string(random.pick(Self.names)) }

  func metadata(_ random: inout SeededRandom) -> JSONValue {
    var metadata: JSONValue = ["name": name(&random)]
    if random.oneIn(4) { metadata["namespace"] = .string(random.pick(["default", "one", "two"])) }
    if random.oneIn(3) { metadata["labels"] = texts(&random) }
    if random.oneIn(4) { metadata["annotations"] = texts(&random) }
    return metadata
  }

  /// A map of texts, mostly harmless ones.
  func texts(_ random: inout SeededRandom) -> JSONValue {
    var texts: JSONObject = [:]
    for _ in 0..<random.below(4) {
      let text = random.oneIn(4) ? values.text(&random) : random.pick(["v1", "true", "8080", "$(WHO)", "a: b", ""])
      texts[random.pick(Self.labels)] = .string(text)
    }
    return .object(texts)
  }

  private func port(_ random: inout SeededRandom) -> JSONValue {
    var port: JSONValue = ["port": .integer(Int64(random.pick([80, 443, 53])))]
    if random.oneIn(2) { port["protocol"] = .string(random.pick(["TCP", "UDP"])) }
    return port
  }

  private func template(_ random: inout SeededRandom) -> JSONValue {
    var containers: [JSONValue] = []
    for container in random.some(of: ["app", "side", "init"]) {
      var object: JSONValue = [
        "name": .string(container),
        "image": .string(random.pick(["nginx", "nginx:1.0", "a.example:5000/web@sha256:ab", "web:v1"])),
      ]
      if random.oneIn(2) {
        object["env"] = [
          ["name": "A", "value": .string(random.pick(["x", "$(WHO)", "1"]))],
          ["name": "B", "valueFrom": ["configMapKeyRef": ["name": name(&random), "key": "k"]]],
        ]
      }
      if random.oneIn(3) {
        object["ports"] = [["containerPort": 80], ["containerPort": 80, "protocol": "UDP"]]
      }
      containers.append(object)
    }
    var spec: JSONValue = ["containers": .array(containers)]
    if random.oneIn(3) { spec["serviceAccountName"] = name(&random) }
    if random.oneIn(3) {
      spec["volumes"] = [
        ["name": "c", "configMap": ["name": name(&random)]], ["name": "s", "secret": ["secretName": name(&random)]],
        ["name": "e", "emptyDir": [:]],
      ]
    }
    return ["metadata": ["labels": texts(&random)], "spec": spec]
  }
}
