import Kubernetes

extension TableLayout {
  static let pod = TableLayout(
    [
      .name,
      Column("Ready", "Containers that are ready, of those that keep running."),
      Column("Status", "The phase, or the reason that says more than the phase does."),
      Column("Restarts", "How often containers were started again, and how long ago the last time was."),
      .age,
      Column("IP", wide: true, "The address of the pod."),
      Column("Node", wide: true, "The node that runs the pod."),
      Column("Nominated Node", wide: true, "The node on which room is being made for the pod."),
      Column("Readiness Gates", wide: true, "Extra conditions that are true, of those that the pod waits for."),
    ],
    conditions: completion
  ) { pod, now in
    let summary = PodSummary(pod)
    return [
      pod.printedName, .string("\(summary.ready)/\(summary.total)"), .string(summary.status),
      .string(summary.restartText(now)), pod.printedAge(now), .string(podAddress(pod)),
      pod.textOrNone("spec", "nodeName"),
      pod.textOrNone("status", "nominatedNodeName"), .string(readinessGates(pod)),
    ]
  }

  private static func podAddress(_ pod: JSONValue) -> String {
    let address = pod.elements("status", "podIPs").first?.text("ip") ?? pod.text("status", "podIP") ?? ""
    return address.isEmpty ? "<none>" : address
  }

  private static func readinessGates(_ pod: JSONValue) -> String {
    let gates = pod.elements("spec", "readinessGates").compactMap { $0.text("conditionType") }
    if gates.isEmpty { return "<none>" }
    let conditions = pod.elements("status", "conditions")
    let open = gates.filter { gate in
      conditions.contains { $0.text("type") == gate && $0.text("status") == "True" }
    }
    return "\(open.count)/\(gates.count)"
  }

  private static let completion: @Sendable (JSONValue) -> [JSONValue] = { pod in
    switch pod.text("status", "phase") {
    case "Succeeded":
      [["type": "Completed", "status": "True", "reason": "Succeeded", "message": "Every container ended well."]]
    case "Failed":
      [["type": "Completed", "status": "True", "reason": "Failed", "message": "The pod ended with a failure."]]
    default: []
    }
  }
}

/// READY, STATUS and RESTARTS of a pod, as kube-apiserver's printer derives them from the container statuses.
struct PodSummary {
  var ready = 0
  var total: Int
  var status: String
  var restarts = 0
  var lastRestart: Timestamp?

  private var sidecarRestarts = 0
  private var lastSidecarRestart: Timestamp?
  private let sidecars: Set<String>

  init(_ pod: JSONValue) {
    let initContainers = pod.elements("spec", "initContainers")
    sidecars = Set(initContainers.filter { $0.text("restartPolicy") == "Always" }.compactMap { $0.text("name") })
    total = pod.elements("spec", "containers").count + sidecars.count
    let phase = pod.text("status", "phase") ?? ""
    let reason = pod.text("status", "reason") ?? ""
    status = reason.isEmpty ? phase : reason
    let conditions = pod.elements("status", "conditions")
    if conditions.contains(where: { $0.text("type") == "PodScheduled" && $0.text("reason") == "SchedulingGated" }) {
      status = "SchedulingGated"
    }
    let initializing = readInitContainers(pod.elements("status", "initContainerStatuses"), of: initContainers.count)
    if !initializing || Self.isTrue("Initialized", conditions) {
      readContainers(pod.elements("status", "containerStatuses"), isPodReady: Self.isTrue("Ready", conditions))
    }
    guard pod.text("metadata", "deletionTimestamp") != nil else { return }
    if reason == "NodeLost" {
      status = "Unknown"
    } else if phase != "Succeeded", phase != "Failed" {
      status = "Terminating"
    }
  }

  func restartText(_ now: Timestamp) -> String {
    guard restarts != 0, let lastRestart else { return String(restarts) }
    return "\(restarts) (\(HumanDuration.text(seconds: now - lastRestart)) ago)"
  }

  private static func isTrue(_ type: String, _ conditions: [JSONValue]) -> Bool {
    conditions.contains { $0.text("type") == type && $0.text("status") == "True" }
  }

  /// - Returns: whether an init container is still to end, or failed.
  private mutating func readInitContainers(_ statuses: [JSONValue], of count: Int) -> Bool {
    for (index, container) in statuses.enumerated() {
      let isSidecar = sidecars.contains(container.text("name") ?? "")
      let restartCount = Int(container.number("restartCount") ?? 0)
      let ended = Self.lastEnd(container)
      restarts += restartCount
      lastRestart = Self.later(lastRestart, ended)
      if isSidecar {
        sidecarRestarts += restartCount
        lastSidecarRestart = Self.later(lastSidecarRestart, ended)
      }
      let terminated = container[path: ["state", "terminated"]]
      if let terminated, terminated.number("exitCode") ?? 0 == 0 { continue }
      if isSidecar, container["started"]?.boolValue == true {
        if container["ready"]?.boolValue == true { ready += 1 }
        continue
      }
      if let terminated {
        status = "Init:" + Self.ending(terminated)
      } else if let reason = container.text("state", "waiting", "reason"), !reason.isEmpty, reason != "PodInitializing"
      {
        status = "Init:" + reason
      } else {
        status = "Init:\(index)/\(count)"
      }
      return true
    }
    return false
  }

  private mutating func readContainers(_ statuses: [JSONValue], isPodReady: Bool) {
    restarts = sidecarRestarts
    lastRestart = lastSidecarRestart
    var isRunning = false
    for container in statuses.reversed() {
      restarts += Int(container.number("restartCount") ?? 0)
      lastRestart = Self.later(lastRestart, Self.lastEnd(container))
      if let reason = container.text("state", "waiting", "reason"), !reason.isEmpty {
        status = reason
      } else if let terminated = container[path: ["state", "terminated"]] {
        status = Self.ending(terminated)
      } else if container["ready"]?.boolValue == true, container[path: ["state", "running"]] != nil {
        isRunning = true
        ready += 1
      }
    }
    if status == "Completed", isRunning { status = isPodReady ? "Running" : "NotReady" }
  }

  private static func ending(_ terminated: JSONValue) -> String {
    if let reason = terminated.text("reason"), !reason.isEmpty { return reason }
    let signal = terminated.number("signal") ?? 0
    return signal != 0 ? "Signal:\(signal)" : "ExitCode:\(terminated.number("exitCode") ?? 0)"
  }

  private static func lastEnd(_ container: JSONValue) -> Timestamp? {
    container.text("lastState", "terminated", "finishedAt").flatMap(Timestamp.init(parsing:))
  }

  private static func later(_ one: Timestamp?, _ other: Timestamp?) -> Timestamp? {
    guard let one else { return other }
    return other.map { max(one, $0) } ?? one
  }
}
