/// One pod of a rehearsal. Seconds are from the start.
struct RehearsedPod {
  enum State: UInt8 {
    /// Without a node.
    case pending
    /// Its image is pulled, its containers start.
    case starting
    case ready
    /// Serves nobody any more, and still takes its room.
    case ending
    case gone
  }

  let name: String
  var service: Int
  var state = State.pending
  /// In the cloud's instances; -1 for none.
  var instance = -1
  var createdSeconds: Double
  var scheduledSeconds = 0.0
  /// When its containers run.
  var startedSeconds = 0.0
  var readySeconds = 0.0
}

/// One node of a rehearsal, from the moment it is asked for.
struct RehearsedNode {
  enum State: UInt8 { case booting, ready, gone }

  var name: String
  var group: Int
  var zone: Int
  var state = State.booting
  var requestedSeconds: Double
  var readySeconds: Double
  var endedSeconds: Double?
  /// Set where the cloud has said that it takes it back: when it ends.
  var interruptedSeconds: Double?
  /// In the fleet; -1 until it is ready.
  var slot = -1
  var pods: [Int] = []
  /// By number: since when, or from when on, an image is there.
  var images: [Int: Double] = [:]
}
