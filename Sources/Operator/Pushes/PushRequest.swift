import Kubernetes

/// The body of `POST /v1/pushes`, checked.
struct PushRequest: Equatable {
  static let bodyBytesMax = 64 << 10
  static let audienceMax = 10_000_000_000
  static let servicesMax = 100
  /// A push is announced at the latest when it is sent; this much is forgiven, in seconds.
  static let lateSecondsMax = 5.0
  static let aheadSecondsMax = 365.0 * 86400
  static let fields = ["id", "namespace", "sendAt", "audience", "kind", "services"]

  var id: String?
  var namespace: String
  /// In whole seconds, as Kubernetes keeps times.
  var sendAt: Timestamp
  /// It said `now`, and means the same when it says so again later.
  var isNow: Bool
  var audience: Int
  var kind: String
  var services: [String]

  /// - Throws: `PushFailure`: 413, 400 for what is no such body, 422 for values without meaning.
  init(body: [UInt8], now: Timestamp) throws(PushFailure) {
    guard body.count <= Self.bodyBytesMax else {
      throw PushFailure(413, "tooLarge", "the body has \(body.count) bytes; at most \(Self.bodyBytesMax) are read")
    }
    let json: JSONValue
    do { json = try JSONValue(parsing: body) } catch {
      throw PushFailure(400, "malformed", "the body is not JSON: \(error)")
    }
    guard case .object(let object) = json else {
      throw PushFailure(400, "malformed", "the body must be a JSON object, found \(json.typeName)")
    }
    for name in object.keys where !Self.fields.contains(name) {
      let hint = name.nearest(in: Self.fields).map { "did you mean \"\($0)\"?" }
      throw PushFailure(
        400, "unknownField", "unknown field \"\(name)\"; \(hint ?? "known are \(Self.fields.joined(separator: ", "))")",
        field: name)
    }
    id = try object["id"].map { (value) throws(PushFailure) in try Self.name(value, "id", lengthMax: 63) }
    namespace =
      try object["namespace"].map { (value) throws(PushFailure) in try Self.name(value, "namespace", lengthMax: 63) }
      ?? "default"
    audience = try Self.audience(object["audience"])
    (sendAt, isNow) = try Self.moment(object["sendAt"], now: now)
    kind = try object["kind"].map { (value) throws(PushFailure) in try Self.name(value, "kind", lengthMax: 63) } ?? ""
    services = try Self.services(object["services"])
  }

  private static func audience(_ value: JSONValue?) throws(PushFailure) -> Int {
    guard let value, !value.isNull else { throw .invalid("audience", "is missing; how many are notified?") }
    guard value.doubleValue != nil else {
      throw .invalid("audience", "must be a number such as 250000, without a unit; found \(found(value))")
    }
    guard let audience = value.integerValue else {
      throw .invalid("audience", "must be a whole number, found \(found(value))")
    }
    guard audience > 0 else { throw .invalid("audience", "must be above 0, found \(audience)") }
    guard audience <= Int64(audienceMax) else {
      throw .invalid("audience", "must be at most \(audienceMax), found \(audience)")
    }
    return Int(audience)
  }

  private static func moment(_ value: JSONValue?, now: Timestamp) throws(PushFailure) -> (Timestamp, isNow: Bool) {
    let form = "an RFC 3339 time such as 2030-01-31T18:00:00Z, or \"now\""
    guard let value, !value.isNull else { throw .invalid("sendAt", "is missing; give \(form)") }
    guard case .string(let text) = value else { throw .invalid("sendAt", "must be \(form); found \(found(value))") }
    if text == "now" { return (now.wholeSeconds, true) }
    guard let sendAt = Timestamp(parsing: text) else {
      throw .invalid("sendAt", "must be \(form); found \"\(text.prefix(64))\"")
    }
    let ahead = sendAt - now
    if ahead < -lateSecondsMax { throw .invalid("sendAt", "\(text) is in the past; it is \(now.rfc3339) now") }
    if ahead > aheadSecondsMax {
      throw .invalid("sendAt", "\(text) is more than a year ahead; it is \(now.rfc3339) now")
    }
    return (sendAt.wholeSeconds, false)
  }

  private static func services(_ value: JSONValue?) throws(PushFailure) -> [String] {
    guard let value, !value.isNull else { return [] }
    guard case .array(let elements) = value else {
      throw .invalid("services", "must be a list of names, found \(found(value))")
    }
    guard elements.count <= servicesMax else {
      throw .invalid("services", "has \(elements.count) names; at most \(servicesMax)")
    }
    var services: [String] = []
    for (index, element) in elements.enumerated() {
      let service = try name(element, "services[\(index)]", lengthMax: 63)
      if services.contains(service) { throw .invalid("services[\(index)]", "\"\(service)\" is given twice") }
      services.append(service)
    }
    return services
  }

  /// A DNS label (RFC 1123), as Kubernetes wants names.
  private static func name(_ value: JSONValue, _ field: String, lengthMax: Int) throws(PushFailure) -> String {
    guard case .string(let text) = value else { throw .invalid(field, "must be a string, found \(found(value))") }
    let bytes = Array(text.utf8)
    let isLabel =
      !bytes.isEmpty && bytes.count <= lengthMax
      && bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
      && bytes.first != 0x2D && bytes.last != 0x2D
    guard isLabel else {
      throw .invalid(
        field, "\"\(text.prefix(80))\" is not a name: small letters, digits and dashes inside, at most \(lengthMax)")
    }
    return text
  }

  private static func found(_ value: JSONValue) -> String {
    switch value {
    case .array, .object, .null: value.typeName
    default: String(value.text.prefix(64))
    }
  }
}

extension Timestamp {
  var wholeSeconds: Timestamp {
    Timestamp(nanoseconds: nanoseconds - (nanoseconds % 1_000_000_000 + 1_000_000_000) % 1_000_000_000)
  }
}
