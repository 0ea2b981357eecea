import Kubernetes

/// How the parts of a pod that the cases use are merged, said a second time, apart from the tables of the merge itself
/// (https://github.com/kubernetes/api/blob/master/core/v1/types.go, `patchMergeKey` and `+listMapKey`).
indirect enum PodShape {
  case scalar
  /// A list that is one value.
  case atomic
  /// Members as stated; others are scalars.
  case object([String: PodShape])
  /// Elements told apart by keys, of which patches use the first.
  case keyed([String], [String: PodShape])
  case set

  static let pod = PodShape.object([
    "metadata": .object(["labels": .object([:]), "annotations": .object([:]), "finalizers": .set]),
    "spec": .object([
      "containers": .keyed(["name"], container), "initContainers": .keyed(["name"], container),
      "volumes": .keyed(["name"], ["emptyDir": .object([:]), "configMap": .object([:]), "hostPath": .object([:])]),
      "tolerations": .atomic, "securityContext": .object(["supplementalGroups": .atomic]),
    ]),
  ])

  private static let container: [String: PodShape] = [
    "env": .keyed(["name"], [:]), "ports": .keyed(["containerPort", "protocol"], [:]),
    "volumeMounts": .keyed(["mountPath"], [:]), "args": .atomic,
    "resources": .object(["limits": .object([:]), "requests": .object([:])]),
  ]

  subscript(member: String) -> PodShape {
    switch self {
    case .object(let members), .keyed(_, let members): members[member] ?? .scalar
    default: .scalar
    }
  }
}

/// Random pods, or parts of pods such as managers apply. None has an empty object or list.
struct RandomPods {
  func pod(_ random: inout SeededRandom) -> JSONValue {
    var metadata: JSONObject = ["name": "web"]
    metadata["labels"] = map(["app", "tier", "zone", "release"], &random)
    metadata["annotations"] = map(["a", "b", "example.com/c"], &random)
    metadata["finalizers"] = list(
      random.shuffled(random.some(of: ["x.example/1", "x.example/2", "x.example/3"])).map { .string($0) })
    var spec = JSONObject()
    // Go writes them even where there are none, so that there are some.
    spec["containers"] = containers(["app", "proxy", "log"], &random) ?? [container("app", &random)]
    if random.oneIn(3) { spec["initContainers"] = containers(["init", "copy"], &random) }
    spec["volumes"] = list(random.shuffled(random.some(of: ["data", "tmp", "conf"])).map { volume($0, &random) })
    spec["tolerations"] = list(random.some(of: ["spot", "gpu"]).map { ["key": .string($0), "operator": "Exists"] })
    if random.oneIn(3) { spec["securityContext"] = ["runAsUser": number(&random)] }
    if random.oneIn(3) { spec["priority"] = number(&random) }
    if random.oneIn(3) { spec["nodeName"] = .string(random.pick(["n1", "n2"])) }
    var pod: JSONObject = ["apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata)]
    if !spec.isEmpty { pod["spec"] = .object(spec) }
    return .object(pod)
  }

  private func number(_ random: inout SeededRandom) -> JSONValue { .integer(Int64(random.below(3))) }

  private func list(_ elements: [JSONValue]) -> JSONValue? { elements.isEmpty ? .none : .array(elements) }

  private func map(_ names: [String], _ random: inout SeededRandom) -> JSONValue? {
    let members = random.shuffled(random.some(of: names)).map { ($0, JSONValue.string(random.pick(["1", "2", "3"]))) }
    return members.isEmpty ? .none : .object(JSONObject(members))
  }

  private func containers(_ names: [String], _ random: inout SeededRandom) -> JSONValue? {
    list(random.shuffled(random.some(of: names)).map { container($0, &random) })
  }

  private func container(_ name: String, _ random: inout SeededRandom) -> JSONValue {
    var container: JSONObject = ["name": .string(name)]
    if !random.oneIn(4) { container["image"] = .string(random.pick(["i:1", "i:2", "i:3"])) }
    if random.oneIn(3) { container["args"] = list(random.some(of: ["-v", "-x", "-y"]).map { .string($0) }) }
    if random.oneIn(2) {
      container["env"] = list(
        random.shuffled(random.some(of: ["A", "B", "C", "D"])).map {
          ["name": .string($0), "value": .string(random.pick(["1", "2"]))]
        })
    }
    if random.oneIn(2) {
      container["ports"] = list(
        random.shuffled(random.some(of: [80, 81, 9000])).map { ["containerPort": .integer($0), "protocol": "TCP"] })
    }
    if random.oneIn(3) {
      container["volumeMounts"] = list(
        random.some(of: ["/data", "/tmp"]).map {
          ["mountPath": .string($0), "name": .string(random.pick(["data", "tmp"]))]
        })
    }
    if random.oneIn(3) {
      var resources = JSONObject()
      resources["limits"] = map(["cpu", "memory"], &random)
      resources["requests"] = map(["cpu", "memory"], &random)
      if !resources.isEmpty { container["resources"] = .object(resources) }
    }
    return .object(container)
  }

  private func volume(_ name: String, _ random: inout SeededRandom) -> JSONValue {
    switch random.below(3) {
    case 0: ["name": .string(name), "emptyDir": ["medium": "Memory"]]
    case 1: ["name": .string(name), "configMap": ["name": .string(random.pick(["c1", "c2"]))]]
    default: ["name": .string(name), "hostPath": ["path": .string(random.pick(["/a", "/b"]))]]
    }
  }
}
