import Testing

/// What did not come about in time.
struct NotInTime: Error, CustomStringConvertible {
  var description: String
}

/// Asks again and again until `attempt` has an answer.
/// - Throws: `NotInTime`, with what the last attempt threw.
func eventually<Answer>(
  _ what: String, within limit: Duration = .seconds(20), every period: Duration = .milliseconds(50),
  _ attempt: () async throws -> Answer?
) async throws -> Answer {
  let deadline = ContinuousClock.now + limit
  var last: (any Error)?
  repeat {
    do {
      if let answer = try await attempt() { return answer }
      last = nil
    } catch { last = error }
    try await Task.sleep(for: period)
  } while ContinuousClock.now < deadline
  throw NotInTime(description: "not within \(limit): \(what)" + (last.map { "; last: \($0)" } ?? ""))
}

/// Asks again and again until `condition` holds.
func eventually(
  _ what: String, within limit: Duration = .seconds(20), every period: Duration = .milliseconds(50),
  holds condition: () async throws -> Bool
) async throws {
  _ = try await eventually(what, within: limit, every: period) { try await condition() ? true : nil }
}
