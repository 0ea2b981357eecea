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

  @Test func aShareOfSpotMakesTwoGroups() throws {
    let platform = try PlatformDefinition.read(
      Texts.platform + """
          nodeGroups:
            - { name: web, instanceTypes: [c5.large, c5a.large], cpu: 2, memory: 3Gi, min: 2, max: 10, spot: 70%,
                pricePerHour: 0.1, spotPricePerHour: 0.03 }

        """, file: "platform.yaml", environment: nil)
    #expect(platform.nodeGroups.map(\.name) == ["web", "web-spot"])
    #expect(platform.nodeGroups.map(\.isSpot) == [false, true])
    #expect(platform.nodeGroups.map(\.minimum) == [2, 0] && platform.nodeGroups.map(\.target) == [2, 0])
    #expect(platform.nodeGroups.map(\.maximum) == [3, 7])
    #expect(platform.nodeGroups.map(\.pricePerHour) == [0.1, 0.03])
    #expect(platform.nodeGroups.allSatisfy { $0.instanceType == "c5.large" })
    #expect(platform.instanceTypes["web-spot"] == ["c5.large", "c5a.large"])
    #expect(platform.nodeGroupPlaces.map(\.line) == [7, 7])
    #expect(platform.warnings.isEmpty)
  }

  @Test func whatTerraformMakesIsRead() throws {
    func platform(_ cloud: String) throws -> PlatformDefinition {
      try PlatformDefinition.read(
        "apiVersion: sakigake.dev/v1\nkind: Platform\nmetadata: { name: news }\nspec:\n  cloud: { \(cloud) }\n",
        file: "platform.yaml", environment: nil)
    }
    let cloud = try platform("network: 10.8.0.0/18, zones: [a, b, c], kubernetes: 1.30, logDays: 7").cloud
    #expect(cloud.network == "10.8.0.0/18" && cloud.zones == ["a", "b", "c"])
    #expect(cloud.kubernetes == "1.30" && cloud.logDays == 7)
    for (wrong, message) in [
      ("network: 10.8.0.0/24", "5:21: error: spec.cloud.network: "),
      ("zones: [a, b]", "5:19: error: spec.cloud.zones: 2 are not three different ones; name three, or none"),
      (
        "logDays: 31",
        "5:21: error: spec.cloud.logDays: CloudWatch keeps no logs for 31 days; the next that it does is 60"
      ),
    ] {
      do {
        _ = try platform(wrong)
        Issue.record("accepted \(wrong)")
      } catch { #expect("\(error)".hasPrefix("platform.yaml:" + message), "\(error)") }
    }
  }

  @Test func theRestIsRead() throws {
    let platform = try PlatformDefinition.read(
      Texts.platform + """
          account: "123456789012"
          ingress: { scheme: internal, from: [10.0.0.0/16] }
          secrets: { store: aws }
          rightsize: { verticalPodAutoscaler: yes }
          logs: { papertrail: { host: logs.papertrailapp.com, port: 12345, secret: papertrail } }
          alerts: { prometheus: true, routes: { critical: pager }, snsTopic: "arn:aws:sns:ap-northeast-1:123456789012:a" }
          mandatoryTags: [cost-center]
          names: { service: "[a-z-]+", role: "{platform}-{environment}-{service}" }
          quotas:
            service: { pods: 10, cpu: 4 }
            services: { articles: { pods: 20 } }
            namespace: { memory: 100Gi }
          owns: { tables: ["{service}-"], actions: ["dynamodb:*"], boundary: "arn:aws:iam::123456789012:policy/b" }
          guardrails: { rules: { no-latest-tag: error, probes: off }, waivers: { by: [sre] } }
        environments:
          production: {}

        """, file: "platform.yaml", environment: "production")
    #expect(platform.ingress?.ingressClass == "alb" && platform.ingress?.scheme == "internal")
    #expect(platform.ingress?.group == "news" && platform.ingress?.from == ["10.0.0.0/16"])
    #expect(platform.secretStore == .cluster("aws") && platform.hasVerticalPodAutoscaler)
    #expect(platform.papertrail?.host == "logs.papertrailapp.com" && platform.papertrail?.port == 12345)
    #expect(platform.alerts.prometheus && platform.alerts.scrapedFrom == "monitoring")
    #expect(platform.alerts.routes == ["critical": "pager"] && platform.alerts.snsTopic.hasSuffix(":a"))
    #expect(platform.mandatoryTags == ["cost-center"] && platform.names.service == "[a-z-]+")
    #expect(platform.roleARN(of: "users") == "arn:aws:iam::123456789012:role/news-production-users")
    let amounts = platform.quotas.amounts(of: "articles")
    #expect(amounts.pods == 20 && amounts.cpu == Quantity(4) && amounts.memory == nil)
    #expect(platform.quotas.namespace.memory == Quantity(bytes: 100 << 30))
    #expect(platform.owns.prefixes(of: .table) == ["{service}-"] && platform.owns.prefixes(of: .queue) == nil)
    #expect(platform.guardrails.severities == ["no-latest-tag": .error, "probes": .off])
    #expect(platform.guardrails.waivers == ["sre"])
    #expect(
      platform.warnings.map { "\($0.line) \($0.message.prefix(21))" } == [
        "10 spec.logs has no effe"
      ])
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
      "  nodeGroups: [{ name: a, cpu: 1, memory: 1Gi, max: 2 }]",
      "6:16: error: node group \"a\" has no instance type; add instanceType: c5.large"
    ),
    (
      "  nodeGroups: [{ name: a, instanceType: x, instanceTypes: [z], cpu: 1, memory: 1Gi, max: 2 }]",
      "6:59: error: node group \"a\": instanceType and instanceTypes say the same; remove one of the two"
    ),
    (
      "  nodeGroups: [{ name: a, instanceType: x, cpu: 1, memory: 1Gi, max: 1, spot: 50% }]",
      "6:79: error: node group \"a\": one node cannot be in two groups; raise max, or say spot: true or false"
    ),
    (
      "  nodeGroups: [{ name: a, instanceType: x, cpu: 1, memory: 1Gi, min: 2, max: 4, spot: 70% }]",
      "6:87: error: node group \"a\": 70% of max 4 leaves less than min 2; lower spot or min, or raise max"
    ),
    (
      "  nodeGroups: [{ name: a, instanceType: x, cpu: 1, memory: 1Gi, max: 4, spotPricePerHour: 1 }]",
      "6:91: error: node group \"a\": spotPricePerHour has no meaning unless spot is a share; use pricePerHour"
    ),
    (
      "  account: 123456789012",
      "6:12: error: spec.account: expected an account's number, found number; put it in quotes"
    ),
    (
      "  account: \"12\"",
      "6:12: error: spec.account: \"12\" is not an account's number; write its 12 digits, in quotes"
    ),
    (
      "  ingress: { scheme: public }",
      "6:22: error: spec.ingress.scheme: \"public\" is none of internet-facing, internal; use one of them"
    ),
    (
      "  ingress: { from: [10.0.0.0] }",
      "6:21: error: spec.ingress.from[0]: \"10.0.0.0\" is not a range of addresses; write it as 10.0.0.0/8"
    ),
    (
      "  ingress: { certificate: mine }",
      "6:27: error: spec.ingress.certificate: \"mine\" is not an ARN; write it as arn:aws:sns:ap-northeast-1:123456789012:alerts"
    ),
    ("  secrets: { stor: a }", "6:14: error: unknown field \"stor\" in spec.secrets; did you mean \"store\"?"),
    (
      "  rightsize: { verticalPodAutoscaler: 1 }",
      "6:39: error: spec.rightsize.verticalPodAutoscaler: expected true or false, found number"
    ),
    ("  logs: { papertrail: { host: a.example.com } }", "6:23: error: spec.logs.papertrail.port is missing; add it"),
    (
      "  alerts: { routes: { page: x } }",
      "6:23: error: unknown field \"page\" in spec.alerts.routes; known here: critical, info, warning"
    ),
    (
      "  names: { service: \"[a\" }",
      "6:21: error: spec.names.service: \"[a\" is not a regular expression; write it as [a-z]+(-[a-z]+)*"
    ),
    (
      "  names: { role: \"{servce}\" }",
      "6:18: error: spec.names.role: \"{servce}\" has no known part \"servce\"; did you mean \"service\"?"
    ),
    (
      "  names: { role: app }",
      "6:18: error: spec.names.role: \"app\" is one role for all services; put {service} into it"
    ),
    (
      "  mandatoryTags: [a/b]",
      "6:19: error: spec.mandatoryTags: \"a/b\" is not a tag's name; use letters, digits, -, _ and ., at most 59"
    ),
    (
      "  quotas: { service: { pods: 0 } }",
      "6:30: error: spec.quotas.service.pods: 0 is out of range; use 1 to 100000"
    ),
    (
      "  quotas: { namespace: { memory: lots } }",
      "6:34: error: spec.quotas.namespace.memory: \"lots\" is not an amount; write it as 250m, 1.5 or 256Mi"
    ),
    (
      "  owns: { actions: [everything] }",
      "6:21: error: spec.owns.actions[0]: \"everything\" is not an action; write it as dynamodb:GetItem, s3:Get* or sqs:*"
    ),
    (
      "  owns: { queues: [\"{environment}\"] }",
      "6:20: error: spec.owns.queues: \"{environment}\" is empty where no environment is named; put {service} into it"
    ),
    (
      "  guardrails: { rules: { no-latest-tag: strict } }",
      "6:41: error: spec.guardrails.rules.no-latest-tag: \"strict\" is none of error, warning, off; use one of them"
    ),
    ("  guardrails: { waivers: {} }", "6:26: error: spec.guardrails.waivers.by is missing; add it"),
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
