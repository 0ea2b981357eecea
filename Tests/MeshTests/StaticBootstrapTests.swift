import Foundation
import Kubernetes
import Mesh
import Testing

/// Every snapshot is held against the real Envoy: `SAKIGAKE_ENVOY` names it, or else the one of the project's .venv.
@Suite struct StaticBootstrapTests {
  static func snapshot(of node: ProxyNode) throws -> String {
    var fleet = NewsFleet()
    fleet.endpoints("articles", ["127.3.0.1", "127.3.0.2"])
    fleet.endpoints("users", ["127.4.0.1", "127.4.0.2", "127.4.0.3"])
    let resources = try #require(fleet.resources(for: node))
    return try StaticBootstrap.json(of: node, resources).prettyText
  }

  @Test func aSidecarsSnapshotIsAsItWas() throws { try compare(NewsFleet.articles, "sidecar", Goldens.sidecar) }
  @Test func theEdgesSnapshotIsAsItWas() throws { try compare(NewsFleet.edge, "edge", Goldens.edge) }

  private func compare(_ node: ProxyNode, _ name: String, _ golden: String) throws {
    let made = try Self.snapshot(of: node).trimmed
    if ProcessInfo.processInfo.environment["SAKIGAKE_WRITE_GOLDENS"] == "1" {
      try Goldens.write(made, as: name)
    } else {
      let isSame = made == golden.trimmed
      #expect(
        isSame, "differs from Goldens.\(name); write it anew with SAKIGAKE_WRITE_GOLDENS=1 and read the difference")
    }
  }

  @Test(.enabled("Envoy is not installed") { try RealEnvoy.path() != nil }, arguments: [NewsFleet.articles, NewsFleet.edge])
  func envoyAcceptsASnapshot(_ node: ProxyNode) throws {
    let envoy = try #require(try RealEnvoy.path())
    let validation = try RealEnvoy.validate(try Self.snapshot(of: node), with: envoy)
    #expect(validation.status == 0, "\(validation.output)")
  }

  @Test(.enabled("Envoy is not installed") { try RealEnvoy.path() != nil })
  func envoyRefusesARouteToNowhere() throws {
    let envoy = try #require(try RealEnvoy.path())
    var resources = try #require(NewsFleet().resources(for: NewsFleet.edge))
    resources.clusters = [:]
    let text = try StaticBootstrap.json(of: NewsFleet.edge, resources).text
    #expect(try RealEnvoy.validate(text, with: envoy).status != 0)
  }

  @Test(.enabled("Envoy is not installed") { try RealEnvoy.path() != nil }, arguments: DiscoveryVariant.allCases)
  func envoyAcceptsTheBootstraps(_ variant: DiscoveryVariant) throws {
    let envoy = try #require(try RealEnvoy.path())
    let sidecar = SidecarBootstrap.json(
      pod: NamespacedName("news", "articles-1"), service: "articles", podIP: "127.3.0.1", meshAddress: "127.3.0.1",
      xdsHost: "127.0.0.1", xdsPort: 18000, variant: variant)
    let edge = EdgeBootstrap.json(
      xdsHost: "127.0.0.1", xdsPort: 18000, adminAddress: "127.0.0.1", adminPort: 0, variant: variant)
    for json in [sidecar, edge] {
      let validation = try RealEnvoy.validate(json.text, with: envoy)
      #expect(validation.status == 0, "\(validation.output)")
    }
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

extension Goldens {
  /// Writes the golden of that name beside this file, as Swift.
  static func write(_ text: String, as name: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens+\(name.capitalized).swift")
    let body = "extension Goldens {\n  static let \(name) = #\"\"\"\n\(text.trimmed)\n\"\"\"#\n}\n"
    try Data(body.utf8).write(to: url, options: .atomic)
  }
}

enum Goldens {}
