import Definitions
import Kubernetes

/// Series as Prometheus's HTTP API answers a range query (`/api/v1/query_range`), whole or from its `data` or `result`
/// on: `{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[T, "V"]]}]}}`.
struct PrometheusRange {
  private let text: String
  private let file: String
  private let readsEvents: Bool
  private var errors: [Diagnostic] = []

  static func read(_ text: String, file: String, events: Bool) throws(InvalidDefinition) -> [Series] {
    var reader = PrometheusRange(text: text, file: file, readsEvents: events)
    let series = reader.series()
    guard reader.errors.isEmpty else { throw InvalidDefinition(Array(reader.errors.prefix(Series.errorsMax))) }
    return series
  }

  private init(text: String, file: String, readsEvents: Bool) {
    self.text = text
    self.file = file
    self.readsEvents = readsEvents
  }

  /// - Parameter path: to the value that is wrong; empty where it is the whole text.
  private mutating func add(_ path: [JSONPlace.Step], _ message: String, _ remedy: String) {
    let place = JSONPlace.find(path, in: text)
    errors.append(Diagnostic(file: file, line: place.line, column: place.column, message, remedy: remedy))
  }

  private mutating func series() -> [Series] {
    let document: JSONValue
    do throws(JSONSyntaxError) {
      document = try JSONValue(parsing: text)
    } catch {
      errors.append(
        Diagnostic(
          file: file, line: error.line, column: error.column, "not JSON: \(error.message)",
          remedy: "save the whole answer of /api/v1/query_range"))
      return []
    }
    var path: [JSONPlace.Step] = []
    var found = document
    if let status = document["status"]?.stringValue, status != "success" {
      add(
        [.member("status")], "Prometheus answered \(status): \(document["error"]?.stringValue ?? "no reason given")",
        "correct the query and save its answer again")
      return []
    }
    for name in ["data", "result"] {
      guard let inner = found[name] else { continue }
      if let type = found["resultType"]?.stringValue, type != "matrix" {
        add(path + [.member("resultType")], "a \(type) is no series", "ask /api/v1/query_range, not /api/v1/query")
        return []
      }
      found = inner
      path.append(.member(name))
    }
    guard let result = found.arrayValue else {
      add(path, "no list of series was found", "save the whole answer of /api/v1/query_range")
      return []
    }
    if result.isEmpty { add(path, "the answer holds no series", "correct the query, or the span that it asks for") }
    return result.enumerated().map { one($1, path + [.element($0)]) }
  }

  private mutating func one(_ json: JSONValue, _ path: [JSONPlace.Step]) -> Series {
    var series = Series(name: Self.name(json["metric"]), clock: .unix, samples: [])
    guard let values = json["values"]?.arrayValue, !values.isEmpty else {
      add(path, "\(series.name) has no values", "ask /api/v1/query_range for a span in which it was measured")
      return series
    }
    for (index, pair) in values.enumerated() where errors.count < Series.errorsMax {
      let place = path + [.member("values"), .element(index)]
      guard let pair = pair.arrayValue, pair.count == 2, let seconds = pair[0].doubleValue else {
        add(place, "a sample is [seconds, \"value\"]", "save the answer as Prometheus gave it")
        continue
      }
      let written = pair[1].stringValue ?? ""
      guard let value = pair[1].doubleValue ?? Double(written), value.isFinite else {
        let isHole = written.lowercased() == "nan"
        add(
          place, isHole ? "a hole: NaN" : "\"\(written)\" is not a number that can be measured",
          "guard the query against a division by zero, such as with `or vector(0)`, or ask for a span without it")
        continue
      }
      if value < 0 { add(place, "\(written) is below zero", "what is counted cannot be: use rate() of a counter") }
      if let last = series.samples.last, seconds <= last.seconds, !readsEvents {
        add(place, "the samples are not in the order of time", "save the answer as Prometheus gave it")
      }
      series.samples.append(Series.Sample(seconds: seconds, value: value))
    }
    if errors.isEmpty, !readsEvents {
      for index in SeriesGaps.find(series.samples.map(\.seconds)) where errors.count < Series.errorsMax {
        let before = Timestamp(seconds: series.samples[index - 1].seconds)
        let after = Timestamp(seconds: series.samples[index].seconds)
        add(
          path + [.member("values"), .element(index)], "a hole between \(before) and \(after)",
          "ask for a span without it, or for a query that has a value there, such as with `or vector(0)`")
      }
    }
    return series
  }

  private static func name(_ metric: JSONValue?) -> String {
    let labels = (metric?.objectValue ?? [:]).sorted { $0.key < $1.key }
    let text = labels.filter { $0.key != "__name__" }.map { "\($0.key)=\"\($0.value.stringValue ?? "")\"" }
    let name = metric?["__name__"]?.stringValue ?? ""
    return text.isEmpty && !name.isEmpty ? name : "\(name){\(text.joined(separator: ","))}"
  }
}
