import Kubernetes

/// Keeps one object from filling a cluster with Events: many of one kind become one, and of all together only so many
/// are written.
///
/// The numbers are the defaults of client-go's `tools/record/events_cache.go`.
struct EventLimits {
  /// More different messages of one reason about one object, within `similarSeconds` of each other, are combined.
  static let similarMax = 10
  static let similarSeconds = 600.0
  /// About one object, at once …
  static let burst = 25.0
  /// … and from then on.
  static let secondsPerEvent = 300.0
  /// Objects, and kinds of notes, that are remembered; of more than that the oldest are forgotten.
  static let entriesMax = 4096

  private struct Similar {
    var messages: Set<String> = []
    var lastAt: Timestamp
  }

  private struct Budget {
    var events = EventLimits.burst
    var at: Timestamp
  }

  private var similar: [Change.EventNote: Similar] = [:]
  private var budgets: [ObjectReference: Budget] = [:]

  /// The note itself, or, where there were too many like it, one that stands for all further ones.
  mutating func combined(_ note: Change.EventNote, at now: Timestamp) -> Change.EventNote {
    var kind = note
    kind.message = ""
    var seen = similar[kind] ?? Similar(lastAt: now)
    if now - seen.lastAt > Self.similarSeconds { seen.messages = [] }
    seen.lastAt = now
    if seen.messages.count < Self.similarMax { seen.messages.insert(note.message) }
    similar[kind] = seen
    Self.trim(&similar, \.lastAt)
    guard !seen.messages.contains(note.message) else { return note }
    kind.message = "(combined from similar events)"
    return kind
  }

  /// Whether a further Event about the note's object may be written; if so, it is counted.
  mutating func mayWrite(about note: Change.EventNote, at now: Timestamp) -> Bool {
    var budget = budgets[note.about] ?? Budget(at: now)
    budget.events = min(budget.events + max(now - budget.at, 0) / Self.secondsPerEvent, Self.burst)
    budget.at = now
    let isLeft = budget.events >= 1
    if isLeft { budget.events -= 1 }
    budgets[note.about] = budget
    Self.trim(&budgets, \.at)
    return isLeft
  }

  private static func trim<Key, Value>(_ entries: inout [Key: Value], _ moment: (Value) -> Timestamp) {
    guard entries.count > entriesMax else { return }
    // An eighth at a time, so that the search is paid for rarely.
    for (key, _) in entries.sorted(by: { moment($0.value) < moment($1.value) }).prefix(entriesMax / 8) {
      entries[key] = nil
    }
  }
}
