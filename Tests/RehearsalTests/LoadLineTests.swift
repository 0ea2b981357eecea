import Autoscaling
import Kubernetes
import Rehearsal
import Testing

@Suite struct LoadLineTests {
  private func line(_ points: (Double, Double)...) -> LoadLine {
    LoadLine(points.map { LoadCurve.Point(seconds: $0.0, requestsPerSecond: $0.1) })
  }

  @Test func aLineIsLevelOutsideAndMayJump() {
    let line = line((10, 0), (20, 100), (30, 100), (30, 0))
    #expect([0, 10, 15, 20, 25, 30, 40].map(line.value(at:)) == [0, 0, 50, 100, 100, 0, 0])
    #expect(line.area(from: 0, to: 40) == 1500)
    #expect(line.area(from: 15, to: 25) == 875)
    #expect(self.line((10, 5)).area(from: 0, to: 20) == 100)
    #expect(line.areas(every: 10, count: 4) == [0, 500, 1000, 0])
    #expect(line.peaks(every: 10, count: 4) == [0, 100, 100, 0])
    #expect(line.peaks(every: 15, count: 2) == [50, 100])
  }

  @Test func linesAddUp() {
    let sum = LoadLine(sumOf: [(line((0, 10), (100, 10)), 1), (line((20, 0), (30, 40), (30, 0)), 0.5)])
    #expect(
      [0, 20, 25, 29.99, 30, 50].map { (sum.value(at: $0) * 1000).rounded() / 1000 } == [10, 10, 20, 29.98, 10, 10])
    #expect(sum.area(from: 0, to: 100) == 1100)
    #expect(LoadLine(sumOf: []).value(at: 5) == 0)
  }

  @Test func pushesGoToEveryExposedServiceAndAlongTheCalls() throws {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let behavior = PodBehavior(requestsPerSecond: 40)
    let services = [
      try SmallFleet.service("b", in: platform, behavior: behavior),
      try SmallFleet.service(
        "a", in: platform,
        spec:
          "expose: { host: a.example.com, path: /, nodePort: 30100 }\n  scale: { push: true }\n  calls: [{ service: b, perRequest: 0.5 }]",
        behavior: behavior),
    ]
    let kind = PrescalingDecision.Configuration.Kind(
      openRate: 0.1, shape: ResponseShape(riseSeconds: 0, holdSeconds: 50, fallSeconds: 0))
    let push = ScheduledPush(
      name: "p", sendAt: SmallFleet.start + 600, announcedAt: SmallFleet.start, audience: 10_000, response: kind)
    let load = OfferedLoad(
      SmallFleet.scenario(platform, services, hours: 1, load: ["a": [(0, 10)]], pushes: [push]))
    #expect(load.entries.map(\.service) == [1])
    #expect(load.edge.value(at: 625) == 30)
    #expect(load.services[0].value(at: 625) == 15)
    #expect(load.services[1].area(from: 0, to: 3600) == 37_000)
  }
}
