import Autoscaling
import Kubernetes
import Testing

/// What a placeholder Deployment looks like: it lands where the service's pods land, and is none of them.
struct PlaceholderTests {
  private func manifest(_ change: (inout PodSpec) -> Void = { _ in }) throws -> Deployment {
    var scene = PrescalingScene(isForeign: true)
    let key = NamespacedName("news", "gateway")
    if var spec = scene.view.deployments[key]?.spec.template.spec {
      change(&spec)
      scene.view.deployments[key]?.spec.template.spec = spec
    }
    var configuration = PrescalingScene.configuration
    configuration.headroom = .init(image: "example/pause:1")
    configuration.lead.node = 40
    var decision = PrescalingDecision(configuration: configuration)
    scene.announce("huge", in: 50, audience: 525_000)
    scene.steps(2, &decision)
    return try #require(scene.placeholders.first { $0.metadata.labels[PlaceholderLabel.service] == "gateway" })
  }

  @Test func itAsksForWhatThePodAsksFor() throws {
    let deployment = try manifest { spec in
      var proxy = Container()
      proxy.name = "envoy"
      proxy.restartPolicy = "Always"
      proxy.resources.requests = ["cpu": Quantity(milli: 100), "example.com/gpu": Quantity(1)]
      spec.initContainers = [proxy]
    }
    let spec = deployment.spec.template.spec
    let container = try #require(spec.containers.first)
    #expect(spec.containers.count == 1 && spec.initContainers.isEmpty)
    #expect(container.image == "example/pause:1")
    #expect(container.resources.requests["cpu"] == Quantity(milli: 600))
    #expect(container.resources.requests["memory"] == Quantity(bytes: 256 << 20))
    #expect(container.resources.limits == ["example.com/gpu": Quantity(1)])
    #expect(spec.priorityClassName == "sakigake-placeholder")
    #expect(spec.terminationGracePeriodSeconds == 0)
    #expect(spec.unknown["securityContext"]?["runAsNonRoot"] == true)
    #expect(container.unknown["securityContext"]?["readOnlyRootFilesystem"] == true)
    #expect(deployment.spec.template.metadata.labels[WellKnown.service] == nil)
    #expect(deployment.metadata.namespace == "sakigake-system")
  }

  @Test func itLandsWhereThePodLands() throws {
    let own = LabelSelector(matchLabels: [WellKnown.service: "gateway"])
    let deployment = try manifest { spec in
      spec.nodeSelector = ["pool": "web"]
      spec.tolerations = [try? Toleration(json: ["key": "spot", "operator": "Exists"])].compactMap { $0 }
      spec.affinity = Affinity()
      spec.affinity?.nodeAffinity = NodeAffinity()
      spec.affinity?.nodeAffinity?.required = NodeSelector()
      spec.affinity?.podAntiAffinity = PodAffinity()
      var term = PodAffinityTerm()
      term.labelSelector = own
      term.topologyKey = WellKnown.hostname
      var other = term
      other.labelSelector = LabelSelector(matchLabels: ["app": "database"])
      spec.affinity?.podAntiAffinity?.required = [term, other]
      var spread = TopologySpreadConstraint()
      spread.topologyKey = WellKnown.zone
      spread.whenUnsatisfiable = "DoNotSchedule"
      spread.labelSelector = own
      spec.topologySpreadConstraints = [spread]
    }
    let spec = deployment.spec.template.spec
    #expect(spec.nodeSelector == ["pool": "web"])
    #expect(spec.tolerations.map(\.key) == ["spot"])
    #expect(spec.affinity?.nodeAffinity?.required != nil)
    let terms = spec.affinity?.podAntiAffinity?.required ?? []
    // Away from the service's pods, from its own kind, and from whom the service avoids; told from another namespace.
    #expect(terms.count == 3)
    #expect(terms.map(\.namespaces) == [["news"], [], ["news"]])
    let labels = deployment.spec.template.metadata.labels
    #expect(terms.map { $0.labelSelector?.matches(labels) } == [false, true, false])
    #expect(spec.topologySpreadConstraints.first?.labelSelector?.matches(labels) == true)
    #expect(deployment.spec.selector.matches(labels))
  }

  @Test func itBelongsToTheOperator() throws {
    var scene = PrescalingScene(isForeign: true)
    var deployment = Deployment()
    deployment.metadata = ObjectMeta(name: "sakigake-operator", namespace: "sakigake-system")
    deployment.metadata.uid = "owner"
    scene.view.deployments[deployment.key] = deployment
    var configuration = PrescalingScene.configuration
    configuration.headroom = .init()
    var decision = PrescalingDecision(configuration: configuration)
    scene.announce("huge", in: 50, audience: 525_000)
    scene.step(&decision)
    let owners = scene.placeholders.flatMap(\.metadata.ownerReferences)
    #expect(owners.count == 3 && owners.allSatisfy { $0.uid == "owner" && !$0.controller })
  }
}
