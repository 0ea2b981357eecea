import Kubernetes

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
  package static func nearest(to name: String, in known: [String]) -> String {
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
