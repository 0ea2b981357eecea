import Kubernetes

/// Kinds that are told in two forms are stored in one of them; requests in the other one are converted on their way in
/// and out.
enum Conversion {
  /// The form in which a kind is stored.
  static func storageType(of type: ResourceType) -> ResourceType {
    switch type {
    case .newerEvents: .events
    case .olderAutoscalers: .horizontalPodAutoscalers
    default: type
    }
  }

  static func stored(_ object: JSONValue, from type: ResourceType) -> JSONValue {
    switch type {
    case .newerEvents: EventConversion.toCore(object)
    case .olderAutoscalers: AutoscalerConversion.toV2(object)
    default: object
    }
  }

  static func presented(_ object: JSONValue, as type: ResourceType) -> JSONValue {
    switch type {
    case .newerEvents: EventConversion.toEvents(object)
    case .olderAutoscalers: AutoscalerConversion.toV1(object)
    default: object
    }
  }
}

/// Events of the core group and of `events.k8s.io/v1`: the same objects under other names of fields
/// (pkg/apis/events/v1/conversion.go).
enum EventConversion {
  /// By the name in `events.k8s.io/v1`, the name in the core group.
  private static let names: [(newer: String, core: String)] = [
    ("regarding", "involvedObject"), ("note", "message"), ("reportingController", "reportingComponent"),
    ("deprecatedSource", "source"), ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
  ]

  static func toCore(_ event: JSONValue) -> JSONValue {
    renamed(event, to: ResourceType.events, Dictionary(uniqueKeysWithValues: names.map { ($0.newer, $0.core) }))
  }

  static func toEvents(_ event: JSONValue) -> JSONValue {
    renamed(event, to: ResourceType.newerEvents, Dictionary(uniqueKeysWithValues: names.map { ($0.core, $0.newer) }))
  }

  private static func renamed(_ event: JSONValue, to type: ResourceType, _ names: [String: String]) -> JSONValue {
    guard case .object(let members) = event else { return event }
    var result = JSONObject()
    for member in members { result[names[member.key] ?? member.key] = member.value }
    result["apiVersion"] = .string(type.apiVersion)
    return .object(result)
  }
}
