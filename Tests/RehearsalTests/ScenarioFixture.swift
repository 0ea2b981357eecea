import Definitions
import Kubernetes
import Rehearsal

/// A small fleet and a rehearsal of it, as people write them.
enum ScenarioFixture {
  static let platform = """
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: news }
    spec:
      nodeGroups:
        - { name: base, instanceType: c5.large, cpu: 1900m, memory: 3500Mi, min: 2, max: 6, pricePerHour: 0.107 }
        - { name: spot, instanceType: c5.large, cpu: 1900m, memory: 3500Mi, max: 20, spot: true, pricePerHour: 0.038 }
      pushes:
        kinds:
          breaking: { openRate: 8%, rise: 2s, hold: 45s, fall: 5s }

    """

  static func service(_ name: String, _ spec: String = "") -> String {
    """
    apiVersion: sakigake.dev/v1
    kind: Microservice
    metadata: { name: \(name) }
    spec:
      owner: news
      image: news-service
      port: 8080
      capacity: { requestsPerSecond: 40 }

    """ + spec.split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  static let gateway = service("gateway", "expose: { path: / }\nscale: { max: 20, push: true }\ncalls: [articles]")
  static let articles = service("articles")

  /// The lines of a rehearsal; `lines` are added to its spec, at line 10 and after.
  static func rehearsal(_ lines: String = "", load: String = "  gateway: { daily: { 00:00: 10, 12:00: 34 } }") -> String
  {
    """
    apiVersion: sakigake.dev/v1
    kind: Rehearsal
    metadata: { name: evening }
    spec:
      fleet: .
      start: 2026-11-25T06:00:00+09:00
      duration: 12h
      load:
      \(load)

    """ + lines.split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  static func scenario(
    _ rehearsal: String, platform: String = platform, services: [String] = [gateway, articles],
    series: [String: String] = [:], prices: String? = nil
  ) throws(InvalidDefinition) -> Scenario {
    let definition = try RehearsalDefinition.read(rehearsal, file: "rehearsal.yaml")
    let platform = try PlatformDefinition.read(platform, file: "platform.yaml", environment: nil)
    var read: [ServiceDefinition] = []
    for (index, service) in services.enumerated() {
      read += try ServiceDefinition.read(service, file: "\(index)/microservice.yaml", environment: nil)
    }
    var measured: [String: Series] = [:]
    for (service, text) in series { measured[service] = try Series.read(text, file: "load.csv").first }
    var table: PricesDefinition?
    if let prices { table = try PricesDefinition.read(prices, file: "prices.yaml") }
    if case .table(let inline)? = definition.prices { table = inline }
    return try ScenarioReader(definition, platform: platform, services: read, series: measured, prices: table)
      .scenario()
  }

  /// What is wrong, a line each.
  static func complaints(_ read: () throws(InvalidDefinition) -> Scenario) -> [String] {
    do throws(InvalidDefinition) {
      _ = try read()
      return []
    } catch { return error.diagnostics.map(\.description) }
  }
}
