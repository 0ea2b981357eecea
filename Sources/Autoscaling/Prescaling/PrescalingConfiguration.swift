import Kubernetes

extension PrescalingDecision {
  /// What the prescaler is told: how crowds answer, how long capacity takes, how careful to be. Seconds and shares.
  public struct Configuration: Sendable, Hashable {
    /// How the recipients of one kind of push answer.
    public struct Kind: Sendable, Hashable {
      /// The share of the audience that opens, 0 to 1.
      public var openRate: Double
      public var shape: ResponseShape

      public init(openRate: Double, shape: ResponseShape) {
        self.openRate = openRate
        self.shape = shape
      }

      /// What is assumed of a push of which nothing is known.
      public static let standard = Kind(
        openRate: 0.1, shape: ResponseShape(riseSeconds: 5, holdSeconds: 40, fallSeconds: 20))
    }

    public var kinds: [String: Kind]
    /// For a push without a kind, or of one that is not known.
    public var defaultKind: Kind
    /// How much earlier than the 99th percentile of the lead everything starts.
    public var margin: Double
    /// The share of a pod's capacity to plan for where the service does not say.
    public var utilization: Double
    public var lead: LeadTime.Declared
    /// Floors go down at most once in this time.
    public var releaseInterval: Double
    /// Set where nobody tells of node groups: room is then made by placeholder pods. Not a setting of the platform but
    /// of the world that this runs in.
    public var headroom: Headroom?

    public init(
      kinds: [String: Kind] = [:], defaultKind: Kind = .standard, margin: Double = 10, utilization: Double = 0.7,
      lead: LeadTime.Declared = .init(), releaseInterval: Double = 30
    ) {
      self.kinds = kinds
      self.defaultKind = defaultKind
      self.margin = margin
      self.utilization = utilization
      self.lead = lead
      self.releaseInterval = releaseInterval
    }

    /// The platform's periods, faster. The crowd's response is not the platform's and keeps its own pace, and so do
    /// the node groups' boot times, which their provider states as they are.
    public func scaled(by speed: Double) -> Self {
      var copy = self
      copy.margin /= speed
      copy.releaseInterval /= speed
      copy.lead.schedule /= speed
      copy.lead.imagePull /= speed
      copy.lead.start /= speed
      copy.lead.ready /= speed
      copy.lead.node /= speed
      return copy
    }

    /// How the recipients of a kind answer; nil where nobody said.
    /// The share of a pod's capacity to plan for: a service's own, where it says one that makes sense.
    package func utilization(of capacity: MicroserviceSpec.Capacity?) -> Double {
      guard let own = capacity?.utilization, own > 0, own <= 1 else { return utilization }
      return own
    }

    public func kind(_ name: String) -> Kind? { name.isEmpty ? kinds["default"] ?? defaultKind : kinds[name] }
  }
}

/// From `platform.json`:
/// ```json
/// { "pushes": { "margin": "10s", "utilization": "70%", "release": "30s",
///               "lead": { "schedule": "1s", "imagePull": "10s", "start": "5s", "ready": "5s", "node": "180s" },
///               "kinds": { "breaking": { "openRate": "8%", "rise": "5s", "hold": "40s", "fall": "20s" } } } }
/// ```
extension PrescalingDecision.Configuration {
  /// - Throws: `FieldError` naming the field that makes no sense. Members beside `pushes` are not looked at.
  public init(json: JSONValue) throws(FieldError) {
    self.init()
    guard let pushes = json["pushes"], !pushes.isNull else { return }
    for member in try Self.members(pushes, "pushes") {
      let path = "pushes.\(member.key)"
      switch member.key {
      case "margin": margin = try Self.seconds(member.value, path)
      case "utilization": utilization = try Self.share(member.value, path)
      case "release": releaseInterval = try Self.seconds(member.value, path)
      case "lead": lead = try Self.lead(member.value, path, lead)
      case "kinds":
        for kind in try Self.members(member.value, path) {
          kinds[kind.key] = try Self.kind(kind.value, "\(path).\(kind.key)")
        }
      default:
        throw FieldError(
          path: path, "is no setting of pushes; there are margin, utilization, release, lead and kinds")
      }
    }
    if let named = kinds["default"] { defaultKind = named }
  }

  private static func lead(_ json: JSONValue, _ path: String, _ old: LeadTime.Declared) throws(FieldError)
    -> LeadTime.Declared
  {
    var lead = old
    for member in try members(json, path) {
      let seconds = try seconds(member.value, "\(path).\(member.key)")
      switch member.key {
      case "schedule": lead.schedule = seconds
      case "imagePull": lead.imagePull = seconds
      case "start": lead.start = seconds
      case "ready": lead.ready = seconds
      case "node": lead.node = seconds
      default:
        throw FieldError(
          path: "\(path).\(member.key)", "is no stage; there are schedule, imagePull, start, ready and node")
      }
    }
    return lead
  }

  private static func kind(_ json: JSONValue, _ path: String) throws(FieldError) -> Kind {
    var kind = Kind.standard
    var hasRate = false
    for member in try members(json, path) {
      let place = "\(path).\(member.key)"
      switch member.key {
      case "openRate":
        kind.openRate = try share(member.value, place)
        hasRate = true
      case "rise": kind.shape.riseSeconds = try seconds(member.value, place)
      case "hold": kind.shape.holdSeconds = try seconds(member.value, place)
      case "fall": kind.shape.fallSeconds = try seconds(member.value, place)
      default: throw FieldError(path: place, "is no property of a kind; there are openRate, rise, hold and fall")
      }
    }
    guard hasRate else {
      throw FieldError(path: "\(path).openRate", "is missing: which share of the audience opens, such as 8%")
    }
    guard kind.shape.durationSeconds > 0 else {
      throw FieldError(path: path, "rise, hold and fall are all zero: a response takes some time")
    }
    return kind
  }

  private static func members(_ json: JSONValue, _ path: String) throws(FieldError) -> JSONObject {
    guard let object = json.objectValue else {
      throw FieldError(path: path, "expected an object, found \(json.typeName)")
    }
    return object
  }

  /// `8%`, or a number from 0 to 1; zero would plan nothing and is refused.
  private static func share(_ json: JSONValue, _ path: String) throws(FieldError) -> Double {
    var value = json.doubleValue
    if let text = json.stringValue, text.hasSuffix("%") { value = Double(text.dropLast()).map { $0 / 100 } }
    guard let value, value > 0, value <= 1 else {
      throw FieldError(path: path, "expected a share above 0% and up to 100%, such as 8% or 0.08")
    }
    return value
  }

  /// `10s`, `500ms`, `1m30s`, or a number of seconds; a day at most.
  private static func seconds(_ json: JSONValue, _ path: String) throws(FieldError) -> Double {
    guard let value = json.doubleValue ?? json.stringValue.flatMap(Self.duration), value >= 0, value <= 86_400 else {
      throw FieldError(path: path, "expected a duration of a day at most, such as 10s, 500ms or 1m30s")
    }
    return value
  }

  private static func duration(_ text: String) -> Double? {
    var rest = text[...]
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0 == "." || ("0"..."9").contains($0) }
      guard let number = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      switch unit {
      case "ms": total += number / 1000
      case "s": total += number
      case "m": total += number * 60
      case "h": total += number * 3600
      default: return nil
      }
    }
    return total
  }
}
