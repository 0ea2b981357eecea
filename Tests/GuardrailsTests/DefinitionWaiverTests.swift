import Definitions
import Guardrails
import Kubernetes
import Rendering
import Testing

/// Waivers as a field of a definition, and repairs of what a definition says.
@Suite struct DefinitionWaiverTests {
  private static func text(_ members: String) -> String {
    """
    apiVersion: sakigake.dev/v1
    kind: Microservice
    metadata: { name: articles }
    spec:
      owner: news
      image: articles
      port: 8080
    \(members)

    """
  }

  private static let privileged = """
      extend:
        Deployment: { spec: { template: { spec: { hostNetwork: true } } } }
    """

  private static func findings(_ text: String, waivers: [String] = ["news"], environment: String? = nil) throws
    -> [Finding]
  {
    var platform = try RuleTests.platform("")
    platform.guardrails.waivers = waivers
    let services = try ServiceDefinition.read(text, file: "microservice.yaml", environment: environment)
    let renderer = ServiceRenderer(platform: platform, tag: "v1")
    let objects = try services.flatMap { service in
      try renderer.render(service.microservice).map { CheckedObject($0, from: .definition(service)) }
    }
    return Inspection(objects: objects, services: services, platform: platform, now: RuleTests.now).findings()
      .filter { $0.severity == .error }
  }

  private static func waiver(
    rule: String = "host-network", owner: String = "news", expires: String = "2027-01-31"
  ) -> String {
    """
      waivers:
        - { rule: \(rule), owner: \(owner), reason: a packet sniffer, expires: \(expires) }
    """
  }

  @Test func aWaiverCountsForAllThatTheDefinitionBecomes() throws {
    let found = try Self.findings(Self.text(Self.waiver() + "\n" + Self.privileged))
    #expect(found.map(\.rule) == ["host-network"])
    #expect(found.first?.waiver?.owner == "news" && found.first?.waiver?.until == "2027-01-31")
    #expect(found.first?.waiver?.reason == "a packet sniffer")
  }

  @Test func aWaiverOfWhatADefinitionTellsCounts() throws {
    let members = """
        permissions: [{ allow: dynamodb:GetItem, on: 'arn:aws:dynamodb:ap-northeast-1:123456789012:table/*' }]
      """
    let open = try Self.findings(Self.text(members))
    #expect(open.map(\.rule) == ["iam-wildcard"] && open.first?.waiver == nil)
    let waived = try Self.findings(Self.text(members + "\n" + Self.waiver(rule: "iam-wildcard")))
    #expect(waived.map(\.rule) == ["iam-wildcard"] && waived.first?.waiver?.owner == "news")
  }

  @Test(arguments: [
    (
      waiver(rule: "hots-network"),
      "9:9: error: Microservice/articles: hots-network: there is no rule \"hots-network\"; did you mean host-network?"
    ),
    (
      waiver(owner: "users"),
      "9:29: error: Microservice/articles: host-network: users may waive no rule here; those who may: news"
    ),
    (
      waiver(expires: "2026-09-20"),
      "9:68: error: Microservice/articles: host-network: the waiver ended on 2026-09-20; keep the rule, or have it waived anew"
    ),
    (waiver(rule: "waiver"), "9:9: error: Microservice/articles: waiver: waiver cannot be waived; set it right"),
  ])
  func aWaiverThatDoesNotCountIsToldWhereItStands(_ waiver: String, _ told: String) throws {
    let found = try Self.findings(Self.text(waiver + "\n" + Self.privileged))
    #expect(found.map(\.line).filter { $0.hasSuffix("[waiver]") } == ["microservice.yaml:\(told) [waiver]"])
    #expect(found.contains { $0.rule == "host-network" && $0.waiver == nil })
  }

  @Test func anAnnotationsMistakeIsToldAtTheAnnotation() throws {
    let text = Self.text(Self.privileged).replacing(
      "metadata: { name: articles }",
      with: """
        metadata:
          name: articles
          annotations:
            guardrails.sakigake.dev/host-network: "by news until 2026-09-20: a packet sniffer"
        """)
    let found = try Self.findings(text).filter { $0.rule == "waiver" }
    #expect(found.map { "\($0.place.line):\($0.place.column)" } == ["6:5"])
  }

  /// For those who render: what is over renders as before, what was never there does not.
  @Test func complaintsOfThoseWhoRender() throws {
    func complaints(_ waiver: String) throws -> [String] {
      try ServiceDefinition.read(Self.text(waiver), file: "microservice.yaml", environment: nil)
        .flatMap { $0.waiverComplaints(now: RuleTests.now) }.map(\.description)
    }
    #expect(try complaints(Self.waiver()) == [])
    #expect(try complaints(Self.waiver(owner: "users")) == [])
    #expect(
      try complaints(Self.waiver(rule: "hots-network")) == [
        "microservice.yaml:9:9: error: hots-network: there is no rule \"hots-network\"; did you mean host-network?"
      ])
    #expect(
      try complaints(Self.waiver(expires: "2026-09-20")) == [
        "microservice.yaml:9:68: warning: host-network: the waiver ended on 2026-09-20; keep the rule, or have it "
          + "waived anew"
      ])
  }

  // MARK: Repairs

  private static func repaired(_ text: String, environment: String? = nil) throws -> (text: String, rules: Set<String>)
  {
    var text = text
    var rules: Set<String> = []
    for _ in 0..<10 {
      let found = try findings(text, environment: environment)
      guard let edited = SourceEdit.applying(found, to: text, file: "microservice.yaml") else { break }
      text = edited.text
      rules.formUnion(edited.made.map(\.rule))
    }
    return (text, rules)
  }

  @Test func repairsKeepWhatIsWritten() throws {
    let before = Self.text(
      """
        extend:   # for the debugger
          Deployment:
            spec:
              template:
                spec:
                  # not on purpose
                  restartPolicy: Never   # ours
                  dnsPolicy: Default
                  containers:
                    - name: app
                      securityContext:
                        allowPrivilegeEscalation: true   # why?
      """)
    let (text, rules) = try Self.repaired(before)
    #expect(rules == ["privilege-escalation", "restart-policy"])
    #expect(
      text
        == before.replacing("allowPrivilegeEscalation: true ", with: "allowPrivilegeEscalation: false ")
        .replacing("            restartPolicy: Never   # ours\n", with: ""))
    #expect(try Self.findings(text).isEmpty)
  }

  @Test func anEnvironmentsOwnIsRepairedThere() throws {
    let patch =
      "Deployment: { spec: { template: { spec: { containers: [{ name: app, securityContext: { allowPrivilegeEscalation: "
    let before =
      Self.text("  extend: { \(patch)false } }] } } } } }")
      + "environments:\n  b:\n    extend: { \(patch)true } }] } } } } }\n"
    #expect(try Self.repaired(before).rules.isEmpty)
    let (text, rules) = try Self.repaired(before, environment: "b")
    #expect(rules == ["privilege-escalation"] && text == before.replacing(": true }", with: ": false }"))
  }

  /// A null takes away what the platform says: that is what is written.
  @Test func whatWasTakenAwayIsSaid() throws {
    let before = Self.text(
      """
        containers: { cache: { image: 'redis:7.4' } }
        extend: { Deployment: { spec: { template: { spec: { initContainers: [{ name: cache, securityContext: null }] } } } } }
      """)
    let found = try Self.findings(before)
    #expect(found.map(\.rule).contains("privilege-escalation"))
    #expect(try Self.repaired(before).text == before.replacing("null", with: "{ allowPrivilegeEscalation: false }"))
  }
}
