import Definitions
import Foundation
import Guardrails
import Kubernetes
import Rendering
import Testing

@Suite struct InspectionTests {
  private func findings(_ text: String, _ platform: PlatformDefinition? = nil) throws -> [Finding] {
    let objects = try CheckedObject.manifests(in: text, file: "web.yaml")
    return Inspection(objects: objects, platform: platform, now: RuleTests.now).findings()
  }

  private func privileged(_ waiver: String) -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      annotations:
        guardrails.sakigake.dev/privileged: "\(waiver)"
    spec:
      containers:
        - name: app
          securityContext:
            privileged: true
    """
  }

  @Test func placesAreThoseOfTheField() throws {
    let found = try #require(findings(privileged("")).first { $0.rule == "privileged" })
    #expect(found.place == SourcePlace(file: "web.yaml", line: 11, column: 9))
    #expect(found.line.hasPrefix("web.yaml:11:9: error: Pod/web: container app: is privileged; "))
    #expect(found.line.hasSuffix(" [privileged]"))
  }

  @Test func placesInListsAreThoseOfTheirObjects() throws {
    let text =
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: { name: a }\n"
      + "  spec:\n    type: NodePort\n"
    #expect(try findings(text).first { $0.rule == "node-port" }?.place.line == 8)
  }

  static let waivers: [(text: String, complaint: String?)] = [
    ("by news until 2027-01-31: the vendor's image", nil),
    ("by news until 2026-09-20: the vendor's image", "ended on 2026-09-20"),
    ("by news until 2027-01-31:", "an owner, a last day and a reason"),
    ("until 2027-01-31: the vendor's image", "an owner, a last day and a reason"),
    ("by news until 2027-02-31: the vendor's image", "an owner, a last day and a reason"),
    ("by users until 2027-01-31: the vendor's image", "users may waive no rule"),
  ]

  @Test(arguments: waivers.indices)
  func waiversCount(_ index: Int) throws {
    let (text, complaint) = Self.waivers[index]
    let found = try findings(privileged(text), try RuleTests.strict())
    let waived = try #require(found.first { $0.rule == "privileged" })
    #expect((waived.waiver != nil) == (complaint == nil))
    let mistake = found.first { $0.rule == "waiver" }
    #expect(mistake?.message.contains(complaint ?? "") == (complaint.map { _ in true }))
    if complaint == nil { #expect(waived.line.contains("waived by news until 2027-01-31")) }
  }

  @Test func waiversOfUnknownRulesAreTold() throws {
    let text = privileged("by news until 2027-01-31: a").replacing("/privileged", with: "/privilegd")
    #expect(try findings(text).first { $0.rule == "waiver" }?.remedy == "did you mean privileged?")
  }

  @Test func platformsSayHowStrictRulesAre() throws {
    var platform = try RuleTests.platform("")
    platform.guardrails.severities = ["privileged": .warning, "seccomp": .off, "seccmp": .error]
    let found = try findings(privileged(""), platform)
    #expect(found.first { $0.rule == "privileged" }?.severity == .warning)
    #expect(!found.contains { $0.rule == "seccomp" })
    #expect(found.first { $0.rule == "guardrail-setting" }?.remedy == "did you mean seccomp?")
  }

  @Test func renderedObjectsAreToldInTheirDefinition() throws {
    let service = try RuleTests.service(
      """
      env: { DB_PASSWORD: hunter2 }
        extend:
          Deployment: { spec: { template: { spec: { hostNetwork: true } } } }
        jobs:
          migrate: { command: [/migrate], env: { API_KEY: abc } }
      """)
    let platform = try RuleTests.platform("")
    let objects = try ServiceRenderer(platform: platform, tag: "v1").render(service.microservice)
    let found = Inspection(
      objects: objects.map { CheckedObject($0, from: .definition(service)) }, services: [service], platform: platform,
      now: RuleTests.now
    ).findings().filter { $0.severity == .error }
    let lines = found.map { "\($0.place.line):\($0.place.column) \($0.rule)" }
    #expect(lines == ["8:10 secret-in-env", "10:47 host-network", "12:44 secret-in-env"])
  }

  @Test(arguments: ["local", "production", "staging"])
  func exampleFleetIsWell(_ environment: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "examples/news")
    func text(_ name: String) throws -> String { try String(contentsOf: root.appending(path: name), encoding: .utf8) }
    let platform = try PlatformDefinition.read(text("platform.yaml"), file: "platform.yaml", environment: environment)
    let renderer = ServiceRenderer(platform: platform, tag: "v1")
    var objects: [CheckedObject] = []
    var services: [ServiceDefinition] = []
    for name in ["articles", "gateway", "ranking", "users"] {
      for service in try ServiceDefinition.read(
        text("\(name)/microservice.yaml"), file: name, environment: environment, environments: platform.environments)
      {
        services.append(service)
        objects += try renderer.render(service.microservice).map { CheckedObject($0, from: .definition(service)) }
      }
    }
    let found = Inspection(objects: objects, services: services, platform: platform, now: RuleTests.now).findings()
    #expect(found.map(\.line) == [])
  }

  // MARK: Reports

  @Test func reportsTellTheSame() throws {
    let found = try findings(privileged("by news until 2027-01-31: the vendor's image"))
    let log = SARIF.log(found, version: "1")
    let run = try #require(log["runs"]?.arrayValue?.first)
    let results = try #require(run["results"]?.arrayValue)
    #expect(results.count == found.count)
    let rules = try #require(run[path: ["tool", "driver", "rules"]]?.arrayValue)
    for result in results {
      let index = try #require(result["ruleIndex"]?.integerValue)
      #expect(rules[Int(index)]["id"] == result["ruleId"])
    }
    #expect(results.filter { $0["suppressions"] != nil }.map { $0["ruleId"] } == ["privileged"])
    let waived = try #require(found.first { $0.waiver != nil })
    #expect(waived.workflowCommand.hasPrefix("::notice file=web.yaml,line=11,col=9,title=privileged::Pod/web: "))
    #expect(waived.json[path: ["waiver", "until"]] == "2027-01-31")
  }

  // MARK: Fixes

  @Test func fixesKeepWhatIsWritten() throws {
    let before = """
      # Runs at night.
      apiVersion: batch/v1beta1   # old
      kind: CronJob
      metadata: { name: digest }
      spec:
        schedule: "0 7 * * *"
        jobTemplate:
          spec:
            template:
              spec:
                restartPolicy: Never
                containers:
                  - name: app
                    # the program
                    image: digest:1
                    securityContext: { allowPrivilegeEscalation: true, privileged: false }

      """
    let after = """
      # Runs at night.
      apiVersion: batch/v1   # old
      kind: CronJob
      metadata: { name: digest }
      spec:
        startingDeadlineSeconds: 300
        schedule: "0 7 * * *"
        jobTemplate:
          spec:
            template:
              spec:
                securityContext: { seccompProfile: { type: RuntimeDefault } }
                restartPolicy: Never
                containers:
                  - name: app
                    # the program
                    image: digest:1
                    securityContext: { allowPrivilegeEscalation: false, privileged: false }

      """
    var text = before
    var rules: Set<String> = []
    while let edited = SourceEdit.applying(try findings(text), to: text, file: "web.yaml") {
      text = edited.text
      rules.formUnion(edited.made.map(\.rule))
      try #require(rules.count < 10)
    }
    #expect(text == after)
    #expect(rules == ["api-version", "cron-deadline", "seccomp", "privilege-escalation"])
    #expect(try findings(text).allSatisfy { $0.repair == nil })
  }
}
