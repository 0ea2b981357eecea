import Kubernetes
import Testing

@Suite struct CronScheduleTests {
  /// Schedule, a moment, and when it is due next.
  private static let cases: [(String, String, String?)] = [
    ("*/15 * * * *", "2026-11-25T10:00:00Z", "2026-11-25T10:15:00Z"),
    ("*/15 * * * *", "2026-11-25T10:59:59Z", "2026-11-25T11:00:00Z"),
    ("0 9-17/4 * * *", "2026-11-25T09:00:00Z", "2026-11-25T13:00:00Z"),
    ("30 23 31 12 *", "2026-11-25T00:00:00Z", "2026-12-31T23:30:00Z"),
    ("0 0 29 2 *", "2026-11-25T00:00:00Z", "2028-02-29T00:00:00Z"),
    ("0 0 30 2 *", "2026-11-25T00:00:00Z", nil),
    // November 25th, 2026 is a Wednesday.
    ("0 12 * * mon", "2026-11-25T00:00:00Z", "2026-11-30T12:00:00Z"),
    ("0 12 * * MON-FRI", "2026-11-28T00:00:00Z", "2026-11-30T12:00:00Z"),
    // Where both days are restricted, one of them suffices.
    ("0 0 1 * sun", "2026-11-25T00:00:00Z", "2026-11-29T00:00:00Z"),
    ("0 0 1 * ?", "2026-11-25T00:00:00Z", "2026-12-01T00:00:00Z"),
    ("0 0 1 jan,jul *", "2026-11-25T00:00:00Z", "2027-01-01T00:00:00Z"),
    ("5,10 * * * *", "2026-11-25T10:05:00Z", "2026-11-25T10:10:00Z"),
    ("@hourly", "2026-11-25T10:00:01Z", "2026-11-25T11:00:00Z"),
    ("@daily", "2026-11-25T10:00:01Z", "2026-11-26T00:00:00Z"),
    ("@weekly", "2026-11-25T10:00:01Z", "2026-11-29T00:00:00Z"),
    ("@monthly", "2026-11-25T10:00:01Z", "2026-12-01T00:00:00Z"),
    ("@yearly", "2026-11-25T10:00:01Z", "2027-01-01T00:00:00Z"),
    ("@every 1m30s", "2026-11-25T10:00:01Z", "2026-11-25T10:01:31Z"),
  ]

  @Test func isDueWhenItSays() throws {
    for (text, moment, due) in Self.cases {
      let after = try #require(Timestamp(parsing: moment))
      #expect(try CronSchedule(parsing: text).next(after: after)?.rfc3339 == due, "\(text) after \(moment)")
    }
  }

  @Test func whatIsWrongIsTold() {
    let cases = [
      "* * * *": "expected exactly 5 fields, found 4: [* * * *]",
      "60 * * * *": "end of range (60) above maximum (59): 60",
      "* * 0 * *": "beginning of range (0) below minimum (1): 0",
      "5-1 * * * *": "beginning of range (5) beyond end of range (1): 5-1",
      "*/0 * * * *": "step of range should be a positive number: */0",
      "x * * * *": "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax",
      "@often": "unrecognized descriptor: @often",
    ]
    for (text, message) in cases {
      let mistake = #expect(throws: CronSchedule.Mistake.self) { try CronSchedule(parsing: text) }
      #expect(mistake?.description == message)
    }
  }
}
