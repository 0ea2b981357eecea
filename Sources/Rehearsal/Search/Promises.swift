import Kubernetes

/// What must hold after every step of a rehearsal, whatever happens to the fleet. Whoever rehearses reports what it did;
/// what was broken is kept in words, the first of each kind and service.
package struct Promises: Sendable {
  /// Of what was broken, each with its moment.
  package private(set) var violations: [String] = []
  private var told: Set<String> = []
  private let start: Timestamp

  /// A service's replicas that go up and down by turns.
  private struct Swing: Sendable {
    var replicas = 0
    var wentUp: Bool?
    var turns = 0
    var since = 0.0
  }
  private var swings: [Int: Swing] = [:]
  private static let turnsMax = 6
  /// Turns that are further apart than this are no flipping: loads change.
  private static let turnSecondsMax = 60.0
  private static let violationsMax = 50

  package init(start: Timestamp) { self.start = start }

  /// - Parameter kind: of several with one kind and subject only the first is kept.
  package mutating func broken(_ kind: String, about subject: String, at seconds: Double, _ text: String) {
    guard violations.count < Self.violationsMax, told.insert("\(kind)/\(subject)").inserted else { return }
    violations.append("\((start + seconds).rfc3339): \(subject): \(text)")
  }

  /// A pod was placed on a node.
  /// - Parameter other: where it was already; nil where it was nowhere.
  package mutating func placed(_ pod: @autoclosure () -> String, besides other: Int?, at seconds: Double) {
    if other != nil { broken("twice", about: pod(), at: seconds, "is on two nodes") }
  }

  /// What is left of a node after something was placed there.
  package mutating func left(
    millicores: Int64, bytes: Int64, pods: Int64, on node: @autoclosure () -> String, at seconds: Double
  ) {
    guard millicores < 0 || bytes < 0 || pods < 0 else { return }
    broken(
      "room", about: node(), at: seconds, "more is promised than there is: \(millicores) m, \(bytes) B, \(pods) pods")
  }

  /// A decision set how many replicas a service shall have.
  package mutating func wants(
    _ replicas: Int, of service: Int, named name: @autoclosure () -> String, maximum: Int, at seconds: Double
  ) {
    if replicas > maximum {
      broken("maximum", about: name(), at: seconds, "\(replicas) replicas are above the maximum of \(maximum)")
    }
    if replicas < 0 { broken("negative", about: name(), at: seconds, "\(replicas) replicas") }
    var swing = swings[service] ?? Swing(replicas: replicas)
    guard replicas != swing.replicas else { return swings[service] = swing }
    let goesUp = replicas > swing.replicas
    let isTurn = swing.wentUp.map { $0 != goesUp } ?? false
    swing.turns = isTurn && seconds - swing.since <= Self.turnSecondsMax ? swing.turns + 1 : 0
    swing.replicas = replicas
    swing.wentUp = goesUp
    swing.since = seconds
    if swing.turns >= Self.turnsMax {
      broken("flips", about: name(), at: seconds, "its replicas went up and down \(swing.turns) times, turn after turn")
    }
    swings[service] = swing
  }

  /// The day is over.
  /// - Parameters:
  ///   - minimum: that the service's autoscaler has now.
  ///   - declared: its own.
  ///   - isHeld: whether a push that is not over still holds it.
  package mutating func ends(
    minimum: Int, declared: Int, isHeld: Bool, of name: @autoclosure () -> String, at seconds: Double
  ) {
    guard minimum != declared, !isHeld else { return }
    broken("floor", about: name(), at: seconds, "a minimum of \(minimum) was not given back; its own is \(declared)")
  }
}
