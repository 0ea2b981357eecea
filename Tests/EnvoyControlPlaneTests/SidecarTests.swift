import EnvoyControlPlane
import Kubernetes
import Mesh
import Testing

extension RealWorldTests {
  /// Real Envoys against the real control plane.
  @Suite(.enabled("Envoy is not installed") { try RealEnvoy.path() != nil })
  struct SidecarTests {
    @Test(arguments: DiscoveryVariant.allCases)
    func trafficFollowsTheEndpoints(_ variant: DiscoveryVariant) async throws {
      let world = MeshWorld(subnet: variant == .delta ? 1 : 2)
      defer { world.stop() }
      try world.backends([
        "app": "\(world.podIP):8080", "users-1": "\(world.address(11)):15006", "users-2": "\(world.address(12)):15006",
      ])
      world.endpoints("users", [11])
      world.serve()
      try await world.sidecar(variant)
      #expect(await eventually { await world.inbound()?.body == "app" })
      #expect(await eventually { await world.outbound()?.body == "users-1" })

      world.endpoints("users", [12])
      let start = ContinuousClock.now
      world.update()
      #expect(await eventually(within: 1) { await world.outbound()?.body == "users-2" })
      print("update to served, \(variant): \(ContinuousClock.now - start)")
      #expect(await world.outbound()?.body == "users-2")

      world.endpoints("users", [])
      world.update()
      #expect(await eventually(within: 1) { await world.outbound()?.status == 503 })
      #expect(world.log.all.rejections.isEmpty)
    }

    @Test func healthChecksAreNotCounted() async throws {
      let world = MeshWorld(subnet: 3)
      defer { world.stop() }
      try world.backends(["app": "\(world.podIP):8080"])
      world.serve()
      try await world.sidecar()
      #expect(await eventually { await world.inbound("/healthz")?.status == 200 })
      for _ in 0..<5 { _ = await world.inbound() }
      _ = await world.inbound("/fail")
      _ = await world.inbound("/healthz?deep=1")
      let text = try #require(await HTTPProbe.get(world.podIP, MeshPorts.admin, EnvoyStats.path)?.body)
      let stats = EnvoyStats(parsing: text)
      #expect(stats.inbound.completed == 6)
      #expect(stats.inbound.failed == 1)
      #expect(text.utf8.count < 2000, "\(text)")
    }

    @Test func aDeadEndpointCostsNoRequest() async throws {
      let world = MeshWorld(subnet: 4)
      defer { world.stop() }
      try world.backends(["users-1": "\(world.address(11)):15006", "users-2": "\(world.address(12)):15006"])
      world.endpoints("users", [11, 12, 13])  // nobody is at .13
      world.serve()
      try await world.sidecar()
      #expect(await eventually { await world.outbound()?.status == 200 })
      for _ in 0..<60 { #expect(await world.outbound()?.status == 200) }
    }

    @Test func aSidecarWithoutItsApplicationCostsNoRequest() async throws {
      let world = MeshWorld(subnet: 5)
      defer { world.stop() }
      // articles calls users, of which .1 is this very sidecar, whose application is not there.
      try world.backends(["users-1": "\(world.address(11)):15006", "users-2": "\(world.address(12)):15006"])
      world.endpoints("users", [1, 11, 12])
      world.serve()
      try await world.sidecar()
      #expect(await eventually { await world.outbound()?.status == 200 })
      #expect(await eventually { await world.inbound()?.headers.contains("x-sakigake-unreached") == true })
      for _ in 0..<30 {
        let answer = await world.outbound()
        #expect(answer?.status == 200)
        #expect(answer?.headers.contains("x-sakigake-unreached") == false)
      }
    }

    /// A busy endpoint keeps its share, as the fleet needs all there is; one that fails loses it.
    @Test(arguments: [("busy", 12, 503), ("broken", 13, 500)])
    func whoFailsIsEjectedAndWhoIsBusyIsNot(_ what: String, subnet: Int, status: Int) async throws {
      let world = MeshWorld(subnet: subnet)
      defer { world.stop() }
      try world.backends([
        "users-1": "\(world.address(11)):15006", "users-2": "\(world.address(12)):15006",
        "users-\(what)": "\(world.address(13)):15006",
      ])
      world.endpoints("users", [11, 12, 13])
      world.serve()
      try await world.sidecar()
      #expect(await eventually { await world.outbound() != nil })
      var answers: [Int: Int] = [:]
      for _ in 0..<100 { answers[await world.outbound()?.status ?? 0, default: 0] += 1 }
      let bad = answers[status] ?? 0
      #expect(answers[200, default: 0] + bad == 100, "\(answers)")
      if what == "busy" { #expect(bad > 15, "\(answers)") } else { #expect((1...8).contains(bad), "\(answers)") }
    }

    @Test func aRequestUnderWayOutlivesItsEndpoint() async throws {
      let world = MeshWorld(subnet: 6)
      defer { world.stop() }
      try world.backends(["users-1": "\(world.address(11)):15006", "users-2": "\(world.address(12)):15006"])
      world.endpoints("users", [11])
      world.serve()
      try await world.sidecar()
      #expect(await eventually { await world.outbound()?.status == 200 })
      let podIP = world.podIP
      async let slow = HTTPProbe.get(podIP, MeshPorts.outboundFirst, "/slow")
      let admin = podIP
      #expect(
        await eventually {
          let text = await HTTPProbe.get(admin, MeshPorts.admin, EnvoyStats.path)?.body ?? ""
          return EnvoyStats(parsing: text).outbound["users"]?.active == 1
        })
      world.endpoints("users", [12])
      world.update()
      #expect(await eventually(within: 1) { await world.outbound()?.body == "users-2" })
      #expect(await slow?.body == "users-1")
    }

    @Test func aRefusalIsReportedAndCostsTheOthersNothing() async throws {
      let world = MeshWorld(subnet: 7)
      defer { world.stop() }
      try world.backends(["users-1": "\(world.address(11)):15006"])
      world.endpoints("users", [11])
      world.serve()
      try await world.sidecar(podIP: "127.90.7.999")
      let log = world.log
      #expect(await log.wait { Set($0.rejections.map(\.kind)) == [.cluster, .listener] })
      #expect(await eventually { await world.outbound()?.body == "users-1" })
      let rejections = log.all.rejections
      for rejection in rejections { print("refusal: \(rejection)") }
      #expect(Set(rejections.flatMap(\.culprits)).isSubset(of: ["inbound", "inbound_health"]))
      let proxies = await world.controlPlane.proxies
      #expect(proxies.map(\.node.id) == ["news/articles-1"])
    }

    @Test func theControlPlaneMayGoAndComeBack() async throws {
      let world = MeshWorld(subnet: 8)
      try world.backends(["users-1": "\(world.address(11)):15006", "users-2": "\(world.address(12)):15006"])
      world.endpoints("users", [11])
      world.serve()
      let port = try await world.controlPlane.boundPort
      try await world.sidecar()
      #expect(await eventually { await world.outbound()?.body == "users-1" })
      await world.stopServing()
      #expect(await world.outbound()?.body == "users-1")

      let log = EventLog()
      let second = EnvoyControlPlane(host: "127.0.0.1", port: port) { log.record($0) }
      let serving = Task { try await second.run() }
      #expect(await log.wait { $0.connections == 1 })
      #expect(await world.outbound()?.body == "users-1", "without a view nothing is taken away")
      world.endpoints("users", [12])
      second.update(world.view)
      #expect(await eventually(within: 5) { await world.outbound()?.body == "users-2" })
      #expect(log.all.rejections.isEmpty)
      #expect(log.all.accepted(.cluster) == 1, "an empty answer to the wildcard; the clusters are what they were")
      world.stop()
      serving.cancel()
      _ = try? await serving.value
    }

    @Test func aCallThatGoesAwayTakesItsClusterAlong() async throws {
      let world = MeshWorld(subnet: 9)
      defer { world.stop() }
      try world.backends(["users-1": "\(world.address(11)):15006"])
      world.endpoints("users", [11])
      world.serve()
      try await world.sidecar()
      #expect(await eventually { await world.outbound()?.body == "users-1" })
      world.add(service: "articles", calls: [])
      world.update()
      let podIP = world.podIP
      #expect(
        await eventually {
          let clusters = await HTTPProbe.get(podIP, MeshPorts.admin, "/clusters")?.body ?? "news/users"
          return !clusters.contains("news/users")
        })
      #expect(await world.outbound() == nil)
      #expect(await world.inbound("/healthz")?.status == 503)
      #expect(world.log.all.rejections.isEmpty)
    }

    @Test func aPodThatIsGoneFromTheViewKeepsWhatItHas() async throws {
      let world = MeshWorld(subnet: 11)
      defer { world.stop() }
      try world.backends(["users-1": "\(world.address(11)):15006", "users-2": "\(world.address(12)):15006"])
      world.endpoints("users", [11])
      var pod = Pod()
      pod.metadata = ObjectMeta(name: "articles-1", namespace: "news")
      world.view.set(pod)
      world.serve()
      try await world.sidecar()
      #expect(await eventually { await world.outbound()?.body == "users-1" })
      world.view.removePod(pod.key)
      world.add(service: "articles", calls: [])
      world.endpoints("users", [12])
      world.update()
      #expect(await eventually(within: 1) { await world.outbound()?.body == "users-2" }, "endpoints still follow")
    }

    @Test func aChangedClusterServesThroughout() async throws {
      let world = MeshWorld(subnet: 10)
      defer { world.stop() }
      try world.backends(["users-1": "\(world.address(11)):15006"])
      world.endpoints("users", [11])
      world.serve()
      try await world.sidecar()
      #expect(await eventually { await world.outbound()?.body == "users-1" })
      let before = world.log.all.accepted(.cluster)
      world.view.microservices[NamespacedName("news", "users")]?.spec.scale.max = 400
      world.update()
      let log = world.log
      #expect(await log.wait(within: 5) { $0.accepted(.cluster) > before }, "warmed at once, not after 15 s")
      #expect(await world.outbound()?.body == "users-1")
    }
  }
}
