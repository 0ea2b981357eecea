extension Clock<Duration> {
  /// The time since now, whatever the clock's instants are.
  func stopwatch() -> @Sendable () -> Duration {
    let start = now
    return { start.duration(to: self.now) }
  }
}
