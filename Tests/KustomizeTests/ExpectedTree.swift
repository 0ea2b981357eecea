import Testing

/// Trees and what `kubectl kustomize` of 1.32 prints for them.
@Suite struct ExpectedTreeTests {
  static let all =
    ExpectedTree.patchCases + ExpectedTree.referenceCases + ExpectedTree.transformerCases
    + ExpectedTree.generatorCases + ExpectedTree.scalarCases + ExpectedTree.schemaCases

  @Test(arguments: all) func asKustomizePrintsIt(_ tree: ExpectedTree) throws { try tree.check() }
}

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
