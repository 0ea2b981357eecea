import Kubernetes
import Testing

@Suite struct MeasuresTests {
  @Test(arguments: [("90s", "90s"), ("2m", "2m"), ("120s", "2m"), ("1h30m", "90m"), ("0.3s", "300ms"), ("0s", "0ms")])
  func aSpanIsWrittenInItsLargestUnit(_ read: String, _ written: String) throws {
    #expect(try TimeSpan(json: .string(read)).json == .string(written))
    #expect(try TimeSpan(json: .string(written)) == TimeSpan(json: .string(read)))
  }

  @Test(arguments: ["60%", "99.5%", "0.001%", "99.999%", "1000%"])
  func aShareIsWrittenAsItWasRead(_ text: String) throws {
    #expect(try Share(json: .string(text)).json == .string(text))
  }

  @Test func whatHasNoUnitIsRefused() {
    #expect(throws: FieldError.self) { try TimeSpan(json: 90) }
    #expect(throws: FieldError.self) { try Share(json: 0.5) }
  }

  @Test(arguments: [
    "p99 > 300ms", "errorRate >= 1%", "requestsPerSecond < 0.5", "readyPods < 2", "cpu > 90.5%", "restarts > 3",
  ])
  func aConditionIsWrittenAsItWasRead(_ text: String) throws {
    #expect(try AlertCondition(text).text == text)
    #expect(try AlertCondition(json: AlertCondition(text).json) == AlertCondition(text))
  }

  @Test(arguments: [
    ("p99>300ms", "is not MEASURE COMPARISON BOUND"),
    ("p98 > 300ms", "measures nothing known; did you mean p90?"),
    ("latency > 1s", "measures nothing known; known: requestsPerSecond"),
    ("p99 = 300ms", "compares with none of >, >=, <, <="),
    ("p99 > 300", "has no bound for p99, which is written as 300ms"),
    ("errorRate > 0.01", "has no bound for errorRate, which is written as 1%"),
    ("restarts > many", "has no bound for restarts, which is written as 3"),
    ("requestsPerSecond > -1", "has no bound for requestsPerSecond, which is written as 500"),
  ])
  func aConditionSaysWhatIsWrongWithIt(_ text: String, _ complaint: String) {
    let error = #expect(throws: FieldError.self) { try AlertCondition(text) }
    #expect(error?.message.hasPrefix(complaint) == true, "\(error?.message ?? "")")
  }
}
