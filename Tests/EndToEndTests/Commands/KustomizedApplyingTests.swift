import Foundation
import Testing

/// Kustomizations beside definitions: rendered, checked, applied, compared, pruned and deleted with them.
extension EndToEnd.CommandTests {
  private static let tree = [
    "base/kustomization.yaml": "resources: [all.yaml]\nconfigMapGenerator: [{ name: settings, literals: [a=1] }]\n",
    "base/all.yaml": """
    apiVersion: v1
    kind: Service
    metadata: { name: cache }
    spec: { ports: [{ port: 6379 }], selector: { app: cache } }
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: { name: cache-reader }
    rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: { name: cache }
    spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }

    """,
    "overlay/kustomization.yaml": "resources: [../base]\nnamePrefix: kus-\n",
  ]

  private func withTree(_ body: (FleetFiles, String) async throws -> Void) async throws {
    try await FleetFiles.with(FleetFiles.service.replacing("shop", with: "kustomized")) { files in
      for (path, text) in Self.tree {
        let file = URL(filePath: "\(files.directory)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      try await body(files, files.directory + "/overlay")
    }
  }

  @Test func whatIsBuiltIsRenderedWithItsSource() async throws {
    try await withTree { files, overlay in
      let both = try await Sakigake.run(["render", "-f", files.service, "-f", overlay])
      #expect(both.status == 0, "\(both)")
      let documents = both.output.components(separatedBy: "---\n")
      func has(_ kind: String, _ parts: String...) -> Bool {
        documents.contains { text in text.contains("kind: \(kind)\n") && parts.allSatisfy(text.contains) }
      }
      #expect(has("Deployment", "name: kustomized\n"), "\(both)")
      #expect(has("Service", "name: kus-cache\n", "namespace: default\n", "sakigake.dev/source: base/all.yaml:1\n"))
      #expect(has("ClusterRole", "name: kus-cache-reader\n", "sakigake.dev/source: base/all.yaml:6\n"))
      #expect(has("ConfigMap", "name: kus-settings-", "sakigake.dev/source: base/kustomization.yaml:2\n"), "\(both)")
      #expect(has("Service", "sakigake.dev/kustomization: overlay\n"), "\(both)")
      #expect(!documents.contains { $0.contains("kind: ClusterRole\n") && $0.contains("namespace:") })
      let alone = try await Sakigake.run(["render", "-f", overlay])
      #expect(alone.status == 0 && !alone.output.contains("kustomized"), "\(alone)")
    }
  }

  @Test func theSameObjectTwiceIsRefusedWithBothSources() async throws {
    try await withTree { files, overlay in
      let twice = try await Sakigake.run(["render", "-f", overlay, "-f", files.directory + "/overlay/."])
      #expect(twice.status == 2 && twice.error.contains("comes from base/"), "\(twice)")
    }
  }

  @Test func guardrailsLookAtWhatIsBuilt() async throws {
    try await withTree { files, overlay in
      let pod = """
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: open }
        spec:
          containers:
          - name: app
            image: registry.example.com/app:v1
            securityContext: { privileged: true }

        """
      let path = files.directory + "/base/all.yaml"
      try ((Self.tree["base/all.yaml"] ?? "") + pod).write(toFile: path, atomically: true, encoding: .utf8)
      let checked = try await Sakigake.run(["check", "-f", files.service, "-f", overlay])
      #expect(checked.status == 1, "\(checked)")
      #expect(checked.output.contains("base/all.yaml:23:"), "the line of privileged: \(checked)")
    }
  }

  @Test func whatIsBuiltIsAppliedComparedPrunedAndDeleted() async throws {
    try await withTree { files, overlay in
      let new = try await cluster.sakigake("diff", "-f", overlay)
      #expect(new.status == 1 && new.output.contains("+++ applied/service/kus-cache\n"), "\(new)")
      let applied = try await cluster.sakigake("apply", "-f", overlay, "--wait=false")
      #expect(applied.status == 0, "\(applied)")
      #expect(
        applied.output.contains("clusterrole.rbac.authorization.k8s.io/kus-cache-reader serverside-applied"),
        "\(applied)")
      let source = try await cluster.kubectl(
        "get", "service", "kus-cache", "-o", "jsonpath={.metadata.annotations.sakigake\\.dev/source}")
      #expect(source.hasSuffix("base/all.yaml:1"), "\(source)")
      #expect(try await cluster.sakigake("diff", "-f", overlay).status == 0)

      // The hash in the ConfigMap's name changes: the old one is pruned, and one that looks alike is not.
      try await cluster.kubectl("create", "configmap", "kus-alike")
      let base = files.directory + "/base/kustomization.yaml"
      try (Self.tree["base/kustomization.yaml"] ?? "").replacing("a=1", with: "a=2")
        .write(toFile: base, atomically: true, encoding: .utf8)
      let pruned = try await cluster.sakigake("apply", "-f", overlay, "--wait=false", "--prune")
      #expect(pruned.status == 0, "\(pruned)")
      #expect(pruned.lines.filter { $0.hasSuffix(" pruned") }.count == 1, "\(pruned)")
      let left = try await cluster.kubectl("get", "configmaps", "-o", "name")
      #expect(left.components(separatedBy: "kus-settings-").count == 2 && left.contains("kus-alike"), "\(left)")

      let told = try await cluster.sakigake("delete", "-f", overlay, "--dry-run=client")
      #expect(told.status == 0 && told.output.contains("service/kus-cache deleted (dry run)"), "\(told)")
      let deleted = try await cluster.sakigake("delete", "-f", overlay)
      #expect(deleted.output.contains("persistentvolumeclaim/kus-cache left alone: it holds data"), "\(deleted)")
      #expect(try await cluster.kubectlOutcome("get", "service", "kus-cache").status == 1, "\(deleted)")
      #expect(try await cluster.sakigake("delete", "-f", overlay, "--volumes").status == 0)
      try await cluster.kubectl("delete", "configmap", "kus-alike")
    }
  }

  @Test func aKindIsDefinedBeforeObjectsOfIt() async throws {
    try await withTree { files, _ in
      let directory = files.directory + "/kinds"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try "resources: [all.yaml]\n".write(
        toFile: directory + "/kustomization.yaml", atomically: true, encoding: .utf8)
      try """
      apiVersion: kinds.example.com/v1
      kind: Lighthouse
      metadata: { name: first }
      spec: { height: 12 }
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: { name: lighthouses.kinds.example.com }
      spec:
        group: kinds.example.com
        scope: Namespaced
        names: { plural: lighthouses, singular: lighthouse, kind: Lighthouse }
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties: { spec: { type: object, properties: { height: { type: integer } } } }

      """.write(toFile: directory + "/all.yaml", atomically: true, encoding: .utf8)
      let applied = try await cluster.sakigake("apply", "-f", directory)
      #expect(applied.status == 0, "\(applied)")
      #expect(applied.lines.first?.hasPrefix("customresourcedefinition.apiextensions.k8s.io/") == true, "\(applied)")
      #expect(applied.lines.last?.hasPrefix("lighthouse.kinds.example.com/first ") == true, "\(applied)")
      let height = try await cluster.kubectl("get", "lighthouse", "first", "-o", "jsonpath={.spec.height}")
      #expect(height == "12")
      try await cluster.kubectl("delete", "customresourcedefinition", "lighthouses.kinds.example.com")
    }
  }

  @Test func whatOthersMadeIsLeftAlone() async throws {
    try await withTree { _, overlay in
      try await cluster.kubectl("create", "service", "clusterip", "kus-cache", "--tcp=1:1")
      let deleted = try await cluster.sakigake("delete", "-f", overlay)
      #expect(
        deleted.output.contains("service/kus-cache left alone: it is not labeled sakigake.dev/kustomization=overlay"),
        "\(deleted)")
      try await cluster.kubectl("delete", "service", "kus-cache")
    }
  }
}
