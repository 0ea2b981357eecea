/// What differs between two texts, in the unified format of diff(1).
enum LineDiff {
  private static let contextLines = 3

  private struct Line {
    var mark: Character
    var text: Substring
    /// Counted from 1, in each of the texts.
    var old: Int
    var new: Int
  }

  /// - Returns: hunks with three lines around each change; empty where the texts are the same.
  static func unified(_ old: String, _ new: String) -> String {
    let lines = lines(old.split(separator: "\n"), new.split(separator: "\n"))
    let changed = lines.indices.filter { lines[$0].mark != " " }
    guard let first = changed.first else { return "" }
    var hunks: [ClosedRange<Int>] = []
    var start = max(0, first - contextLines)
    var end = first
    for index in changed.dropFirst() {
      if index - end > 2 * contextLines {
        hunks.append(start...min(lines.count - 1, end + contextLines))
        start = index - contextLines
      }
      end = index
    }
    hunks.append(start...min(lines.count - 1, end + contextLines))
    return hunks.map { text(of: lines[$0]) }.joined(separator: "\n")
  }

  private static func lines(_ old: [Substring], _ new: [Substring]) -> [Line] {
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [Line] = []
    var (from, to) = (0, 0)
    while from < old.count || to < new.count {
      if from < old.count, removed.contains(from) {
        lines.append(Line(mark: "-", text: old[from], old: from + 1, new: to + 1))
        from += 1
      } else if to < new.count, inserted.contains(to) {
        lines.append(Line(mark: "+", text: new[to], old: from + 1, new: to + 1))
        to += 1
      } else {
        lines.append(Line(mark: " ", text: old[from], old: from + 1, new: to + 1))
        (from, to) = (from + 1, to + 1)
      }
    }
    return lines
  }

  private static func text(of hunk: ArraySlice<Line>) -> String {
    let before = hunk.count { $0.mark != "+" }
    let after = hunk.count { $0.mark != "-" }
    let (old, new) = (hunk.first?.old ?? 1, hunk.first?.new ?? 1)
    let header = "@@ -\(before == 0 ? old - 1 : old),\(before) +\(after == 0 ? new - 1 : new),\(after) @@"
    return ([header] + hunk.map { "\($0.mark)\($0.text)" }).joined(separator: "\n")
  }
}
