import Foundation
import Testing

extension EndToEnd {
  /// `kustomize build` on a disc, beside kubectl's builder.
  @Suite struct KustomizeCommandTests {
    private static let files = [
      "base/kustomization.yaml": "resources: [all.yaml]\nconfigMapGenerator: [{ name: settings, files: [a.txt] }]\n",
      "base/a.txt": "one\ntwo\n",
      "base/all.yaml": """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: news }
      spec:
        template:
          spec:
            containers:
            - { name: app, image: web, envFrom: [{ configMapRef: { name: settings } }] }
      ---
      apiVersion: v1
      kind: Namespace
      metadata: { name: news }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: other }

      """,
      "overlay/kustomization.yaml": "resources: [../base]\nnamePrefix: p-\nlabels: [{ pairs: { a: b } }]\n",
      "outside/kustomization.yaml": "resources: [link.yaml]\n",
      "wrong/kustomization.yaml": "resources: [none.yaml]\n",
    ]

    private func withTree(_ body: (String) async throws -> Void) async throws {
      try await RehearseCommandTests.withDirectory { directory in
        for (path, text) in Self.files {
          let file = URL(filePath: "\(directory)/\(path)")
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
          try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try FileManager.default.createSymbolicLink(
          atPath: directory + "/outside/link.yaml", withDestinationPath: "../base/all.yaml")
        try await body(directory)
      }
    }

    @Test func printsWhatKubectlPrints() async throws {
      try await withTree { directory in
        for tree in ["base", "overlay"] {
          let ours = try await Sakigake.run(["kustomize", "build", "\(directory)/\(tree)"])
          let theirs = try await Shell.run(["kubectl", "kustomize", "\(directory)/\(tree)"])
          #expect(ours.status == 0 && theirs.status == 0 && ours.output == theirs.output, "\(ours)\n\(theirs)")
        }
      }
    }

    @Test func writesAFileOrOneOfEachObject() async throws {
      try await withTree { directory in
        let file = directory + "/out.yaml"
        let one = try await Sakigake.run(["kustomize", "build", "\(directory)/base", "-o", file])
        #expect(one.status == 0 && one.output.isEmpty, "\(one)")
        #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("apiVersion: v1\nkind: Namespace\n"))
        let each = try await Sakigake.run([
          "kustomize", "build", "--output", "\(directory)/base", "\(directory)/overlay",
        ])
        #expect(each.status == 0, "\(each)")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory + "/base")
        #expect(
          names.contains("news_apps_v1_deployment_p-web.yaml") && names.contains("v1_namespace_news.yaml"), "\(names)")
        #expect(names.contains("default_v1_service_p-other.yaml"), "\(names)")
        let nowhere = try await Sakigake.run([
          "kustomize", "build", "\(directory)/base", "-o", "\(directory)/no/such/file",
        ])
        #expect(nowhere.status == 3, "\(nowhere)")
      }
    }

    @Test func aLinkLeadsNoFurtherThanThePathItself() async throws {
      try await withTree { directory in
        let refused = try await Sakigake.run(["kustomize", "build", "\(directory)/outside"])
        #expect(
          refused.status == 2 && refused.error.contains("outside/kustomization.yaml:1:13: error: security;"),
          "\(refused)")
        let allowed = try await Sakigake.run(
          ["kustomize", "build", "\(directory)/outside", "--load-restrictor=LoadRestrictionsNone"])
        #expect(allowed.status == 0 && allowed.output.contains("kind: Deployment"), "\(allowed)")
      }
    }

    @Test func mistakesHaveTheirCodes() async throws {
      try await withTree { directory in
        let missing = try await Sakigake.run(["kustomize", "build", "\(directory)/wrong"])
        #expect(missing.status == 2 && missing.error.contains("/wrong/kustomization.yaml:1:13: error:"), "\(missing)")
        let unknown = try await Sakigake.run(["kustomize", "build", "\(directory)/base", "--no-such-flag"])
        #expect(unknown.status == 2, "\(unknown)")
        let help = try await Sakigake.run(["kustomize", "build", "--help"])
        #expect(help.status == 0 && help.output.contains("--load-restrictor"), "\(help)")
        let label = try await Sakigake.run(["kustomize", "build", "\(directory)/base", "--enable-managedby-label"])
        #expect(label.status == 0 && label.output.contains("app.kubernetes.io/managed-by: kustomize-"), "\(label)")
      }
    }
  }
}
