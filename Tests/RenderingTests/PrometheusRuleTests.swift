import Definitions
import Foundation
import Kubernetes
import Rendering
import Testing

/// The rules that alerts become, held against Prometheus itself: `promtool check rules`, and its unit tests with series as
/// sidecars, the kubelet and kube-state-metrics tell them.
@Suite struct PrometheusRuleTests {
  static let promtool = Promtool.find()

  @Test func promtoolIsThereWhereItMustBe() {
    if ProcessInfo.processInfo.environment["CI"] == "true" { #expect(Self.promtool != nil, "run make setup") }
  }

  private static let service = """
    apiVersion: sakigake.dev/v1
    kind: Microservice
    metadata: { name: articles }
    spec:
      owner: news-backend
      image: articles
      port: 8080
      alerts:

    """

  /// The groups of a service's PrometheusRule.
  private static func rules(_ alerts: [String]) throws -> JSONValue {
    let text = service + alerts.map { "    \($0)\n" }.joined()
    let definition = try #require(try ServiceDefinition.read(text, file: "microservice.yaml", environment: nil).first)
    let objects = try Fixtures.renderer(environment: "whole").render(definition.microservice)
    return try #require(objects.first { $0["kind"] == "PrometheusRule" }?["spec"])
  }

  /// But for comparisons that hold while all is well, which no definition may have.
  @Test(.enabled(if: promtool != nil, "needs promtool: run make setup"))
  func everyMeasureWithEveryComparisonIsOne() throws {
    var alerts: [String] = []
    for measure in AlertCondition.Measure.allCases {
      let own = AlertCondition.Comparison.allCases.enumerated().map { index, comparison in
        "\(measure.rawValue.lowercased())-\(index): { when: \(measure.rawValue) \(comparison.rawValue) \(measure.example), "
          + "for: \(["500ms", "90s", "1h30m", "24h"][index]) }"
      }.filter { (try? Self.rules([$0])) != nil }
      #expect(own.count >= 2, "\(measure)")
      alerts += own
    }
    let rules = try Self.rules(alerts)
    let told = try #require(Self.promtool).run(["check", "rules", "rules.json"], ["rules.json": rules])
    #expect(told.status == 0 && told.output.contains("SUCCESS: \(alerts.count) rules found"), "\(told)")
  }

  @Test(.enabled(if: promtool != nil, "needs promtool: run make setup"))
  func thoseOfTheGoldenAreValid() throws {
    let rule = try #require(try Fixtures.render("whole").first { $0["kind"] == "PrometheusRule" }?["spec"])
    let told = try #require(Self.promtool).run(["check", "rules", "rules.json"], ["rules.json": rule])
    #expect(told.status == 0, "\(told)")
  }

  // MARK: When they fire

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var when: String
    var holds = "5m"
    /// What is told each minute, by series.
    var series: [String: String]
    var afterMinutes = 20
    var fires: Bool
    var testDescription: String { name }
  }

  private static let inbound =
    "namespace=\"news\",sakigake_dev_service=\"articles\",envoy_http_conn_manager_prefix=\"inbound\""
  private static func answers(_ digit: Int, pod: String = "a", from labels: String = inbound) -> String {
    "envoy_http_downstream_rq_xx{\(labels),pod=\"\(pod)\",envoy_response_code_class=\"\(digit)\"}"
  }
  private static func requests(pod: String) -> String {
    "envoy_http_downstream_rq_total{\(inbound),pod=\"\(pod)\"}"
  }
  private static func times(_ bound: String) -> String {
    "envoy_http_downstream_rq_time_bucket{\(inbound),pod=\"a\",le=\"\(bound)\"}"
  }
  private static func container(_ metric: String, _ more: String = "", of pod: String = "articles-5d8f9c-x2x4a")
    -> String
  {
    "\(metric){namespace=\"news\",pod=\"\(pod)\",container=\"app\"\(more)}"
  }
  private static let requestedCPU = container("kube_pod_container_resource_requests", ",resource=\"cpu\"")
  private static let requestedMemory = container("kube_pod_container_resource_requests", ",resource=\"memory\"")
  private static let usedCPU = "container_cpu_usage_seconds_total"
  private static let usedMemory = "container_memory_working_set_bytes"
  private static let restarted = "kube_pod_container_status_restarts_total"
  private static func ready(_ deployment: String, told instance: String = "a") -> String {
    "kube_deployment_status_replicas_available{namespace=\"news\",deployment=\"\(deployment)\",instance=\"\(instance)\"}"
  }

  static let cases: [Case] = [
    Case(
      name: "two of a hundred answers fail", when: "errorRate > 1%",
      series: [answers(5): "0+2x30", answers(2): "0+98x30"], fires: true),
    Case(
      name: "one of two hundred fails", when: "errorRate > 1%",
      series: [answers(5): "0+1x30", answers(2): "0+199x30"], fires: false),
    Case(name: "no answer ever failed", when: "errorRate > 1%", series: [answers(2): "0+100x30"], fires: false),
    Case(name: "nobody asks", when: "errorRate > 1%", series: [answers(2): "7+0x30"], fires: false),
    Case(
      name: "the services that it calls fail", when: "errorRate > 1%",
      series: [
        answers(5, from: inbound.replacing("\"inbound\"", with: "\"outbound\"")): "0+50x30", answers(2): "0+100x30",
      ], fires: false),
    Case(
      name: "another service fails", when: "errorRate > 1%",
      series: [answers(5, from: inbound.replacing("articles", with: "users")): "0+50x30", answers(2): "0+100x30"],
      fires: false),
    Case(
      name: "one pod of three fails wholly", when: "errorRate > 30%",
      series: [answers(5, pod: "a"): "0+100x30", answers(2, pod: "b"): "0+100x30", answers(2, pod: "c"): "0+100x30"],
      fires: true),
    Case(
      name: "it failed a while ago", when: "errorRate > 1%",
      series: [answers(5): "0+9x5 45+0x30", answers(2): "0+100x40"], afterMinutes: 30, fires: false),
    Case(
      name: "it has failed for less than five minutes", when: "errorRate > 1%",
      series: [answers(5): "0+0x16 0+50x30", answers(2): "0+100x50"], afterMinutes: 20, fires: false),
    Case(
      name: "it has failed for ten minutes", when: "errorRate > 1%",
      series: [answers(5): "0+0x16 0+50x30", answers(2): "0+100x50"], afterMinutes: 28, fires: true),
    Case(
      name: "fewer than 99.5 % succeed", when: "successRate < 99.5%",
      series: [answers(5): "0+2x30", answers(2): "0+98x30"], fires: true),
    Case(name: "all succeed", when: "successRate < 99.5%", series: [answers(2): "0+98x30"], fires: false),
    Case(
      name: "nobody asks, and none succeeds", when: "successRate < 99.5%", series: [answers(2): "9+0x30"], fires: false),
    Case(
      name: "one of ten takes long", when: "p99 > 300ms",
      series: [times("250"): "0+90x30", times("500"): "0+100x30", times("+Inf"): "0+100x30"], fires: true),
    Case(
      name: "half of them are quick", when: "p50 > 300ms",
      series: [times("250"): "0+90x30", times("500"): "0+100x30", times("+Inf"): "0+100x30"], fires: false),
    Case(
      name: "all are quick", when: "p99 > 300ms", series: [times("250"): "0+100x30", times("+Inf"): "0+100x30"],
      fires: false),
    Case(
      name: "600 a second in two pods", when: "requestsPerSecond >= 500",
      series: [requests(pod: "a"): "0+18000x30", requests(pod: "b"): "0+18000x30"], fires: true),
    Case(
      name: "300 a second in one", when: "requestsPerSecond >= 500", series: [requests(pod: "a"): "0+18000x30"],
      fires: false),
    Case(name: "no pod that would count", when: "requestsPerSecond < 0.5", series: ["up": "1+0x30"], fires: true),
    Case(
      name: "one a second", when: "requestsPerSecond < 0.5", series: [requests(pod: "a"): "0+60x30"], fires: false),
    Case(
      name: "0.95 of a CPU that was asked for", when: "cpu > 90%",
      series: [container(usedCPU): "0+57x30", requestedCPU: "1+0x30"], fires: true),
    Case(
      name: "half of a CPU", when: "cpu > 90%", series: [container(usedCPU): "0+30x30", requestedCPU: "1+0x30"],
      fires: false),
    Case(
      name: "a service whose name begins so, and a job, are busy", when: "cpu > 90%",
      series: [
        container(usedCPU): "0+6x30", requestedCPU: "1+0x30",
        container(usedCPU, of: "articles-api-5d8f9c-x2x4a"): "0+600x30",
        container(usedCPU, of: "articles-migrate-bcdfghjk29-x2x4a"): "0+600x30",
      ], fires: false),
    Case(
      name: "the sidecar is busy", when: "cpu > 90%",
      series: [
        container(usedCPU): "0+6x30", requestedCPU: "1+0x30",
        container(usedCPU).replacing("\"app\"", with: "\"envoy\""): "0+600x30",
      ], fires: false),
    Case(
      name: "98 of 100 bytes", when: "memory > 95%",
      series: [container(usedMemory): "98+0x30", requestedMemory: "100+0x30"],
      fires: true),
    Case(
      name: "90 of 100 bytes", when: "memory > 95%",
      series: [container(usedMemory): "90+0x30", requestedMemory: "100+0x30"],
      fires: false),
    Case(name: "one pod is ready", when: "readyPods < 2", series: [ready("articles"): "1+0x30"], fires: true),
    Case(name: "three are", when: "readyPods < 2", series: [ready("articles"): "3+0x30"], fires: false),
    Case(
      name: "of another service one is", when: "readyPods < 2",
      series: [ready("articles"): "3+0x30", ready("users"): "1+0x30"],
      fires: false),
    Case(
      name: "one is ready, for four minutes yet", when: "readyPods < 2", series: [ready("articles"): "1+0x30"],
      afterMinutes: 4, fires: false),
    Case(
      name: "who tells was started anew meanwhile", when: "readyPods < 2",
      series: [ready("articles"): "1+0x3 _x30", ready("articles", told: "b"): "_x3 1+0x30"], afterMinutes: 6,
      fires: true),
    Case(
      name: "five were started again", when: "restarts > 3", holds: "1m",
      series: [container(restarted): "0+0x10 5+0x20"],
      afterMinutes: 16, fires: true),
    Case(
      name: "two were", when: "restarts > 3", holds: "1m", series: [container(restarted): "0+0x10 2+0x20"],
      afterMinutes: 16, fires: false),
    Case(
      name: "five were, an hour ago", when: "restarts > 3", holds: "1m",
      series: [container(restarted): "0+0x10 5+0x90"], afterMinutes: 80, fires: false),
  ]

  @Test(.enabled(if: promtool != nil, "needs promtool: run make setup"), arguments: cases)
  func itFiresWhenItShould(_ example: Case) throws {
    let rules = try Self.rules(["bad: { when: \"\(example.when)\", for: \(example.holds), severity: critical }"])
    // Envoy's sidecars write what people and receivers are told: all of it is part of what is expected.
    let alert: JSONValue = [
      "exp_labels": ["severity": "critical", "service": "articles", "owner": "news-backend", "route": "pager"],
      "exp_annotations": ["summary": .string("articles: \(example.when)")],
    ]
    let test: JSONValue = [
      "rule_files": ["rules.json"], "evaluation_interval": "1m",
      "tests": [
        [
          "interval": "1m",
          "input_series": .array(
            example.series.sorted { $0.key < $1.key }.map {
              ["series": .string($0.key), "values": .string($0.value)]
            }),
          "alert_rule_test": [
            [
              "eval_time": .string("\(example.afterMinutes)m"), "alertname": "articles-bad",
              "exp_alerts": example.fires ? [alert] : [],
            ]
          ],
        ]
      ],
    ]
    let told = try #require(Self.promtool).run(
      ["test", "rules", "test.json"], ["rules.json": rules, "test.json": test])
    #expect(told.status == 0, "\(told)")
  }

  /// Each measure fires in one case and does not in another.
  @Test func everyMeasureIsTriedBothWays() {
    for measure in AlertCondition.Measure.allCases where ![.p90, .p95].contains(measure) {
      let own = Self.cases.filter { $0.when.hasPrefix(measure.rawValue + " ") }
      #expect(own.contains { !$0.fires }, "\(measure)")
      if measure != .p50 { #expect(own.contains { $0.fires }, "\(measure)") }
    }
  }
}

/// The program that comes with Prometheus to check rules.
struct Promtool {
  let path: String

  /// `SAKIGAKE_PROMTOOL`, the one that `make setup` fetches, or one in the path.
  static func find() -> Promtool? {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["SAKIGAKE_PROMTOOL"] { return Promtool(path: named) }
    let own = Fixtures.packageRoot.appending(path: ".tools/bin/promtool").path
    let others = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/promtool" }
    return ([own] + others).first { FileManager.default.isExecutableFile(atPath: $0) }.map(Promtool.init)
  }

  /// - Parameter files: in a directory that paths among the arguments are read from.
  func run(_ arguments: [String], _ files: [String: JSONValue]) throws -> (status: Int32, output: String) {
    let directory = FileManager.default.temporaryDirectory.appending(path: "sakigake-promtool-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, value) in files {
      try value.prettyText.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
    }
    return try EnvoyProgram.run(path, arguments.map { files[$0] == nil ? $0 : directory.appending(path: $0).path })
  }
}
