#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Says on standard error, when a signal kills the process, which seeds were being run.
///
/// A signal handler may neither allocate nor lock: everything that it touches is made beforehand.
enum CrashReport {
  private static let slotsMax = 256
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE]
  // Safe: allocated once and never freed; each thread writes its own slot, and the handler reads what is there.
  private nonisolated(unsafe) static let seeds = UnsafeMutablePointer<UInt64>.allocate(capacity: slotsMax)
  private nonisolated(unsafe) static let slotCount = UnsafeMutablePointer<Int>.allocate(capacity: 1)
  private nonisolated(unsafe) static let prefix = UnsafeMutablePointer<UInt8>.allocate(capacity: 128)
  private nonisolated(unsafe) static let prefixLength = UnsafeMutablePointer<Int>.allocate(capacity: 1)
  private static let suffix: StaticString = " --cases 1\n"

  static func install(name: String, slots: Int) {
    let text = Array("crashed; replay: fuzz \(name) --seed ".utf8.prefix(128))
    prefix.update(from: text, count: text.count)
    prefixLength.pointee = text.count
    seeds.update(repeating: 0, count: slotsMax)
    slotCount.pointee = min(slots, slotsMax)
    for number in signals {
      var action = sigaction()
      #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = { CrashReport.report($0) }
      #else
        action.__sigaction_handler.sa_handler = { CrashReport.report($0) }
      #endif
      action.sa_flags = Int32(SA_ONSTACK) | Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(number, &action, nil)
    }
  }

  /// A thread whose stack is used up reports on another one.
  static func useOwnSignalStack() {
    var stack = stack_t()
    stack.ss_size = 64 << 10
    stack.ss_sp = .allocate(byteCount: 64 << 10, alignment: 16)
    sigaltstack(&stack, nil)
  }

  static func note(_ seed: UInt64, in slot: Int) {
    if slot < slotsMax { seeds[slot] = seed }
  }

  private static func report(_ number: Int32) {
    for slot in 0..<slotCount.pointee {
      write(2, prefix, prefixLength.pointee)
      // 20 digits, most significant first.
      var digits: (UInt64, Int) = (seeds[slot], 1)
      while digits.0 / power(digits.1) > 0, digits.1 < 20 { digits.1 += 1 }
      for place in stride(from: digits.1 - 1, through: 0, by: -1) {
        var byte = UInt8(truncatingIfNeeded: 0x30 + digits.0 / power(place) % 10)
        write(2, &byte, 1)
      }
      write(2, suffix.utf8Start, suffix.utf8CodeUnitCount)
    }
    raise(number)
  }

  private static func power(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power = power &* 10 }
    return power
  }
}
