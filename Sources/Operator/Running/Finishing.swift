/// Lets what was begun come to its end though the caller is cancelled, but for no longer than `grace` from then on.
func finishing<Result: Sendable>(
  within grace: Duration, on clock: any Clock<Duration>, _ body: @escaping @Sendable () async -> Result
) async -> Result {
  let work = Task { await body() }
  return await withTaskCancellationHandler {
    await work.value
  } onCancel: {
    Task {
      try? await clock.sleep(for: grace)
      work.cancel()
    }
  }
}

extension Clock<Duration> {
  /// The time since now, whatever the clock's instants are.
  func stopwatch() -> @Sendable () -> Duration {
    let start = now
    return { start.duration(to: self.now) }
  }
}
