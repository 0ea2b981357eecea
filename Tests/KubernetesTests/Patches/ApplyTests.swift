import Kubernetes
import Testing

@Suite struct ApplyTests {
  private let start = Timestamp(seconds: 1_000_000)

  private func deployment(_ spec: JSONValue, labels: JSONValue? = nil) -> JSONValue {
    var object: JSONValue = ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"], "spec": spec]
    object[path: ["metadata", "labels"]] = labels
    return object
  }

  private func apply(
    _ configuration: JSONValue, onto live: JSONValue?, by manager: String, force: Bool = false,
    after seconds: Double = 0,
    subresource: String? = nil
  ) throws -> JSONValue {
    try Apply.apply(
      configuration, onto: live, by: .init(manager: manager, subresource: subresource, now: start + seconds),
      force: force)
  }

  private func update(_ old: JSONValue?, to new: JSONValue, by manager: String, after seconds: Double = 0) -> JSONValue
  {
    Apply.track(old: old, new: new, by: .init(manager: manager, subresource: nil, now: start + seconds))
  }

  /// The fields of a manager's entry, as FieldsV1.
  private func fields(_ object: JSONValue, _ manager: String, _ operation: String = "Apply") -> JSONValue? {
    entry(object, manager, operation)?["fieldsV1"]
  }

  private func entry(_ object: JSONValue, _ manager: String, _ operation: String = "Apply") -> JSONValue? {
    object[path: ["metadata", "managedFields"]]?.arrayValue?.first {
      $0["manager"] == .string(manager) && $0["operation"] == .string(operation)
    }
  }

  private func with(_ object: JSONValue, _ path: [String], _ value: JSONValue?) -> JSONValue {
    var object = object
    object[path: path] = value
    return object
  }

  @Test func aFirstApplyCreatesAndOwns() throws {
    let object = try apply(deployment(["replicas": 2], labels: ["app": "web"]), onto: nil, by: "a")
    #expect(object[path: ["spec", "replicas"]] == 2)
    #expect(
      object[path: ["metadata", "managedFields"]] == [
        [
          "manager": "a", "operation": "Apply", "apiVersion": "apps/v1", "time": "1970-01-12T13:46:40Z",
          "fieldsType": "FieldsV1",
          "fieldsV1": ["f:metadata": ["f:labels": ["f:app": [:]]], "f:spec": ["f:replicas": [:]]],
        ]
      ])
  }

  @Test func whoGivesUpTheLastLabelLeavesTheNameAndTheIdentity() throws {
    var object = try apply(deployment(["replicas": 2], labels: ["app": "web"]), onto: nil, by: "a")
    object[path: ["metadata", "uid"]] = "1"
    let bare = try apply(deployment(["replicas": 2]), onto: object, by: "a")
    #expect(bare[path: ["metadata", "name"]] == "web")
    #expect(bare[path: ["metadata", "uid"]] == "1")
    #expect(bare[path: ["metadata", "labels"]] == nil)
  }

  @Test func whatIsOmittedIsGivenUp() throws {
    var object = try apply(
      deployment(
        ["replicas": 2, "paused": true, "template": ["spec": ["nodeName": "n"]]], labels: ["a": "1", "b": "2"]),
      onto: nil,
      by: "a")
    object = with(object, ["spec", "template", "spec", "restartPolicy"], "Always")  // a default nobody owns
    object = try apply(deployment(["replicas": 2], labels: ["a": "1"]), onto: object, by: "a")
    #expect(object["spec"] == ["replicas": 2])
    #expect(object[path: ["metadata", "labels"]] == ["a": "1"])
    object = try apply(
      ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"]], onto: object, by: "a")
    #expect(object[path: ["metadata", "labels"]] == nil)
    #expect(object[path: ["metadata", "managedFields"]] == nil)
  }

  @Test func whatOthersOwnStays() throws {
    var object = try apply(deployment(["replicas": 2, "paused": true]), onto: nil, by: "a")
    object = try apply(deployment(["replicas": 2]), onto: object, by: "b")
    #expect(fields(object, "a") == ["f:spec": ["f:paused": [:], "f:replicas": [:]]])
    object = try apply(deployment(["paused": true]), onto: object, by: "a")
    #expect(object["spec"] == ["replicas": 2, "paused": true])
    #expect(fields(object, "a") == ["f:spec": ["f:paused": [:]]])
    object = try apply(deployment([:]), onto: object, by: "b")
    #expect(object["spec"] == ["paused": true])
  }

  @Test func oneConflictIsWordedAsKubernetesDoes() throws {
    var object = update(nil, to: deployment(["replicas": 2]), by: "kubectl")
    let error = #expect(throws: PatchError.self) { try apply(deployment(["replicas": 3]), onto: object, by: "a") }
    #expect(error?.code == .conflict)
    #expect(error?.message == "Apply failed with 1 conflict: conflict with \"kubectl\" using apps/v1: .spec.replicas")
    #expect(
      error?.conflicts.map(\.cause) == [
        [
          "reason": "FieldManagerConflict", "message": "conflict with \"kubectl\" using apps/v1",
          "field": ".spec.replicas",
        ]
      ])
    object = try apply(deployment(["replicas": 3]), onto: object, by: "a", force: true)
    #expect(object[path: ["spec", "replicas"]] == 3)
    #expect(fields(object, "kubectl", "Update") == nil)
    #expect(fields(object, "a") == ["f:spec": ["f:replicas": [:]]])
  }

  @Test func severalConflictsAreListedByManager() throws {
    var object = try apply(deployment(["replicas": 2, "paused": false], labels: ["x": "1"]), onto: nil, by: "a")
    object = Apply.track(
      old: object, new: with(object, ["spec", "minReadySeconds"], 5),
      by: .init(manager: "hpa", subresource: "scale", now: start))
    let error = #expect(throws: PatchError.self) {
      try apply(
        deployment(["replicas": 3, "paused": true, "minReadySeconds": 6], labels: ["x": "1"]), onto: object, by: "b")
    }
    #expect(
      error?.message == """
        Apply failed with 3 conflicts: conflicts with "a":
        - .spec.paused
        - .spec.replicas
        conflicts with "hpa" with subresource "scale" using apps/v1:
        - .spec.minReadySeconds
        """)
  }

  @Test func equalValuesAreShared() throws {
    var object = update(nil, to: deployment(["replicas": 2]), by: "kubectl")
    object = try apply(deployment(["replicas": 2]), onto: object, by: "a")
    #expect(fields(object, "kubectl", "Update") == ["f:spec": ["f:replicas": [:]]])
    #expect(fields(object, "a") == ["f:spec": ["f:replicas": [:]]])
  }

  @Test func elementsOfKeyedListsAreOwnedOneByOne() throws {
    func containers(_ list: JSONValue) -> JSONValue { deployment(["template": ["spec": ["containers": list]]]) }
    func live(_ object: JSONValue) -> JSONValue? { object[path: ["spec", "template", "spec", "containers"]] }
    var object = try apply(
      containers([
        ["name": "app", "image": "a:1", "ports": [["containerPort": 80]], "env": [["name": "A", "value": "1"]]]
      ]), onto: nil,
      by: "a")
    #expect(
      fields(object, "a")?[path: ["f:spec", "f:template", "f:spec", "f:containers"]] == [
        "k:{\"name\":\"app\"}": [
          ".": [:], "f:env": ["k:{\"name\":\"A\"}": [".": [:], "f:name": [:], "f:value": [:]]], "f:image": [:],
          "f:name": [:],
          "f:ports": ["k:{\"containerPort\":80,\"protocol\":\"TCP\"}": [".": [:], "f:containerPort": [:]]],
        ]
      ])
    object = try apply(containers([["name": "envoy", "image": "e:1"]]), onto: object, by: "b")
    #expect(live(object)?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["app", "envoy"])
    // b sets a field in a's container; a gives the container up; what b has stays, and so does the element's key.
    object = try apply(
      containers([["name": "app", "workingDir": "/w"], ["name": "envoy", "image": "e:1"]]), onto: object, by: "b")
    object = try apply(containers([]), onto: object, by: "a")
    #expect(live(object) == [["name": "app", "workingDir": "/w"], ["name": "envoy", "image": "e:1"]])
    object = try apply(containers([["name": "envoy", "image": "e:1"]]), onto: object, by: "b")
    #expect(live(object) == [["name": "envoy", "image": "e:1"]])
  }

  @Test func conflictsInListsNameTheElement() throws {
    func containers(_ image: JSONValue) -> JSONValue {
      deployment(["template": ["spec": ["containers": [["name": "app", "image": image]]]]])
    }
    let object = try apply(containers("a:1"), onto: nil, by: "a")
    let error = #expect(throws: PatchError.self) { try apply(containers("a:2"), onto: object, by: "b") }
    #expect(error?.conflicts.map(\.field) == [#".spec.template.spec.containers[name="app"].image"#])
    #expect(error?.conflicts.map(\.managerDescription) == ["\"a\""])
  }

  @Test func atomicValuesHaveOneOwner() throws {
    let object = try apply(deployment(["selector": ["matchLabels": ["a": "1"]]]), onto: nil, by: "a")
    #expect(fields(object, "a") == ["f:spec": ["f:selector": [:]]])
    let error = #expect(throws: PatchError.self) {
      try apply(deployment(["selector": ["matchLabels": ["b": "1"]]]), onto: object, by: "b")
    }
    #expect(error?.conflicts.map(\.field) == [".spec.selector"])
  }

  @Test func setsAreUnited() throws {
    func finalizers(_ list: JSONValue) -> JSONValue {
      ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c", "finalizers": list]]
    }
    var object = try apply(finalizers(["x", "y"]), onto: nil, by: "a")
    object = try apply(finalizers(["y", "z"]), onto: object, by: "b")
    #expect(object[path: ["metadata", "finalizers"]] == ["x", "y", "z"])
    #expect(fields(object, "b") == ["f:metadata": ["f:finalizers": ["v:\"y\"": [:], "v:\"z\"": [:]]]])
    object = try apply(finalizers(["x"]), onto: object, by: "a")
    #expect(object[path: ["metadata", "finalizers"]] == ["x", "y", "z"])
    object = try apply(finalizers([]), onto: object, by: "b")
    #expect(object[path: ["metadata", "finalizers"]] == ["x"])
  }

  @Test func applyingTheSameAgainChangesNothing() throws {
    let configuration = deployment(["replicas": 2, "template": ["metadata": ["creationTimestamp": nil]]])
    let object = try apply(configuration, onto: nil, by: "a")
    #expect(try apply(configuration, onto: object, by: "a", after: 60) == object)
    let more = try apply(deployment(["replicas": 2, "paused": true]), onto: object, by: "a", after: 60)
    #expect(entry(more, "a")?["time"] == "1970-01-12T13:47:40Z")
  }

  @Test func updatesTakeWhatTheyChangeAndNothingElse() throws {
    var object = try apply(deployment(["replicas": 2, "paused": true]), onto: nil, by: "a")
    object = update(object, to: with(object, ["spec", "replicas"], 5), by: "hpa", after: 10)
    #expect(fields(object, "a") == ["f:spec": ["f:paused": [:]]])
    #expect(fields(object, "hpa", "Update") == ["f:spec": ["f:replicas": [:]]])
    let same = update(object, to: object, by: "hpa", after: 20)
    #expect(same == object)
    object = update(object, to: with(object, ["spec", "paused"], nil), by: "hpa", after: 30)
    #expect(entry(object, "a") == nil)
    #expect(entry(object, "hpa", "Update")?["time"] == "1970-01-12T13:46:50Z")
  }

  @Test func whatTheServerWritesBelongsToNobody() {
    var new = deployment(["replicas": 1])
    new["metadata"] = [
      "name": "web", "namespace": "default", "uid": "u", "resourceVersion": "1", "generation": 1,
      "creationTimestamp": "2026-11-24T22:38:00Z",
    ]
    let object = update(nil, to: new, by: "kubectl")
    #expect(fields(object, "kubectl", "Update") == ["f:spec": ["f:replicas": [:]]])
    let again = update(object, to: with(object, ["metadata", "resourceVersion"], "2"), by: "other", after: 9)
    #expect(entry(again, "other", "Update") == nil)
  }

  @Test func subresourcesAreApart() throws {
    let object = update(nil, to: deployment(["replicas": 1]), by: "m")
    let status = Apply.track(
      old: object, new: with(object, ["status"], ["replicas": 1]),
      by: .init(manager: "m", subresource: "status", now: start))
    let entries = status[path: ["metadata", "managedFields"]]?.arrayValue ?? []
    #expect(entries.map { $0["subresource"]?.stringValue } == [nil, "status"])
    #expect(entries.last?["fieldsV1"] == ["f:status": ["f:replicas": [:]]])
    // Through the main resource nobody comes to own the status, through `status` nobody anything else.
    let configuration = with(deployment(["replicas": 1, "paused": true]), ["status"], ["readyReplicas": 7])
    #expect(
      fields(try apply(configuration, onto: status, by: "b"), "b") == [
        "f:spec": ["f:paused": [:], "f:replicas": [:]]
      ])
    let applied = try apply(configuration, onto: status, by: "b", subresource: "status")
    #expect(fields(applied, "b") == ["f:status": ["f:readyReplicas": [:]]])
  }

  @Test func kindsWithoutASchemaHaveGranularObjectsAndAtomicLists() throws {
    func service(_ spec: JSONValue) -> JSONValue {
      [
        "apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": ["name": "m", "finalizers": ["f"]],
        "spec": spec,
      ]
    }
    let object = try apply(service(["scale": ["min": 1], "calls": [["name": "x"]]]), onto: nil, by: "a")
    #expect(
      fields(object, "a") == [
        "f:metadata": ["f:finalizers": ["v:\"f\"": [:]]],
        "f:spec": [".": [:], "f:calls": [:], "f:scale": [".": [:], "f:min": [:]]],
      ])
  }

  @Test func fieldsMayBeHandedOver() throws {
    let object = update(nil, to: deployment(["replicas": 1]), by: "kubectl-client-side-apply")
    var handedOver = try #require(entry(object, "kubectl-client-side-apply", "Update"))
    handedOver["manager"] = "kubectl"
    handedOver["operation"] = "Apply"
    let handed = update(object, to: with(object, ["metadata", "managedFields"], [handedOver]), by: "kubectl")
    #expect(fields(handed, "kubectl") == ["f:spec": ["f:replicas": [:]]])
    #expect(fields(handed, "kubectl-client-side-apply", "Update") == nil)
    let reset = update(object, to: with(object, ["metadata", "managedFields"], [[:]]), by: "kubectl")
    #expect(reset[path: ["metadata", "managedFields"]] == nil)
    let kept = update(object, to: with(object, ["metadata", "managedFields"], nil), by: "kubectl")
    #expect(kept == object)
  }

  @Test func anObjectOfUnknownOriginConflictsAsBeforeFirstApply() throws {
    let error = #expect(throws: PatchError.self) {
      try apply(deployment(["replicas": 2]), onto: deployment(["replicas": 1]), by: "a")
    }
    #expect(
      error?.message
        == "Apply failed with 1 conflict: conflict with \"before-first-apply\" using apps/v1: .spec.replicas")
  }

  @Test func theNumberOfUpdatingManagersIsLimited() {
    var object = update(nil, to: deployment(["replicas": 1]), by: "m")
    for index in 0..<30 {
      object = update(
        object, to: with(object, ["metadata", "labels", "l\(index)"], "1"), by: "m\(index)", after: Double(index))
    }
    let entries = object[path: ["metadata", "managedFields"]]?.arrayValue ?? []
    #expect(entries.count == 10)
    #expect(entries.first?["manager"] == "ancient-changes")
    #expect(entries.first?["time"] == .string((start + 20).rfc3339))
  }

  @Test func badConfigurationsAreRefused() throws {
    let cases: [(PatchError.Code, JSONValue)] = [
      (.malformed, []), (.malformed, ["kind": "Deployment"]), (.malformed, ["apiVersion": "apps/v1"]),
      (.malformed, with(deployment([:]), ["metadata", "managedFields"], [["manager": "x"]])),
      (.untypable, deployment(["template": ["spec": ["containers": [["name": "a"], ["name": "a"]]]]])),
      (.untypable, deployment(["replicas": "two"])), (.untypable, deployment(["replica": 2])),
    ]
    for (code, configuration) in cases {
      let error = #expect(throws: PatchError.self, "\(configuration.text)") {
        try apply(configuration, onto: nil, by: "a")
      }
      #expect(error?.code == code, "\(configuration.text)")
    }
  }
}
