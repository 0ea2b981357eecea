import Definitions
import Testing

/// Each kind of mistake with its place, its words and its remedy.
@Suite struct ServiceComplaintTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var added: String
    var complaint: String
    init(_ added: String, _ complaint: String) {
      self.added = added
      self.complaint = complaint
    }
    var testDescription: String { added }
  }

  /// What is added as line 8 of a complete definition, and the complaint after `microservice.yaml:8:`.
  static let lines = [
    Case("helth: /", "3: error: unknown field \"helth\" in spec; did you mean \"health\"?"),
    Case(
      "gpu: 1",
      "3: error: unknown field \"gpu\" in spec; known here: alerts, args, calls, capacity, command, config, "
        + "containers, cron, env, expose, extend, health, image, jobs, network, owner, permissions, port, probes, release, "
        + "resources, rightsize, scale, secrets, spot, tags, volumes, waivers"),
    Case("resources: { cpus: 1 }", "16: error: unknown field \"cpus\" in spec.resources; did you mean \"cpu\"?"),
    Case(
      "resources: { memory: 256MB }",
      "24: error: spec.resources.memory: \"256MB\" is not an amount; write it as 250m, 1.5 or 256Mi"),
    Case(
      "resources: { memory: 256 }", "24: error: spec.resources.memory: 256 is less than 1Mi; give the unit: 256Mi, 1Gi"),
    Case(
      "resources: { memory: 256m }",
      "24: error: spec.resources.memory: 256m is less than 1Mi; give the unit: 256Mi, 1Gi"),
    Case("resources: { cpu: -1 }", "21: error: spec.resources.cpu: -1 is out of range; use more than nothing"),
    Case("resources: 1", "14: error: spec.resources: expected a map, found number"),
    Case(
      "scale: { on: [{ cpu: 60 }] }", "24: error: spec.scale.on[0].cpu: \"60\" is not a percentage; write it as 60%"),
    Case(
      "scale: { on: [{ cpu: 0% }] }",
      "24: error: spec.scale.on[0].cpu: 0% is out of range; use more than 0% and up to 1000%"),
    Case(
      "scale: { on: [{ requestsPerSecond: 120/s }] }",
      "38: error: spec.scale.on[0].requestsPerSecond: expected a number, found string; write it without a unit"),
    Case(
      "scale: { on: [{ cpu: 60%, memory: 70% }] }",
      "17: error: spec.scale.on: one measure an entry; write - { cpu: 60% } and - { requestsPerSecond: 120 } apart"),
    Case(
      "scale: { on: [{ cpu: 60% }, { cpu: 70% }] }",
      "31: error: spec.scale.on: cpu is given twice; remove one of the two"),
    Case("scale: { on: cpu }", "16: error: spec.scale.on: expected a list, found string; write [] around it"),
    Case("scale: { min: 5, max: 3 }", "17: error: spec.scale: min 5 is above max 3; lower min or raise max"),
    Case("scale: { min: 0 }", "17: error: spec.scale.min: 0 is out of range; use 1 to 10000"),
    Case(
      "scale: { min: 1.5 }", "17: error: spec.scale.min: expected a whole number, found number; write it without a unit"
    ),
    Case(
      "scale: { max: \"3\" }", "17: error: spec.scale.max: expected a whole number, found string; remove the quotes"),
    Case("scale: { push: 1 }", "18: error: spec.scale.push: expected true or false, found number"),
    Case(
      "capacity: { requestsPerSecond: 0 }",
      "34: error: spec.capacity.requestsPerSecond: 0 is out of range; use more than 0"),
    Case("capacity: { utilization: 70% }", "13: error: spec.capacity.requestsPerSecond is missing; add it"),
    Case(
      "capacity: { requestsPerSecond: 1, utilization: 130% }",
      "50: error: spec.capacity.utilization: 130% is out of range; use more than 0% and up to 100%"),
    Case("health: healthz", "11: error: spec.health: \"healthz\" is not a path; begin it with /"),
    Case(
      "health: /a b", "11: error: spec.health: \"/a b\" is not a path; write %XX for what is no printable ASCII letter"),
    Case("health:", "10: error: spec.health: expected a path, found null; write a value, or leave the field out"),
    Case("spot: always", "9: error: spec.spot: \"always\" is none of never, preferred, only; use one of them"),
    Case(
      "spot: prefered",
      "9: error: spec.spot: \"prefered\" is none of never, preferred, only; did you mean \"preferred\"?"),
    Case("config: \"\"", "11: error: spec.config is empty; write a value, or leave the field out"),
    Case("expose: { nodePort: 80 }", "23: error: spec.expose.nodePort: 80 is out of range; use 30000 to 32767"),
    Case("calls: [articles]", "11: error: spec.calls: articles calls itself; remove it"),
    Case("calls: [users, users]", "18: error: spec.calls: users is given twice; remove one of the two"),
    Case(
      "calls: [Users]",
      "11: error: spec.calls[0]: \"Users\" is not a service's name; use at most 63 of a-z, 0-9 and -, with a letter or digit "
        + "at each end, and a letter first"),
    Case(
      "calls: [{ service: users, perRequest: 0 }]",
      "41: error: spec.calls[0].perRequest: 0 is out of range; use more than 0"),
    Case(
      "env: { URL: { secret: db } }", "15: error: spec.env.URL.key is missing; add it"),
    Case(
      "env: { URL: { secret: db, config: c, key: k } }",
      "15: error: spec.env.URL: needs either a secret or a config, with a key; write { secret: NAME, key: KEY }"),
    Case(
      "env: { URL: { key: k } }",
      "15: error: spec.env.URL: needs either a secret or a config, with a key; write { secret: NAME, key: KEY }"),
    Case("env: { A: [1] }", "13: error: spec.env.A: expected a text, found array"),
    Case("env: { A: }", "13: error: spec.env.A: expected a text, found null; write a value, or leave the field out"),
    Case(
      "env: { A B: 1 }",
      "10: error: spec.env.A B: \"A B\" is not a variable's name; use letters, digits and _, no digit first"),
    Case("env: { PORT: 1 }", "10: error: spec.env.PORT is set by the platform; remove it, or choose another name"),
    Case(
      "release: { canary: { bake: 2 } }",
      "30: error: spec.release.canary.bake: \"2\" is not a duration; write it as 90s, 2m or 500ms"
    ),
    Case(
      "release: { canary: { bake: 2d } }",
      "30: error: spec.release.canary.bake: \"2d\" is not a duration; write it as 90s, 2m or 500ms"),
    Case(
      "release: { canary: { bake: 25h } }",
      "30: error: spec.release.canary.bake: 25h is out of range; use a day at most"),
    Case("permissions: [{ on: table/x }]", "17: error: spec.permissions[0].allow is missing; add it"),
    Case("port: 9", "3: error: \"port\" is given twice; remove one of the two"),
    Case("env: *shared", "8: error: not YAML: found undefined alias"),
    Case("env: &shared { A: 1 }", "8: error: anchors and aliases are not read here; write the value out"),
    Case("? [a]\n  : 1", "5: error: a key must be a plain word"),
    Case("health: /\ttab: [", "16: error: not YAML: mapping values are not allowed in this context"),
  ]

  @Test(arguments: lines)
  func aMistakeInALine(_ mistake: Case) {
    let complaints = Texts.complaints(Texts.service + "  \(mistake.added)\n")
    #expect(complaints == ["microservice.yaml:8:\(mistake.complaint)"])
  }

  /// What replaces a part of a complete definition.
  @Test(arguments: [
    ("  owner: news-backend\n", "", "5:3: error: spec.owner is missing; add it"),
    (
      "image: articles", "image: articles:1.2",
      "6:10: error: spec.image: \"articles:1.2\" is not an image's repository; leave out the tag: it comes with the deployment"
    ),
    (
      "image: articles", "image: Articles",
      "6:10: error: spec.image: \"Articles\" is not an image's repository; use a-z, 0-9, -, _ and ., with / between parts"
    ),
    ("port: 8080", "port: 70000", "7:9: error: spec.port: 70000 is out of range; use 1 to 65535"),
    ("port: 8080", "port: \"8080\"", "7:9: error: spec.port: expected a whole number, found string; remove the quotes"),
    (
      "port: 8080", "port: 15006",
      "7:9: error: spec.port: 15006 is one of the sidecar's; use one outside of 15000 to 15199"
    ),
    (
      "kind: Microservice", "kind: Microservise",
      "2:7: error: kind: \"Microservise\" is none of Microservice; did you mean \"Microservice\"?"
    ),
    (
      "sakigake.dev/v1", "sakigake.dev/v2",
      "1:13: error: apiVersion: \"sakigake.dev/v2\" is none of sakigake.dev/v1; did you mean \"sakigake.dev/v1\"?"
    ),
    (
      "name: articles", "name: 2articles",
      "3:19: error: metadata.name: \"2articles\" is not a service's name; use at most 63 of a-z, 0-9 and -, with a letter or digit at "
        + "each end, and a letter first"
    ),
    ("name: articles", "name: 7", "3:19: error: metadata.name: expected a name, found number; put it in quotes"),
    (
      "name: articles", "name: articles, labels: { sakigake.dev/service: other }",
      "3:39: error: metadata.labels: \"sakigake.dev/service\" is set by the platform; choose another key"
    ),
    (
      "name: articles", "name: articles, annotations: { sakigake.dev/min-replicas: \"9\" }",
      "3:44: error: metadata.annotations: \"sakigake.dev/min-replicas\" is set by the platform; choose another key"
    ),
    (
      "name: articles", "name: articles, labels: { tier: a b }",
      "3:45: error: metadata.labels.tier: \"a b\" is not a label's value; use letters, digits, -, _ and ., at most 63, with a letter or "
        + "digit at each end"
    ),
    (
      "metadata:", "metdata:",
      "1:1: error: metadata is missing; add it|3:1: error: unknown field \"metdata\"; did you mean \"metadata\"?"
    ),
  ])
  func aMistakeInThePlaceOf(_ part: String, _ replacement: String, _ complaint: String) {
    let complaints = Texts.complaints(Texts.service.replacing(part, with: replacement, maxReplacements: 1))
    #expect(complaints == complaint.split(separator: "|").map { "microservice.yaml:\($0)" })
  }

  @Test(arguments: ["", "\n# nothing\n", "---\n---\n", "null\n"])
  func anEmptyFile(_ text: String) {
    #expect(
      Texts.complaints(text) == [
        "microservice.yaml: error: holds no definition; begin with apiVersion, kind, metadata and spec"
      ])
  }

  @Test func anUnclosedMap() {
    #expect(
      Texts.complaints(Texts.service + "  env: { A: 1\n")
        == ["microservice.yaml:9:1: error: not YAML: did not find expected ',' or '}'"])
  }

  @Test func aText() {
    #expect(Texts.complaints("just words") == ["microservice.yaml:1:1: error: expected a map, found string"])
  }

  @Test func anAliasedBombIsRefusedWithoutBeingUnfolded() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(
      Texts.complaints(text) == [
        "microservice.yaml:1:5: error: anchors and aliases are not read here; write the value out"
      ])
  }

  @Test func deepAndLongTextsAreRefused() {
    let deep =
      Texts.service + "  release: " + String(repeating: "{ a: ", count: 70) + "1" + String(repeating: " }", count: 70)
    #expect(Texts.complaints(deep).first?.hasSuffix("error: nested deeper than 64 levels") == true)
    let long = "# " + String(repeating: "x", count: 1 << 20)
    #expect(Texts.complaints(long) == ["microservice.yaml: error: is longer than 1 MiB"])
  }

  @Test func allMistakesAreToldInTheirOrder() {
    let broken = Texts.service.replacing("port: 8080", with: "port: x") + "  helth: /\n"
    let complaints = Texts.complaints(broken + "---\n" + broken)
    #expect(
      complaints.map { $0.prefix(21) } == [
        "microservice.yaml:7:9", "microservice.yaml:8:3", "microservice.yaml:16:", "microservice.yaml:17:",
      ])
  }

  @Test func aSecondDocumentsSyntaxIsNotPassedOver() {
    #expect(Texts.complaints(Texts.service + "---\n{ a: 1\n").first?.contains("not YAML") == true)
  }

  @Test func oneNameTwice() {
    #expect(
      Texts.complaints(Texts.service + "---\n" + Texts.service)
        == ["microservice.yaml:9:1: error: service \"articles\" is defined twice; rename one of the two"])
  }

  @Test func anOverlayIsCheckedToo() {
    let text = Texts.service + "environments:\n  staging:\n    scale: { mn: 1 }\n"
    #expect(
      Texts.complaints(text)
        == ["microservice.yaml:10:14: error: unknown field \"mn\" in environments.staging.scale; did you mean \"min\"?"]
    )
    #expect(
      Texts.complaints(Texts.service + "environments:\n  staging:\n")
        == [
          "microservice.yaml:9:11: error: environments.staging: expected a map, found null; write {} where nothing is to be said"
        ])
  }

  @Test func aContradictionWithAnOverlayIsOneOfThatEnvironment() throws {
    let text = Texts.service + "  scale: { min: 3 }\nenvironments:\n  staging: { scale: { max: 2 } }\n"
    #expect(throws: Never.self) { try Texts.service(text) }
    let invalid = #expect(throws: InvalidDefinition.self) { try Texts.service(text, environment: "staging") }
    #expect(
      invalid?.description == "microservice.yaml:8:17: error: spec.scale: min 3 is above max 2; lower min or raise max")
  }

  @Test func anEnvironmentThatThePlatformLacks() {
    let text = Texts.service + "environments:\n  stagging: { spot: never }\n"
    #expect(Texts.complaints(text).isEmpty)
    #expect(
      Texts.complaints(text, environments: ["production", "staging"])
        == ["microservice.yaml:9:3: error: the platform has no environment \"stagging\"; did you mean \"staging\"?"])
  }

  @Test func theAddressesOfCalledServicesAreTaken() {
    #expect(
      Texts.complaints(Texts.service + "  calls: [users]\n  env: { USERS_URL: x }\n")
        == [
          "microservice.yaml:9:10: error: spec.env.USERS_URL is set by the platform; remove it, or choose another name"
        ])
  }
}
