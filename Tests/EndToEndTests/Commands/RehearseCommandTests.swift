import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// `rehearse` and `learn` as people and scripts use them. No cluster is there.
  @Suite struct RehearseCommandTests {
    private static let strategies = ["reactive", "scheduled", "prescaled", "paced", "static", "clairvoyant"]

    @Test func aDayIsToldForPrograms() async throws {
      let first = try await Sakigake.run(["rehearse", Sakigake.news, "-o", "json"])
      #expect(first.status == 0 && !first.error.contains("error:"), "\(first)")
      let answer = try JSONValue(parsing: first.output)
      let strategies = answer["strategies"]?.arrayValue ?? []
      #expect(strategies.compactMap { $0["name"]?.stringValue } == Self.strategies)
      for strategy in strategies {
        for member in ["requests", "failed", "minutesOutside", "nodeHours", "cost"] {
          #expect((strategy[member]?.doubleValue ?? -1) >= 0, "\(member) of \(strategy["name"] ?? .null)")
        }
      }
      let failed = strategies.map { $0["failed"]?.integerValue ?? -1 }
      #expect(failed[0] > 0, "who only reacts fails requests")
      #expect(failed[2] == 0 && failed[3] == 0 && failed[5] == 0)
      let costs = strategies.map { $0["cost"]?.doubleValue ?? 0 }
      #expect(costs.dropLast().allSatisfy { $0 >= costs[5] }, "nothing is below the bound: \(costs)")

      let again = try await Sakigake.run(["rehearse", Sakigake.news, "-o", "json"])
      #expect(again.output == first.output, "the same seed gives the same bytes")
      let other = try await Sakigake.run(["rehearse", Sakigake.news, "-o", "json", "--seed", "2"])
      #expect(other.output != first.output)
    }

    @Test func aDayIsToldForPeople() async throws {
      let table = try await Sakigake.run(["rehearse", Sakigake.news, "--explain", "12:11", "--strategy", "prescaled"])
      #expect(table.status == 0, "\(table)")
      #expect(table.output.contains("24 hours from 00:00, 4 services, 4 pushes, 0 troubles; seed 1"), "\(table)")
      #expect(table.lines.contains { $0.hasPrefix("prescaled ") }, "\(table)")
      #expect(table.output.contains("prescaled, 12:11:00:"), "\(table)")
      #expect(table.output.contains("prescaler, "), "what was decided, and by whom: \(table)")
      // The table's times are those of the rehearsal's zone, and so are those in the plans' words.
      #expect(!table.output.contains("2026-11-2"), "\(table)")

      let yaml = try await Sakigake.run(["rehearse", Sakigake.news, "-o", "yaml", "--strategy", "static"])
      #expect(yaml.status == 0 && yaml.output.contains("- name: static\n"), "\(yaml)")
    }

    /// One file that needs no network: nothing in it is fetched from anywhere.
    @Test func aPageStandsAlone() async throws {
      try await Self.withDirectory { directory in
        let page = directory + "/rehearsal.html"
        let outcome = try await Sakigake.run(["rehearse", Sakigake.news, "--report", page])
        #expect(outcome.status == 0, "\(outcome)")
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.hasPrefix("<!doctype html>") && html.contains("<svg") && html.contains("</html>"))
        for fetched in ["src=\"http", "href=\"http", "@import", "url(http", "<script src"] {
          #expect(!html.contains(fetched), "\(fetched)")
        }
        for strategy in Self.strategies { #expect(html.contains(strategy), "\(strategy)") }
        let nowhere = try await Sakigake.run(["rehearse", Sakigake.news, "--report", directory + "/none/at/all.html"])
        #expect(nowhere.status == 3 && nowhere.error.contains("/none/at/all.html"), "\(nowhere)")
      }
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
      var file: String
      var good: String
      var bad: String
      /// After the file's path.
      var says: String
      var testDescription: String { says }
    }

    static let mistakes = [
      Mistake(
        file: "users/microservice.yaml", good: "  capacity:", bad: "  calls: [articles]\n  capacity:",
        says: ":11:11: error: spec.calls: calls go in a circle: "),
      Mistake(
        file: "rehearsal.yaml", good: "audience: 37500, kind: breaking",
        bad: "audience: 37500, kind: breaking, services: [users]",
        says: "push \"night\": nobody exposes users, so nothing comes to it from outside; "),
      Mistake(
        file: "prices.yaml", good: "    c5.large: { onDemand: 0.107, spot: 0.038 }\n", bad: "",
        says: "there is no price for c5.large, of which node group \"base\" is; add c5.large: { onDemand: PRICE }"),
      Mistake(
        file: "rehearsal.yaml", good: "gateway: { file: load.csv }", bad: "gateway: -5",
        says: ":11:14: error: spec.load.gateway: -5 is below zero; no load is written as 0"),
      Mistake(file: "load.csv", good: "00:05,11.5", bad: "00:05,", says: "load.csv:4:"),
    ]

    /// With exit code 2, its place, and what to do.
    @Test(arguments: mistakes) func aMistakeIsShownWhereItIs(_ mistake: Mistake) async throws {
      try await Self.withDirectory { directory in
        let copy = directory + "/news"
        try FileManager.default.copyItem(atPath: Sakigake.news, toPath: copy)
        let path = "\(copy)/\(mistake.file)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let place = try #require(text.range(of: mistake.good))
        try text.replacingCharacters(in: place, with: mistake.bad).write(
          toFile: path, atomically: true, encoding: .utf8)
        let outcome = try await Sakigake.run(["rehearse", copy])
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.error.contains(mistake.says), "\(outcome)")
        #expect(outcome.error.contains(#//news/[a-z/]+\.(yaml|csv):\d+:\d+: error: /#), "\(outcome)")
      }
    }

    @Test func aHoleInAMeasurementIsShown() async throws {
      try await Self.withDirectory { directory in
        let copy = directory + "/news"
        try FileManager.default.copyItem(atPath: Sakigake.news, toPath: copy)
        let path = copy + "/load.csv"
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        try #require(lines.count > 40)
        lines.removeSubrange(20..<40)
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try await Sakigake.run(["rehearse", copy])
        #expect(outcome.status == 2 && outcome.error.contains("/load.csv:21:"), "\(outcome)")
      }
    }

    @Test func randomDaysAreSearched() async throws {
      let outcome = try await Sakigake.run(["rehearse", "--seeds", "4", "--seed", "11", "-o", "json"])
      #expect(outcome.status <= 1, "\(outcome)")
      let answer = try JSONValue(parsing: outcome.output)
      #expect(answer["days"] == 4, "\(outcome)")
      let usage = try await Sakigake.run(["rehearse", "--seeds", "0"])
      #expect(usage.status == 2 && usage.error.contains("--seeds must be 1 to"), "\(usage)")
    }

    static func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
      let directory = FileManager.default.temporaryDirectory.path + "/sakigake-rehearse-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: directory) }
      return try await body(directory)
    }
  }
}
