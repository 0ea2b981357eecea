import Definitions
import Foundation
import Kubernetes
import Rendering

/// What the goldens are rendered with.
enum Fixtures {
  static let platform = """
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: news }
    spec:
      registry: registry.example.com/news
      namespace: news
      tags: { team: platform }
    environments:
      local:
        registry: local
        tag: dev
        namespace: default
        mesh: { controlPlane: node, loopback: podIP }
      whole:
        account: "123456789012"
        cluster: news-production
        ingress: { certificate: "arn:aws:acm:ap-northeast-1:123456789012:certificate/1", from: [10.0.0.0/16] }
        cloud: { podSecurityGroups: true }
        secrets: { store: aws-secrets-manager }
        rightsize: { verticalPodAutoscaler: true }
        alerts: { prometheus: true, labels: { release: prometheus }, routes: { critical: pager } }
        quotas: { namespace: { pods: 500, cpu: 200, memory: 400Gi } }
        guardrails: { waivers: { by: [news-backend] } }
    """

  static func renderer(environment: String? = nil, tag: String = "v1.2.0") throws -> ServiceRenderer {
    let platform = try PlatformDefinition.read(platform, file: "platform.yaml", environment: environment)
    return ServiceRenderer(platform: platform, tag: platform.tag.isEmpty ? tag : platform.tag)
  }

  static let goldens = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
  static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Goldens that are rendered for an environment of the platform; all others are for none.
  private static let environments = ["local": "local", "whole": "whole"]

  static func render(_ golden: String) throws -> [JSONValue] {
    let input = goldens.appending(path: "\(golden).input.yaml")
    let text = try String(contentsOf: input, encoding: .utf8)
    let renderer = try renderer(environment: environments[golden])
    return try ServiceDefinition.read(text, file: input.lastPathComponent, environment: nil).flatMap { service in
      let hasConfig = !service.microservice.spec.config.isEmpty
      return try renderer.render(
        service.microservice,
        configFiles: hasConfig ? ["feed.json": "{\"items\": 20}\n", "log.conf": "level = info\n"] : [:],
        source: service.source(path: "\(golden)/microservice.yaml"))
    }
  }

  static let names = ["complete", "local", "minimal", "whole"]

  static func object<O: KubernetesObject>(_ type: O.Type, in objects: [JSONValue]) throws -> O? {
    try objects.first { $0["kind"]?.stringValue == O.resource.kind }.map { try O(json: $0) }
  }
}
