import Kubernetes
import KubernetesClient
import KubernetesServer
import Testing

/// The client's HTTPS against a real server: certificates, tokens, watches.
@Suite struct HTTPSTests {
  @Test func requestsAndWatchesOverHTTPS() async throws {
    try await World.run { world in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await world.server.run() }
        _ = await world.server.boundPort
        var config = try Kubeconfig.load(path: world.directory + "/kubeconfig", context: nil)
        let transport = try config.transport()
        let client = KubernetesClient(transport: transport)
        let (campaigns, version) = try await client.list(PushCampaign.self)
        #expect(campaigns.isEmpty)

        var events = client.watch(.pushCampaigns, from: version).makeAsyncIterator()
        var campaign = PushCampaign()
        campaign.metadata.name = "by-https"
        campaign.metadata.namespace = "default"
        campaign.spec.audience = 7
        _ = try await client.create(campaign)
        let event = try await events.next()
        #expect(event?.kind == .added && event?.object[path: ["spec", "audience"]] == 7)

        let error = await #expect(throws: APIError.self) {
          try await client.get(PushCampaign.self, "none", namespace: "default")
        }
        #expect(error?.isNotFound == true)

        config.user.token = "wrong"
        let stranger = try config.transport()
        let refused = await #expect(throws: APIError.self) {
          try await KubernetesClient(transport: stranger).list(PushCampaign.self)
        }
        #expect(refused?.code == 401)
        config.certificateAuthority = nil
        let distrustful = try config.transport()
        await #expect(throws: TransportError.self) {
          var once = KubernetesClient(transport: distrustful)
          once.retries.attemptsMax = 1
          _ = try await once.list(PushCampaign.self)
        }
        for transport in [transport, stranger, distrustful] { await transport.shutdown() }
        group.cancelAll()
      }
    }
  }
}
