/// How it is released, watched, and what it may do.
extension MicroserviceSpec {
  public struct Release: JSONStruct, Hashable {
    public var canary: Canary?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) { f.code("canary", &canary) }

    public struct Canary: JSONStruct, Hashable {
      /// Shares of the traffic, each more than the one before.
      public var steps: [Share] = []
      /// How long each step is watched.
      public var bake: TimeSpan?
      public var expect: Expectation?
      public var unknown = JSONObject()
      public init() {}
      public mutating func fields(_ f: inout FieldCoder) {
        f.code("steps", &steps)
        f.code("bake", &bake)
        f.code("expect", &expect)
      }
    }

    public struct Expectation: JSONStruct, Hashable {
      public var successRate: Share?
      public var p99: TimeSpan?
      public var unknown = JSONObject()
      public init() {}
      public mutating func fields(_ f: inout FieldCoder) {
        f.code("successRate", &successRate)
        f.code("p99", &p99)
      }
    }
  }

  /// Something that a person is told of: rules of Prometheus and alarms of CloudWatch come from the same.
  public struct Alert: JSONStruct, Hashable {
    public enum Severity: String, Sendable, CaseIterable { case critical, warning, info }
    public var when = AlertCondition()
    /// How long the condition holds before anybody is told.
    public var holds: TimeSpan?
    public var severity = ""
    public var summary = ""
    public var runbook = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("when", &when)
      f.code("for", &holds)
      f.code("severity", &severity)
      f.code("summary", &summary)
      f.code("runbook", &runbook)
    }
    public var level: Severity { Severity(rawValue: severity) ?? .warning }
  }

  /// Actions in the cloud, and the resources that they are allowed on.
  public struct Permission: JSONConvertible, Hashable {
    /// `dynamodb:GetItem`, `s3:Get*`.
    public var allow: [String]
    /// `table/articles`, `bucket/articles-images`, or a whole ARN.
    public var on: [String]

    public init(allow: [String], on: [String]) {
      self.allow = allow
      self.on = on
    }
    public init(json: JSONValue) throws(FieldError) {
      func texts(_ name: String) -> [String] {
        json[name]?.stringValue.map { [$0] } ?? (json[name]?.arrayValue ?? []).compactMap(\.stringValue)
      }
      self.init(allow: texts("allow"), on: texts("on"))
    }
    public var json: JSONValue {
      [
        "allow": .array(allow.map { .string($0) }),
        "on": on.count == 1 ? .string(on[0]) : .array(on.map { .string($0) }),
      ]
    }
  }
}

/// A measure of a service, a comparison and a bound: `p99 > 300ms`, `errorRate > 1%`, `readyPods < 2`.
public struct AlertCondition: JSONConvertible, Hashable {
  public enum Measure: String, Sendable, CaseIterable {
    /// Requests that come in, a second.
    case requestsPerSecond
    /// Answers of 5xx among all, and the rest.
    case errorRate, successRate
    /// Quantiles of the time to answer, in seconds.
    case p50, p90, p95, p99
    /// Used of what the application requests.
    case cpu, memory
    /// Pods that could be ready and are, and containers that were started again in the last quarter of an hour.
    case readyPods, restarts
  }
  /// What a bound is written in.
  public enum Unit: Sendable, Equatable { case perSecond, percent, duration, count }
  public enum Comparison: String, Sendable, CaseIterable {
    case above = ">"
    case atLeast = ">="
    case below = "<"
    case atMost = "<="
  }

  public var measure = Measure.errorRate
  public var comparison = Comparison.above
  /// A fraction, seconds, requests per second or a count, by the measure's unit.
  public var bound = 0.0

  public init() {}

  /// - Throws: `FieldError` that says what is wrong with the text.
  public init(_ text: String) throws(FieldError) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 3 else { throw FieldError("is not MEASURE COMPARISON BOUND") }
    guard let measure = Measure(rawValue: words[0]) else {
      let names = Measure.allCases.map(\.rawValue)
      let meant = words[0].nearest(in: names).map { "; did you mean \($0)?" }
      throw FieldError("measures nothing known" + (meant ?? "; known: \(names.joined(separator: ", "))"))
    }
    guard let comparison = Comparison(rawValue: words[1]) else {
      throw FieldError("compares with none of >, >=, <, <=")
    }
    let bound: Double? =
      switch measure.unit {
      case .percent: Units.share(words[2])
      case .duration: Units.seconds(words[2])
      case .perSecond, .count: Double(words[2])
      }
    guard let bound, bound >= 0, bound.isFinite else {
      throw FieldError("has no bound for \(measure.rawValue), which is written as \(measure.example)")
    }
    self.measure = measure
    self.comparison = comparison
    self.bound = bound
  }

  public init(json: JSONValue) throws(FieldError) {
    guard let text = json.stringValue else { throw FieldError("expected a condition, such as p99 > 300ms") }
    try self.init(text)
  }

  public var text: String {
    let written =
      switch measure.unit {
      case .percent: Share(bound).text
      case .duration: TimeSpan(seconds: bound).text
      case .perSecond, .count: bound.json.text
      }
    return "\(measure.rawValue) \(comparison.rawValue) \(written)"
  }

  public var json: JSONValue { .string(text) }
}

extension AlertCondition.Measure {
  public var unit: AlertCondition.Unit {
    switch self {
    case .requestsPerSecond: .perSecond
    case .errorRate, .successRate, .cpu, .memory: .percent
    case .p50, .p90, .p95, .p99: .duration
    case .readyPods, .restarts: .count
    }
  }

  /// A bound as it is written.
  public var example: String {
    switch unit {
    case .perSecond: "500"
    case .percent: "1%"
    case .duration: "300ms"
    case .count: "3"
    }
  }
}

extension MicroserviceSpec {
  /// A rule of the guardrails that a service need not keep for a time.
  public struct Waiver: JSONStruct, Hashable {
    /// Of the annotations that say the same of any object; the rule's id follows.
    public static let prefix = "guardrails.sakigake.dev/"

    public var rule = ""
    /// Who answers for it.
    public var owner = ""
    public var reason = ""
    /// The last day, in UTC: `2027-01-31`.
    public var expires = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("rule", &rule)
      f.code("owner", &owner)
      f.code("reason", &reason)
      f.code("expires", &expires)
    }

    /// As the annotation has it: `by news-backend until 2027-01-31: the vendor's image has no other user`.
    public var text: String { "by \(owner) until \(expires): \(reason)" }
  }
}
