import Definitions
import Kubernetes
import Testing

/// A service that is well by itself, on platforms that do not take it as it is.
@Suite struct ServiceOnPlatformTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var platform: String
    var service: String
    /// After `microservice.yaml:`; empty where nothing is said.
    var told: [String]
    init(_ platform: String, _ service: String, _ told: String...) {
      self.platform = platform
      self.service = service
      self.told = told
    }
    var testDescription: String { "\(platform) | \(service)" }
  }

  static let cases = [
    Case(
      "names: { service: \"news-.*\" }", "",
      "3:19: error: the platform has no services named \"articles\"; names match news-.*"),
    Case("names: { service: \"[a-z]+\" }", ""),
    Case(
      "mandatoryTags: [cost-center]", "",
      "5:3: error: spec.tags.cost-center is missing: the platform asks for it; add tags: { cost-center: VALUE }"),
    Case("mandatoryTags: [cost-center]", "tags: { cost-center: news }"),
    Case("mandatoryTags: [team]\n  tags: { team: platform }", ""),
    Case(
      "tags: { team: platform }", "tags: { team: mine }",
      "8:17: error: spec.tags.team is the platform's, which says \"platform\"; remove it"),
    Case(
      "quotas: { service: { pods: 5 } }", "scale: { max: 6 }",
      "8:17: error: 6 pods are more than the platform's quota of 5; lower it, or have the platform's "
        + "quotas.services.articles raised"),
    Case("quotas: { service: { pods: 5 }, services: { articles: { pods: 6 } } }", "scale: { max: 6 }"),
    Case(
      "quotas: { service: { cpu: 1 } }", "scale: { max: 4 }",
      "8:17: error: 4 pods request 1200m of cpu, more than the platform's quota of 1; lower scale.max or resources, or have "
        + "the platform's quotas.services.articles raised"),
    Case("quotas: { service: { cpu: 1200m, memory: 1280Mi } }", "scale: { max: 4 }"),
    Case(
      "quotas: { service: { storage: 1Gi } }", "volumes: { a: { mount: /a, claim: { size: 2Gi, access: many } } }",
      "8:12: error: 2Gi of storage are more than the platform's quota of 1Gi; lower it, or have the platform's "
        + "quotas.services.articles raised"),
    Case(
      "account: \"123456789012\"\n  owns: { actions: [\"sqs:*\", \"s3:Get*\"] }",
      "permissions: [{ allow: [\"s3:PutObject\"], on: bucket/a }]",
      "8:27: error: spec.permissions: the platform allows no service s3:PutObject; it allows sqs:*, s3:Get*"),
    Case(
      "account: \"123456789012\"\n  owns: { actions: [\"s3:Get*\"] }",
      "permissions: [{ allow: \"s3:GetObject\", on: bucket/a }]"),
    Case(
      "account: \"123456789012\"\n  owns: { actions: [\"s3:Get*\"] }",
      "permissions: [{ allow: \"s3:G*\", on: bucket/a }]",
      "8:26: error: spec.permissions: the platform allows no service s3:G*; it allows s3:Get*"),
    Case(
      "account: \"123456789012\"\n  owns: { buckets: [\"{platform}-{service}-\"] }",
      "permissions: [{ allow: \"s3:Get*\", on: bucket/users-a }]",
      "8:41: error: spec.permissions: bucket/users-a is not articles's; its names begin with news-articles-"),
    Case(
      "account: \"123456789012\"\n  owns: { buckets: [\"{platform}-{service}-\"] }",
      "permissions: [{ allow: \"s3:Get*\", on: bucket/news-articles-a }]"),
    Case(
      "account: \"123456789012\"\n  names: { role: \"a-role-whose-name-is-far-too-long-for-iam-which-takes-only-64-{service}\" }",
      "permissions: [{ allow: \"s3:Get*\", on: bucket/a }]",
      "8:16: error: the role \"a-role-whose-name-is-far-too-long-for-iam-which-takes-only-64-articles\" has more than the 64 "
        + "letters that IAM takes; shorten the service's name, or the platform's names.role"),
    Case(
      "", "permissions: [{ allow: \"s3:Get*\", on: bucket/a }]",
      "8:16: warning: spec.permissions have no effect here: the platform has no account; add account to its spec"),
    Case(
      "", "secrets: { db: { from: a } }",
      "8:26: error: spec.secrets.db: the platform does not say where secrets come from; add secrets: { store: NAME } to its "
        + "spec, or store: none"),
    Case(
      "secrets: { store: none }", "secrets: { db: { from: a } }",
      "8:26: warning: spec.secrets.db: secrets are made by hand here; make the Secret db"),
    Case("secrets: { store: aws }", "secrets: { db: { from: a } }"),
    Case(
      "", "rightsize: recommend",
      "8:14: warning: spec.rightsize has no effect here: the platform has no VerticalPodAutoscaler; add rightsize: { "
        + "verticalPodAutoscaler: true } to its spec where the cluster has one"),
    Case("rightsize: { verticalPodAutoscaler: true }", "rightsize: recommend"),
    Case("", "rightsize: off"),
    Case(
      "", "alerts: { slow: { when: p99 > 1s } }",
      "8:11: warning: spec.alerts have no effect here: the platform has no Prometheus, and no account and region for Terraform "
        + "to make alarms in; add alerts: { prometheus: true } to its spec where the cluster has its operator, or account and "
        + "region"),
    Case("alerts: { prometheus: true }", "alerts: { slow: { when: p99 > 1s } }"),
    Case("account: \"123456789012\"", "alerts: { slow: { when: p99 > 1s } }"),
    Case(
      "", "network: { groups: [sg-01234567] }",
      "8:22: warning: spec.network.groups have no effect here: the platform's pods have the groups of their nodes; add cloud: { "
        + "podSecurityGroups: true } to its spec where the cluster is set up for it"),
    Case("cloud: { podSecurityGroups: true }", "network: { groups: [sg-01234567] }"),
    Case(
      "", "expose: { path: /a }",
      "8:19: warning: spec.expose: no load balancer is rendered from host and path: the platform has no ingress; whatever "
        + "comes to the node port is served; add ingress to its spec where the cluster has its controller"),
    Case("ingress: {}", "expose: { path: /a }"),
    Case(
      "", "waivers: [{ rule: host-pid, owner: news, reason: a debugger, expires: 2027-01-31 }]",
      "8:38: error: spec.waivers: news may waive no rule here; the platform lets nobody; add guardrails: { waivers: { by: "
        + "[news] } } to its spec"),
    Case(
      "guardrails: { waivers: { by: [sre] } }",
      "waivers: [{ rule: host-pid, owner: news, reason: a debugger, expires: 2027-01-31 }]",
      "8:38: error: spec.waivers: news may waive no rule here; those who may: sre"),
    Case(
      "guardrails: { waivers: { by: [news] } }",
      "waivers: [{ rule: host-pid, owner: news, reason: a debugger, expires: 2027-01-31 }]"),
    Case("", "expose: {}"),
  ]

  @Test(arguments: cases)
  func isTold(_ example: Case) throws {
    let platform = try PlatformDefinition.read(
      Texts.platform + "  \(example.platform)\n", file: "platform.yaml", environment: nil)
    let service = try #require(try Texts.service(Texts.service + "  \(example.service)\n").first)
    #expect(service.judged(on: platform).map(\.description) == example.told.map { "microservice.yaml:\($0)" })
  }
}
