extension String {
  /// The name among `candidates` that was probably meant: at most a third of its letters differ.
  package func nearest(in candidates: some Sequence<String>) -> String? {
    candidates.map { (name: $0, distance: editDistance(to: $0)) }
      .filter { $0.distance <= max(1, max(count, $0.name.count) / 3) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// Of longer names, whoever sent them, the rest is not looked at.
  private static let lettersMax = 64

  /// Levenshtein's distance, in which two neighbours that changed places count once (the most common slip of fingers);
  /// letters are compared without case.
  private func editDistance(to other: String) -> Int {
    let (left, right) = (
      Array(lowercased().prefix(Self.lettersMax)), Array(other.lowercased().prefix(Self.lettersMax))
    )
    var before: [Int] = []
    var last = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      for (j, b) in right.enumerated() {
        var distance = Swift.min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { distance = Swift.min(distance, before[j - 1] + 1) }
        row.append(distance)
      }
      (before, last) = (last, row)
    }
    return last[right.count]
  }
}
