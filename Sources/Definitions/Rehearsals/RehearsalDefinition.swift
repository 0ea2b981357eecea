public import Kubernetes

/// A `rehearsal.yaml`: a fleet, and what will happen to it from outside.
///
/// What is said here of services, node groups and kinds of pushes is not held against the fleet and the platform yet:
/// `ScenarioReader` does, with the places kept here.
public struct RehearsalDefinition: Sendable {
  public struct Load: Sendable {
    public enum Form: Sendable {
      case constant(Double)
      /// Points of a day, in its order: seconds since midnight, requests per second.
      case daily([(seconds: Double, requestsPerSecond: Double)])
      /// - Parameter from: the moment of the series at which the rehearsal begins; nil takes the rehearsal's own start.
      case measured(SeriesSource, from: Timestamp?)
    }
    public var service: Placed<String>
    public var form: Form
    /// Every value is multiplied by it.
    public var times: Double
  }

  public struct Push: Sendable {
    public var name: Placed<String>
    public var sendAt: Timestamp
    public var sendAtPlace: SourcePlace
    public var announcedBeforeSeconds: Double
    public var audience: Int
    public var kind: Placed<String>?
    public var services: [Placed<String>]
    /// `{ openRate, rise, hold, fall }` as a platform's kinds are written; nil where the crowd does as its kind says.
    public var response: JSONValue?
  }

  public struct Trouble: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
      case spotReclaim, zoneLost, nodesFail, groupExhausted, slowRegistry, slowAPI, metricsMissing
    }
    public var kind: Kind
    public var at: Timestamp
    public var atPlace: SourcePlace
    public var durationSeconds: Double
    public var group: Placed<String>?
    /// 0 to 1.
    public var share: Double
    public var zone: Placed<String>?
    public var factor: Double
    public var delaySeconds: Double
  }

  /// What is stated of a service's pods; the rest follows from its definition.
  public struct PodBehavior: Sendable {
    public var requestsPerSecond: Double?
    public var serviceSeconds: Double?
    public var queueMax: Int?
    public var timeoutSeconds: Double?
    public var retriesMax: Int?
    public var startSeconds: Double?
    public var imagePullSeconds: Double?
    public var idle: Quantity?
    public var cpuPerRequest: Quantity?
    public var memory: Quantity?

    public init() {}
  }

  public struct Cloud: Sendable {
    public var zones = ["a", "b", "c"]
    public var bootJitter = 0.1
    public var interruptionNoticeSeconds = 120.0
    public var metricsDelaySeconds = 15.0
  }

  public enum Prices: Sendable {
    case file(Placed<String>)
    case table(PricesDefinition)
  }

  public var name: String
  /// Where `spec` stands.
  public var place: SourcePlace
  /// Directories and files as `sakigake apply -f` takes them, beside the file.
  public var fleet: [Placed<String>]
  public var platform: Placed<String>?
  public var environment: String?
  public var tag: String?
  public var start: Timestamp
  /// East of Greenwich: what times of day are told in.
  public var zoneOffsetSeconds: Double
  public var durationSeconds: Double
  public var loads: [Load] = []
  public var pushes: [Push] = []
  public var troubles: [Trouble] = []
  public var pods: [(service: Placed<String>, behavior: PodBehavior)] = []
  public var cloud = Cloud()
  /// Nil takes what the platform's node groups say.
  public var prices: Prices?
  public var successRateMin: Double

  public static let pushesMax = 1000
  public static let troublesMax = 1000

  /// - Throws: `InvalidDefinition` with everything that is wrong in the file.
  public static func read(_ text: String, file: String) throws(InvalidDefinition) -> RehearsalDefinition {
    let node = try SourceNode.only(in: text, file: file, noun: "rehearsal")
    let document = try CheckedDocument(node, shape: RehearsalShape.document, file: file, environment: nil)
    var reader = try RehearsalReader(document)
    return try reader.read()
  }

  /// Seconds since midnight at the start, where times of day are told.
  public var startOfDaySeconds: Double {
    let local = start.seconds + zoneOffsetSeconds
    return local - (local / 86_400).rounded(.down) * 86_400
  }

  public var end: Timestamp { start + durationSeconds }
}
