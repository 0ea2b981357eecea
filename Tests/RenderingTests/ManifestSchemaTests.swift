import Foundation
import Kubernetes
import Rendering
import Testing

/// What definitions become, held against Kubernetes' own schemas, in which no field is that they do not have
/// (`kubernetes-validate --strict`, https://pypi.org/project/kubernetes-validate/).
@Suite struct ManifestSchemaTests {
  static let python: String? = {
    let path = Fixtures.packageRoot.appending(path: ".venv-manifests/bin/python").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Kinds that others bring to a cluster, and our own: Kubernetes has no schemas of them. The end-to-end tests apply them
  /// to a cluster that has their definitions.
  static let unknownThere = Set((RenderedKinds.brought + [.microservices]).map(\.kind))

  /// From the oldest that rendered pods run on, where a pod may sleep before it stops, to the newest that is known.
  static let versions = ["1.30", "1.37"]

  @Test func theSchemasAreThereWhereTheyMustBe() {
    if ProcessInfo.processInfo.environment["CI"] == "true" { #expect(Self.python != nil, "run make setup") }
  }

  private static func check(_ objects: [JSONValue], _ version: String) throws -> (status: Int32, output: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "sakigake-manifests-\(UUID()).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try objects.map { "---\n\($0.prettyText)\n" }.joined().write(to: file, atomically: true, encoding: .utf8)
    return try EnvoyProgram.run(
      try #require(python), ["-m", "kubernetes_validate", "--strict", "-k", version, file.path])
  }

  @Test(.enabled(if: python != nil, "needs kubernetes-validate: run make setup"), arguments: Fixtures.names, versions)
  func hasNoFieldThatKubernetesLacks(_ golden: String, _ version: String) throws {
    let objects = try Fixtures.render(golden).filter { !Self.unknownThere.contains($0["kind"]?.stringValue ?? "") }
    let told = try Self.check(objects, version)
    #expect(told.status == 0, "\(told.output)")
    // Each object was looked at.
    #expect(told.output.split(separator: "\n").count { $0.contains("passed") } == objects.count, "\(told.output)")
  }

  /// The check itself finds what it is for.
  @Test(.enabled(if: python != nil, "needs kubernetes-validate: run make setup"))
  func anUnknownFieldIsFound() throws {
    var deployment = try #require(try Fixtures.render("minimal").first { $0["kind"] == "Deployment" })
    deployment[path: ["spec", "replica"]] = 3
    let told = try Self.check([deployment], "1.37")
    #expect(told.status != 0 && told.output.contains("replica"), "\(told.output)")
  }
}
