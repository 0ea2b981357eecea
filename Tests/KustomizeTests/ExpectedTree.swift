import Testing

/// A tree of files and what must be built of it.
struct ExpectedTree: Sendable, CustomTestStringConvertible {
  var name: String
  /// Where the kustomization to build is.
  var directory: String
  var files: [String: String]
  var yaml: String

  var testDescription: String { name }

  func check() throws {
    let text = try Trees.text(files, directory)
    #expect(text == yaml)
  }
}
