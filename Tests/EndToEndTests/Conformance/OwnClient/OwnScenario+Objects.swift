import Kubernetes
import KubernetesClient
import Testing

extension OwnScenario {
  static let objects: [OwnScenario] = [
    OwnScenario(name: "objects") { scene in
      let made = try await scene.client.create(scene.configMap("one", ["a": "1"], labels: ["x": "y"]))
      #expect(!made.metadata.uid.isEmpty && !made.metadata.resourceVersion.isEmpty)
      var read = try await scene.client.get(ConfigMap.self, "one", namespace: scene.namespace)
      #expect(read.data == ["a": "1"] && read.metadata.labels == ["x": "y"])
      read.data["b"] = "2"
      let written = try await scene.client.replace(read)
      #expect(written.data.count == 2 && written.metadata.resourceVersion != made.metadata.resourceVersion)
      _ = try await scene.refusal(409) { _ = try await scene.client.create(scene.configMap("one")) }
      try await scene.client.delete(scene.configMapTarget("one"), uid: made.metadata.uid)
      let missing = try await scene.refusal(404) {
        _ = try await scene.client.get(ConfigMap.self, "one", namespace: scene.namespace)
      }
      #expect(missing.isNotFound && missing.details?["name"] == "one")
    },
    OwnScenario(name: "conflicts") { scene in
      let made = try await scene.client.create(scene.configMap("one", ["a": "1"]))
      var first = made
      first.data = ["a": "2"]
      _ = try await scene.client.replace(first)
      var second = made
      second.data = ["a": "3"]
      let conflict = try await scene.refusal(409) { [second] in _ = try await scene.client.replace(second) }
      #expect(conflict.isConflict)
      _ = try await scene.refusal(409) {
        try await scene.client.delete(
          scene.configMapTarget("one"), uid: "00000000-0000-0000-0000-000000000000")
      }
    },
    OwnScenario(name: "selectors") { scene in
      for index in 0..<6 {
        let labels: Labels = ["parity": index % 2 == 0 ? "even" : "odd", "n": "\(index)"]
        _ = try await scene.client.create(scene.configMap("m\(index)", labels: labels))
      }
      func names(_ labels: String, _ fields: String = "") async throws -> [String] {
        try await scene.client.list(
          ConfigMap.self, namespace: scene.namespace, labelSelector: labels, fieldSelector: fields
        ).items.map(\.metadata.name)
      }
      #expect(try await names("parity=even") == ["m0", "m2", "m4"])
      #expect(try await names("n in (1,3), parity!=even") == ["m1", "m3"])
      #expect(try await names("", "metadata.name=m3") == ["m3"])
      _ = try await scene.refusal(400) { _ = try await names("", "data.x=1") }
    },
    OwnScenario(name: "watching") { scene in
      let start = try await scene.client.list(ConfigMap.self, namespace: scene.namespace).resourceVersion
      _ = try await scene.client.create(scene.configMap("w", ["a": "1"], labels: ["in": "yes"]))
      _ = try await scene.client.patch(scene.configMapTarget("w"), .merge, ["data": ["a": "2"]])
      _ = try await scene.client.patch(scene.configMapTarget("w"), .merge, ["metadata": ["labels": ["in": "no"]]])
      try await scene.client.delete(scene.configMapTarget("w"))
      #expect(try await kinds(scene, from: start, labels: "") == [.added, .modified, .modified, .deleted])
      #expect(try await kinds(scene, from: start, labels: "in=yes") == [.added, .modified, .deleted])
    },
    OwnScenario(name: "generated-names") { scene in
      var names: Set<String> = []
      for _ in 0..<5 {
        var map = scene.configMap("")
        map.metadata.generateName = "g-"
        names.insert(try await scene.client.create(map).metadata.name)
      }
      #expect(names.count == 5 && names.allSatisfy { $0.hasPrefix("g-") && $0.count == 7 }, "\(names)")
    },
    OwnScenario(name: "deletion") { scene in
      var held = scene.configMap("held")
      held.metadata.finalizers = ["example.com/hold"]
      _ = try await scene.client.create(held)
      try await scene.client.delete(scene.configMapTarget("held"))
      let marked = try await scene.client.get(ConfigMap.self, "held", namespace: scene.namespace)
      #expect(marked.metadata.deletionTimestamp != nil)
      _ = try await scene.client.patch(
        scene.configMapTarget("held"), .merge, ["metadata": ["finalizers": JSONValue.null]])
      _ = try await scene.refusal(404) {
        _ = try await scene.client.get(ConfigMap.self, "held", namespace: scene.namespace)
      }
    },
  ]

  /// What a watch tells of the map `w` until it is deleted.
  private static func kinds(_ scene: OwnScene, from version: String, labels: String) async throws -> [WatchEvent.Kind] {
    var kinds: [WatchEvent.Kind] = []
    let events = scene.client.watch(
      .configMaps, namespace: scene.namespace, from: version, labelSelector: labels, fieldSelector: "metadata.name=w")
    for try await event in events where event.kind != .bookmark {
      kinds.append(event.kind)
      if event.kind == .deleted { break }
    }
    return kinds
  }
}
