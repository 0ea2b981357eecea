/// Definitions of many services, as a team of teams would write them: each has a few of the fields that there are, and
/// which ones follows from its number.
struct BenchFleet {
  var count: Int

  /// Writes `platform.yaml`, and a directory for each service.
  func write(into directory: String) throws {
    try Files.write(Self.platform, at: "\(directory)/platform.yaml")
    for number in 0..<count {
      let folder = "\(directory)/\(Self.name(number))"
      try Files.write(definition(number), at: "\(folder)/microservice.yaml")
      guard number % 4 == 1 else { continue }
      try Files.write("level = info\nregion = tokyo\nservice = \(number)\n", at: "\(folder)/config/log.conf")
      try Files.write(Self.settings(number), at: "\(folder)/config/feed.json")
    }
  }

  static func name(_ number: Int) -> String { "service-\(number)" }

  private static func settings(_ number: Int) -> String {
    let items = (0..<20).map { "  \"item-\($0)\": { \"weight\": \($0 * number % 97), \"shown\": true }" }
    return "{\n\(items.joined(separator: ",\n"))\n}\n"
  }

  private func definition(_ number: Int) -> String {
    let name = Self.name(number)
    var lines = [
      "apiVersion: sakigake.dev/v1", "kind: Microservice", "metadata: { name: \(name) }", "spec:",
      "  owner: team-\(number % 25)", "  image: \(name)", "  port: \(8080 + number % 3)", "  health: /healthz",
      "  resources: { cpu: \(100 + number % 8 * 50)m, memory: \(128 << (number % 3))Mi }", "  env:",
    ]
    for variable in 0..<(4 + number % 8) { lines.append("    SETTING_\(variable): value-\(variable * number)") }
    if number % 3 == 0 { lines.append("    DATABASE_URL: { secret: \(name)-db, key: url }") }
    let called = Set((1...(1 + number % 4)).map { (number * 7 + $0 * 13) % count }).subtracting([number]).sorted()
    if !called.isEmpty { lines.append("  calls: [\(called.map(Self.name).joined(separator: ", "))]") }
    lines.append("  scale:")
    lines.append("    min: \(2 + number % 4)")
    lines.append("    max: \(10 + number % 50)")
    lines.append("    on: [{ cpu: 60% }, { requestsPerSecond: \(50 + number % 100) }]")
    for (every, offset, feature) in Self.features where number % every == offset { lines += feature(name, number) }
    lines += ["environments:", "  staging: { scale: { min: 1, max: 3 } }", ""]
    return lines.joined(separator: "\n")
  }

  /// Every how many services have it, from which on, and its lines.
  private static let features: [(every: Int, offset: Int, lines: @Sendable (String, Int) -> [String])] = [
    (4, 1, { _, _ in ["  config: config/"] }),
    (
      3, 0,
      { name, _ in
        [
          "  secrets:", "    \(name)-db: { from: prod/\(name)/db, keys: { url: connection_string } }",
          "    \(name)-tls: { from: prod/\(name)/tls, mount: /tls }",
        ]
      }
    ),
    (
      5, 2,
      { _, _ in
        [
          "  volumes:", "    scratch: { mount: /tmp, size: 1Gi }",
          "    fast: { mount: /fast, size: 64Mi, memory: true }",
        ]
      }
    ),
    (
      7, 3,
      { name, _ in
        [
          "  containers:",
          "    exporter: { image: \(name)-exporter, port: 9100, resources: { cpu: 20m, memory: 64Mi } }",
        ]
      }
    ),
    (6, 1, { _, _ in ["  jobs:", "    migrate: { command: [/app/migrate], deadline: 10m }"] }),
    (
      8, 5,
      { _, _ in ["  cron:", "    digest: { schedule: \"0 7 * * *\", zone: Asia/Tokyo, args: [digest], deadline: 30m }"]
      }
    ),
    (
      4, 2,
      { name, number in
        [
          "  expose: { host: api.example.com, path: /\(name), nodePort: \(30000 + number % 2700) }", "  alerts:",
          "    errors: { when: errorRate > 1%, for: 2m, severity: critical }", "    slow: { when: p99 > 300ms }",
        ]
      }
    ),
    (
      5, 4,
      { _, _ in
        [
          "  network:", "    from: [namespace/monitoring, 10.1.0.0/16]", "    to: [\"namespace/databases:5432\"]",
          "    egress: [api.example.net]",
        ]
      }
    ),
    (2, 0, { _, number in ["  capacity: { requestsPerSecond: \(60 + number % 200) }"] }),
    (9, 4, { _, _ in ["  rightsize: { mode: recommend, min: { cpu: 100m }, max: { cpu: 2, memory: 2Gi } }"] }),
    (
      2, 1,
      { _, _ in
        [
          "  alerts:", "    few: { when: readyPods < 2, severity: critical }", "    busy: { when: cpu > 90% }",
          "    often: { when: restarts > 3, for: 1m }",
        ]
      }
    ),
    (3, 1, { name, _ in ["  permissions: [{ allow: [dynamodb:GetItem, dynamodb:Query], on: table/\(name)-items }]"] }),
    (10, 7, { _, _ in ["  tags: { cost-center: news }"] }),
    (
      25, 11,
      { _, _ in ["  extend:", "    Deployment: { spec: { template: { spec: { priorityClassName: news-critical } } } }"]
      }
    ),
  ]

  private static let platform = """
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: bench }
    spec:
      cluster: bench-production
      region: ap-northeast-1
      account: "123456789012"
      registry: 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/bench
      namespace: bench
      nodeGroups:
        - { name: base, instanceType: c5.large, cpu: 1900m, memory: 3500Mi, min: 2, max: 600, boot: 90s }
      ingress: { by: terraform, from: [10.0.0.0/16] }
      secrets: { store: aws-secrets-manager }
      rightsize: { verticalPodAutoscaler: true }
      alerts: { prometheus: true, labels: { release: prometheus }, routes: { critical: pager } }
      names: { service: "[a-z]+(-[a-z0-9]+)*" }
      tags: { team: platform }
      quotas: { service: { pods: 100 }, namespace: { pods: 50000 } }
      owns: { tables: ["{service}-"], actions: ["dynamodb:*"] }
    environments:
      production: {}
      staging: { cluster: bench-staging }

    """
}
