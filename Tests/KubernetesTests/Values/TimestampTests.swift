import Kubernetes
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:01Z", 1_000_000_000), ("1969-12-31T23:59:59Z", -1_000_000_000),
      ("2000-02-29T12:00:00Z", 951_825_600_000_000_000), ("2026-11-24T22:38:00Z", 1_795_559_880_000_000_000),
      ("2026-11-25T07:38:00+09:00", 1_795_559_880_000_000_000),
      ("2026-11-24T20:08:00-02:30", 1_795_559_880_000_000_000),
      ("2026-11-24T22:38:00.5Z", 1_795_559_880_500_000_000),
      ("2026-11-24t22:38:00.123456789z", 1_795_559_880_123_456_789),
    ] as [(String, Int64)])
  func reads(_ text: String, _ nanoseconds: Int64) {
    #expect(Timestamp(parsing: text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-11-24", "2026-11-24T22:38:00", "2026-11-24T22:38Z", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2025-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T22:60:00Z",
    "2026-11-24T22:38:00.Z",
    "2026-11-24T22:38:00Zx", "2026-11-24T22:38:00+0900", "26-11-24T22:38:00Z", "2026-1-24T22:38:00Z", "1795559880",
    "now",
  ])
  func refuses(_ text: String) {
    #expect(Timestamp(parsing: text) == nil)
  }

  @Test func writesWhatItReads() {
    var random = SplitMix64(state: 7)
    for _ in 0..<500 {
      let moment = Timestamp(
        nanoseconds: .random(in: -8_000_000_000_000_000_000...7_000_000_000_000_000_000, using: &random))
      #expect(Timestamp(parsing: moment.description) == moment)
    }
    #expect(Timestamp(nanoseconds: 1_795_559_880_500_000_000).rfc3339 == "2026-11-24T22:38:00Z")
    #expect(Timestamp(nanoseconds: 1_795_559_880_500_000_000).rfc3339Micro == "2026-11-24T22:38:00.500000Z")
    #expect(Timestamp(nanoseconds: -1).rfc3339 == "1969-12-31T23:59:59Z")
  }
}
