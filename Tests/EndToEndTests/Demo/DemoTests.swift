import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  @Suite(.serialized, .tags(.demo), .enabled(if: ProcessInfo.processInfo.environment["SAKIGAKE_SKIP_DEMO"] != "1"))
  struct DemoTests {
    static let memoryMax = 3 << 30
  }
}

extension EndToEnd.DemoTests {
  /// The demo, whole: what it says, what it writes, what it takes, and that nothing of it is left.
  @Test func thePrescaledRunFailsNoRequest() async throws {
    let report = FileManager.default.temporaryDirectory.path + "/sakigake-demo-\(UUID().uuidString).html"
    defer { try? FileManager.default.removeItem(atPath: report) }
    try await Machine.waitUntilFree(port: 30080)
    let started = ContinuousClock.now
    let demo = try Program([
      try Sakigake.path(), "demo", "-o", "json", "--report", report, "--fleet", Sakigake.news,
    ])
    defer { demo.killGroup() }
    var memory = 0
    var family: Set<ProcessTable.Entry> = []
    try await eventually("the demo ends", within: .seconds(300), every: .seconds(1)) {
      let now = ProcessTable.read().family(of: demo.pid)
      family.formUnion(now)
      memory = max(memory, ProcessTable.memoryBytes(of: now))
      return now.isEmpty
    }
    let taken = ContinuousClock.now - started
    #expect(await demo.status == 0, "\(demo.error.suffix(3000))")
    #expect(taken < .seconds(240))
    #expect(memory < Self.memoryMax)
    try await eventually("nothing of the demo is left") { ProcessTable.read().survivors(of: family).isEmpty }

    let runs = try #require(try JSONValue(parsing: demo.output)["runs"]?.arrayValue, "\(demo.output)")
    #expect(runs.compactMap { $0["strategy"]?.stringValue } == ["reactive", "prescaled"])
    for run in runs { try expectShape(run) }
    let (reactive, prescaled) = (try #require(runs.first), try #require(runs.last))
    let lost = try #require(reactive[path: ["spike", "failed"]]?.doubleValue)
    let asked = try #require(reactive[path: ["spike", "sent"]]?.doubleValue)
    #expect(lost / asked > 0.05, "\(reactive.text)")
    #expect(prescaled[path: ["spike", "failed"]] == 0, "\(prescaled.text)")
    #expect(prescaled[path: ["spike", "sent"]]?.integerValue ?? 0 >= 20_000, "\(prescaled.text)")
    #expect(prescaled["readyAtPush"]?.integerValue ?? 0 >= prescaled["needed"]?.integerValue ?? 1, "\(prescaled.text)")
    #expect(prescaled["fullCapacitySeconds"]?.doubleValue == 0, "\(prescaled.text)")
    print("demo: \(taken), \(memory >> 20) MiB at most\n\(demo.output)")

    let page = try String(contentsOfFile: report, encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>") && page.contains("<svg") && page.contains("</html>"))
    #expect(
      !page.contains("http://") && !page.contains("https://") && !page.contains("<script src"),
      "the report needs the network")
  }

  private func expectShape(_ run: JSONValue) throws {
    for path in [
      ["spike", "sent"], ["spike", "failed"], ["latency_ms", "p50"], ["latency_ms", "p99"], ["readyAtPush"], ["needed"],
      ["nodeSeconds"], ["cost"],
    ] { #expect(run[path: path]?.doubleValue != nil, "no \(path.joined(separator: ".")) in \(run.text)") }
    // Null where full capacity was never reached.
    let full = try #require(run["fullCapacitySeconds"])
    #expect(full.isNull || full.doubleValue != nil)
  }
}
