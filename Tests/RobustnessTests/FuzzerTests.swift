import Foundation
import Fuzzing
import Testing

/// The same cases of every fuzzer each time, whatever the speed of the machine; `make fuzz` runs them for long, from others.
@Suite(.serialized) struct FuzzerTests {
  @Test(arguments: Fuzzers.all.map(\.name)) func noCaseFails(_ name: String) async throws {
    let report = try await onOwnThread {
      guard let make = Fuzzers.all.first(where: { $0.name == name })?.make else { throw Finding("no \(name)") }
      return FuzzRun(name: name, firstSeed: 1, secondsMax: 20, casesMax: 2_000).run(try make())
    }
    #expect(report.failure == nil)
    #expect(report.cases > 0)
  }
}

/// Runs what blocks where it keeps no task waiting.
func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}
