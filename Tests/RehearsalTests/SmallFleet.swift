import Autoscaling
import Definitions
import Kubernetes
import Rehearsal
import Rendering

/// Scenarios made of definitions as people write them.
enum SmallFleet {
  static let start = Timestamp(nanoseconds: 1_795_564_800_000_000_000)

  static func platform(_ groups: String) throws -> PlatformDefinition {
    try PlatformDefinition.read(
      """
      apiVersion: sakigake.dev/v1
      kind: Platform
      metadata: { name: test }
      spec:
        tag: v1
        nodeGroups:
      \(groups)
      """, file: "platform.yaml", environment: nil)
  }

  /// One group of on-demand nodes and one of spot nodes, of five pods each by their processor.
  static let groups = """
        - { name: base, instanceType: m, cpu: 2000m, memory: 4Gi, min: 1, max: 10, boot: 90s, pricePerHour: 0.10 }
        - { name: spot, instanceType: m, cpu: 2000m, memory: 4Gi, max: 20, spot: true, boot: 90s, pricePerHour: 0.04 }
    """

  static func service(
    _ name: String, in platform: PlatformDefinition, spec: String = "", behavior: PodBehavior
  ) throws -> RehearsedService {
    let text = """
      apiVersion: sakigake.dev/v1
      kind: Microservice
      metadata: { name: \(name) }
      spec:
        owner: team
        image: \(name)
        port: 8080
        capacity: { requestsPerSecond: \(Int(behavior.requestsPerSecond)) }
        \(spec)
      """
    guard let definition = try ServiceDefinition.read(text, file: "\(name).yaml", environment: nil).first else {
      throw ServiceRenderer.Failure(description: "no definition")
    }
    return try RehearsedService(
      definition.microservice, by: ServiceRenderer(platform: platform, tag: "v1"), behavior: behavior)
  }

  static func scenario(
    _ platform: PlatformDefinition, _ services: [RehearsedService], hours: Double,
    load: [String: [(Double, Double)]], pushes: [ScheduledPush] = []
  ) -> Scenario {
    Scenario(
      name: "test", start: start, durationSeconds: hours * 3600, services: services,
      cloud: RehearsedCloud(groups: platform.nodeGroups),
      load: Dictionary(
        uniqueKeysWithValues: load.map { name, points in
          (
            NamespacedName("default", name),
            LoadCurve(points.map { LoadCurve.Point(seconds: $0.0, requestsPerSecond: $0.1) })
          )
        }), pushes: pushes)
  }
}
