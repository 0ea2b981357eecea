import Autoscaling
import Kubernetes
import Traffic

/// The story that both runs of the demo tell. The lead is in the cluster's own seconds, real ones are fewer by the
/// speed; the crowd is outside the cluster and takes its own time.
struct DemoScenario: Sendable {
  var speed: Double

  /// Requests per second before and during the spike: a 20-fold push.
  let baseRate = 22.0
  let peakRate = 450.0
  /// In the cluster's seconds.
  private let announceAfter = 20.0
  private let sendAfter = 280.0
  /// In real seconds: how the crowd comes and goes.
  private let rise = 2.0
  private let hold = 45.0
  private let fall = 5.0
  private let rest = 3.0

  var announceSeconds: Double { announceAfter / speed }
  var sendSeconds: Double { sendAfter / speed }
  var spike: ClosedRange<Double> { sendSeconds...sendSeconds + rise + hold + fall }

  func curve() throws -> RateCurve {
    let moments: [(after: Double, rate: Double)] = [
      (0, peakRate), (hold, peakRate), (hold + fall, baseRate), (hold + fall + rest, baseRate),
    ]
    return try RateCurve(
      [.init(seconds: 0, requestsPerSecond: baseRate), .init(seconds: sendSeconds, requestsPerSecond: baseRate)]
        + moments.map { .init(seconds: sendSeconds + rise + $0.after, requestsPerSecond: $0.rate) })
  }

  /// The people who get the push, such that those who open it make the spike: what an SRE would state.
  func audience(openRate: Double) -> Int {
    let responses = (peakRate - baseRate) * (rise / 2 + hold + fall / 2)
    return Int((responses / openRate).rounded())
  }

  /// Pods that the peak needs at full use of each, by service: what "full capacity" means in the results.
  func needed(_ services: [Microservice]) throws -> [String: Int] {
    let loads = try DemoScenario.spread(peakRate, over: services)
    var needed: [String: Int] = [:]
    for service in services {
      guard let load = loads[service.metadata.name], let capacity = service.spec.capacity?.requestsPerSecond,
        capacity > 0
      else { continue }
      needed[service.metadata.name] = Int((load / capacity).rounded(.up))
    }
    return needed
  }

  /// Requests per second that reach each service when the exposed ones get `rate`.
  private static func spread(_ rate: Double, over services: [Microservice]) throws -> [String: Double] {
    var loads: [String: Double] = [:]
    var front = services.filter { $0.spec.expose != nil }.map { ($0.metadata.name, rate) }
    // As many rounds as there are services: a longer path would be a cycle.
    for _ in services where !front.isEmpty {
      var next: [(String, Double)] = []
      for (name, load) in front {
        loads[name, default: 0] += load
        guard let service = services.first(where: { $0.metadata.name == name }) else { continue }
        next += service.spec.calls.map { ($0.service, load * $0.perRequest) }
      }
      front = next
    }
    guard front.isEmpty else { throw CommandFailure(.wrongInput, "error: the services call one another in a circle") }
    return loads
  }
}
