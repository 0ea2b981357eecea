import Definitions
import Foundation
import Kubernetes
import Rendering
import Testing

/// The fleet that the demo runs, in every environment that its platform has.
@Suite struct ExampleFleetTests {
  static let fleet = Fixtures.packageRoot.appending(path: "examples/news")

  @Test(arguments: ["local", "production", "staging"])
  func isRendered(_ environment: String) throws {
    let platform = try PlatformDefinition.read(
      try String(contentsOf: Self.fleet.appending(path: "platform.yaml"), encoding: .utf8), file: "platform.yaml",
      environment: environment)
    let renderer = ServiceRenderer(platform: platform, tag: platform.tag.isEmpty ? "v1" : platform.tag)
    var called: Set<String> = []
    var names: Set<String> = []
    for folder in ["articles", "gateway", "ranking", "users"] {
      let file = Self.fleet.appending(path: "\(folder)/microservice.yaml")
      let services = try ServiceDefinition.read(
        try String(contentsOf: file, encoding: .utf8), file: file.path, environment: environment,
        environments: platform.environments)
      for service in services {
        names.insert(service.microservice.metadata.name)
        called.formUnion(service.microservice.spec.calls.map(\.service))
        #expect(service.microservice.spec.capacity != nil)
        let objects = try renderer.render(service.microservice)
        let deployment = try #require(try Fixtures.object(Deployment.self, in: objects))
        #expect(deployment.spec.template.spec.initContainers.first?.name == "envoy")
      }
    }
    #expect(names == ["articles", "gateway", "ranking", "users"])
    #expect(called.isSubset(of: names))
  }
}
