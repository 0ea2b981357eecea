import Definitions
import Kubernetes
import Testing

@Suite struct ServiceDefinitionTests {
  @Test func theDesignsExampleIsAccepted() throws {
    let definition = try #require(try Texts.service(Texts.full).first)
    let spec = definition.microservice.spec
    #expect(definition.microservice.metadata.name == "articles")
    #expect(spec.owner == "news-backend")
    #expect(spec.port == 8080)
    #expect(spec.resources["cpu"] == Quantity(milli: 250))
    #expect(spec.env["LOG_LEVEL"] == "info")
    #expect(spec.env["DATABASE_URL"] == ["secret": "articles-db", "key": "url"])
    #expect(spec.config == "config/")
    #expect(spec.calls.map(\.service) == ["users", "ranking"])
    #expect(spec.expose?.path == "/articles")
    #expect(spec.scale.min == 3)
    #expect(spec.scale.max == 60)
    #expect(spec.scale.on == [["cpu": "60%"], ["requestsPerSecond": 120]])
    #expect(spec.scale.push)
    #expect(spec.spot == "preferred")
    let canary = try #require(spec.release?.canary)
    #expect(canary.steps == [Share(0.05), Share(0.25), Share(0.5)])
    #expect(canary.bake == TimeSpan(seconds: 120))
    #expect(canary.expect?.successRate == Share(0.995) && canary.expect?.p99 == TimeSpan(seconds: 0.3))
    #expect(spec.permissions == [.init(allow: ["dynamodb:GetItem", "dynamodb:Query"], on: ["table/articles"])])
    #expect(spec.unknown.isEmpty)
  }

  @Test func whatHasNoEffectIsSaid() throws {
    let definition = try #require(try Texts.service(Texts.full).first)
    #expect(
      definition.warnings.map { "\($0.line):\($0.column) \($0.severity) \($0.message.prefix(25))" } == [
        "20:11 warning spec.scale.push without s",
        "22:12 warning spec.release has no effec",
      ])
    let push = try #require(definition.warnings.first { $0.line == 20 })
    #expect(push.message.hasSuffix("a push sizes this service by its scaling target of 120 requests per second"))
    #expect(push.remedy.contains("capacity: { requestsPerSecond: N }"))
  }

  @Test func aPushThatCannotBeSizedIsSaid() throws {
    let definition = try #require(
      try Texts.service(Texts.service + "  scale: { on: [{ cpu: 60% }], push: true }\n").first)
    #expect(
      definition.warnings.map(\.description) == [
        "microservice.yaml:8:38: warning: spec.scale.push without spec.capacity: what one pod serves is not known, so a push cannot "
          + "size this service and keeps its maximum ready; add capacity: { requestsPerSecond: N }, as measured at your objective"
      ])
  }

  @Test func threeLinesSuffice() throws {
    let definition = try #require(try Texts.service(Texts.service).first)
    let spec = definition.microservice.spec
    #expect(definition.warnings.isEmpty)
    #expect(spec.health == "/")
    #expect(spec.resources == ["cpu": Quantity(milli: 250), "memory": Quantity(bytes: 256 << 20)])
    #expect(spec.scale.min == 2)
    #expect(spec.scale.max == 10)
  }

  @Test(arguments: [
    ("{ max: 1 }", 1, 1), ("{ max: 5 }", 2, 5), ("{ min: 1 }", 1, 10), ("{ min: 40 }", 40, 40),
    ("{ min: 3, max: 3 }", 3, 3),
  ])
  func defaultsOfScaleKeepItsOrder(_ written: String, _ minimum: Int, _ maximum: Int) throws {
    let scale = try #require(try Texts.service(Texts.service + "  scale: \(written)").first).microservice.spec.scale
    #expect(scale.min == minimum)
    #expect(scale.max == maximum)
  }

  @Test func environmentValuesAreTextAsWritten() throws {
    let text =
      Texts.service + """
          env:
            SLOTS: 8
            FLAG: yes
            SHARE: 0.50
            CODE: 010
            VERSION: "1.20"
            BIG: 18446744073709551616
            EMPTY: ""
            LEVEL: { config: shared, key: level }
        """
    let env = try #require(try Texts.service(text).first).microservice.spec.env
    #expect(
      env == [
        "SLOTS": "8", "FLAG": "yes", "SHARE": "0.50", "CODE": "010", "VERSION": "1.20", "BIG": "18446744073709551616",
        "EMPTY": "",
        "LEVEL": ["config": "shared", "key": "level"],
      ])
  }

  @Test func anEnvironmentIsLaidOver() throws {
    let text =
      Texts.full + """

          production:
            env: { LOG_LEVEL: warning, EXTRA: 1 }
            calls: [users]
            resources: { memory: 1Gi }
        """
    let plain = try #require(try Texts.service(text).first).microservice.spec
    #expect(plain.scale.min == 3)
    let staging = try #require(try Texts.service(text, environment: "staging").first).microservice.spec
    #expect(staging.scale.min == 1)
    #expect(staging.scale.max == 3)
    #expect(staging.scale.push)
    let production = try #require(try Texts.service(text, environment: "production").first).microservice.spec
    #expect(production.env["LOG_LEVEL"] == "warning")
    #expect(production.env["EXTRA"] == "1")
    #expect(production.env["DATABASE_URL"] == ["secret": "articles-db", "key": "url"])
    #expect(production.calls.map(\.service) == ["users"])
    #expect(production.resources["memory"] == Quantity(bytes: 1 << 30))
    #expect(production.resources["cpu"] == Quantity(milli: 250))
    // An environment of the platform that the service says nothing of.
    #expect(try Texts.service(text, environment: "local").first?.microservice.spec == plain)
  }

  @Test func severalDocumentsAreSeveralServices() throws {
    let other = Texts.service.replacing("name: articles", with: "name: users")
    let services = try Texts.service("---\n" + Texts.service + "---\n" + other + "---\n")
    #expect(services.map(\.microservice.metadata.name) == ["articles", "users"])
  }

  @Test func sharesBecomeNumbers() throws {
    let text = Texts.service + "  capacity: { requestsPerSecond: 40, utilization: 65% }\n  scale: { push: on }\n"
    let definition = try #require(try Texts.service(text).first)
    #expect(definition.microservice.spec.capacity?.requestsPerSecond == 40)
    #expect(definition.microservice.spec.capacity?.utilization == 0.65)
    #expect(definition.microservice.spec.scale.push)
    #expect(definition.warnings.isEmpty)
  }

  /// `y` is true, and a number to the base of 60 is a word, however long it is.
  @Test func wordsMeanWhatTheyMeanToKubernetes() throws {
    let text =
      Texts.service + "  capacity: { requestsPerSecond: 0x28 }\n  scale: { push: y }\n"
      + "  env: { AT: 99999999999999999999:59:59 }\n"
    let spec = try #require(try Texts.service(text).first).microservice.spec
    #expect(spec.capacity?.requestsPerSecond == 40)
    #expect(spec.scale.push)
    #expect(spec.env["AT"] == .string("99999999999999999999:59:59"))
  }

  @Test func callsHaveTheirShare() throws {
    let text = Texts.service + "  calls:\n    - { service: ranking, perRequest: 0.5 }\n    - users\n"
    let calls = try #require(try Texts.service(text).first).microservice.spec.calls
    #expect(calls == [.init(service: "ranking", perRequest: 0.5), .init(service: "users")])
  }

  @Test func theSpecificationSurvivesTheAPI() throws {
    let spec = try #require(try Texts.service(Texts.full).first).microservice.spec
    #expect(try MicroserviceSpec(json: JSONValue(parsing: spec.json.text)) == spec)
  }

  @Test func aCalledServicesAddressIsAVariable() {
    #expect(Microservice.addressVariable(of: "user-profiles2") == "USER_PROFILES2_URL")
  }
}
