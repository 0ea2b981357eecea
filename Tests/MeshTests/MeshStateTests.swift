import Kubernetes
import Mesh
import Testing

@Suite struct MeshStateTests {
  @Test func aSidecarHasTheApplicationAndWhatItCalls() throws {
    let resources = try #require(NewsFleet().resources(for: NewsFleet.articles))
    #expect(resources.clusters.keys.sorted() == ["inbound", "inbound_health", "news/ranking", "news/users"])
    #expect(resources.endpoints.keys.sorted() == ["news/ranking", "news/users"])
    #expect(resources.listeners.keys.sorted() == ["inbound", "outbound_ranking", "outbound_users"])
    #expect(resources.routes.keys.sorted() == ["outbound_ranking", "outbound_users"])
  }

  @Test func theEdgeHasOneListenerForEachNodePort() throws {
    var fleet = NewsFleet()
    fleet.add(service: "zines", nodePort: 30080)
    let resources = try #require(fleet.resources(for: NewsFleet.edge))
    #expect(resources.listeners.keys.sorted() == ["edge_30080"])
    #expect(resources.clusters.keys.sorted() == ["news/articles"], "of two claims to a port the first by name stands")
  }

  @Test func onlyReadyEndpointsThatStayGetTraffic() throws {
    var fleet = NewsFleet()
    fleet.endpoints("users", ["127.4.0.1", "127.4.0.2", "127.4.0.3"])
    fleet.endpoint("users", 1) { $0.conditions.ready = false }
    fleet.endpoint("users", 2) {
      $0.conditions.terminating = true
      $0.conditions.serving = true
    }
    let first = try #require(fleet.resources(for: NewsFleet.articles))
    fleet.endpoints("users", ["127.4.0.1"])
    #expect(try #require(fleet.resources(for: NewsFleet.articles)).endpoints == first.endpoints)
  }

  @Test func scalingChangesEndpointsAndNoCluster() {
    var fleet = NewsFleet()
    fleet.endpoints("users", ["127.4.0.1"])
    var state = MeshState()
    _ = state.update(fleet.view)
    let before = state.resources(for: NewsFleet.articles)
    fleet.endpoints("users", (1...20).map { "127.4.0.\($0)" })
    #expect(state.update(fleet.view) == ["news/users"])
    let after = state.resources(for: NewsFleet.articles)
    #expect(before?.clusters == after?.clusters)
    #expect(before?.endpoints["news/users"] != after?.endpoints["news/users"])
    #expect(state.update(fleet.view).isEmpty)
  }

  @Test func theOrderOfEndpointsAndSlicesDoesNotMatter() throws {
    var fleet = NewsFleet()
    fleet.endpoints("users", ["127.4.0.2", "127.4.0.1"])
    var other = NewsFleet()
    other.endpoints("users", ["127.4.0.1", "127.4.0.2"])
    #expect(fleet.resources(for: NewsFleet.articles) == other.resources(for: NewsFleet.articles))
  }

  @Test func aCalledServiceThatDoesNotExistIsThereAndEmpty() throws {
    var fleet = NewsFleet()
    fleet.view.services[NamespacedName("news", "users")] = nil
    let resources = try #require(fleet.resources(for: NewsFleet.articles))
    #expect(resources.clusters["news/users"] != nil)
    #expect(resources.endpoints["news/users"] != nil)
  }

  @Test func aPodKeepsThePortsItWasStartedWith() throws {
    var fleet = NewsFleet()
    var pod = Pod()
    pod.metadata = ObjectMeta(name: "articles-1", namespace: "news")
    var app = Container()
    app.name = "app"
    app.env = [
      EnvironmentVariable("PORT", "9090"), EnvironmentVariable("USERS_URL", "http://$(MESH_ADDRESS):15100"),
      EnvironmentVariable("OTHER_URL", "http://example.com:443"),
    ]
    pod.spec.containers = [app]
    fleet.view.set(pod)
    let resources = try #require(fleet.resources(for: NewsFleet.articles))
    #expect(resources.listeners.keys.sorted() == ["inbound", "outbound_users"])
    let declared = try #require(NewsFleet().resources(for: NewsFleet.articles))
    #expect(resources.clusters["inbound"] != declared.clusters["inbound"])
  }

  @Test func aProxyThatNobodyKnowsHasNothingYet() {
    let stranger = ProxyNode(
      id: "news/other-1", cluster: "other", role: .sidecar(podIP: "127.3.0.9", meshAddress: "127.3.0.9"))
    #expect(NewsFleet().resources(for: stranger) == nil)
  }

  @Test func ejectionIsNeverInert() {
    let policy = TrafficPolicy()
    for replicas in 2...100 {
      #expect(policy.ejectionPercentMax(replicas: replicas) * replicas >= 100)
      #expect(policy.ejectionPercentMax(replicas: replicas) <= 50)
    }
  }
}
