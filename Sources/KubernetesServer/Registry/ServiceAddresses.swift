import Kubernetes
import Synchronization

/// The cluster IPs and node ports that services hold, each given to one service at a time.
final class ServiceAddresses: Sendable {
  /// 10.96.0.1 to 10.96.255.254
  static let addressCount = 65_534
  static let nodePorts = 30_000...32_767

  struct Reservation: Sendable {
    var addresses: Set<String> = []
    var ports: Set<Int> = []
  }

  private let taken: Mutex<Reservation>

  init(store: Store) throws(APIError) {
    var taken = Reservation()
    for service in store.snapshot("services").objects { taken.add(Self.held(by: try service.value())) }
    self.taken = Mutex(taken)
  }

  /// What a service's text names.
  static func held(by service: JSONValue) -> Reservation {
    var held = Reservation()
    if let address = service["spec"]?["clusterIP"]?.stringValue, !address.isEmpty, address != "None" {
      held.addresses.insert(address)
    }
    for port in service["spec"]?["ports"]?.arrayValue ?? [] {
      if let number = port["nodePort"]?.integerValue, number != 0 { held.ports.insert(Int(number)) }
    }
    return held
  }

  func release(_ reservation: Reservation) {
    taken.withLock { taken in
      taken.addresses.subtract(reservation.addresses)
      taken.ports.subtract(reservation.ports)
    }
  }

  /// Fills in what a service needs and does not name.
  /// - Returns: what it holds beyond `old`; the caller gives it back when the service is not stored after all.
  func reserve(_ service: inout JSONValue, old: JSONValue?, type resource: ResourceType) throws(APIError) -> Reservation
  {
    let name = service["metadata"]?["name"]?.stringValue ?? ""
    let before = old.map(Self.held) ?? Reservation()
    let wanted = Self.held(by: service)
    let causes = taken.withLock { taken in
      var causes: [Validation.Cause] = []
      for address in wanted.addresses.subtracting(before.addresses) where taken.addresses.contains(address) {
        causes.append(
          .init(
            reason: "FieldValueInvalid",
            message:
              "Invalid value: \"\(address)\": failed to allocate IP \(address): provided IP is already allocated",
            field: "spec.clusterIPs"))
      }
      for port in wanted.ports.subtracting(before.ports) {
        if taken.ports.contains(port) {
          causes.append(
            .init(
              reason: "FieldValueInvalid", message: "Invalid value: \(port): provided port is already allocated",
              field: "spec.ports[0].nodePort"))
        } else if !Self.nodePorts.contains(port) {
          causes.append(
            .init(
              reason: "FieldValueInvalid",
              message:
                "Invalid value: \(port): provided port is not in the valid range. "
                + "The range of valid ports is 30000-32767",
              field: "spec.ports[0].nodePort"))
        }
      }
      if causes.isEmpty { causes = Self.fill(&service, &taken) }
      if causes.isEmpty { taken.add(Self.held(by: service)) }
      return causes
    }
    guard causes.isEmpty else { throw APIError.invalid(resource, name, causes) }
    return Self.held(by: service).subtracting(before)
  }

  private static func fill(_ service: inout JSONValue, _ taken: inout Reservation) -> [Validation.Cause] {
    let type = service["spec"]?["type"]?.stringValue ?? "ClusterIP"
    guard type != "ExternalName" else { return [] }
    if (service["spec"]?["clusterIP"]?.stringValue ?? "").isEmpty {
      guard let address = freeAddress(taken) else { return [exhausted("spec.clusterIP", "no free cluster IP is left")] }
      service[path: ["spec", "clusterIP"]] = .string(address)
      taken.addresses.insert(address)
    }
    service[path: ["spec", "clusterIPs"]] = [service["spec"]?["clusterIP"] ?? "None"]
    guard type != "ClusterIP", var ports = service["spec"]?["ports"]?.arrayValue else { return [] }
    for index in ports.indices where (ports[index]["nodePort"]?.integerValue ?? 0) == 0 {
      guard let port = nodePorts.randomElement().flatMap({ freePort(taken, from: $0) }) else {
        return [exhausted("spec.ports[\(index)].nodePort", "no free node port is left")]
      }
      ports[index]["nodePort"] = .integer(Int64(port))
      taken.ports.insert(port)
    }
    service[path: ["spec", "ports"]] = .array(ports)
    return []
  }

  private static func exhausted(_ field: String, _ message: String) -> Validation.Cause {
    .init(reason: "InternalError", message: "Internal error: \(message)", field: field)
  }

  private static func freeAddress(_ taken: Reservation) -> String? {
    let start = Int.random(in: 0..<addressCount)
    for step in 0..<addressCount {
      let number = 1 + (start + step) % addressCount
      let address = "10.96.\(number >> 8).\(number & 255)"
      if !taken.addresses.contains(address) { return address }
    }
    return nil
  }

  private static func freePort(_ taken: Reservation, from start: Int) -> Int? {
    for step in 0..<nodePorts.count {
      let port = nodePorts.lowerBound + (start - nodePorts.lowerBound + step) % nodePorts.count
      if !taken.ports.contains(port) { return port }
    }
    return nil
  }
}

extension ServiceAddresses.Reservation {
  mutating func add(_ other: Self) {
    addresses.formUnion(other.addresses)
    ports.formUnion(other.ports)
  }

  func subtracting(_ other: Self) -> Self {
    Self(addresses: addresses.subtracting(other.addresses), ports: ports.subtracting(other.ports))
  }
}
