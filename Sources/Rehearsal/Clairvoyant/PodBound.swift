import Kubernetes

/// How many pods of each service there must be at least, over time.
struct PodBound {
  /// Of time, in seconds; at most the shortest start of a pod and the shortest boot of a node.
  let cellSeconds: Double
  let cells: Int
  /// The shortest.
  let bootSeconds: Double

  init(_ scenario: Scenario) {
    let boot = scenario.cloud.groups.map(\.bootSeconds).min() ?? 0
    bootSeconds = boot * max(1 - scenario.cloud.bootJitter, 0)
    let starts = scenario.services.map(\.behavior.startSeconds).filter { $0 > 0 }
    let cell = max(min(starts.min() ?? Self.cellSecondsMax, bootSeconds, Self.cellSecondsMax), Self.cellSecondsMin)
    cells = max(Int((scenario.durationSeconds / cell).rounded(.up)), 1)
    cellSeconds = cell
  }

  private static let cellSecondsMin = 1.0
  private static let cellSecondsMax = 30.0

  /// What one service needs.
  struct Need {
    /// Pods that have room on nodes at the moment at which each cell begins.
    var pods: [Int]
    /// Requests in each cell that cannot be served by as many pods as it may have.
    var excess: [Double]
    var requests: Double
  }

  /// - Parameter calm: whether a cell is untouched by troubles that take pods; only then a service has its minimum.
  func need(of service: RehearsedService, _ line: LoadLine, calm: [Bool]) -> Need {
    let behavior = service.behavior
    let most = max(service.autoscaler.spec.maxReplicas, 1)
    let least = min(max(service.microservice.spec.scale.min, 1), most)
    let areas = line.areas(every: cellSeconds, count: cells)
    let served = behavior.requestsPerSecond * cellSeconds
    // What is in a queue at the end of a cell is answered after it, and what waits longer than the timeout has failed.
    let queued = behavior.queueMax + behavior.requestsPerSecond * behavior.serviceSeconds
    var ready: [Int] = []
    ready.reserveCapacity(cells)
    var excess: [Double] = []
    var isOver = false
    let startsWithin = behavior.startSeconds >= cellSeconds
    for cell in 0..<cells {
      let needed = startsWithin && served > 0 ? (areas[cell] / (served + queued) - 1e-6).rounded(.up) : 0
      ready.append(max(min(Int(min(needed, 1e9)), most), calm[cell] ? least : 0))
      let beyond = max(areas[cell] - served * Double(most), 0)
      if beyond > 0, excess.isEmpty { excess = [Double](repeating: 0, count: cells) }
      // The queues take what they hold once, when an overload begins.
      if beyond > 0 { excess[cell] = max(beyond - (isOver ? 0 : queued * Double(most)), 0) }
      isOver = beyond > 0
    }
    let span = max(Int(behavior.startSeconds / cellSeconds), 1)
    return Need(
      pods: SlidingMaximum.of(ready, next: span), excess: excess, requests: areas.reduce(0, +))
  }
}

/// The greatest of each element and some that follow it, in one pass.
enum SlidingMaximum {
  /// - Parameter next: how many elements count, the element itself included; at least 1.
  static func of<Value: Comparable>(_ values: [Value], next: Int) -> [Value] {
    indices(of: values, next: next).map { values[$0] }
  }

  /// Where the greatest of each window stands, the last of equals.
  static func indices<Value: Comparable>(of values: [Value], next: Int) -> [Int] {
    guard next > 1 else { return Array(values.indices) }
    var result = [Int](repeating: 0, count: values.count)
    // From `head` on: candidates from the far end of the window to the near one, none less than one behind it.
    var candidates: [Int] = []
    var head = 0
    for start in values.indices.reversed() {
      while candidates.count > head, let last = candidates.last, values[last] < values[start] {
        candidates.removeLast()
      }
      candidates.append(start)
      if candidates[head] >= start + next { head += 1 }
      result[start] = candidates[head]
    }
    return result
  }
}
