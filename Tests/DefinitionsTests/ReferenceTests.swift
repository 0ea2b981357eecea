import Definitions
import Foundation
import Kubernetes
import Testing

/// What is made of the fields' descriptions is what stands in the repository. `UPDATE_GOLDENS=1` writes it.
@Suite struct ReferenceTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let files: [(path: String, text: String)] =
    [("docs/reference.md", FileFormat.referencePage)]
    + FileFormat.all.map { format in
      ("schemas/\(format.file.replacing(".yaml", with: ".schema.json"))", format.editorSchema.prettyText + "\n")
    }

  @Test(arguments: files.map(\.path))
  func isCurrent(_ path: String) throws {
    let text = try #require(Self.files.first { $0.path == path }).text
    let file = Self.root.appending(path: path)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == text, "\(path) is not what its fields say: run with UPDATE_GOLDENS=1")
  }

  @Test(arguments: FileFormat.all.map(\.file))
  func everyFieldIsDescribed(_ file: String) throws {
    #expect(try #require(FileFormat.all.first { $0.file == file }).undescribed.isEmpty)
  }

  /// Editors must not complain of what our readers accept.
  @Test func schemasKnowWhatTheExamplesUse() throws {
    let schema = FileFormat.microservice.editorSchema
    let document = try #require(try Texts.service(Texts.full).first).microservice.spec.json
    try check(document, schema[path: ["properties", "spec"]], at: "spec")
  }

  private func check(_ value: JSONValue, _ schema: JSONValue?, at path: String) throws {
    guard case .object(let members) = value, let schema else { return }
    guard let properties = schema["properties"]?.objectValue else { return }
    for member in members {
      let property = try #require(properties[member.key], "\(path).\(member.key)")
      try check(member.value, property, at: "\(path).\(member.key)")
    }
  }
}
