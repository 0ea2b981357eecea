import Kubernetes

/// Fields of a kustomization that change objects.
struct RandomPatches {
  private let objects = RandomObjects()
  private let values = RandomValues(depthMax: 2, countMax: 2)

  private static let fields = [
    "namePrefix", "nameSuffix", "namespace", "labels", "commonLabels", "commonAnnotations", "images", "replicas",
    "patches", "patches", "patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "vars",
    "configMapGenerator", "secretGenerator", "generatorOptions", "transformers", "configurations", "buildMetadata",
    "sortOptions",
  ]

  /// One field and its value; files that it names are written below `directory`.
  func field(
    for all: [JSONValue], in directory: String, _ tree: inout RandomKustomizations.Tree, _ random: inout SeededRandom
  ) -> (String, JSONValue) {
    let field = random.pick(Self.fields)
    let object = all.isEmpty ? objects.object(&random) : random.pick(all)
    let name = object[path: ["metadata", "name"]] ?? "web"
    switch field {
    case "namePrefix": return (field, .string(random.pick(["a-", "", "b"])))
    case "nameSuffix": return (field, "-z")
    case "namespace": return (field, .string(random.pick(["one", "default"])))
    case "labels":
      return (field, [["pairs": objects.texts(&random), "includeSelectors": .bool(random.oneIn(2))]])
    case "commonLabels", "commonAnnotations": return (field, objects.texts(&random))
    case "images":
      return (field, [["name": "nginx", "newName": "b.example/x", "newTag": .string("v\(random.below(9))")]])
    case "replicas": return (field, [["name": name, "count": .integer(Int64(random.below(9)))]])
    case "patches":
      let isMerged = random.oneIn(2)
      let text = isMerged ? merge(object, &random) : operations(object, &random)
      var patch: JSONValue = ["patch": .string(text)]
      if !isMerged || random.oneIn(3) { patch["target"] = target(object, &random) }
      if random.oneIn(2) {
        tree.files["\(directory)/patch.yaml"] = text
        patch["path"] = "patch.yaml"
        patch["patch"] = nil
      }
      return (field, [patch])
    case "patchesStrategicMerge": return (field, [.string(merge(object, &random))])
    case "patchesJson6902":
      return (field, [["target": target(object, &random), "patch": .string(operations(object, &random))]])
    case "replacements": return (field, [replacement(object, all.isEmpty ? object : random.pick(all), &random)])
    case "vars":
      return (
        field,
        [
          [
            "name": "WHO",
            "objref": ["apiVersion": object["apiVersion"] ?? "v1", "kind": object["kind"] ?? "", "name": name],
          ]
        ]
      )
    case "configMapGenerator", "secretGenerator":
      tree.isBare = false
      tree.files["\(directory)/notes.txt"] = values.text(&random)
      tree.files["\(directory)/vars.env"] = "A=1\n# b\nC=" + values.text(&random)
      return (
        field,
        [
          [
            "name": name, "literals": ["a=1", .string("b= " + values.text(&random))],
            "files": ["notes.txt", "k=notes.txt"],
            "envs": ["vars.env"], "behavior": .string(random.pick(["create", "merge", "replace"])),
          ]
        ]
      )
    case "generatorOptions": return (field, ["labels": objects.texts(&random), "disableNameSuffixHash": true])
    case "transformers":
      let transformer: JSONValue = [
        "apiVersion": "builtin", "kind": "PrefixTransformer", "metadata": ["name": .string("t\(random.below(99))")],
        "prefix": "t-", "fieldSpecs": [["path": "metadata/name"]],
      ]
      return (field, [.string(YAMLSpelling.text(of: transformer, &random))])
    case "configurations":
      let configuration: JSONValue = [
        "nameReference": [["kind": "ConfigMap", "fieldSpecs": [["path": "spec/list/value", "kind": "Widget"]]]],
        "varReference": [["path": "spec/list/value", "kind": "Widget"]],
      ]
      tree.files["\(directory)/configuration.yaml"] = YAMLSpelling.text(of: configuration, &random)
      return (field, ["configuration.yaml"])
    case "buildMetadata":
      tree.isBare = false
      return (field, ["originAnnotations", "transformerAnnotations"])
    default:
      tree.isBare = false
      return ("sortOptions", ["order": .string(random.pick(["fifo", "legacy"]))])
    }
  }

  private func target(_ object: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    var target: JSONValue = ["kind": object["kind"] ?? "", "version": .string(random.pick(["v1", "v.*"]))]
    if random.oneIn(2) { target["name"] = object[path: ["metadata", "name"]] }
    if random.oneIn(8) { target["labelSelector"] = .string(random.pick(["app", "tier in (v1, true)", "!10"])) }
    return target
  }

  /// An object that is laid over another.
  private func merge(_ object: JSONValue, _ random: inout SeededRandom) -> String {
    var patch: JSONValue = ["apiVersion": object["apiVersion"] ?? "v1", "kind": object["kind"] ?? ""]
    patch[path: ["metadata"]] = ["name": object[path: ["metadata", "name"]] ?? "web"]
    if let namespace = object[path: ["metadata", "namespace"]] { patch[path: ["metadata", "namespace"]] = namespace }
    if random.oneIn(10) { patch["$patch"] = "delete" }
    for member in object.objectValue ?? [:] where !["apiVersion", "kind", "metadata"].contains(member.key) {
      patch[member.key] = changed(member.value, &random, depth: 0)
    }
    return YAMLSpelling.text(of: patch, &random)
  }

  private func changed(_ value: JSONValue, _ random: inout SeededRandom, depth: Int) -> JSONValue {
    switch value {
    case .object(let object):
      var result: JSONObject = [:]
      for member in object where random.oneIn(2) {
        result[member.key] = changed(member.value, &random, depth: depth + 1)
      }
      if random.oneIn(12) { result["$patch"] = .string(random.pick(["replace", "delete", "merge"])) }
      if random.oneIn(8) { result["more"] = values.value(&random) }
      return .object(result)
    case .array(let elements):
      var result = elements.filter { _ in random.oneIn(2) }.map { element -> JSONValue in
        var element = random.oneIn(2) ? changed(element, &random, depth: depth + 1) : element
        if random.oneIn(10), element.objectValue != nil { element["$patch"] = "delete" }
        return element
      }
      if random.oneIn(12) { result.append(["$patch": .string(random.pick(["replace", "delete"]))]) }
      return .array(result)
    default: return random.oneIn(3) ? .null : random.oneIn(2) ? value : values.value(&random)
    }
  }

  private func operations(_ object: JSONValue, _ random: inout SeededRandom) -> String {
    let paths = Self.paths(object, "").filter { !$0.hasPrefix("/metadata/name") && $0 != "/metadata" && $0 != "/kind" }
    let operations = (0...random.below(2)).map { _ -> JSONValue in
      let path = random.pick(paths)
      switch random.below(5) {
      case 0: return ["op": "remove", "path": .string(path)]
      case 1:
        return [
          "op": "add", "path": .string(path + random.pick(["/-", "/new", "/0", ""])), "value": values.value(&random),
        ]
      case 2: return ["op": "copy", "from": .string(path), "path": .string(random.pick(paths))]
      default: return ["op": "replace", "path": .string(path), "value": values.value(&random)]
      }
    }
    return random.oneIn(2) ? JSONValue.array(operations).text : YAMLSpelling.text(of: .array(operations), &random)
  }

  private static func paths(_ value: JSONValue, _ path: String) -> [String] {
    switch value {
    case .object(let object):
      object.flatMap { member -> [String] in
        let inner = path + "/" + member.key.replacing("~", with: "~0").replacing("/", with: "~1")
        return [inner] + paths(member.value, inner)
      }
    case .array(let elements):
      elements.enumerated().flatMap { index, element in ["\(path)/\(index)"] + paths(element, "\(path)/\(index)") }
    default: []
    }
  }

  private func replacement(_ source: JSONValue, _ target: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    func field(_ object: JSONValue, _ random: inout SeededRandom) -> JSONValue {
      let path = String(random.pick(Self.paths(object, "")).dropFirst())
      return .string(path.replacing(".", with: "\\.").replacing("/", with: "."))
    }
    return [
      "source": [
        "kind": source["kind"] ?? "", "name": source[path: ["metadata", "name"]] ?? "",
        "fieldPath": field(source, &random),
      ],
      "targets": [
        [
          "select": ["kind": target["kind"] ?? ""], "fieldPaths": [field(target, &random)],
          "options": ["create": .bool(random.oneIn(2))],
        ]
      ],
    ]
  }
}
