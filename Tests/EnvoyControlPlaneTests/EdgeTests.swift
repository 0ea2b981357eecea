import EnvoyControlPlane
import Kubernetes
import Mesh
import Testing

extension RealWorldTests {
  @Suite(.enabled("Envoy is not installed") { try RealEnvoy.path() != nil })
  struct EdgeTests {
    @Test func aNodePortLeadsToTheService() async throws {
      let world = MeshWorld(subnet: 20)
      defer { world.stop() }
      try world.backends(["articles-1": "\(world.address(21)):15006", "articles-2": "\(world.address(22)):15006"])
      world.endpoints("articles", [21])
      world.serve()
      try await world.edge()
      let edge = world.edgeAddress
      #expect(await eventually { await HTTPProbe.get(edge, 30080)?.body == "articles-1" })
      #expect(await HTTPProbe.get(edge, 30081)?.status == 503, "a service without endpoints")
      world.endpoints("articles", [22])
      world.update()
      #expect(await eventually(within: 1) { await HTTPProbe.get(edge, 30080)?.body == "articles-2" })

      world.view.services[NamespacedName("news", "users")] = nil
      world.update()
      #expect(await eventually { await HTTPProbe.get(edge, 30081) == nil })
      let stats = EnvoyStats(parsing: try #require(await HTTPProbe.get(edge, 15000, EnvoyStats.path)?.body))
      #expect(stats.edge.completed >= 3)
      #expect(world.log.all.rejections.isEmpty)
    }
  }
}
