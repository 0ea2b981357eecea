import Kustomize
import Testing

/// What is wrong is said with its place, and what to do about it.
@Suite struct ErrorTests {
  struct Wrong: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    /// The beginning of the message, its place included.
    var message: String
    var remedy: String?

    var testDescription: String { name }
  }

  static let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"

  static let wrongs = [
    Wrong(
      name: "unknown field", files: ["kustomization.yaml": "resources: []\nnamePrefx: a-\n"],
      message: "kustomization.yaml:2:1: error: a kustomization has no field \"namePrefx\"",
      remedy: "did you mean \"namePrefix\"?"),
    Wrong(
      name: "wrong type", files: ["kustomization.yaml": "namePrefix: 1\n"],
      message: "kustomization.yaml:1:13: error: namePrefix must be a text, not 1", remedy: nil),
    Wrong(
      name: "not YAML", files: ["kustomization.yaml": "resources:\n- a: b: c\n"],
      message: "kustomization.yaml:2:7: error: not YAML", remedy: nil),
    Wrong(
      name: "no kustomization", files: ["other.yaml": "a: b\n"],
      message:
        ".: error: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '.'",
      remedy: nil),
    Wrong(
      name: "nothing in it", files: ["kustomization.yaml": "kind: Kustomization\n"],
      message: "kustomization.yaml: error: is empty", remedy: nil),
    Wrong(
      name: "missing file", files: ["kustomization.yaml": "resources:\n- gone.yaml\n"],
      message: "kustomization.yaml:2:3: error: accumulating resources: 'gone.yaml' doesn't exist",
      remedy: nil),
    Wrong(
      name: "remote", files: ["kustomization.yaml": "resources:\n- https://example.com/a.yaml\n"],
      message:
        "kustomization.yaml:2:3: error: accumulating resources: https://example.com/a.yaml is not on this machine",
      remedy: "fetch it first and name the local copy"),
    Wrong(
      name: "Helm", files: ["kustomization.yaml": "helmCharts:\n- {name: x}\n"],
      message: "kustomization.yaml:2:1: error: helmCharts: Helm charts are not rendered here", remedy: nil),
    Wrong(
      name: "a function",
      files: [
        "kustomization.yaml": "transformers: [f.yaml]\n",
        "f.yaml":
          "apiVersion: v1\nkind: F\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: 'container: {image: x}'\n",
      ], message: "f.yaml:1:1: error: F is a function in a container or a program", remedy: nil),
    Wrong(
      name: "the same object twice",
      files: ["kustomization.yaml": "resources: [a.yaml, b.yaml]\n", "a.yaml": service, "b.yaml": service],
      message: "b.yaml:1:1: error: may not add resource with an already registered id: Service.v1.[noGrp]/web.[noNs]",
      remedy: nil),
    Wrong(
      name: "patch of nothing",
      files: [
        "kustomization.yaml": "resources: [a.yaml]\npatches:\n- path: p.yaml\n", "a.yaml": service,
        "p.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: wbe}\n",
      ], message: "p.yaml:1:1: error: nothing matches Service.v1.[noGrp]/wbe.[noNs]",
      remedy: "the objects of its kind: web"),
    Wrong(
      name: "no name",
      files: ["kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": "apiVersion: v1\nkind: Service\n"],
      message: "a.yaml:1:1: error: the Service has no metadata.name", remedy: "give it one"),
    Wrong(
      name: "a key twice",
      files: ["kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": service + "spec: {a: 1}\nspec: {}\n"],
      message: "a.yaml:5:1: error: not YAML: mapping key \"spec\" already defined at line 4", remedy: nil),
    Wrong(
      name: "an account without a namespace",
      files: [
        "kustomization.yaml": "resources: [a.yaml]\n",
        "a.yaml":
          "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nsubjects:\n- kind: ServiceAccount\n  name: a\n  namespace:\n",
      ],
      message:
        "a.yaml:7:13: error: Invalid Input: namespace is blank for resource \"RoleBinding.v1.rbac.authorization.k8s.io/b.[noNs]\"",
      remedy: "name the account's namespace"),
    Wrong(
      name: "a patch takes the name away",
      files: [
        "kustomization.yaml":
          "resources: [a.yaml]\npatches:\n- target: {kind: Service}\n  patch: |-\n    - {op: remove, path: /metadata}\n",
        "a.yaml": service,
      ], message: "a.yaml:1:1: error: missing metadata.name in object", remedy: nil),
    Wrong(
      name: "a file among components",
      files: ["kustomization.yaml": "components: [a.yaml]\n", "a.yaml": service],
      message: "kustomization.yaml:1:14: error: accumulating components: must build at directory: 'a.yaml' is a file",
      remedy: nil),
    Wrong(
      name: "outside", files: ["app/kustomization.yaml": "resources: [../a.yaml]\n", "a.yaml": service],
      message: "app/kustomization.yaml:1:13: error: security; file 'a.yaml' is not in or below 'app'", remedy: nil),
    Wrong(
      name: "a cycle", files: ["app/kustomization.yaml": "resources: [../app]\n"],
      message: "app/kustomization.yaml:1:13: error: accumulating resources: a cycle: app is or contains /app",
      remedy: nil),
  ]

  @Test(arguments: wrongs) func isToldWithItsPlace(_ wrong: Wrong) {
    let directory = wrong.files["app/kustomization.yaml"] == nil ? "" : "app"
    guard let error = Trees.error(wrong.files, directory) else {
      Issue.record("it was built")
      return
    }
    #expect(error.description.hasPrefix(wrong.message), "\(error)")
    if let remedy = wrong.remedy { #expect(error.remedy == remedy) }
    #expect(error.code == .wrongInput)
  }

  @Test func anUnreadableFileIsNotTheInputsFault() {
    let files = FileTree(
      resolve: { path in path == "/" ? ("/", .directory) : path == "/kustomization.yaml" ? (path, .file) : nil },
      read: { _ in nil })
    #expect {
      try Kustomize.build("/", files: files)
    } throws: { error in
      (error as? KustomizeError)?.code == .unreadable
    }
  }

  @Test func deprecatedFieldsAreToldOf() throws {
    let result = try Trees.build([
      "kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {a: b}\n", "a.yaml": Self.service,
    ])
    #expect(result.warnings == ["kustomization.yaml: warning: 'commonLabels' is deprecated; use 'labels' instead"])
  }
}
