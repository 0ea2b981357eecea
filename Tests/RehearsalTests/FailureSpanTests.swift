import Autoscaling
import Kubernetes
import Rehearsal
import Testing

/// What failed, when, and what was the matter then.
@Suite struct FailureSpanTests {
  private let web = NamespacedName("default", "web")

  private func scenario() throws -> Scenario {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let service = try SmallFleet.service(
      "web", in: platform, spec: "expose: { path: / }", behavior: PodBehavior(requestsPerSecond: 50))
    var scenario = SmallFleet.scenario(platform, [service], hours: 1, load: ["web": [(0, 50)]])
    scenario.pushes = [
      ScheduledPush(
        name: "goal", sendAt: scenario.start + 600, announcedAt: scenario.start, audience: 1000,
        response: .init(openRate: 0.1, shape: ResponseShape(riseSeconds: 1, holdSeconds: 60, fallSeconds: 1)))
    ]
    scenario.troubles = [Trouble(at: scenario.start + 2400, .metricsMissing)]
    return scenario
  }

  private func outcome(failedAt steps: [Int: Double]) -> Outcome {
    var outcome = Outcome(strategy: .reactive, seed: 1)
    outcome.series.stepSeconds = 60
    outcome.series.failed = (0..<60).map { steps[$0] ?? 0 }
    var series = ServiceSeries(web)
    series.offered = (0..<60).map { steps[$0] == nil ? 50 : 300 }
    series.capacity = (0..<60).map { _ in 100 }
    series.ready = (0..<60).map { _ in 2 }
    series.wanted = (0..<60).map { _ in 6 }
    outcome.series.services = [series]
    return outcome
  }

  @Test func nearMinutesAreOneSpanWithItsReasons() throws {
    let scenario = try scenario()
    let spans = FailureSpan.all(in: outcome(failedAt: [10: 200, 11: 100, 13: 50]), of: scenario)
    let span = try #require(spans.first)
    #expect(spans.count == 1)
    #expect(span.start == scenario.start + 600)
    #expect(span.end == scenario.start + 840)
    #expect(span.failedAtMost == 21_000)
    #expect(span.pushes == ["goal"])
    #expect(span.troubles.isEmpty)
    let shortage = try #require(span.shortages.first)
    #expect(shortage.service == web)
    #expect([shortage.offered, shortage.capacity] == [300, 100])
    #expect([shortage.ready, shortage.wanted] == [2, 6])
  }

  @Test func aTroubleIsFeltAfterItsEnd() throws {
    let scenario = try scenario()
    let spans = FailureSpan.all(in: outcome(failedAt: [45: 20]), of: scenario)
    #expect(spans.map { $0.troubles.count } == [1])
    #expect(spans.map(\.pushes) == [[]])
  }

  @Test func nothingFailedIsNoSpan() throws {
    #expect(FailureSpan.all(in: outcome(failedAt: [:]), of: try scenario()).isEmpty)
  }
}
