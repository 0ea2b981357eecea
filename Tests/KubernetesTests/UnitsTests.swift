import Kubernetes
import Testing

@Suite struct UnitsTests {
  @Test(arguments: [("90s", 90.0), ("2m", 120), ("1h30m", 5400), ("500ms", 0.5), ("1.5s", 1.5), ("0s", 0)])
  func durations(_ text: String, _ seconds: Double) { #expect(Units.seconds(text) == seconds) }

  @Test(arguments: ["", "90", "s", "-1s", "1 s", "1d", "1e3s", "inf", "９0s", String(repeating: "9", count: 400) + "s"])
  func noDurations(_ text: String) { #expect(Units.seconds(text) == nil) }

  @Test(arguments: [("60%", 0.6), ("99.5%", 0.995), ("0%", 0), ("1000%", 10)])
  func shares(_ text: String, _ share: Double) { #expect(Units.share(text) == share) }

  @Test(arguments: ["", "%", "60", "60 %", "-1%", "0x10%", "nan%", "1e1%", "1001%"])
  func noShares(_ text: String) { #expect(Units.share(text) == nil) }
}
