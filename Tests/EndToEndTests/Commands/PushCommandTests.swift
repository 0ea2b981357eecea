import Foundation
import Kubernetes
import Testing

extension EndToEnd.CommandTests {
  @Test func aPushIsAnnouncedListedShownAndCancelled() async throws {
    let announced = try await cluster.sakigake(
      "push", "announce", "--audience", "120000", "--send-at", "+30m", "--id", "evening", "--kind", "digest", "-o",
      "json")
    #expect(announced.status == 0, "\(announced)")
    #expect(try JSONValue(parsing: announced.output)["id"] == "evening")
    let listed = try await cluster.sakigake("push", "list")
    #expect(listed.status == 0 && listed.output.hasPrefix("ID"), "\(listed)")
    #expect(listed.output.contains("evening") && listed.output.contains("120000"), "\(listed)")
    let shown = try await cluster.sakigake("push", "show", "evening")
    #expect(shown.status == 0 && shown.output.contains("evening") && shown.output.contains("phase:"), "\(shown)")
    let yaml = try await cluster.sakigake("push", "show", "evening", "-o", "yaml")
    #expect(yaml.status == 0 && yaml.output.contains("audience: 120000"), "\(yaml)")
    let cancelled = try await cluster.sakigake("push", "cancel", "evening")
    #expect(cancelled.status == 0 && cancelled.output.contains("Cancelled"), "\(cancelled)")
    #expect(try await cluster.sakigake("push", "cancel", "evening").status == 0)
  }

  @Test func aWrongPushIsRefused() async throws {
    for (arguments, text) in [
      (["announce", "--audience", "0"], "audience"), (["announce", "--audience", "many"], "audience"),
      (["announce"], "audience"),
      (["announce", "--audience", "10", "--send-at", "+soon"], "send-at"),
      (["announce", "--audience", "10", "--send-at", "2020-01-01T00:00:00Z"], "past"),
      (["announce", "--audience", "10", "--service", "nobody"], "nobody"), (["show", "unheard-of"], "unheard-of"),
      (["cancel", "unheard-of"], "unheard-of"),
    ] {
      let outcome = try await Sakigake.run(["push"] + arguments, environment: cluster.environment)
      #expect(outcome.status == 2 && outcome.error.contains(text) && outcome.output.isEmpty, "\(outcome)")
    }
  }
}
