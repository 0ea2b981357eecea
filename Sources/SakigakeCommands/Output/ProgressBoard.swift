import Synchronization

/// Lines that change: in place on a terminal, each as it changes elsewhere.
final class ProgressBoard: Sendable {
  private let shown = Mutex<[String]>([])
  private static let lettersMax = 160

  func show(_ lines: [String]) {
    shown.withLock { shown in
      if Console.errorIsTerminal {
        // One line a thing, over those that were there (ECMA-48: cursor up, erase line).
        let up = shown.isEmpty ? "" : "\u{1B}[\(shown.count)A"
        let cut = lines.map { $0.count > Self.lettersMax ? $0.prefix(Self.lettersMax - 1) + "…" : Substring($0) }
        Console.raw(up + cut.map { "\r\u{1B}[K\($0)\n" }.joined())
      } else {
        let before = Set(shown)
        for line in lines where !before.contains(line) { Console.error(line) }
      }
      shown = lines
    }
  }

  /// What is shown stays, and nothing is written over it.
  func finish() { shown.withLock { $0 = [] } }
}
