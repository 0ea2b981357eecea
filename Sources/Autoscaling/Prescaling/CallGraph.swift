import Kubernetes

/// Who calls whom, and how often for one request: how load at the edge reaches the services behind it.
public struct CallGraph: Sendable {
  private let calls: [String: [MicroserviceSpec.Call]]

  /// - Parameter services: of one namespace; names are distinct there.
  public init(_ services: some Sequence<Microservice>) {
    var calls: [String: [MicroserviceSpec.Call]] = [:]
    for service in services { calls[service.metadata.name] = service.spec.calls.sorted { $0.service < $1.service } }
    self.calls = calls
  }

  public struct Spread: Sendable, Hashable {
    /// Requests on each service for one request at every entry.
    public var factors: [String: Double] = [:]
    /// The services that get any, by name.
    public var services: [String] = []
    /// Of each of them, its factor.
    var shares: [Double] = []
    /// What is wrong with the graph, in words for the sender.
    public var problems: [String] = []
  }

  /// Spreads one request at each entry over everything that is reached from it.
  ///
  /// Services are taken in the order of calls, each when all its callers are done. Where a circle leaves none, the
  /// circle is named as a problem and cut before its alphabetically first service, so every service counts once.
  public func spread(from entries: [String]) -> Spread {
    var spread = Spread()
    let known = entries.filter { calls[$0] != nil }
    for entry in entries where calls[entry] == nil {
      spread.problems.append("there is no microservice \(entry)")
    }
    let reached = reached(from: known, &spread.problems)
    var waiting: [String: Int] = reached.reduce(into: [:]) { $0[$1] = 0 }
    for service in reached { for call in calls[service] ?? [] { waiting[call.service]? += 1 } }
    for entry in known { spread.factors[entry, default: 0] += 1 }

    var ready = reached.filter { waiting[$0] == 0 }.sorted()
    while !waiting.isEmpty {
      if ready.isEmpty, let first = cutPoint(waiting) {
        spread.problems.append(circle(from: first, within: waiting))
        ready = [first]
      }
      let service = ready.removeFirst()
      waiting[service] = nil
      let factor = spread.factors[service] ?? 0
      for call in calls[service] ?? [] {
        guard let left = waiting[call.service] else { continue }
        spread.factors[call.service, default: 0] += factor * max(call.perRequest, 0)
        waiting[call.service] = left - 1
        if left == 1 { ready.append(call.service) }
      }
    }
    let shares = spread.factors.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    spread.services = shares.map(\.key)
    spread.shares = shares.map(\.value)
    return spread
  }

  private func reached(from entries: [String], _ problems: inout [String]) -> Set<String> {
    var reached = Set(entries)
    var open = reached.sorted()
    while let service = open.popLast() {
      for call in calls[service] ?? [] {
        guard calls[call.service] != nil else {
          problems.append("\(service) calls \(call.service), which is no microservice here")
          continue
        }
        if reached.insert(call.service).inserted { open.append(call.service) }
      }
    }
    return reached
  }

  /// The alphabetically first service that lies on a circle of those left.
  private func cutPoint(_ left: [String: Int]) -> String? {
    left.keys.sorted().first { path(from: $0, backTo: $0, within: left) != nil } ?? left.keys.min()
  }

  private func circle(from service: String, within left: [String: Int]) -> String {
    let path = path(from: service, backTo: service, within: left) ?? []
    return "calls go in a circle: \((([service] + path) + [service]).joined(separator: " → "))"
  }

  /// The services between, on a shortest way from `start` back to `goal`.
  private func path(from start: String, backTo goal: String, within left: [String: Int]) -> [String]? {
    var cameFrom: [String: String] = [:]
    var open = [start]
    var next = 0
    while next < open.count {
      let service = open[next]
      next += 1
      for call in calls[service] ?? [] where left[call.service] != nil {
        if call.service == goal {
          var path: [String] = []
          var step = service
          while step != start {
            path.append(step)
            guard let previous = cameFrom[step] else { break }
            step = previous
          }
          return path.reversed()
        }
        if cameFrom[call.service] == nil, call.service != start {
          cameFrom[call.service] = service
          open.append(call.service)
        }
      }
    }
    return nil
  }
}
