import Kubernetes
import Testing

/// Rules of server-side apply that a real API server was seen to follow.
@Suite struct ApplyRulesTests {
  private let now = Timestamp(seconds: 1_000_000)

  private func author(_ manager: String, _ subresource: String? = nil) -> Apply.Author {
    Apply.Author(manager: manager, subresource: subresource, now: now)
  }

  private func apply(
    _ configuration: JSONValue, onto live: JSONValue?, by manager: String, force: Bool = false,
    schema: MergeSchema? = nil
  ) throws -> JSONValue {
    try Apply.apply(configuration, onto: live, by: author(manager), force: force, schema: schema)
  }

  private func configMap(_ data: JSONValue?, labels: JSONValue? = nil) -> JSONValue {
    var object: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c"]]
    if let data { object["data"] = data }
    if let labels { object[path: ["metadata", "labels"]] = labels }
    return object
  }

  private func entry(_ object: JSONValue, _ manager: String, _ operation: String = "Apply") -> JSONValue? {
    object["metadata"]?["managedFields"]?.arrayValue?.first {
      $0["manager"]?.stringValue == manager && $0["operation"]?.stringValue == operation
    }
  }

  private func names(_ list: JSONValue?, _ key: String = "name") -> [String] {
    (list?.arrayValue ?? []).compactMap { $0[key]?.stringValue }
  }

  // MARK: Time and origin

  @Test func whoAppliesWhatIsThereHasNoTime() throws {
    let object = Apply.track(old: nil, new: configMap(["a": "1"]), by: author("kubectl"))
    let shared = try apply(configMap(["a": "1"]), onto: object, by: "m")
    #expect(entry(shared, "m") != nil)
    #expect(entry(shared, "m")?["time"] == nil)
    #expect(entry(shared, "kubectl", "Update") == entry(object, "kubectl", "Update"))
  }

  @Test func whatWasThereBeforeTheFirstApplyHasATimeAndNoStatus() throws {
    let live: JSONValue = [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"], "spec": ["nodeName": "n"],
      "status": ["phase": "Running"],
    ]
    let applied = try apply(
      ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p", "labels": ["a": "b"]]], onto: live, by: "m")
    let before = entry(applied, "before-first-apply", "Update")
    #expect(before?["fieldsV1"] == ["f:spec": ["f:nodeName": [:]]])
    #expect(before?["time"] == .string(now.rfc3339))
  }

  @Test func anObjectWithoutEntriesStaysWithoutThem() {
    let live = configMap(["a": "1"])
    let changed = Apply.track(old: live, new: configMap(["a": "2"]), by: author("kubectl"))
    #expect(changed["metadata"]?["managedFields"] == nil)
  }

  @Test func anEmptyListForgetsWhoManagesWhat() {
    let object = Apply.track(old: nil, new: configMap(["a": "1"]), by: author("kubectl"))
    for reset in [JSONValue.array([]), [[:]]] {
      var new = object
      new[path: ["metadata", "managedFields"]] = reset
      #expect(Apply.track(old: object, new: new, by: author("m"))["metadata"]?["managedFields"] == nil)
    }
  }

  @Test func entriesThatMeanNothingAreNotTaken() {
    let object = Apply.track(old: nil, new: configMap(["a": "1"]), by: author("kubectl"))
    var new = object
    new[path: ["metadata", "managedFields"]] = [["manager": "x", "operation": "Steal"]]
    #expect(Apply.track(old: object, new: new, by: author("m")) == object)
  }

  // MARK: Nulls, empty values, omission

  @Test func aNullIsStated() throws {
    let object = try apply(configMap(["a": "1"], labels: ["x": "1"]), onto: nil, by: "a")
    let error = #expect(throws: PatchError.self) {
      try apply(configMap(nil, labels: ["x": nil]), onto: object, by: "b")
    }
    #expect(error?.conflicts.map(\.field) == [".metadata.labels.x"])
    // Of a map that has members, null says nothing but that it is there.
    let nulled = try apply(configMap(nil, labels: .some(.null)), onto: object, by: "b")
    #expect(nulled["metadata"]?["labels"] == ["x": "1"])
  }

  @Test func aNewObjectsStructsBelongToNobody() {
    let deployment: JSONValue = [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "d"],
      "spec": [
        "strategy": ["rollingUpdate": ["maxSurge": 1]],
        "template": ["metadata": ["labels": ["a": "b"]], "spec": ["containers": [["name": "c", "resources": [:]]]]],
      ],
    ]
    let fields = entry(Apply.track(old: nil, new: deployment, by: author("m")), "m", "Update")?["fieldsV1"]
    #expect(
      fields?["f:spec"] == [
        "f:strategy": ["f:rollingUpdate": [".": [:], "f:maxSurge": [:]]],
        "f:template": [
          "f:metadata": ["f:labels": [".": [:], "f:a": [:]]],
          "f:spec": ["f:containers": ["k:{\"name\":\"c\"}": [".": [:], "f:name": [:], "f:resources": [:]]]],
        ],
      ])
  }

  @Test func anElementGoesThoughSomebodyOwnsAPartOfIt() throws {
    func pod(_ containers: JSONValue) -> JSONValue {
      ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"], "spec": ["containers": containers]]
    }
    let object = try apply(pod([["name": "a", "image": "1"], ["name": "b", "image": "1"]]), onto: nil, by: "m")
    var updated = object
    updated[path: ["spec", "containers"]] = [["name": "a", "image": "2"], ["name": "b", "image": "1"]]
    let tracked = Apply.track(old: object, new: updated, by: author("u"))
    let pruned = try apply(pod([["name": "b", "image": "1"]]), onto: tracked, by: "m")
    #expect(names(pruned["spec"]?["containers"]) == ["b"])
    #expect(entry(pruned, "u", "Update") == nil)
  }

  @Test func listsKeepTheLiveOrderAndTakeTheStatedOne() throws {
    func pod(_ list: [String]) -> JSONValue {
      [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
        "spec": ["containers": .array(list.map { ["name": .string($0)] })],
      ]
    }
    let cases = [
      (["a", "b", "c"], ["c", "a"], ["b", "c", "a"]), (["a", "b"], ["x", "b"], ["a", "x", "b"]),
      (["a", "b", "c"], ["x", "y"], ["a", "b", "c", "x", "y"]),
      (["a", "b", "c", "d"], ["d", "b"], ["a", "c", "d", "b"]),
    ]
    for (live, stated, merged) in cases {
      let object = Apply.track(old: nil, new: pod(live), by: author("u"))
      let applied = try apply(pod(stated), onto: object, by: "m")
      #expect(names(applied["spec"]?["containers"]) == merged, "\(live) \(stated)")
    }
  }

  // MARK: Custom resources

  private static let schema = MergeSchema(
    structural: [
      "type": "object",
      "properties": [
        "spec": [
          "type": "object",
          "properties": [
            "whole": ["type": "array", "items": ["type": "string"]],
            "set": ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "string"]],
            "ports": [
              "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"],
              "items": [
                "type": "object",
                "properties": ["port": ["type": "integer"], "protocol": ["type": "string", "default": "TCP"]],
              ],
            ],
            "atomic": [
              "type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": ["type": "string"],
            ],
            "free": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
          ],
        ]
      ],
    ], hasStatus: true)

  private func thing(_ spec: JSONValue) -> JSONValue {
    ["apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "t"], "spec": spec]
  }

  @Test func aDefinitionSaysHowItsListsAreOwned() throws {
    let object = try apply(
      thing([
        "whole": ["a"], "set": ["a", "b"], "ports": [["port": 1], ["port": 1, "protocol": "UDP"]],
        "atomic": ["x": "1"], "free": ["y": ["z": 1]],
      ]), onto: nil, by: "m", schema: Self.schema)
    #expect(
      entry(object, "m")?["fieldsV1"]?["f:spec"] == [
        "f:whole": [:], "f:set": ["v:\"a\"": [:], "v:\"b\"": [:]],
        "f:ports": [
          "k:{\"port\":1,\"protocol\":\"TCP\"}": [".": [:], "f:port": [:]],
          "k:{\"port\":1,\"protocol\":\"UDP\"}": [".": [:], "f:port": [:], "f:protocol": [:]],
        ],
        "f:atomic": [:], "f:free": ["f:y": [".": [:], "f:z": [:]]],
      ])
    let merged = try apply(thing(["set": ["c"]]), onto: object, by: "n", schema: Self.schema)
    #expect(merged["spec"]?["set"] == ["a", "b", "c"])
  }

  @Test func whatHasBecomeWholeIsOwnedAsAWhole() throws {
    let object = try apply(thing(["atomic": ["x": "1"]]), onto: nil, by: "m", schema: .untyped)
    #expect(entry(object, "m")?["fieldsV1"]?["f:spec"]?["f:atomic"]?["f:x"] != nil)
    let changed = Apply.track(
      old: object,
      new: object.applying(mergePatch: ["metadata": ["labels": ["a": "b"]]]), by: author("u"), schema: Self.schema)
    #expect(entry(changed, "m")?["fieldsV1"]?["f:spec"]?["f:atomic"] == [:])
  }

  @Test func entriesOfVersionsThatAreGoneGo() throws {
    let object = try apply(thing(["set": ["a"]]), onto: nil, by: "m", schema: Self.schema)
    var newer = thing(["set": ["b"]])
    newer["apiVersion"] = "example.com/v2"
    let versions = VersionConverter { object, version in
      version == "example.com/v2" ? (object, Self.schema) : nil
    }
    var live = object
    live["apiVersion"] = "example.com/v2"
    let applied = try Apply.apply(
      newer, onto: live, by: author("n"), force: false, schema: Self.schema, versions: versions)
    #expect(entry(applied, "m") == nil)
    #expect(entry(applied, "n")?["apiVersion"] == "example.com/v2")
  }

  @Test func whatDoesNotFitTheSchemaIsTold() {
    let cases: [(JSONValue, String)] = [
      (["nothing": 1], ".spec.nothing: field not declared in schema"),
      (["set": "a"], ".spec.set: expected list, got &{a}"),
      (["set": ["a", "a"]], ".spec.set: duplicate entries for key [=\"a\"]"),
      (
        ["ports": [["protocol": "TCP"]]],
        ".spec.ports: element 0: associative list with keys has an element that omits key field \"port\" "
          + "(and doesn't have default value)"
      ),
      (["atomic": ["x": 1]], ".spec.atomic.x: expected string, got &value.valueUnstructured{Value:1}"),
    ]
    for (spec, message) in cases {
      let error = #expect(throws: PatchError.self) { try apply(thing(spec), onto: nil, by: "m", schema: Self.schema) }
      #expect(
        error?.message == "failed to create typed patch object (/t; example.com/v1, Kind=Thing): \(message)")
    }
  }

  // MARK: kubectl's older way

  @Test func kubectlDoesNotConflictWithWhatItAppliedBefore() throws {
    let annotation = "kubectl.kubernetes.io/last-applied-configuration"
    var created = configMap(["a": "1"])
    created[path: ["metadata", "annotations", annotation]] = .string(configMap(["a": "1"]).text)
    let object = Apply.track(old: nil, new: created, by: author("kubectl-client-side-apply"))
    #expect(throws: PatchError.self) { try apply(configMap(["a": "2"]), onto: object, by: "other") }
    let applied = try apply(configMap(["a": "2"]), onto: object, by: "kubectl")
    #expect(applied["data"] == ["a": "2"])
    #expect(
      applied["metadata"]?["annotations"]?[annotation]
        == "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"2\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}\n")
  }

  // MARK: Scale

  private let deployment: JSONValue = [
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "d"], "spec": ["replicas": 2],
  ]
  private let replicas = ["spec", "replicas"]

  @Test func replicasAreOwnedThroughTheirScale() throws {
    let object = Apply.track(old: nil, new: deployment, by: author("kubectl"))
    var scaled = object
    scaled[path: replicas] = 3
    let tracked = Apply.trackScale(old: object, new: scaled, path: replicas, by: author("hpa", "scale"))
    #expect(entry(tracked, "kubectl", "Update") == nil)
    #expect(entry(tracked, "hpa", "Update")?["fieldsV1"] == ["f:spec": ["f:replicas": [:]]])
    #expect(entry(tracked, "hpa", "Update")?["subresource"] == "scale")

    let error = #expect(throws: PatchError.self) {
      try Apply.applyScale(5, onto: tracked, path: replicas, by: author("m", "scale"), force: false)
    }
    #expect(
      error?.message == "Apply failed with 1 conflict: conflict with \"hpa\" with subresource \"scale\" using "
        + "autoscaling/v1: .spec.replicas")
    let forced = try Apply.applyScale(5, onto: tracked, path: replicas, by: author("m", "scale"), force: true)
    #expect(forced[path: replicas] == 5)
    #expect(entry(forced, "hpa", "Update") == nil)
    #expect(entry(forced, "m")?["fieldsV1"] == ["f:spec": ["f:replicas": [:]]])
  }

  @Test func replicasThatNobodyOwnsStayUnowned() {
    var scaled = deployment
    scaled[path: replicas] = 3
    let tracked = Apply.trackScale(old: deployment, new: scaled, path: replicas, by: author("hpa", "scale"))
    #expect(tracked["metadata"]?["managedFields"] == nil)
  }
}
