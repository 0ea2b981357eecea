/// Something wrong, or worth knowing, in a file that a person wrote.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Severity: String, Sendable { case error, warning }
  public var severity: Severity
  public var file: String
  /// Counted from 1; 0 where the whole file is meant.
  public var line: Int
  public var column: Int
  public var message: String
  /// What to do about it.
  public var remedy: String

  public init(
    _ severity: Severity = .error, file: String, line: Int, column: Int, _ message: String, remedy: String = ""
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.remedy = remedy
  }

  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return "\(place): \(severity.rawValue): \(message)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}

extension Diagnostic {
  /// The remedy for a name that is none of `known`.
  static func nearest(to name: String, in known: [String]) -> String {
    if let meant = name.nearest(in: known) { return "did you mean \"\(meant)\"?" }
    return known.isEmpty ? "there is none" : "known: \(known.sorted().joined(separator: ", "))"
  }
}

/// Everything wrong with what was read, in the order of the lines.
public struct InvalidDefinition: Error, Sendable, CustomStringConvertible {
  public var diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics.sorted { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
  }
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

extension String {
  /// The name among `candidates` that was probably meant: at most a third of its letters differ.
  func nearest(in candidates: some Sequence<String>) -> String? {
    candidates.map { (name: $0, distance: editDistance(to: $0)) }
      .filter { $0.distance <= max(1, max(count, $0.name.count) / 3) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// Levenshtein's distance, in which two neighbours that changed places count once (the most common slip of fingers);
  /// letters are compared without case.
  private func editDistance(to other: String) -> Int {
    let (left, right) = (Array(lowercased()), Array(other.lowercased()))
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
