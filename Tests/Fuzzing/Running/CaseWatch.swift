import Synchronization

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Knows which cases are under way: tells their seeds when the process crashes, and ends it when one hangs.
final class CaseWatch: Sendable {
  private struct Slot {
    var seed: UInt64
    var since: Double
  }
  private let name: String
  private let slots: Mutex<[Slot?]>
  private let isStopped = Mutex(false)

  init(name: String, slots: Int) {
    self.name = name
    self.slots = Mutex(Array(repeating: nil, count: slots))
    CrashReport.install(name: name, slots: slots)
    _ = FuzzThread.start(512 << 10) { [weak self] in
      while let self, !isStopped.withLock({ $0 }) {
        reportHungCase()
        usleep(200_000)
      }
    }
  }

  func begin(_ seed: UInt64, in slot: Int) {
    CrashReport.note(seed, in: slot)
    slots.withLock { $0[slot] = Slot(seed: seed, since: FuzzRun.now()) }
  }

  func end(_ slot: Int) { slots.withLock { $0[slot] = nil } }

  func stop() { isStopped.withLock { $0 = true } }

  private func reportHungCase() {
    let now = FuzzRun.now()
    let hung = slots.withLock { $0.compactMap { $0 }.first { now - $0.since > Double(FuzzRun.caseSecondsMax) } }
    guard let hung else { return }
    let text = "a case takes longer than \(FuzzRun.caseSecondsMax) s\nreplay: \(FuzzRun.command(name, hung.seed))\n"
    fputs(text, stderr)
    abort()
  }
}
