import Autoscaling
import Kubernetes

/// Floors by the clock, as a cron scaler has them: on from a quarter of an hour that begins at least ten minutes before a
/// push of the calendar to one that ends after it. Sized for what the platform expects of the push.
///
/// A cron scaler is a metric: the autoscaler climbs to it at its own rate.
struct ScheduledFloors {
  private struct Window {
    var start: Double
    var end: Double
    var replicas: [Int]
  }

  static let quarterSeconds = 900.0
  static let aheadSeconds = 600.0
  private var windows: [Window] = []

  init(_ scenario: Scenario) {
    var expected = scenario
    // Whoever writes a schedule knows what is in the calendar.
    expected.pushes = scenario.pushes.filter { $0.sendAt - $0.announcedAt >= Self.aheadSeconds }
    for index in expected.pushes.indices { expected.pushes[index].response = nil }
    let load = OfferedLoad(expected)
    for push in expected.pushes {
      let sent = push.sendAt - scenario.start
      let shape = push.answered(scenario.prescaling).shape
      let start = ((sent - Self.aheadSeconds) / Self.quarterSeconds).rounded(.down) * Self.quarterSeconds
      let end = ((sent + shape.durationSeconds) / Self.quarterSeconds).rounded(.up) * Self.quarterSeconds
      let replicas = scenario.services.indices.map { index in
        let perPod = Self.perPod(scenario.services[index], scenario)
        let peak = load.services[index].peak(from: sent, to: sent + shape.durationSeconds)
        return min(Sizing.replicas(load: peak, perPod: perPod), scenario.services[index].autoscaler.spec.maxReplicas)
      }
      windows.append(Window(start: start, end: end, replicas: replicas))
    }
  }

  private static func perPod(_ service: RehearsedService, _ scenario: Scenario) -> Double {
    let capacity = service.microservice.spec.capacity
    let declared = capacity?.requestsPerSecond ?? 0
    return (declared > 0 ? declared : service.behavior.requestsPerSecond)
      * scenario.prescaling.utilization(of: capacity)
  }

  func floor(of service: Int, at seconds: Double) -> Int {
    windows.reduce(0) { $1.start <= seconds && seconds < $1.end ? max($0, $1.replicas[service]) : $0 }
  }
}
