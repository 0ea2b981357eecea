import Definitions
import Rehearsal
import Testing

/// Every mistake is told with its place, and what to do.
@Suite struct ScenarioComplaintTests {
  @Test(arguments: [
    ("fleets: .", "10:3: error: unknown field \"fleets\" in spec; did you mean \"fleet\"?"),
    (
      "pushes:\n  - { name: p, sendAt: 12:00, audience: 9, services: [articles] }",
      "11:57: error: push \"p\": nobody exposes articles, so nothing comes to it from outside; add expose to its definition, or name one that is exposed: gateway"
    ),
    (
      "pushes:\n  - { name: p, sendAt: 12:00, audience: 9, services: [gatway] }",
      "11:57: error: push \"p\": there is no service \"gatway\" in the fleet; did you mean \"gateway\"?"
    ),
    (
      "pushes:\n  - { name: p, sendAt: 12:00, audience: 9, kind: braking }",
      "11:52: error: push \"p\": the platform has no kind \"braking\"; did you mean \"breaking\"?"
    ),
    (
      "pushes:\n  - { name: p, sendAt: 19:00, audience: 9 }",
      "11:26: error: push \"p\": sendAt: 19:00 is outside of the rehearsal, which is from 2026-11-24T21:00:00Z to 2026-11-25T09:00:00Z; move it, or change start and duration"
    ),
    (
      "pushes:\n  - { name: p, sendAt: noon, audience: 9 }",
      "11:26: error: push \"p\": sendAt: \"noon\" is not a moment; write a time of day (08:05), the span from the start (35m), or 2026-11-25T08:05:00+09:00"
    ),
    (
      "pushes:\n  - { name: p, sendAt: 5m, announcedBefore: 10m, audience: 9 }",
      "11:47: error: push \"p\" would be announced before the rehearsal begins; begin it earlier, or announce the push 300s before at most"
    ),
    (
      "pods:\n  gateway: { timeout: 0s }",
      "11:25: error: spec.pods.gateway.timeout is nothing: no answer is that fast; write it as 50ms or 2s"
    ),
    (
      "pushes:\n  - { name: p, sendAt: 5m, audience: 0 }",
      "11:40: error: spec.pushes[0].audience: 0 is out of range; use 1 to 10000000000"
    ),
    (
      "pushes:\n  - { name: p, sendAt: 5m, audience: 9 }\n  - { name: p, sendAt: 6m, audience: 9 }",
      "12:15: error: push \"p\" is given twice; rename one of the two"
    ),
    (
      "troubles:\n  - { at: 5m, kind: spotReclame, group: spot }",
      "11:23: error: spec.troubles[0].kind: \"spotReclame\" is none of spotReclaim, zoneLost, nodesFail, groupExhausted, slowRegistry, slowAPI, metricsMissing; did you mean \"spotReclaim\"?"
    ),
    (
      "troubles:\n  - { at: 5m, kind: spotReclaim, group: spto }",
      "11:43: error: spotReclaim: the platform has no node group \"spto\"; did you mean \"spot\"?"
    ),
    (
      "troubles:\n  - { at: 5m, kind: spotReclaim, group: base }",
      "11:43: error: spotReclaim: node group \"base\" is not of spot nodes; name one with spot: true, or use nodesFail"
    ),
    ("troubles:\n  - { at: 5m, kind: zoneLost, for: 5m }", "11:7: error: zoneLost needs zone; add it: zone: a"),
    (
      "troubles:\n  - { at: 5m, kind: zoneLost, zone: x, for: 5m }",
      "11:39: error: zoneLost: the cloud has no zone \"x\"; did you mean \"a\"?"
    ),
    (
      "troubles:\n  - { at: 5m, kind: metricsMissing, for: 5m, zone: a }",
      "11:48: error: zone has no meaning for metricsMissing; remove it; there is for"
    ),
    (
      "troubles:\n  - { at: 5m, kind: slowRegistry, factor: 0.5, for: 5m }",
      "11:45: error: slowRegistry: factor 0.5 is out of range; use 1, as fast as ever, to 1000"
    ),
    (
      "pods:\n  article: { requestsPerSecond: 4 }",
      "11:5: error: spec.pods: there is no service \"article\" in the fleet; did you mean \"articles\"?"
    ),
    (
      "prices: { date: today, region: tokyo, perHour: { c5.large: { onDemand: 1, spot: 1 } } }",
      "10:19: error: date: \"today\" is not a day; write the day of which the prices are, such as 2026-11-01"
    ),
    (
      "prices: { date: 2026-11-01, region: tokyo, perHour: { c5.larg: { onDemand: 1, spot: 1 } } }",
      "10:55: error: there is no price for c5.large, of which node group \"base\" is; add c5.large: { onDemand: PRICE }, in USD an hour, or did you mean \"c5.larg\"?"
    ),
    (
      "prices: { date: 2026-11-01, region: tokyo, perHour: { c5.large: { onDemand: 1 } } }",
      "10:57: error: there is no spot price for c5.large, of which spot node group \"spot\" is; add c5.large: { onDemand: PRICE, spot: PRICE }, in USD an hour"
    ),
    ("objective: 120%", "10:14: error: spec.objective: 120% is out of range; use more than 0% and up to 100%"),
  ])
  func aMistake(_ lines: String, _ complaint: String) {
    let found = ScenarioFixture.complaints { () throws(InvalidDefinition) in
      try ScenarioFixture.scenario(ScenarioFixture.rehearsal(lines))
    }
    #expect(found.first == "rehearsal.yaml:" + complaint)
  }

  @Test(arguments: [
    ("  gateway: -5", "9:14: error: spec.load.gateway: -5 is below zero; no load is written as 0"),
    (
      "  gateway: { daily: { 08:00: -1 } }",
      "9:32: error: spec.load.gateway.daily.08:00: -1 is below zero; no load is written as 0"
    ),
    (
      "  gateway: { daily: { 08:00: 1, 07:00: 2 } }",
      "9:35: error: spec.load.gateway.daily: 07:00 does not come after the time above it; sort the points by time, each once"
    ),
    (
      "  gateway: { daily: { noon: 1 } }",
      "9:25: error: spec.load.gateway.daily: \"noon\" is not a time of day; write it as 08:00"
    ),
    (
      "  gateway: {}",
      "9:14: error: spec.load.gateway: needs either daily or file; write { daily: { 00:00: 5, 12:00: 40 } } or { file: load.csv }"
    ),
    (
      "  gateway: { file: load.csv, daily: {} }",
      "9:14: error: spec.load.gateway: needs either daily or file; write { daily: { 00:00: 5, 12:00: 40 } } or { file: load.csv }"
    ),
    (
      "  gateway: { daily: { 00:00: 1 }, times: 1e300 }",
      "9:5: error: spec.load: gateway gets more than 1000000000 a second; correct the unit: requests per second"
    ),
    (
      "  articles: 5",
      "9:5: error: spec.load: nobody exposes articles, so nothing comes to it from outside; add expose to its definition, or name one that is exposed: gateway"
    ),
    ("  gatway: 5", "9:5: error: spec.load: there is no service \"gatway\" in the fleet; did you mean \"gateway\"?"),
  ])
  func aLoad(_ load: String, _ complaint: String) {
    let found = ScenarioFixture.complaints { () throws(InvalidDefinition) in
      try ScenarioFixture.scenario(ScenarioFixture.rehearsal(load: load))
    }
    #expect(found.first == "rehearsal.yaml:" + complaint)
  }

  @Test func aMeasurementThatIsTooShort() {
    let load = ScenarioFixture.rehearsal(load: "  gateway: { file: load.csv }")
    let found = ScenarioFixture.complaints { () throws(InvalidDefinition) in
      try ScenarioFixture.scenario(load, series: ["gateway": "0,1\n60,2\n120,3\n"])
    }
    #expect(
      found == [
        "rehearsal.yaml:9:22: error: load.csv was measured from 0 s to 120 s; the rehearsal needs 0 s to 43200 s; measure for longer, or change start and duration"
      ])
  }

  @Test func callsInACircleAreToldAtTheCallThatClosesIt() {
    let services = [
      ScenarioFixture.gateway, ScenarioFixture.service("articles", "calls:\n  - users\n  - { service: ranking }"),
      ScenarioFixture.service("users"), ScenarioFixture.service("ranking", "calls: [articles]"),
    ]
    let found = ScenarioFixture.complaints { () throws(InvalidDefinition) in
      try ScenarioFixture.scenario(ScenarioFixture.rehearsal(), services: services)
    }
    #expect(
      found == [
        "3/microservice.yaml:9:11: error: spec.calls: calls go in a circle: articles → ranking → articles; remove one of these calls: a request would never end"
      ])
  }

  @Test func whatNobodyKnows() {
    let service = ScenarioFixture.articles.replacing("  capacity: { requestsPerSecond: 40 }\n", with: "")
    let unknown = ScenarioFixture.complaints { () throws(InvalidDefinition) in
      try ScenarioFixture.scenario(ScenarioFixture.rehearsal(), services: [ScenarioFixture.gateway, service])
    }
    #expect(
      unknown.first?.hasPrefix("1/microservice.yaml:3:19: error: what a pod of articles serves is not known;") == true)
    let unpriced = ScenarioFixture.platform.replacing(", pricePerHour: 0.107", with: "")
    let price = ScenarioFixture.complaints { () throws(InvalidDefinition) in
      try ScenarioFixture.scenario(ScenarioFixture.rehearsal(), platform: unpriced)
    }
    #expect(
      price == [
        "platform.yaml:6:7: error: there is no price for node group \"base\"; add pricePerHour here, or prices: a table, to the rehearsal"
      ])
    let undriven = ScenarioFixture.gateway.replacing(", push: true", with: "")
    let push = ScenarioFixture.complaints { () throws(InvalidDefinition) in
      try ScenarioFixture.scenario(
        ScenarioFixture.rehearsal("pushes:\n  - { name: p, sendAt: 5m, audience: 9 }"),
        services: [undriven, ScenarioFixture.articles])
    }
    #expect(
      push == [
        "rehearsal.yaml:11:15: error: push \"p\" reaches no service: none that is exposed has scale.push; add scale: { push: true } to gateway, or name services"
      ])
  }

  @Test func whatIsNoRehearsal() {
    func complaints(_ text: String) -> [String] {
      ScenarioFixture.complaints { () throws(InvalidDefinition) in try ScenarioFixture.scenario(text) }
    }
    #expect(complaints("").first?.hasPrefix("rehearsal.yaml: error: must hold one rehearsal, holds 0") == true)
    let kind = ScenarioFixture.rehearsal().replacing("kind: Rehearsal", with: "kind: Rehersal")
    #expect(
      complaints(kind) == [
        "rehearsal.yaml:2:7: error: kind: \"Rehersal\" is none of Rehearsal; did you mean \"Rehearsal\"?"
      ])
    let start = ScenarioFixture.rehearsal().replacing("06:00:00+09:00", with: "06:00:00")
    #expect(
      complaints(start) == [
        "rehearsal.yaml:6:10: error: spec.start: \"2026-11-25T06:00:00\" is not a moment with its offset; write it as 2026-11-25T07:30:00+09:00, or with Z for UTC"
      ])
    let duration = ScenarioFixture.rehearsal().replacing("12h", with: "30h")
    #expect(
      complaints(duration) == ["rehearsal.yaml:7:13: error: spec.duration: 30h is out of range; use a day at most"])
  }
}
