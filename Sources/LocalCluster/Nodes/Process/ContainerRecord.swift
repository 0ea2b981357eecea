import ChildProcesses
import Kubernetes

/// One container of a running pod: what it should be, what it is, and what belongs to its present run.
struct ContainerRecord {
  enum Role: Sendable { case initial, sidecar, main }

  let spec: Container
  let role: Role
  var status: ContainerStatus
  /// The number of the next run; the status tells it from that run's start on.
  var run = 0
  var backoff = RestartBackoff()
  var process: ChildProcess?
  var startedAt: ContinuousClock.Instant?
  var environment: [(name: String, value: String)] = []
  var probes: Task<Void, Never>?
  /// What the readiness probe says; true where there is none.
  var passesReadiness = false
  /// It ended and will not run again.
  var isDone = false
  /// Ends when the container counts as started for the first time.
  let started: AsyncStream<Void>
  let startedSignal: AsyncStream<Void>.Continuation

  init(_ spec: Container, role: Role, previous: ContainerStatus?, now: Timestamp) {
    self.spec = spec
    self.role = role
    status = ContainerStatus()
    status.name = spec.name
    status.image = spec.image
    status.started = false
    status.state = Self.waiting(role == .main ? "ContainerCreating" : "PodInitializing")
    if let previous, previous.hasRun {
      // The host went down with the container: what runs next is another run of it.
      status.restartCount = previous.restartCount + 1
      run = status.restartCount
      status.lastState.terminated = previous.state.terminated ?? Self.lost(previous, at: now)
    }
    (started, startedSignal) = AsyncStream.makeStream(of: Void.self)
  }

  static func waiting(_ reason: String, _ message: String = "") -> ContainerState {
    var state = ContainerState()
    var waiting = ContainerState.Waiting()
    waiting.reason = reason
    waiting.message = message
    state.waiting = waiting
    return state
  }

  static func lost(_ previous: ContainerStatus, at now: Timestamp) -> ContainerState.Terminated {
    var terminated = ContainerState.Terminated()
    terminated.exitCode = 137
    terminated.reason = "ContainerStatusUnknown"
    terminated.message = "The process went down with the host that ran it"
    terminated.startedAt = previous.state.running?.startedAt
    terminated.finishedAt = now
    terminated.containerID = previous.containerID
    return terminated
  }

  var isRunning: Bool { status.state.running != nil }
  var fieldPath: String { "spec.\(role == .main ? "containers" : "initContainers"){\(spec.name)}" }

  /// Moves to another state; an end is remembered as the last state.
  mutating func move(to state: ContainerState) {
    if let ended = status.state.terminated {
      status.lastState = ContainerState()
      status.lastState.terminated = ended
    }
    status.state = state
    if state.running != nil || state.terminated != nil { status.restartCount = run }
    if state.running == nil {
      status.ready = false
      status.started = false
      passesReadiness = false
    }
  }
}

extension ContainerStatus {
  /// Whether the container was started at least once.
  var hasRun: Bool {
    !containerID.isEmpty || state.running != nil || state.terminated != nil || lastState.terminated != nil
  }
}
