import Kubernetes
import KubernetesClient
import Testing

extension OwnScenario {
  static let patches: [OwnScenario] = [
    OwnScenario(name: "patches") { scene in
      let deployment = try await scene.client.create(scene.deployment("p", replicas: 0))
      let target = Change.Target(deployment)
      let strategic = try await scene.client.patch(
        target, .strategic,
        [
          "spec": [
            "template": [
              "spec": [
                "containers": [
                  ["name": "side", "image": "other"],
                  ["name": "main", "env": [["name": "A", "value": "1"]]],
                ]
              ]
            ]
          ]
        ])
      let containers = strategic[path: ["spec", "template", "spec", "containers"]]?.arrayValue ?? []
      #expect(containers.count == 2 && containers.contains { $0["image"] == "busybox" && $0["env"] != nil })
      let removed = try await scene.client.patch(
        target, .strategic,
        ["spec": ["template": ["spec": ["containers": [["name": "side", "$patch": "delete"]]]]]])
      #expect(removed[path: ["spec", "template", "spec", "containers"]]?.arrayValue?.count == 1)
      let merged = try await scene.client.patch(target, .merge, ["metadata": ["annotations": ["a": "b"]]])
      #expect(merged[path: ["metadata", "annotations", "a"]] == "b")
      let operations: JSONValue = [
        ["op": "test", "path": "/spec/replicas", "value": 0],
        ["op": "add", "path": "/metadata/labels", "value": ["k": "v"]],
        ["op": "replace", "path": "/spec/replicas", "value": 1],
      ]
      let patched = try await scene.client.patch(target, .json, operations)
      #expect(patched[path: ["spec", "replicas"]] == 1 && patched[path: ["metadata", "labels", "k"]] == "v")
      _ = try await scene.refusal(422) { _ = try await scene.client.patch(target, .json, operations) }
      let scaled = try await scene.client.scale(target, to: 2)
      #expect(scaled["kind"] == "Scale" && scaled[path: ["spec", "replicas"]] == 2)
    },
    OwnScenario(name: "apply") { scene in
      func apply(_ manager: String, _ data: JSONValue, force: Bool = false, dryRun: Bool = false) async throws
        -> JSONValue
      {
        try await scene.client.apply(
          [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "a", "namespace": .string(scene.namespace)], "data": data,
          ], resource: .configMaps, fieldManager: manager, force: force, dryRun: dryRun)
      }
      _ = try await apply("one", ["x": "1", "y": "1"])
      _ = try await apply("two", ["z": "1"])
      let conflict = try await scene.refusal(409) { _ = try await apply("two", ["x": "2"]) }
      #expect(conflict.message.contains("conflict with \"one\"") && conflict.message.contains(".data.x"))
      #expect(conflict.details?["causes"]?.arrayValue?.first?["reason"] == "FieldManagerConflict")
      let tried = try await apply("two", ["x": "2"], force: true, dryRun: true)
      #expect(tried["data"]?["x"] == "2")
      #expect(try await scene.client.get(ConfigMap.self, "a", namespace: scene.namespace).data["x"] == "1")
      _ = try await apply("two", ["x": "2"], force: true)
      let now = try await apply("one", ["y": "1"])
      #expect(now["data"] == ["x": "2", "y": "1"], "\(now)")
    },
    OwnScenario(name: "invalid") { scene in
      var wrong = try scene.deployment("Wrong_Name", replicas: -1)
      wrong.spec.template.spec.containers[0].image = ""
      let refused = try await scene.refusal(422) { [wrong] in _ = try await scene.client.create(wrong) }
      let fields = Set((refused.details?["causes"]?.arrayValue ?? []).compactMap { $0["field"]?.stringValue })
      #expect(
        fields.isSuperset(of: ["metadata.name", "spec.replicas", "spec.template.spec.containers[0].image"]),
        "\(fields)")
    },
  ]
}
