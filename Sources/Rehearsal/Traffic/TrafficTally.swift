/// What became of requests while some service had too few pods, by spans of time. Everything else of a day follows from
/// the load alone.
package struct TrafficTally {
  /// Minutes, or steps of a series.
  package let binSeconds: Double
  /// Requests beside what was offered: fewer where callers failed before, more where failed ones were tried again.
  package private(set) var beside: [Double]
  package private(set) var failed: [Double]
  /// The greatest rate at which requests failed, per second.
  package private(set) var failedRate: [Double]

  init(binSeconds: Double, durationSeconds: Double) {
    self.binSeconds = binSeconds
    let count = max(Int((durationSeconds / binSeconds).rounded(.up)), 1)
    beside = [Double](repeating: 0, count: count)
    failed = beside
    failedRate = beside
  }

  /// A step is short against a bin, and counts where its middle lies.
  mutating func add(at seconds: Double, for span: Double, beside more: Double, failed lost: Double) {
    let bin = min(max(Int((seconds + span / 2) / binSeconds), 0), beside.count - 1)
    beside[bin] += more
    failed[bin] += lost
    failedRate[bin] = max(failedRate[bin], lost / span)
  }
}
