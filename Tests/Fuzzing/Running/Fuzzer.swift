/// What is fuzzed one way: makes a case from random numbers and checks what must hold for it.
///
/// All that a case does follows from its seed, so that a seed replays it.
public protocol Fuzzer: Sendable {
  /// How many cases may be under way at once: those that wait for a network rather than compute.
  var concurrency: Int { get }
  /// The stack of a thread that runs cases, in bytes.
  var stackBytes: Int { get }
  /// - Throws: `Finding` where something that must hold does not.
  func check(_ random: inout SeededRandom) throws
}

extension Fuzzer {
  public var concurrency: Int { 1 }
  /// As small as the smallest that any system gives a server's threads.
  public var stackBytes: Int { 512 << 10 }
}

/// Something that must hold and does not.
public struct Finding: Error, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}

/// - Throws: `Finding` with the message where the condition does not hold.
func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw Finding(message()) }
}
