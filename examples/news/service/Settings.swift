#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// What one service of the fleet is like, from its environment.
struct Settings: Sendable {
  var name = "news-service"
  var address = "127.0.0.1"
  var port = 8080
  /// Requests worked on at the same time.
  var slots = 8
  /// How long each holds its slot.
  var serviceMilliseconds: Int64 = 50
  /// Requests that may wait for a slot; one more is answered with 503.
  var queueMax = 64
  /// From the start to the first request served.
  var startMilliseconds: Int64 = 0
  /// Services that every request asks, and the share of requests that does: `USERS_URL`, `USERS_SHARE`.
  var upstreams: [Upstream.Address] = []

  struct Invalid: Error, CustomStringConvertible {
    var description: String
  }

  init(environment: [String: String]) throws {
    name = environment["SERVICE"] ?? name
    address = environment["POD_IP"] ?? address
    port = try Self.number("PORT", in: environment) ?? port
    slots = try Self.number("SLOTS", in: environment) ?? slots
    serviceMilliseconds = Int64(try Self.number("SERVICE_TIME_MS", in: environment) ?? Int(serviceMilliseconds))
    queueMax = try Self.number("QUEUE_MAX", in: environment) ?? queueMax
    // A local cluster may run its periods faster than life; the start belongs to them, the service time does not.
    let speed = environment["SAKIGAKE_SPEED"].flatMap { Double($0) } ?? 1
    startMilliseconds = Int64(Double(try Self.number("START_TIME_MS", in: environment) ?? 0) / max(speed, 1))
    for (key, url) in environment.sorted(by: { $0.key < $1.key }) where key.hasSuffix("_URL") {
      let share = try Self.number(key.dropLast(4) + "_PERCENT", in: environment) ?? 100
      guard let upstream = Upstream.Address(url: url, percent: share) else {
        throw Invalid(description: "\(key)=\(url) is not an http://HOST:PORT address")
      }
      upstreams.append(upstream)
    }
  }

  private static func number(_ key: String, in environment: [String: String]) throws -> Int? {
    guard let text = environment[key] else { return nil }
    guard let value = Int(text), value >= 0 else { throw Invalid(description: "\(key)=\(text) is not a whole number") }
    return value
  }
}

enum ProcessEnvironment {
  static var all: [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { result[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return result
  }
}
