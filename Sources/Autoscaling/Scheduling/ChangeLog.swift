/// Which nodes have changed, in order, so that what was learned of the others stays good.
///
/// It forgets its older half when it is full; who has not looked for so long must look at all nodes.
struct ChangeLog: Sendable {
  private var entries: [Int32] = []
  private var first = 0
  private let countMax: Int

  init(countMax: Int = 1 << 15) { self.countMax = countMax }

  /// The position after the last entry: what a reader keeps.
  var end: Int { first + entries.count }

  mutating func append(_ node: Int) {
    if entries.count == countMax {
      entries.removeFirst(countMax / 2)
      first += countMax / 2
    }
    entries.append(Int32(truncatingIfNeeded: node))
  }

  /// What came since a position; nil where that is forgotten.
  func since(_ position: Int) -> ArraySlice<Int32>? {
    position < first ? nil : entries[(position - first)...]
  }
}
