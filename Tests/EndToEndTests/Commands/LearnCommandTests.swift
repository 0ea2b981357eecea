import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// `learn` from files, as an operator of a platform uses it.
  @Suite struct LearnCommandTests {
    /// The load at the edge: twenty a second, and from 300 s on those who open a push, 10 s to the height, for 60 s, and
    /// 20 s down.
    private static func campaign(height: Double, missing: Range<Int> = 0..<0) -> String {
      var lines = ["time,edge"]
      for second in stride(from: 0, through: 900, by: 5) where !missing.contains(second) {
        let since = Double(second) - 300
        let share = since < 0 ? 0 : since < 10 ? since / 10 : since < 70 ? 1 : since < 90 ? (90 - since) / 20 : 0
        lines.append("\(second),\(20 + height * share)")
      }
      return lines.joined(separator: "\n") + "\n"
    }

    private static let recordings = """
      apiVersion: sakigake.dev/v1
      kind: Recordings
      metadata: { name: news }
      spec:
        campaigns:
          - { kind: breaking, audience: 50000, sendAt: 300s, load: evening.csv }

      """

    private static func with<Result>(_ csv: String, _ body: (String) async throws -> Result) async throws -> Result {
      try await RehearseCommandTests.withDirectory { directory in
        try recordings.write(toFile: directory + "/recordings.yaml", atomically: true, encoding: .utf8)
        try csv.write(toFile: directory + "/evening.csv", atomically: true, encoding: .utf8)
        return try await body(directory)
      }
    }

    @Test func whatACrowdDidIsLearned() async throws {
      // 50 × (10/2 + 60 + 20/2) requests of 50,000 people: 7.5 %.
      try await Self.with(Self.campaign(height: 50)) { directory in
        let written = directory + "/learned.yaml"
        let outcome = try await Sakigake.run(["learn", directory + "/recordings.yaml", "--write", written])
        #expect(outcome.status == 0 && outcome.output.contains("breaking, learned"), "\(outcome)")
        let json = try await Sakigake.run(["learn", directory + "/recordings.yaml", "-o", "json"])
        #expect(json.status == 0, "\(json)")
        _ = try JSONValue(parsing: json.output)
        let yaml = try String(contentsOfFile: written, encoding: .utf8)
        let rate = try #require(yaml.firstMatch(of: #/openRate: ([0-9.]+)%/#).flatMap { Double($0.1) }, "\(yaml)")
        #expect(abs(rate - 7.5) < 0.2, "\(yaml)")
        let hold = try #require(yaml.firstMatch(of: #/hold: ([0-9.]+)s/#).flatMap { Double($0.1) }, "\(yaml)")
        #expect(abs(hold - 60) < 5, "\(yaml)")
      }
    }

    @Test func whatTeachesNothingIsNamed() async throws {
      try await Self.with(Self.campaign(height: 0)) { directory in
        let outcome = try await Sakigake.run(["learn", directory + "/recordings.yaml"])
        #expect(outcome.status == 1 && outcome.error.contains("not learned: "), "\(outcome)")
      }
    }

    @Test func aHoleIsAnErrorWithItsPlace() async throws {
      try await Self.with(Self.campaign(height: 50, missing: 400..<420)) { directory in
        let outcome = try await Sakigake.run(["learn", directory + "/recordings.yaml"])
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.error.contains("/evening.csv:82:1: error: "), "\(outcome)")
      }
    }
  }
}
