import Foundation

/// A command that ended.
struct Outcome: Sendable, CustomStringConvertible {
  var words: [String]
  var status: Int32
  var output: String
  var error: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }
  var description: String {
    "`\(words.joined(separator: " ").prefix(300))` ended with \(status)\n\(output.suffix(3000))\(error.suffix(3000))"
  }
}

/// Runs commands to their end, within a limit.
enum Shell {
  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  /// - Throws: `Failed` where the command does not end in time, and is killed.
  static func run(
    _ words: [String], environment: [String: String] = [:], input: String = "", within limit: Duration = .seconds(30)
  ) async throws -> Outcome {
    let program = try Program(words, environment: environment, input: input)
    let guardian = Task {
      try await Task.sleep(for: limit)
      program.killGroup()
      return true
    }
    let status = await program.status
    guardian.cancel()
    let outcome = Outcome(words: words, status: status, output: program.output, error: program.error)
    if await (try? guardian.value) == true { throw Failed(description: "not within \(limit): \(outcome)") }
    return outcome
  }

  /// - Throws: `Failed` where the command ends with another status than 0.
  static func succeed(
    _ words: [String], environment: [String: String] = [:], input: String = "", within limit: Duration = .seconds(30)
  ) async throws -> String {
    let outcome = try await run(words, environment: environment, input: input, within: limit)
    guard outcome.status == 0 else { throw Failed(description: outcome.description) }
    return outcome.output
  }
}
