import Kubernetes

/// Watches for how long what serves is less than what is asked for.
struct CapacityWatch {
  private let perPod: [Double]
  private let load: OfferedLoad
  private var ready: [Int]
  private var seenSeconds: [Double]
  private var short: Set<Int> = []
  private var shortSince = 0.0
  /// The longest time from the first second in which something was short to the last pod that was needed; nil where
  /// nothing ever was.
  private(set) var longestSeconds: Double?
  /// The least that served since it was asked last, in pods.
  private(set) var least: [Int]

  init(_ services: [RehearsedService], _ load: OfferedLoad) {
    perPod = services.map(\.behavior.requestsPerSecond)
    self.load = load
    ready = services.map { _ in 0 }
    least = ready
    seenSeconds = services.map { _ in 0 }
  }

  mutating func set(_ pods: Int, of service: Int, at seconds: Double) {
    look(at: service, until: seconds)
    ready[service] = pods
    least[service] = min(least[service], pods)
    look(at: service, until: seconds)
  }

  /// Looks at what has been since the last look.
  mutating func look(at service: Int, until seconds: Double) {
    let capacity = Double(ready[service]) * perPod[service]
    let line = load.services[service]
    if !short.contains(service), seconds > seenSeconds[service],
      let start = line.firstAbove(capacity, from: seenSeconds[service], to: seconds)
    {
      if short.isEmpty { shortSince = start }
      short.insert(service)
    }
    seenSeconds[service] = seconds
    if short.contains(service), line.value(at: seconds) <= capacity { close(service, at: seconds) }
  }

  private mutating func close(_ service: Int, at seconds: Double) {
    short.remove(service)
    if short.isEmpty { longestSeconds = max(longestSeconds ?? 0, seconds - shortSince) }
  }

  mutating func finish(at seconds: Double) {
    for service in perPod.indices { look(at: service, until: seconds) }
    if !short.isEmpty { longestSeconds = max(longestSeconds ?? 0, seconds - shortSince) }
  }

  mutating func resetLeast() { least = ready }
}
