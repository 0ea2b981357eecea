import Kubernetes

/// A name made of parts that differ: `{cluster}-{service}`.
public struct NameTemplate: Sendable, Hashable {
  public static let parts = ["cluster", "environment", "namespace", "platform", "service"]
  public var text: String

  init(_ text: String) throws(Notation.Mistake) {
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw Notation.Mistake(message: "has a { without its }", remedy: "write it as {service}")
      }
      let part = String(rest[rest.index(after: open)..<close])
      guard Self.parts.contains(part) else {
        throw Notation.Mistake(
          message: "has no known part \"\(part)\"", remedy: Diagnostic.nearest(to: part, in: Self.parts))
      }
      rest = rest[rest.index(after: close)...]
    }
    self.text = text
  }

  /// A template that is known to be one.
  init(verbatim text: String) { self.text = text }

  /// - Parameter values: by part; one that is not given stays empty.
  public func filled(_ values: [String: String]) -> String {
    Self.parts.reduce(text) { $0.replacing("{\($1)}", with: values[$1] ?? "") }
  }
}
