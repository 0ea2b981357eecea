import Synchronization

/// One Prometheus metric: a value for each combination of its labels' values.
final class MetricFamily: Sendable {
  enum Kind: String, Sendable { case counter, gauge }

  /// Further combinations are counted under `other`: what names them may come from outside.
  static let seriesMax = 1000

  let name: String
  let help: String
  let kind: Kind
  let labels: [String]
  private let series = Mutex<[[String]: Double]>([:])

  init(_ kind: Kind, _ name: String, labels: [String] = [], help: String) {
    self.kind = kind
    self.name = name
    self.labels = labels
    self.help = help
    // A metric without labels is there from the start, so that its absence means something.
    if labels.isEmpty { series.withLock { $0[[]] = 0 } }
  }

  func add(_ amount: Double = 1, _ values: String...) {
    series.withLock { $0[Self.key(values, in: $0), default: 0] += amount }
  }

  func set(_ value: Double, _ values: String...) {
    series.withLock { $0[Self.key(values, in: $0)] = value }
  }

  /// All series at once: those that are not among them are gone.
  func replace(_ all: [[String]: Double]) {
    series.withLock { series in
      series = [:]
      for (values, value) in all { series[Self.key(values, in: series), default: 0] += value }
    }
  }

  func value(_ values: String...) -> Double { series.withLock { $0[values] ?? 0 } }

  private static func key(_ values: [String], in series: [[String]: Double]) -> [String] {
    series.count < seriesMax || series[values] != nil ? values : values.map { _ in "other" }
  }

  func write(to text: inout MetricsText) {
    text.header(name, kind.rawValue, help)
    let all = series.withLock { $0 }
    for (values, value) in all.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      text.sample(name, Array(zip(labels, values)), value)
    }
  }
}

/// How long something took, in seconds, by buckets.
final class DurationHistogram: Sendable {
  private struct Series {
    var counts: [UInt64]
    var sum = 0.0
    var count: UInt64 = 0
  }

  let name: String
  let help: String
  let label: String
  private let bounds: [Double]
  private let series = Mutex<[String: Series]>([:])

  /// - Parameter label: the one label; its values come from the program.
  init(_ name: String, label: String, bounds: [Double], help: String) {
    self.name = name
    self.label = label
    self.bounds = bounds.sorted()
    self.help = help
  }

  func observe(_ duration: Duration, _ value: String) {
    let seconds = duration / .seconds(1)
    series.withLock { all in
      var series = all[value] ?? Series(counts: Array(repeating: 0, count: bounds.count))
      if let index = bounds.firstIndex(where: { seconds <= $0 }) { series.counts[index] += 1 }
      series.sum += seconds
      series.count += 1
      all[value] = series
    }
  }

  func write(to text: inout MetricsText) {
    text.header(name, "histogram", help)
    for (value, series) in series.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      var sum: UInt64 = 0
      for (bound, count) in zip(bounds, series.counts) {
        sum += count
        text.sample("\(name)_bucket", [(label, value), ("le", "\(bound)")], Double(sum))
      }
      text.sample("\(name)_bucket", [(label, value), ("le", "+Inf")], Double(series.count))
      text.sample("\(name)_sum", [(label, value)], series.sum)
      text.sample("\(name)_count", [(label, value)], Double(series.count))
    }
  }
}

/// Prometheus' text format, version 0.0.4.
struct MetricsText {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"
  private(set) var text = ""

  mutating func header(_ name: String, _ kind: String, _ help: String) {
    text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind)\n"
  }

  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    text += name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }.joined(separator: ",") + "}"
    }
    text += " \(value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value))\n"
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
