import Definitions
import Foundation
import Kubernetes
import Rendering
import Terraform
import Testing

/// What definitions become in the cloud. `UPDATE_GOLDENS=1` writes the goldens; read what changed.
@Suite struct TerraformTests {
  @Test(arguments: ["platform", "service"])
  func isRenderedAsBefore(_ name: String) throws {
    let text = try TerraformFixtures.rendered(name).text
    let file = TerraformFixtures.goldens.appending(path: "\(name).tf.json")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try FileManager.default.createDirectory(at: TerraformFixtures.goldens, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    let difference = zip(golden.split(separator: "\n"), text.split(separator: "\n")).enumerated().first { $1.0 != $1.1 }
    #expect(text == golden, "\(name) differs first at \(difference.map { "line \($0 + 1): \($1)" } ?? "its end")")
  }

  private func service(_ text: String, on environment: String = "production") throws -> JSONValue {
    try ServiceTerraform(TerraformFixtures.service(text), on: TerraformFixtures.platform(environment)).document.json
  }

  private func minimal(_ lines: String) -> String {
    "apiVersion: sakigake.dev/v1\nkind: Microservice\nmetadata: { name: articles }\n"
      + "spec:\n  owner: news\n  image: articles\n  port: 8080\n\(lines)\n"
  }

  @Test func aServiceWithoutAnythingHasItsGroupAndRepositoryOnly() throws {
    let document = try service(minimal(""))
    let types = (document["resource"]?.objectValue ?? [:]).keys
    #expect(
      Set(types) == [
        "aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule",
        "aws_ecr_repository", "aws_ecr_lifecycle_policy",
      ])
  }

  /// The account's annotation and the role must be one.
  @Test func theRoleIsTheOneThatTheServiceAccountNames() throws {
    let definition = try TerraformFixtures.service()
    let platform = try TerraformFixtures.platform()
    let document = try ServiceTerraform(definition, on: platform).document.json
    let role = document["resource"]?["aws_iam_role"]?["service"]
    let account = try #require(
      try ServiceRenderer(platform: platform, tag: "v1").render(definition.microservice).first {
        $0["kind"] == "ServiceAccount"
      })
    let annotated = account["metadata"]?["annotations"]?["eks.amazonaws.com/role-arn"]?.stringValue
    #expect(annotated == "arn:aws:iam::123456789012:role/\(role?["name"]?.stringValue ?? "")")
    let central = try PlatformTerraform(platform).document.json
    let boundary = central["resource"]?["aws_iam_policy"]?["boundary"]?["name"]?.stringValue ?? ""
    #expect(role?["permissions_boundary"]?.stringValue == "arn:aws:iam::123456789012:policy/\(boundary)")
  }

  @Test(
    arguments: [
      ("dynamodb:GetItem", "table/articles", ["arn:aws:dynamodb:ap-northeast-1:123456789012:table/articles"]),
      (
        "secretsmanager:GetSecretValue", "secret/a",
        ["arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:a-??????"]
      ),
      (
        "secretsmanager:GetSecretValue", "secret/a*", ["arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:a*"]
      ),
      ("s3:GetObject", "bucket/b", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
      ("s3:GetObject", "bucket/b/in/*", ["arn:aws:s3:::b/in/*"]),
      ("s3:GetObject", "arn:aws:s3:::c", ["arn:aws:s3:::c"]),
      (
        "logs:PutLogEvents", "log-group/a",
        [
          "arn:aws:logs:ap-northeast-1:123456789012:log-group:a",
          "arn:aws:logs:ap-northeast-1:123456789012:log-group:a:*",
        ]
      ),
    ])
  func aPermissionBecomesExactlyItsStatement(_ action: String, _ written: String, _ expected: [String]) throws {
    let document = try service(minimal("  permissions: [{ allow: \"\(action)\", on: \"\(written)\" }]"))
    let text = document["resource"]?["aws_iam_role_policy"]?["service"]?["policy"]?.stringValue ?? ""
    let statement = try JSONValue(parsing: text)["Statement"]?.arrayValue?.first
    #expect(statement?["Resource"]?.arrayValue?.compactMap(\.stringValue) == expected)
    #expect(statement?["Action"]?.arrayValue?.compactMap(\.stringValue) == [action])
  }

  @Test func nothingThatAPersonWroteIsATemplate() throws {
    let alarms = try TerraformFixtures.rendered("service").json["resource"]?["aws_cloudwatch_metric_alarm"]
    #expect(alarms?["errors"]?["alarm_description"]?.stringValue?.hasSuffix("/$${errors}") == true)
    #expect(alarms?["slow"]?["alarm_description"]?.stringValue == "100%%{slow}")
  }

  @Test func theFirstOfTwoPathsIsTheLongerOne() throws {
    func priority(_ expose: String) throws -> Int64 {
      try service(minimal("  expose: { \(expose), nodePort: 30080 }"))["resource"]?["aws_lb_listener_rule"]?[
        "service"]?[
          "priority"]?.integerValue ?? 0
    }
    let longer = try priority("host: a.example.com, path: /articles/images")
    let shorter = try priority("host: a.example.com, path: /articles")
    let host = try priority("host: a.example.com")
    let path = try priority("path: /")
    #expect(1 <= longer && longer < shorter && shorter < host && host < path && path <= 50_000)
  }

  @Test func theLoadBalancerIsMadeByOneOfTheTwo() throws {
    for (environment, isTerraform) in [("production", true), ("controller", false)] {
      let platform = try TerraformFixtures.platform(environment)
      let definition = try TerraformFixtures.service()
      let objects = try ServiceRenderer(platform: platform, tag: "v1").render(definition.microservice)
      #expect(objects.contains { $0["kind"] == "Ingress" } == !isTerraform)
      let rendered = try ServiceTerraform(definition, on: platform)
      #expect((rendered.document.json["resource"]?["aws_lb_target_group"] != nil) == isTerraform)
      #expect((try PlatformTerraform(platform).document.json["resource"]?["aws_lb"] != nil) == isTerraform)
      // Three alarms need the load balancer's own measures.
      #expect(rendered.warnings.count == (isTerraform ? 0 : 3))
    }
  }

  /// Where the platform says so, pods can have their service's group: then nodes must reach what they probe.
  @Test(arguments: [("production", true), ("plain", false)])
  func podsHaveTheirGroupsWhereThePlatformSaysSo(_ environment: String, _ has: Bool) throws {
    let central = try TerraformFixtures.rendered("platform", environment).json["resource"]
    #expect((central?["aws_eks_addon"]?["vpc_cni"] != nil) == has)
    #expect(
      (central?["aws_iam_role_policy_attachment"]?["cluster_AmazonEKSVPCResourceController"] != nil) == has)
    let rules = try service(
      minimal(
        "  containers: { web: { image: web, port: 9090, probes: { liveness: { tcp: true } } }, log: { image: log } }"),
      on: environment)["resource"]?["aws_vpc_security_group_ingress_rule"]?.objectValue
    #expect(Set(rules?.keys ?? []) == (has ? ["mesh", "probes-8080", "probes-9090"] : ["mesh"]))
    let definition = try TerraformFixtures.service(minimal("  network: { groups: [sg-01234567] }"))
    let objects = try ServiceRenderer(platform: TerraformFixtures.platform(environment), tag: "v1").render(
      definition.microservice)
    let policy = objects.first { $0["kind"] == "SecurityGroupPolicy" }
    #expect(policy?[path: ["spec", "securityGroups", "groupIds"]] == (has ? ["sg-01234567"] : nil))
    let deployment = try #require(try Fixtures.object(Deployment.self, in: objects))
    if has {
      let selector = policy?[path: ["spec", "podSelector", "matchLabels"]]?.objectValue ?? [:]
      #expect(!selector.isEmpty)
      for label in selector {
        #expect(deployment.spec.template.metadata.labels[label.key] == label.value.stringValue)
      }
    }
  }

  @Test func everythingHasTheMandatoryTags() throws {
    for name in ["platform", "service"] {
      let tags = try TerraformFixtures.rendered(name).json["provider"]?["aws"]?["default_tags"]?.arrayValue?.first?[
        "tags"]
      #expect(tags?["cost-center"] == "17" && tags?["product"] == "shared")
    }
  }

  @Test func aGroupOfWhichAShareIsSpotIsTwoGroupsOfAllTypes() throws {
    let groups = try TerraformFixtures.rendered("platform").json["resource"]?["aws_eks_node_group"]
    #expect(groups?["web"]?["capacity_type"] == "ON_DEMAND" && groups?["web-spot"]?["capacity_type"] == "SPOT")
    #expect(groups?["web-spot"]?["scaling_config"]?.arrayValue?.first?["max_size"] == 7)
    #expect(groups?["web-spot"]?["instance_types"]?.arrayValue?.count == 3)
  }

  // MARK: What cannot be expressed

  private func complaints(_ text: String, _ environment: String? = "production", platform: String? = nil) -> [String] {
    do {
      _ = try ServiceTerraform(
        TerraformFixtures.service(text),
        on: TerraformFixtures.platform(environment, platform ?? TerraformFixtures.platform))
      return []
    } catch { return (error as? InvalidDefinition)?.diagnostics.map(\.description) ?? ["\(error)"] }
  }

  @Test func anUnknownKindOfResourceIsToldWithTheKnownOnes() {
    #expect(
      complaints(minimal("  permissions: [{ allow: ec2:StartInstances, on: machine/a }]")) == [
        "microservice.yaml:8:50: error: spec.permissions[0].on: \"machine/a\" is of no known kind; known: bucket, key, "
          + "log-group, queue, secret, stream, table, topic"
      ])
  }

  @Test func aPortThatTheClusterChoosesCannotBeBehindTheLoadBalancer() {
    #expect(
      complaints(minimal("  expose: { path: /articles }")) == [
        "microservice.yaml:8:11: error: spec.expose: the load balancer needs to know the port at the nodes, which is left to "
          + "the cluster here; add nodePort: 30000 to 32767, another one for each service"
      ])
  }

  @Test func moreThanAPolicyTakesIsRefused() {
    let many = (0..<40).map { "      - table/articles-\(String(repeating: "x", count: 220))-\($0)" }
    let found = complaints(
      minimal("  permissions:\n    - allow: dynamodb:GetItem\n      on:\n\(many.joined(separator: "\n"))"))
    #expect(
      found.count == 1 && found[0].hasPrefix("microservice.yaml:9:5: error: spec.permissions: they make a policy of "))
  }

  @Test func aPlatformWithoutAnAccountIsRefused() {
    let platform = "apiVersion: sakigake.dev/v1\nkind: Platform\nmetadata: { name: news }\nspec:\n  cluster: a b\n"
    #expect(
      complaints(minimal(""), nil, platform: platform) == [
        "platform.yaml:5:3: error: spec.account is missing: Terraform needs it; add account: \"123456789012\"",
        "platform.yaml:5:3: error: spec.region is missing: Terraform needs it; add region: ap-northeast-1",
        "platform.yaml:5:12: error: \"a b\" is no name of a cluster at EKS; use letters, digits, - and _, at most 100, a "
          + "letter or digit first",
      ])
  }

  @Test func aMandatoryTagThatSharedThingsLackIsRefused() {
    do {
      _ = try PlatformTerraform(TerraformFixtures.platform("unmarked"))
      Issue.record("accepted")
    } catch {
      #expect(
        "\(error)".hasPrefix(
          "platform.yaml:16:18: error: spec.mandatoryTags: what is shared would itself lack the tag product;"))
    }
  }
}
