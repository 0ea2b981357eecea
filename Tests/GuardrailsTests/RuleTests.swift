import Definitions
import Foundation
import Guardrails
import Kubernetes
import Testing

@Suite struct RuleTests {
  static let now = Timestamp(seconds: 1_790_000_000)  // 2026-09-21

  /// A platform that asks for every rule, also for those that are off.
  static func strict() throws -> PlatformDefinition {
    var platform = try Self.platform("")
    for rule in Rule.all where rule.severity == nil { platform.guardrails.severities[rule.id] = .warning }
    platform.guardrails.waivers = ["news"]
    return platform
  }

  static func platform(_ spec: String) throws -> PlatformDefinition {
    try PlatformDefinition.read(
      """
      apiVersion: sakigake.dev/v1
      kind: Platform
      metadata: { name: news }
      spec:
        region: ap-northeast-1
        registry: registry.example.com
        nodeGroups: [{ name: base, instanceType: c5.large, cpu: 2, memory: 4Gi, min: 1, max: 3, boot: 90s }]
      \(spec)
      """, file: "platform.yaml", environment: nil)
  }

  static func broken(_ text: String) throws -> [String] {
    let objects = try CheckedObject.manifests(in: text, file: "web.yaml")
    #expect(!objects.isEmpty)
    return Inspection(objects: objects, platform: try strict(), now: now).findings().map(\.rule)
  }

  @Test(arguments: RuleExample.all.indices)
  func fires(_ index: Int) throws {
    let example = RuleExample.all[index]
    #expect(try Self.broken(example.failing).contains(example.rule), "\(example.rule)\n\(example.failing)")
    #expect(try !Self.broken(example.passing).contains(example.rule), "\(example.rule)\n\(example.passing)")
  }

  static let services: [(rule: String, platform: String, failing: String, passing: String)] = [
    ("service-name", "  names: { service: 'b.*' }", "port: 8080", ""),
    ("mandatory-tags", "  mandatoryTags: [cost]", "port: 8080", "tags: { cost: a1 }"),
    ("quota", "  quotas: { service: { pods: 5 } }", "scale: { min: 2, max: 6 }", "scale: { min: 2, max: 5 }"),
    (
      "owned-resources", "  owns: { tables: ['{service}-'] }",
      "permissions: [{ allow: dynamodb:GetItem, on: table/users }]",
      "permissions: [{ allow: dynamodb:GetItem, on: table/articles-a }]"
    ),
    ("alerts", "  alerts: { prometheus: true }", "port: 8080", "alerts: { errors: { when: errorRate > 1% } }"),
    (
      "iam-wildcard", "",
      "permissions: [{ allow: dynamodb:GetItem, on: 'arn:aws:dynamodb:ap-northeast-1:123456789012:table/*' }]",
      "permissions: [{ allow: dynamodb:GetItem, on: table/articles }]"
    ),
    ("spot-only", "", "{ spot: only, scale: { min: 1, max: 3 } }", "spot: only"),
    ("capacity", "", "scale: { push: true }", "{ scale: { push: true }, capacity: { requestsPerSecond: 9 } }"),
  ]

  static func service(_ members: String, name: String = "articles") throws -> ServiceDefinition {
    var members = members
    if members.hasPrefix("{") {
      members = String(members.dropFirst(2).dropLast(2)).replacing(", scale", with: "\n  scale")
        .replacing(", capacity", with: "\n  capacity")
    }
    return try #require(
      ServiceDefinition.read(
        """
        apiVersion: sakigake.dev/v1
        kind: Microservice
        metadata: { name: \(name) }
        spec:
          owner: news
          image: articles
          \(members.hasPrefix("port") || members.isEmpty ? "port: 8080" : "port: 8080\n  \(members)")
        """, file: "microservice.yaml", environment: nil
      ).first)
  }

  @Test(arguments: services.map(\.rule))
  func firesOnServices(_ rule: String) throws {
    let example = try #require(Self.services.first { $0.rule == rule })
    let platform = try Self.platform(example.platform)
    func broken(_ service: ServiceDefinition) -> [Finding] {
      Inspection(objects: [], services: [service], platform: platform, now: Self.now).findings()
        .filter { $0.rule == rule }
    }
    let found = broken(try Self.service(example.failing))
    #expect(found.count == 1)
    #expect(found.allSatisfy { $0.place.file == "microservice.yaml" && $0.place.line > 0 })
    let passing = try Self.service(example.passing, name: rule == "service-name" ? "billing" : "articles")
    #expect(broken(passing).isEmpty)
  }

  /// The two that have no example are the inspection's own: `InspectionTests` has them.
  @Test func everyRuleHasAnExample() {
    let told = Set(RuleExample.all.map(\.rule) + Self.services.map(\.rule) + ["waiver", "guardrail-setting"])
    #expect(Set(Rule.all.map(\.id)) == told)
    #expect(Rule.all.count == told.count, "an id is there twice")
  }

  @Test func pageIsCurrent() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/guardrails.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let marker = "## All rules\n"
    let start = try #require(text.range(of: marker)).upperBound
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try (text[..<start] + "\n" + Rule.table).write(to: file, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written.hasSuffix(marker + "\n" + Rule.table), "run with UPDATE_GOLDENS=1")
  }
}
