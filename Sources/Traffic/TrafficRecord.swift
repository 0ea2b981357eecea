public import Histogram
public import Kubernetes

/// What became of the requests that were due in one second.
public struct TrafficRecord: Sendable {
  /// Whole seconds from the start.
  public var second: Int
  public var sent = 0
  public var succeeded = 0
  /// By kind: `http_503`, `timeout`, `connect`, `reset`, `limit`.
  public var failures: [String: Int] = [:]
  /// Microseconds from the moment each request was due to the end of its answer; successful ones only.
  public var latencies = Histogram<UInt32>(
    lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: .two)

  public init(second: Int) { self.second = second }

  /// Counts a success that took so many seconds from the moment it was due.
  mutating func succeed(after seconds: Double) {
    succeeded += 1
    latencies.record(UInt64(max(1, min(119_999_999, seconds * 1e6))))
  }

  public var failed: Int { failures.values.reduce(0, +) }

  public var json: JSONValue {
    [
      "second": .integer(Int64(second)), "sent": .integer(Int64(sent)), "succeeded": .integer(Int64(succeeded)),
      "failed": .integer(Int64(failed)),
      "failures": .object(JSONObject(failures.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) })),
      "p50_ms": milliseconds(50), "p99_ms": milliseconds(99),
    ]
  }

  private func milliseconds(_ percentile: Double) -> JSONValue {
    succeeded == 0 ? .null : .double(Double(latencies.valueAtPercentile(percentile)) / 1000)
  }
}

/// A whole run, second by second, and summed.
public struct TrafficReport: Sendable {
  public var records: [TrafficRecord]

  public init(records: [TrafficRecord]) { self.records = records }

  /// The sum over the seconds of a window.
  public func total(from start: Double = 0, to end: Double = .infinity) -> TrafficRecord {
    var sum = TrafficRecord(second: Int(start))
    for record in records where Double(record.second) >= start && Double(record.second) < end {
      sum.sent += record.sent
      sum.succeeded += record.succeeded
      sum.failures.merge(record.failures, uniquingKeysWith: +)
      sum.latencies.add(record.latencies)
    }
    return sum
  }
}
