import Kubernetes

/// What one phase of a run was measured at.
public struct PhaseResult: Sendable {
  public var name: String
  public var requests: Int
  public var failures: Int
  public var seconds: Double
  /// From sending to the whole answer, in nanoseconds.
  var latencies: [Int64]

  public var perSecond: Double { seconds > 0 ? Double(requests) / seconds : 0 }

  public func milliseconds(atPercentile percentile: Double) -> Double {
    Percentile.of(latencies, percentile) / 1e6
  }
}

enum Percentile {
  /// The nearest rank; 0 where there is no value.
  static func of(_ values: [Int64], _ percentile: Double) -> Double {
    Double(values.sorted().nearestRank(percentile / 100) ?? 0)
  }
}

public struct BenchmarkReport: Sendable {
  public var pods: Int
  public var connections: Int
  public var watchers: Int
  public var phases: [PhaseResult] = []
  /// Of the fastest list, in seconds, and what it was long.
  public var listSeconds = 0.0
  public var listBytes = 0
  public var watchEvents = 0
  /// Events that should have come and did not within the time for them.
  public var missingEvents = 0
  var watchLatencies: [Int64] = []
  /// Seconds from the start of the server's process to its first ready answer; nil where it ran already.
  public var startSeconds: Double?
  /// Of the server, with all pods stored, in bytes; nil where its process is not known.
  public var residentBytes: Int64?
  /// After everything was deleted again.
  public var residentBytesAtEnd: Int64?

  public func watchMilliseconds(atPercentile percentile: Double) -> Double {
    Percentile.of(watchLatencies, percentile) / 1e6
  }

  public var failedRequests: Int { phases.reduce(0) { $0 + $1.failures } }

  public var json: JSONValue {
    var object: JSONObject = [
      "pods": .integer(Int64(pods)), "connections": .integer(Int64(connections)),
      "watchers": .integer(Int64(watchers)),
      "phases": .array(
        phases.map { phase in
          [
            "name": .string(phase.name), "requests": .integer(Int64(phase.requests)),
            "failures": .integer(Int64(phase.failures)), "perSecond": .double(phase.perSecond.rounded()),
            "p50Milliseconds": .double(phase.milliseconds(atPercentile: 50)),
            "p99Milliseconds": .double(phase.milliseconds(atPercentile: 99)),
          ]
        }),
      "listSeconds": .double(listSeconds), "listBytes": .integer(Int64(listBytes)),
      "watch": [
        "events": .integer(Int64(watchEvents)), "missing": .integer(Int64(missingEvents)),
        "p50Milliseconds": .double(watchMilliseconds(atPercentile: 50)),
        "p99Milliseconds": .double(watchMilliseconds(atPercentile: 99)),
      ],
    ]
    if let startSeconds { object["startSeconds"] = .double(startSeconds) }
    if let residentBytes { object["residentBytes"] = .integer(residentBytes) }
    if let residentBytesAtEnd { object["residentBytesAtEnd"] = .integer(residentBytesAtEnd) }
    return .object(object)
  }
}
