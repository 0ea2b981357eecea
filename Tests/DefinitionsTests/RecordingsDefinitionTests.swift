import Definitions
import Kubernetes
import Testing

@Suite struct RecordingsDefinitionTests {
  private func text(_ spec: String) -> String {
    "apiVersion: sakigake.dev/v1\nkind: Recordings\nmetadata: { name: news }\nspec:\n\(spec)"
  }

  @Test func recordingsNameTheirSeries() throws {
    let read = try RecordingsDefinition.read(
      text(
        """
          campaigns:
            - { kind: breaking, audience: 250000, sendAt: 2026-11-24T18:05:00Z, load: a.csv }
            - { kind: digest, audience: 10, sendAt: 18:05, load: { file: b.json, series: gateway }, window: 1m }
            - { kind: digest, audience: 10, sendAt: 300s, load: b.csv }
          capacity: [{ service: articles, requests: r.csv, failed: f.csv, ready: p.csv }]
          lead: { node: boots.csv }
          objective: 99.5%
        """), file: "recordings.yaml")
    let moment = try #require(Timestamp(parsing: "2026-11-24T18:05:00Z"))
    #expect(read.campaigns.map(\.sendAt) == [.time(moment), .timeOfDay(seconds: 65_100), .span(seconds: 300)])
    #expect(read.campaigns[1].load.series == "gateway")
    #expect(read.campaigns[1].windowSeconds == 60)
    #expect(read.capacities.map(\.service) == ["articles"])
    #expect(read.lead.map(\.stage) == ["node"])
    #expect(abs(read.successRateMin - 0.995) < 1e-9)
  }

  @Test(arguments: [
    (
      "  campaigns: [{ kind: a, audience: 1, sendAt: noon, load: a.csv }]\n",
      "recordings.yaml:5:47: error: sendAt: \"noon\""
    ),
    (
      "  campaigns: [{ kind: a, audience: 0, sendAt: 1s, load: a.csv }]\n",
      "recordings.yaml:5:36: error: spec.campaigns"
    ),
    ("  campaigns: [{ kind: a, audience: 1, sendAt: 1s }]\n", "load is missing"),
    ("  lead: { boot: a.csv }\n", "unknown field \"boot\""),
    ("  campaigns: []\n", "names no recording"),
  ])
  func whatIsWrongHasItsPlace(spec: String, problem: String) {
    let error = #expect(throws: InvalidDefinition.self) {
      try RecordingsDefinition.read(text(spec), file: "recordings.yaml")
    }
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
  }
}
