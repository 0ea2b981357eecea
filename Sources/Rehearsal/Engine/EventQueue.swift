/// What is to happen, in the order of time; of one moment, in the order in which it was planned.
struct EventQueue<Event> {
  private struct Entry {
    var seconds: Double
    var number: Int
    var event: Event

    func precedes(_ other: Entry) -> Bool {
      seconds == other.seconds ? number < other.number : seconds < other.seconds
    }
  }
  /// A binary heap.
  private var entries: [Entry] = []
  private var next = 0

  var isEmpty: Bool { entries.isEmpty }
  var nextSeconds: Double? { entries.first?.seconds }

  mutating func add(_ event: Event, at seconds: Double) {
    entries.append(Entry(seconds: seconds, number: next, event: event))
    next += 1
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].precedes(entries[parent]) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popFirst() -> (seconds: Double, event: Event)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink()
    }
    return (first.seconds, first.event)
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
        if entries[child].precedes(entries[least]) { least = child }
      }
      guard least != parent else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
