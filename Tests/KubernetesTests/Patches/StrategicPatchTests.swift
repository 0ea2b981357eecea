import Kubernetes
import Testing

@Suite struct StrategicPatchTests {
  private func pod(_ spec: JSONValue) -> JSONValue { ["apiVersion": "v1", "kind": "Pod", "spec": spec] }

  private func patched(_ spec: JSONValue, _ patch: JSONValue) throws -> JSONValue? {
    try pod(spec).applying(strategicPatch: ["spec": patch], apiVersion: "v1", kind: "Pod")["spec"]
  }

  @Test func containersAreMergedByNameAndTheirListsByTheirOwnKeys() throws {
    let result = try patched(
      [
        "containers": [
          [
            "name": "app", "image": "a:1", "env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]],
            "args": ["x", "y"],
          ],
          ["name": "envoy", "image": "e:1"],
        ]
      ],
      [
        "containers": [
          [
            "name": "app", "image": "a:2", "env": [["name": "B", "value": "3"], ["name": "C", "value": "4"]],
            "args": ["z"],
          ]
        ]
      ])
    #expect(
      result == [
        "containers": [
          [
            "name": "app", "image": "a:2",
            "env": [["name": "A", "value": "1"], ["name": "B", "value": "3"], ["name": "C", "value": "4"]],
            "args": ["z"],
          ],
          ["name": "envoy", "image": "e:1"],
        ]
      ])
  }

  @Test func templatesShareTheTableOfPods() throws {
    let deployment: JSONValue = ["spec": ["template": ["spec": ["containers": [["name": "app", "image": "a:1"]]]]]]
    let result = try deployment.applying(
      strategicPatch: ["spec": ["template": ["spec": ["containers": [["name": "b", "image": "b:1"]]]]]],
      apiVersion: "apps/v1", kind: "Deployment")
    #expect(
      result[path: ["spec", "template", "spec", "containers"]] == [
        ["name": "b", "image": "b:1"], ["name": "app", "image": "a:1"],
      ])
  }

  @Test func atomicListsAreReplaced() throws {
    #expect(
      try patched(["tolerations": [["key": "a"]]], ["tolerations": [["key": "b"]]]) == ["tolerations": [["key": "b"]]])
  }

  @Test func elementsAreDeletedAndReplacedByDirective() throws {
    let volumes: JSONValue = ["volumes": [["name": "a", "emptyDir": [:]], ["name": "b", "emptyDir": [:]]]]
    #expect(
      try patched(volumes, ["volumes": [["$patch": "delete", "name": "a"]]]) == [
        "volumes": [["name": "b", "emptyDir": [:]]]
      ])
    #expect(
      try patched(volumes, ["volumes": [["$patch": "replace"], ["name": "c"]]]) == ["volumes": [["name": "c"]]])
    #expect(
      try patched(
        volumes, ["volumes": [["$patch": "replace", "name": "a"], ["name": "b", "secret": ["secretName": "s"]]]])
        == ["volumes": [["name": "b", "secret": ["secretName": "s"]]]])
  }

  @Test func objectsAreReplacedMergedAndEmptiedByDirective() throws {
    let spec: JSONValue = ["securityContext": ["runAsUser": 1, "fsGroup": 2]]
    #expect(
      try patched(spec, ["securityContext": ["$patch": "replace", "fsGroup": 3]]) == ["securityContext": ["fsGroup": 3]]
    )
    #expect(try patched(spec, ["securityContext": ["$patch": "delete"]]) == ["securityContext": [:]])
  }

  @Test func retainedKeysClearTheOthers() throws {
    let deployment: JSONValue = [
      "spec": ["strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1]], "replicas": 1]
    ]
    let result = try deployment.applying(
      strategicPatch: ["spec": ["strategy": ["$retainKeys": ["type"], "type": "Recreate"]]], apiVersion: "apps/v1",
      kind: "Deployment")
    #expect(result == ["spec": ["strategy": ["type": "Recreate"], "replicas": 1]])
  }

  @Test func nullRemoves() throws {
    #expect(try patched(["nodeName": "n", "priority": 1], ["nodeName": nil]) == ["priority": 1])
    #expect(try patched([:], ["nodeSelector": ["a": nil, "b": "1"]]) == ["nodeSelector": ["b": "1"]])
  }

  @Test func primitiveListsAreUnitedAndDeletedFrom() throws {
    let object: JSONValue = ["metadata": ["finalizers": ["a", "b"]]]
    func patched(_ metadata: JSONValue) throws -> JSONValue? {
      try object.applying(strategicPatch: ["metadata": metadata], apiVersion: "v1", kind: "ConfigMap")["metadata"]
    }
    #expect(try patched(["finalizers": ["c", "a"]]) == ["finalizers": ["c", "a", "b"]])
    #expect(try patched(["$deleteFromPrimitiveList/finalizers": ["a"]]) == ["finalizers": ["b"]])
    #expect(
      try patched(["$deleteFromPrimitiveList/finalizers": ["a"], "finalizers": ["c"]]) == ["finalizers": ["c", "b"]])
    #expect(try patched(["$setElementOrder/finalizers": ["b", "a"]]) == ["finalizers": ["b", "a"]])
  }

  @Test func elementOrderIsObeyed() throws {
    let spec: JSONValue = ["containers": [["name": "a"], ["name": "b"], ["name": "c"]]]
    func names(_ patch: JSONValue) throws -> [String] {
      (try patched(spec, patch)?["containers"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }
    let order: JSONValue = [["name": "c"], ["name": "a"], ["name": "d"]]
    #expect(try names(["$setElementOrder/containers": order, "containers": [["name": "d"]]]) == ["b", "c", "a", "d"])
    #expect(
      try names(["$setElementOrder/containers": [["name": "c"], ["name": "b"], ["name": "a"]]]) == ["c", "b", "a"])
    #expect(try names(["containers": [["name": "d"], ["name": "b"]]]) == ["d", "a", "b", "c"])
  }

  @Test func anEmptyPlaceTakesNoDirectives() throws {
    #expect(
      try patched([:], ["volumes": [["name": "a", "$patch": "delete"], ["name": "b", "emptyDir": nil]]])
        == ["volumes": [["name": "b"]]])
    #expect(
      try patched([:], ["$setElementOrder/volumes": [["name": "a"]], "volumes": [["name": "a"]]]) == [
        "volumes": [["name": "a"]]
      ])
  }

  @Test func badPatchesAreRefused() {
    let spec: JSONValue = ["containers": [["name": "a"]]]
    let cases: [(PatchError.Code, JSONValue)] = [
      (.untypable, ["containers": [["image": "a"]]]), (.untypable, ["containers": [["$patch": "delete"]]]),
      (.untypable, ["containers": ["app"]]), (.untypable, ["containers": [["$patch": "destroy", "name": "a"]]]),
      (.untypable, ["containers": [["$patch": "merge", "name": "a"]]]), (.untypable, ["$patch": 1]),
      (.untypable, ["$patch": "merge"]), (.malformed, ["$retainKeys": "x"]),
      (.malformed, ["$retainKeys": ["a"], "b": 1]), (.malformed, ["$setElementOrder/containers": 1]),
      (
        .untypable,
        ["$setElementOrder/containers": [["name": "a"], ["name": "b"]], "containers": [["name": "b"], ["name": "a"]]]
      ),
    ]
    for (code, patch) in cases {
      let error = #expect(throws: PatchError.self, "\(patch.text)") { try patched(spec, patch) }
      #expect(error?.code == code, "\(patch.text)")
    }
  }

  @Test func customKindsHaveNone() {
    #expect(MergeSchema.builtIn(apiVersion: "apps/v1", kind: "Deployment") != nil)
    #expect(MergeSchema.builtIn(apiVersion: "sakigake.dev/v1", kind: "Microservice") == nil)
    let error = #expect(throws: PatchError.self) {
      try JSONValue.object([:]).applying(strategicPatch: [:], apiVersion: "sakigake.dev/v1", kind: "Microservice")
    }
    #expect(error?.code == .notApplicable)
  }

  @Test func everyBuiltInKindHasASchema() {
    for resource in ResourceType.builtIn {
      #expect(MergeSchema.builtIn(apiVersion: resource.apiVersion, kind: resource.kind) != nil, "\(resource.kind)")
    }
  }
}
