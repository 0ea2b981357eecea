/// How long the images of a node take to come: nothing is pulled, but the time passes.
public struct PullTimes: Sendable {
  /// By repository, whole or last component.
  public var seconds: [String: Double]
  public var secondsDefault: Double

  public init(seconds: [String: Double] = [:], secondsDefault: Double = 0) {
    self.seconds = seconds
    self.secondsDefault = secondsDefault
  }

  func seconds(for image: String) -> Double {
    seconds[ImagePrograms.repository(of: image)] ?? seconds[ImagePrograms.lastComponent(of: image)] ?? secondsDefault
  }
}

/// Which images are on which node; a pull under way is shared by all who wait for it.
actor ImagePulls {
  private struct Key: Hashable {
    var node: String
    var image: String
  }
  private var present: Set<Key> = []
  /// When each pull under way will be done.
  private var pulling: [Key: ContinuousClock.Instant] = [:]
  private let times: PullTimes
  private let speed: Double

  init(times: PullTimes, speed: Double) {
    self.times = times
    self.speed = speed
  }

  func isPresent(_ image: String, on node: String) -> Bool { present.contains(Key(node: node, image: image)) }

  /// An image that a container of this node ran before.
  func note(_ image: String, on node: String) { present.insert(Key(node: node, image: image)) }

  /// Waits until the image is there, or until the caller is cancelled.
  /// - Returns: seconds that it took, as the cluster's time counts them.
  func pull(_ image: String, on node: String) async throws -> Double {
    let key = Key(node: node, image: image)
    if present.contains(key) { return 0 }
    let seconds = times.seconds(for: image)
    if seconds > 0 {
      let due = pulling[key] ?? .now + .seconds(seconds / speed)
      pulling[key] = due
      try await Task.sleep(until: due, clock: .continuous)
      pulling[key] = nil
    }
    present.insert(key)
    return seconds
  }

  func forget(node: String) {
    present = present.filter { $0.node != node }
    pulling = pulling.filter { $0.key.node != node }
  }
}
