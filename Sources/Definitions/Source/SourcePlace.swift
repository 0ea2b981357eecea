import Kubernetes

/// Where something stands in a file that a person wrote; line and column are counted from 1.
public struct SourcePlace: Sendable, Hashable {
  public var file: String
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// A value and where it was written.
public struct Placed<Value: Sendable>: Sendable {
  public var value: Value
  public var place: SourcePlace

  public init(_ value: Value, at place: SourcePlace) {
    self.value = value
    self.place = place
  }
}

extension Diagnostic {
  public init(_ severity: Severity = .error, at place: SourcePlace, _ message: String, remedy: String = "") {
    self.init(severity, file: place.file, line: place.line, column: place.column, message, remedy: remedy)
  }
}

/// One series in a file of measurements.
public struct SeriesSource: Sendable {
  /// As written, which is beside the file that names it.
  public var path: String
  /// Which of the file's series, by its name or a part of it; nil where it holds one.
  public var series: String?
  /// Where it is named.
  public var place: SourcePlace
}

extension SourceNode {
  package func place(in file: String) -> SourcePlace { SourcePlace(file: file, line: line, column: column) }

  /// A scalar as it was written; empty where this is none.
  var text: String { if case .scalar(_, let text) = content { text } else { "" } }

  /// `load.csv`, or `{ file: load.csv, series: gateway }`.
  func seriesSource(in file: String) -> SeriesSource {
    SeriesSource(
      path: json.stringValue ?? self["file"]?.json.stringValue ?? "", series: self["series"]?.json.stringValue,
      place: place(in: file))
  }

  /// A duration that was checked by its shape, in seconds.
  var seconds: Double? { Units.seconds(text) }

  /// The one document that a file of ours holds.
  /// - Parameter noun: what it holds, such as `platform`.
  static func only(in text: String, file: String, noun: String) throws(InvalidDefinition) -> SourceNode {
    let documents = try documents(in: text, file: file)
    guard let node = documents.first, documents.count == 1 else {
      let second = documents.dropFirst().first
      throw InvalidDefinition([
        Diagnostic(
          file: file, line: second?.line ?? 0, column: second?.column ?? 0,
          "must hold one \(noun), holds \(documents.count)",
          remedy: documents.isEmpty
            ? "begin with apiVersion, kind, metadata and spec" : "move the others into files of their own")
      ])
    }
    return node
  }
}
