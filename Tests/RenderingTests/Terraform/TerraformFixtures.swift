import Definitions
import Foundation
import Rendering
import Terraform

/// A platform and a service that have one of everything that becomes Terraform.
enum TerraformFixtures {
  static let platform = """
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: news }
    spec:
      cluster: news-production
      region: ap-northeast-1
      account: "123456789012"
      registry: 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/news
      namespace: news
      cloud: { kubernetes: "1.31", logDays: 14 }
      ingress: { by: terraform }
      nodeGroups:
        - { name: base, instanceType: c5.large, cpu: 1900m, memory: 3500Mi, min: 2, max: 6 }
        - { name: web, instanceTypes: [c5.large, c5a.large, c6i.large], cpu: 1900m, memory: 3500Mi, max: 10, spot: 70% }
      tags: { team: platform, cost-center: "17" }
      mandatoryTags: [cost-center, product]
      owns: { tables: ["{service}"], actions: ["dynamodb:*", "s3:*", "secretsmanager:Get*", "logs:*"] }
    environments:
      unmarked: {}
      production:
        tags: { product: shared }
        ingress: { certificate: "arn:aws:acm:ap-northeast-1:123456789012:certificate/1" }
        cloud: { podSecurityGroups: true }
      plain:
        tags: { product: shared }
      controller:
        tags: { product: shared }
        ingress: { by: controller }
    """

  static let service = """
    apiVersion: sakigake.dev/v1
    kind: Microservice
    metadata: { name: articles }
    spec:
      owner: news-backend
      image: articles
      port: 8080
      health: /healthz
      calls: [users]
      expose: { host: api.example.com, path: /articles, nodePort: 30080 }
      network:
        from: [gateway, 10.1.0.0/16, "fd00::/8"]
        to: ["namespace/databases:5432", "10.2.0.0/16:6379"]
        egress: [api.example.com, "*.example.com:8443"]
      permissions:
        - { allow: [dynamodb:GetItem, dynamodb:Query], on: table/articles }
        - { allow: "s3:Get*", on: [bucket/articles-images, "arn:aws:s3:::shared/*"] }
        - { allow: secretsmanager:GetSecretValue, on: secret/prod/articles }
        - { allow: logs:PutLogEvents, on: log-group/articles }
      alerts:
        busy: { when: requestsPerSecond >= 500, severity: info }
        errors: { when: errorRate > 1%, for: 90s, severity: critical, runbook: "https://example.com/${errors}" }
        few: { when: readyPods < 2 }
        full: { when: cpu > 90%, for: 10m }
        restarting: { when: restarts > 3 }
        slow: { when: p99 > 300ms, summary: "100%{slow}" }
    """

  static func platform(_ environment: String? = "production", _ text: String = platform) throws -> PlatformDefinition {
    try PlatformDefinition.read(text, file: "platform.yaml", environment: environment)
  }

  static func service(_ text: String = service) throws -> ServiceDefinition {
    try ServiceDefinition.read(text, file: "microservice.yaml", environment: nil)[0]
  }

  static func rendered(_ name: String, _ environment: String = "production") throws -> TerraformDocument {
    let platform = try platform(environment)
    return name == "platform"
      ? try PlatformTerraform(platform).document : try ServiceTerraform(service(), on: platform).document
  }

  static let goldens = Fixtures.goldens.appending(path: "Terraform")
}
