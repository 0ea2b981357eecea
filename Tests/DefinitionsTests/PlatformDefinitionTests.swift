import Definitions
import Kubernetes
import Testing

@Suite struct PlatformDefinitionTests {
  static let full = """
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: news }
    spec:
      cluster: news-production
      region: ap-northeast-1
      registry: registry.example.com:5000/news
      tag: 1.20
      namespace: news
      nodeGroups:
        - { name: base, instanceType: c5.large, cpu: 1900m, memory: 3500Mi, pods: 29, min: 2, max: 6, boot: 90s, pricePerHour: 0.107 }
        - { name: spot, instanceType: c5.large, cpu: 2, memory: 3500Mi, max: 20, spot: true, labels: { disk: ssd } }
      pushes:
        margin: 60s
        utilization: 70%
        release: 30s
        lead: { imagePull: 20s }
        kinds: { breaking: { openRate: 8%, rise: 5s, hold: 450s, fall: 50s } }
      tags: { team: platform }
    environments:
      production: {}
      local:
        registry: local
        tag: dev
        mesh: { controlPlane: node, loopback: podIP }
    """

  @Test func everyFieldIsRead() throws {
    let platform = try PlatformDefinition.read(Self.full, file: "platform.yaml", environment: "production")
    #expect(platform.name == "news")
    #expect(platform.cluster == "news-production")
    #expect(platform.registry == "registry.example.com:5000/news")
    #expect(platform.tag == "1.20")
    #expect(platform.namespace == "news")
    #expect(platform.environments == ["production", "local"])
    #expect(platform.mesh.controlPlane == "sakigake-xds.sakigake-system:15010")
    #expect(platform.mesh.loopback == .localhost)
    #expect(platform.tags == ["team": "platform"])
    let base = try #require(platform.nodeGroups.first)
    #expect(
      base.allocatable == ["cpu": Quantity(milli: 1900), "memory": Quantity(bytes: 3500 << 20), "pods": Quantity(29)])
    #expect(base.minimum == 2 && base.maximum == 6 && base.target == 2)
    #expect(base.bootSeconds == 90 && base.pricePerHour == 0.107 && !base.isSpot)
    let spot = try #require(platform.nodeGroups.last)
    #expect(
      spot.isSpot && spot.minimum == 0 && spot.labels == ["disk": "ssd"] && spot.allocatable["pods"] == Quantity(110))
  }

  @Test func anEnvironmentIsLaidOver() throws {
    let platform = try PlatformDefinition.read(Self.full, file: "platform.yaml", environment: "local")
    #expect(platform.registry == "local")
    #expect(platform.tag == "dev")
    #expect(platform.mesh.controlPlane == nil)
    #expect(platform.mesh.loopback == .podIP)
    #expect(platform.nodeGroups.count == 2)
  }

  @Test func theOperatorsSettingsTravelInAConfigMap() throws {
    let platform = try PlatformDefinition.read(Self.full, file: "platform.yaml", environment: nil)
    let map = try ConfigMap(json: platform.settings)
    #expect(map.key == NamespacedName("sakigake-system", "sakigake-platform"))
    let settings = try JSONValue(parsing: try #require(map.data["platform.json"]))
    #expect(settings["name"] == "news")
    #expect(settings[path: ["pushes", "kinds", "breaking", "openRate"]] == "8%")
    #expect(settings[path: ["pushes", "lead", "imagePull"]] == "20s")
  }

  @Test(arguments: [
    (
      "  nodeGroups: [{ name: a, instanceType: x, cpu: 1, memory: 1Gi, min: 3, max: 2 }]",
      "6:16: error: node group \"a\": min 3 is above max 2; lower min or raise max"
    ),
    (
      "  nodeGroups: [{ name: a, instanceType: x, cpu: 1, memory: 1Gi, max: 2 }, { name: a, instanceType: x, cpu: 1, memory: 1Gi, max: 2 }]",
      "6:75: error: node group \"a\" is given twice; rename one of the two"
    ),
    (
      "  nodeGroups: [{ name: a, instanceType: x, cpu: 1, max: 2 }]",
      "6:16: error: spec.nodeGroups[0].memory is missing; add it"
    ),
    (
      "  nodeGroups: [{ name: a, instanceType: x, cpu: 1, memory: 1Gi, max: 2, boot: 90 }]",
      "6:79: error: spec.nodeGroups[0].boot: \"90\" is not a duration; write it as 90s, 2m or 500ms"
    ),
    ("  regoin: x", "6:3: error: unknown field \"regoin\" in spec; did you mean \"region\"?"),
    (
      "  mesh: { controlPlane: somewhere }",
      "6:25: error: spec.mesh.controlPlane: \"somewhere\" is not HOST:PORT; write it as sakigake-xds.sakigake-system:15010, or node"
    ),
    (
      "  mesh: { loopback: host }",
      "6:21: error: spec.mesh.loopback: \"host\" is none of localhost, podIP; use one of them"
    ),
    (
      "  pushes: { kinds: { breaking: { rise: 5s } } }",
      "6:32: error: spec.pushes.kinds.breaking.openRate is missing; add it"
    ),
    (
      "  pushes: { kinds: { breaking: { openRate: 8 } } }",
      "6:44: error: spec.pushes.kinds.breaking.openRate: \"8\" is not a percentage; write it as 60%"
    ),
    (
      "  pushes: { kinds: { breaking: { openRate: 8%, rise: 0s, hold: 0s, fall: 0s } } }",
      "6:32: error: spec.pushes.kinds.breaking: rise, hold and fall are all zero; a response takes some time: give one"
    ),
    (
      "  tags: { a/b: c }",
      "6:11: error: spec.tags: \"a/b\" is not a tag's name; use letters, digits, -, _ and ., at most 59"
    ),
    (
      "  tags: { team: the platform }",
      "6:17: error: spec.tags.team: \"the platform\" is not a label's value; use letters, digits, -, _ and ., at most 63, with a letter "
        + "or digit at each end"
    ),
  ])
  func aMistake(_ line: String, _ complaint: String) {
    #expect(Texts.platformComplaints(Texts.platform + line + "\n") == ["platform.yaml:\(complaint)"])
  }

  @Test func anUnknownEnvironment() {
    #expect(
      Texts.platformComplaints(Self.full, environment: "prodution")
        == ["platform.yaml:21:3: error: the platform has no environment \"prodution\"; did you mean \"production\"?"])
    #expect(
      Texts.platformComplaints(Self.full, environment: "x")
        == ["platform.yaml:21:3: error: the platform has no environment \"x\"; known: local, production"])
    #expect(
      Texts.platformComplaints(Texts.platform, environment: "x")
        == ["platform.yaml:1:1: error: the platform has no environment \"x\"; there is none"])
  }

  @Test func oneDocumentExactly() {
    #expect(
      Texts.platformComplaints("")
        == ["platform.yaml: error: must hold one platform, holds 0; begin with apiVersion, kind, metadata and spec"])
    #expect(
      Texts.platformComplaints(Texts.platform + "---\n" + Texts.platform)
        == ["platform.yaml:7:1: error: must hold one platform, holds 2; move the others into files of their own"])
  }
}
