public import Kubernetes

/// A `recordings.yaml`: which files hold what was measured, and what they were measured of.
public struct RecordingsDefinition: Sendable {
  /// By the clock of the series that it is about.
  public enum Moment: Sendable, Hashable {
    case time(Timestamp)
    case timeOfDay(seconds: Double)
    case span(seconds: Double)
  }

  public struct Campaign: Sendable {
    public var kind: String
    public var audience: Int
    public var sendAt: Moment
    public var sendAtPlace: SourcePlace
    public var load: SeriesSource
    /// Of which each value is the mean; 0 where they are of their moment.
    public var windowSeconds: Double
  }

  public struct Capacity: Sendable {
    public var service: String
    public var requests: SeriesSource
    public var failed: SeriesSource
    public var ready: SeriesSource
  }

  public var name: String
  public var campaigns: [Campaign] = []
  public var capacities: [Capacity] = []
  /// By the name of the stage, in the order of the file.
  public var lead: [(stage: String, source: SeriesSource)] = []
  /// The share of requests that must succeed, 0 to 1.
  public var successRateMin = 0.999

  /// - Throws: `InvalidDefinition` with everything that is wrong in the file.
  public static func read(_ text: String, file: String) throws(InvalidDefinition) -> RecordingsDefinition {
    let node = try SourceNode.only(in: text, file: file, noun: "document of recordings")
    return try RecordingsDefinition(
      try CheckedDocument(node, shape: RecordingsShape.document, file: file, environment: nil))
  }

  private init(_ document: CheckedDocument) throws(InvalidDefinition) {
    name = document.name
    var errors: [Diagnostic] = []
    let spec = document.spec
    for node in spec["campaigns"]?.elements ?? [] {
      guard let sendAt = node["sendAt"], let load = node["load"] else { continue }
      guard let moment = Self.moment(sendAt) else {
        errors.append(
          Diagnostic(
            file: document.file, line: sendAt.line, column: sendAt.column,
            "sendAt: \"\(sendAt.text)\" is not a moment",
            remedy: "write 2026-11-24T18:00:00Z, a time of day (18:00), or the span from the series' begin (300s)"))
        continue
      }
      campaigns.append(
        Campaign(
          kind: node["kind"]?.json.stringValue ?? "", audience: Int(clamping: node["audience"]?.json.integerValue ?? 0),
          sendAt: moment, sendAtPlace: sendAt.place(in: document.file), load: load.seriesSource(in: document.file),
          windowSeconds: node["window"]?.json.stringValue.flatMap(Units.seconds) ?? 0))
    }
    for node in spec["capacity"]?.elements ?? [] {
      guard let requests = node["requests"], let failed = node["failed"], let ready = node["ready"] else { continue }
      let service = node["service"]?.json.stringValue ?? ""
      if capacities.contains(where: { $0.service == service }) {
        errors.append(
          Diagnostic(
            file: document.file, line: node.line, column: node.column, "capacity of \(service) is given twice",
            remedy: "remove one of the two, or put both measurements into one series"))
      }
      capacities.append(
        Capacity(
          service: service, requests: requests.seriesSource(in: document.file),
          failed: failed.seriesSource(in: document.file), ready: ready.seriesSource(in: document.file)))
    }
    lead = (spec["lead"]?.members ?? []).map { ($0.key, $0.value.seriesSource(in: document.file)) }
    successRateMin = spec["objective"]?.json.stringValue.flatMap(Units.share) ?? successRateMin
    if campaigns.isEmpty, capacities.isEmpty, lead.isEmpty, errors.isEmpty {
      errors.append(
        Diagnostic(
          file: document.file, line: spec.line, column: spec.column, "spec names no recording",
          remedy: "add campaigns, capacity or lead"))
    }
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
  }

  private static func moment(_ node: SourceNode) -> Moment? {
    let text = node.text
    if let moment = Timestamp(parsing: text) { return .time(moment) }
    if let seconds = Units.seconds(text) { return .span(seconds: seconds) }
    return Units.timeOfDay(text).map { .timeOfDay(seconds: $0) }
  }
}
