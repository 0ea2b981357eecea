import Definitions
import Kubernetes
import Rendering
import Testing

@Suite struct RenderingTests {
  @Test func theOrderIsTheOneToApplyIn() throws {
    #expect(
      try Fixtures.render("complete").map { $0["kind"]?.stringValue } == [
        "ConfigMap", "Microservice", "ServiceAccount", "NetworkPolicy", "Service", "Deployment",
        "HorizontalPodAutoscaler", "PodDisruptionBudget",
      ])
    #expect(try Fixtures.render("minimal").first?["kind"] == "Microservice")
  }

  /// Every field that is rendered is one that our types know, but for those that only the kubelet reads.
  @Test(arguments: Fixtures.names)
  func objectsAreWhatTheirTypesSay(_ golden: String) throws {
    let objects = try Fixtures.render(golden)
    let deployment = try #require(try Fixtures.object(Deployment.self, in: objects))
    #expect(deployment.unknown.isEmpty && deployment.spec.unknown.isEmpty && deployment.spec.template.unknown.isEmpty)
    let pod = deployment.spec.template.spec
    #expect(pod.unknown.keys.sorted() == ["automountServiceAccountToken", "securityContext"])
    for container in pod.initContainers + pod.containers {
      #expect(container.unknown.keys == ["securityContext"])
      for probe in [container.livenessProbe, container.readinessProbe, container.startupProbe] {
        #expect(probe?.unknown.isEmpty ?? true)
        #expect(probe?.httpGet?.unknown.isEmpty ?? true)
      }
      #expect(container.ports.allSatisfy(\.unknown.isEmpty) && container.env.allSatisfy(\.unknown.isEmpty))
    }
    #expect(
      pod.tolerations.allSatisfy(\.unknown.isEmpty) && pod.topologySpreadConstraints.allSatisfy(\.unknown.isEmpty))
    let service = try #require(try Fixtures.object(Service.self, in: objects))
    #expect(service.unknown.isEmpty && service.spec.unknown.isEmpty && service.spec.ports.allSatisfy(\.unknown.isEmpty))
    let autoscaler = try #require(try Fixtures.object(HorizontalPodAutoscaler.self, in: objects))
    #expect(autoscaler.spec.unknown.isEmpty && autoscaler.spec.metrics.allSatisfy(\.unknown.isEmpty))
    let budget = try #require(try Fixtures.object(PodDisruptionBudget.self, in: objects))
    #expect(budget.unknown.isEmpty && budget.spec.unknown.isEmpty)
    let microservice = try #require(try Fixtures.object(Microservice.self, in: objects))
    #expect(microservice.unknown.isEmpty && microservice.spec.unknown.isEmpty)
    #expect(try Fixtures.object(ServiceAccount.self, in: objects) != nil)
  }

  /// Server-side apply merges these lists by their keys, and refuses a key that comes twice.
  @Test(arguments: Fixtures.names)
  func noListHasAKeyTwice(_ golden: String) throws {
    let pod = try #require(try Fixtures.object(Deployment.self, in: try Fixtures.render(golden))).spec.template.spec
    for container in pod.initContainers + pod.containers {
      #expect(Set(container.env.map(\.name)).count == container.env.count)
      #expect(Set(container.ports.map(\.containerPort)).count == container.ports.count)
    }
    let used = Set((pod.initContainers + pod.containers).flatMap { $0.env.map(\.name) })
    #expect(used.isSuperset(of: ["POD_NAME", "POD_NAMESPACE", "POD_IP", "MESH_ADDRESS", "PORT", "SERVICE"]))
  }

  @Test func trafficEntersThroughTheSidecar() throws {
    let objects = try Fixtures.render("complete")
    let service = try #require(try Fixtures.object(Service.self, in: objects))
    let deployment = try #require(try Fixtures.object(Deployment.self, in: objects))
    #expect(service.spec.type == "NodePort")
    #expect(service.spec.ports.first?.port == 80)
    #expect(service.spec.ports.first?.targetPort == .int(15006))
    #expect(service.spec.ports.first?.nodePort == 30081)
    #expect(service.spec.selector == deployment.spec.selector.matchLabels)
    let sidecar = try #require(deployment.spec.template.spec.initContainers.first)
    #expect(sidecar.isSidecar)
    #expect(sidecar.ports.map(\.containerPort) == [15006])
    #expect(sidecar.readinessProbe?.httpGet?.path == "/healthz")
    let labels = deployment.spec.template.metadata.labels
    #expect(deployment.spec.selector.matchLabels.allSatisfy { labels[$0.key] == $0.value })
    #expect(deployment.spec.replicas == nil, "replicas are the autoscaler's")
  }

  @Test func calledServicesAreFoundInTheOrderOfTheirNames() throws {
    let pod = try #require(try Fixtures.object(Deployment.self, in: try Fixtures.render("complete"))).spec.template.spec
    let env = Dictionary(uniqueKeysWithValues: (pod.containers.first?.env ?? []).map { ($0.name, $0) })
    #expect(env["RANKING_URL"]?.value == "http://$(MESH_ADDRESS):15100")
    #expect(env["USER_PROFILES_URL"]?.value == "http://$(MESH_ADDRESS):15101")
    #expect(env["SLOTS"]?.value == "8")
    #expect(env["DATABASE_URL"]?.valueFrom == ["secretKeyRef": ["name": "articles-db", "key": "url"]])
    #expect(env["REGION"]?.valueFrom == ["configMapKeyRef": ["name": "shared", "key": "region"]])
    // Expanded by the kubelet in the order of the list: what is used must stand before what uses it.
    let names = (pod.containers.first?.env ?? []).map(\.name)
    #expect(try #require(names.firstIndex(of: "MESH_ADDRESS")) < #require(names.firstIndex(of: "RANKING_URL")))
  }

  @Test func measuresAreScaledOn() throws {
    let autoscaler = try #require(
      try Fixtures.object(HorizontalPodAutoscaler.self, in: try Fixtures.render("complete")))
    #expect(autoscaler.metadata.annotations["sakigake.dev/min-replicas"] == "3")
    #expect(autoscaler.spec.minReplicas == 3 && autoscaler.spec.maxReplicas == 60)
    let metrics = autoscaler.spec.metrics
    #expect(metrics.map(\.type) == ["Resource", "Resource", "Pods"])
    #expect(metrics[0].resource?.target.averageUtilization == 60)
    #expect(metrics[1].resource?.name == "memory")
    #expect(metrics[2].pods?.metric.name == "requests_per_second")
    #expect(metrics[2].pods?.target.averageValue == Quantity(milli: 120_500))
    let minimal = try #require(try Fixtures.object(HorizontalPodAutoscaler.self, in: try Fixtures.render("minimal")))
    #expect(minimal.spec.metrics.first?.resource?.target.averageUtilization == 70)
  }

  @Test func aNewConfigurationIsANewName() throws {
    let service = try #require(
      try ServiceDefinition.read(
        "apiVersion: sakigake.dev/v1\nkind: Microservice\nmetadata: { name: a }\nspec: { owner: o, image: a, port: 80, config: c }",
        file: "a", environment: nil
      ).first)
    let renderer = try Fixtures.renderer()
    func name(_ files: [String: String]) throws -> String? {
      let objects = try renderer.render(service.microservice, configFiles: files)
      let map = try Fixtures.object(ConfigMap.self, in: objects)
      let pod = try #require(try Fixtures.object(Deployment.self, in: objects)).spec.template.spec
      #expect(pod.volumes == [["name": "config", "configMap": ["name": .string(map?.metadata.name ?? "")]]])
      return map?.metadata.name
    }
    let first = try name(["a": "1", "b": "2"])
    #expect(first?.hasPrefix("a-config-") == true)
    #expect(try name(["b": "2", "a": "1"]) == first)
    #expect(try name(["a": "1", "b": "3"]) != first)
  }

  @Test func spotIsANeedAWishOrRefused() throws {
    func pod(_ golden: String) throws -> PodSpec {
      try #require(try Fixtures.object(Deployment.self, in: try Fixtures.render(golden))).spec.template.spec
    }
    let taint = Taint(WellKnown.capacityType, "spot", effect: "NoSchedule")
    let never = try pod("complete")
    #expect(
      never.affinity?.nodeAffinity?.required?.nodeSelectorTerms.first?.matchExpressions.first?.values == ["on-demand"])
    #expect(!never.tolerations.contains { $0.tolerates(taint) })
    let only = try pod("local")
    #expect(only.affinity?.nodeAffinity?.required?.nodeSelectorTerms.first?.matchExpressions.first?.values == ["spot"])
    #expect(only.tolerations.contains { $0.tolerates(taint) })
    let preferred = try pod("minimal")
    #expect(preferred.affinity?.nodeAffinity?.required == nil)
    #expect(preferred.affinity?.nodeAffinity?.preferred.first?.weight == 50)
    #expect(preferred.tolerations.contains { $0.tolerates(taint) })
  }

  @Test(arguments: ["", "a b", "-x", ".x", "a:b", String(repeating: "x", count: 129)])
  func aTagMustBeOne(_ tag: String) throws {
    let renderer = ServiceRenderer(platform: try Fixtures.renderer().platform, tag: tag)
    #expect(throws: ServiceRenderer.Failure.self) { try renderer.render(Microservice()) }
  }

  @Test(arguments: [["a b": ""], ["ü": ""], ["big": String(repeating: "x", count: 1 << 20)]])
  func aConfigurationMustFitAConfigMap(_ files: [String: String]) throws {
    #expect(throws: ServiceRenderer.Failure.self) { try Fixtures.renderer().render(Microservice(), configFiles: files) }
  }

  @Test func renderingTwiceGivesTheSameText() throws {
    for name in Fixtures.names {
      #expect(try Fixtures.render(name).map(\.text) == Fixtures.render(name).map(\.text))
    }
  }
}
