/// What an Envoy of the mesh has counted, read from the text of its administration's `/stats`.
///
/// Counters start at 0 with the process: compare two readings with `requestsPerSecond(from:to:seconds:)`.
public struct EnvoyStats: Sendable, Hashable {
  /// Requests through the listeners of one statistics prefix.
  public struct Requests: Sendable, Hashable {
    /// Answered, whatever the answer.
    public var completed: UInt64 = 0
    /// Answered with 5xx, by the application or by Envoy.
    public var failed: UInt64 = 0
    /// Under way now.
    public var active: UInt64 = 0
    /// Retries that Envoy made for them.
    public var retries: UInt64 = 0
    public init() {}
  }

  /// To the application beside a sidecar, without health checks.
  public var inbound = Requests()
  /// Through the node ports of the edge.
  public var edge = Requests()
  /// From the application to other services, by service.
  public var outbound: [String: Requests] = [:]

  public init() {}

  /// What to ask of the administration: only the counters that are read, a few hundred bytes.
  public static let path =
    "/stats?filter="
    + percentEncoded(
      "^(http\\.(inbound|edge|outbound_[^.]+)\\.downstream_rq_(completed|5xx|active)"
        + "|cluster\\.inbound_health\\.upstream_rq_(completed|5xx)|cluster\\..+\\.upstream_rq_retry)$")

  /// Reads lines of `name: number`; all others are passed over.
  public init(parsing text: String) {
    var health = Requests()
    var retriesByCluster: [String: UInt64] = [:]
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      guard let colon = line.lastIndex(of: UInt8(ascii: ":")),
        let value = UInt64(String(Substring(line[line.index(after: colon)...])).trimmingSpaces)
      else { continue }
      let name = Substring(line[..<colon])
      guard let dot = name.lastIndex(of: "."), let first = name.firstIndex(of: "."), first < dot else { continue }
      let scope = String(name[name.index(after: first)..<dot])
      let counter = name[name.index(after: dot)...]
      switch (name[..<first], counter) {
      case ("http", _): count(scope, counter, value)
      case ("cluster", "upstream_rq_completed") where scope == SidecarNames.inboundHealth: health.completed = value
      case ("cluster", "upstream_rq_5xx") where scope == SidecarNames.inboundHealth: health.failed = value
      case ("cluster", "upstream_rq_retry"): retriesByCluster[scope] = value
      default: break
      }
    }
    inbound.completed -= min(inbound.completed, health.completed)
    inbound.failed -= min(inbound.failed, health.failed)
    attribute(retriesByCluster)
  }

  private mutating func count(_ scope: String, _ counter: Substring, _ value: UInt64) {
    func set(_ requests: inout Requests) {
      switch counter {
      case "downstream_rq_completed": requests.completed = value
      case "downstream_rq_5xx": requests.failed = value
      case "downstream_rq_active": requests.active = value
      default: break
      }
    }
    if scope == SidecarNames.inbound {
      set(&inbound)
    } else if scope == EdgeNames.statPrefix {
      set(&edge)
    } else if scope.hasPrefix(SidecarNames.outboundPrefix) {
      set(&outbound[String(scope.dropFirst(SidecarNames.outboundPrefix.utf8.count)), default: Requests()])
    }
  }

  /// Envoy counts retries by cluster, `namespace/service`: they belong to the listener of that service, or to the edge.
  private mutating func attribute(_ retries: [String: UInt64]) {
    for (cluster, count) in retries {
      guard let slash = cluster.firstIndex(of: "/") else { continue }
      let service = String(cluster[cluster.index(after: slash)...])
      if outbound[service] != nil { outbound[service]?.retries += count } else { edge.retries += count }
    }
  }
}

extension EnvoyStats {
  /// Requests to the application per second between two readings; where the counter went back, Envoy was restarted
  /// and has counted from 0. Zero when no time has passed.
  public static func requestsPerSecond(previous: EnvoyStats, current: EnvoyStats, seconds: Double) -> Double {
    guard seconds > 0 else { return 0 }
    return Double(current.inbound.since(previous.inbound).completed) / seconds
  }
}

extension EnvoyStats.Requests {
  /// What was counted since an earlier reading; `active` is what it is now.
  public func since(_ earlier: EnvoyStats.Requests) -> EnvoyStats.Requests {
    guard completed >= earlier.completed, failed >= earlier.failed, retries >= earlier.retries else { return self }
    var difference = self
    difference.completed -= earlier.completed
    difference.failed -= earlier.failed
    difference.retries -= earlier.retries
    return difference
  }
}

private func percentEncoded(_ text: String) -> String {
  let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
  var encoded = ""
  for byte in text.utf8 {
    if plain.contains(byte) {
      encoded.append(Character(UnicodeScalar(byte)))
    } else {
      encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
  return encoded
}

extension String {
  fileprivate var trimmingSpaces: String { String(drop { $0 == " " }) }
}
