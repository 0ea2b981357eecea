import Kubernetes

/// Everything that the cloud must remember over a restart: `cloud.json`.
struct CloudState: Sendable, Equatable {
  struct Instance: Sendable, Hashable {
    var name: String
    var group: String
    /// Which block of loopback addresses is the node's.
    var block: Int
    var zone: String
    var requestedAt: Timestamp
    /// When it registers.
    var readyAt: Timestamp
    var isRegistered = false
    /// When an interrupted node ends.
    var interruptedAt: Timestamp?
  }
  /// A machine that is gone, for the bill.
  struct Ended: Sendable, Hashable {
    var group: String
    var from: Timestamp
    var to: Timestamp
  }
  /// Older ones are added up in `billedBefore`.
  static let endedMax = 10_000

  var targets: [String: Int] = [:]
  /// The number of the next node, by group.
  var counters: [String: Int] = [:]
  var instances: [String: Instance] = [:]
  var ended: [Ended] = []
  var billedBefore: [String: Double] = [:]

  func instances(of group: String) -> [Instance] {
    instances.values.filter { $0.group == group }.sorted { ($0.requestedAt, $0.name) < ($1.requestedAt, $1.name) }
  }

  mutating func end(_ name: String, at now: Timestamp) {
    guard let instance = instances.removeValue(forKey: name) else { return }
    ended.append(Ended(group: instance.group, from: instance.requestedAt, to: now))
    while ended.count > Self.endedMax {
      let oldest = ended.removeFirst()
      billedBefore[oldest.group, default: 0] += oldest.to - oldest.from
    }
  }
}

extension CloudState {
  var json: JSONValue {
    [
      "version": 1,
      "targets": .object(JSONObject(targets.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })),
      "counters": .object(JSONObject(counters.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })),
      "instances": .array(instances.values.sorted { $0.name < $1.name }.map(\.json)),
      "ended": .array(
        ended.map {
          ["group": .string($0.group), "from": .integer($0.from.nanoseconds), "to": .integer($0.to.nanoseconds)]
        }),
      "billedBefore": .object(JSONObject(billedBefore.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })),
    ]
  }

  init(json: JSONValue) throws(FieldError) {
    guard json["version"]?.integerValue == 1 else { throw FieldError(path: "version", "expected 1") }
    for member in json["targets"]?.objectValue ?? [:] { targets[member.key] = try Int(json: member.value) }
    for member in json["counters"]?.objectValue ?? [:] { counters[member.key] = try Int(json: member.value) }
    for member in json["billedBefore"]?.objectValue ?? [:] { billedBefore[member.key] = try Double(json: member.value) }
    for entry in json["instances"]?.arrayValue ?? [] {
      let instance = try Instance(json: entry)
      instances[instance.name] = instance
    }
    for entry in json["ended"]?.arrayValue ?? [] {
      ended.append(
        Ended(
          group: entry["group"]?.stringValue ?? "", from: Timestamp(nanoseconds: entry["from"]?.integerValue ?? 0),
          to: Timestamp(nanoseconds: entry["to"]?.integerValue ?? 0)))
    }
  }
}

extension CloudState.Instance {
  var json: JSONValue {
    var object: JSONObject = [
      "name": .string(name), "group": .string(group), "block": .integer(Int64(block)), "zone": .string(zone),
      "requestedAt": .integer(requestedAt.nanoseconds), "readyAt": .integer(readyAt.nanoseconds),
      "isRegistered": .bool(isRegistered),
    ]
    if let interruptedAt { object["interruptedAt"] = .integer(interruptedAt.nanoseconds) }
    return .object(object)
  }

  init(json: JSONValue) throws(FieldError) {
    guard let name = json["name"]?.stringValue, let group = json["group"]?.stringValue,
      let block = json["block"]?.integerValue, let requestedAt = json["requestedAt"]?.integerValue,
      let readyAt = json["readyAt"]?.integerValue
    else { throw FieldError(path: "instances", "an entry lacks its name, group, block or times") }
    self.name = name
    self.group = group
    self.block = Int(block)
    zone = json["zone"]?.stringValue ?? ""
    self.requestedAt = Timestamp(nanoseconds: requestedAt)
    self.readyAt = Timestamp(nanoseconds: readyAt)
    isRegistered = json["isRegistered"]?.boolValue ?? false
    interruptedAt = json["interruptedAt"]?.integerValue.map { Timestamp(nanoseconds: $0) }
  }
}
