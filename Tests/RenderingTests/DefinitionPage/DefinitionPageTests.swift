import Definitions
import Foundation
import Kubernetes
import Rendering
import Terraform
import Testing

/// The page that shows what one definition stands for is what it stands for. `UPDATE_GOLDENS=1` writes it.
@Suite struct DefinitionPageTests {
  static let page = Fixtures.packageRoot.appending(path: "docs/one-definition.md")
  private static let linesMax = 60

  private func page() throws -> DefinitionPage {
    DefinitionPage(example: try RenderedExample(try RenderedExample.text(), placed: true))
  }

  @Test func isAsTheExampleIsNow() throws {
    let text = try page().text
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try text.write(to: Self.page, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.page, encoding: .utf8) == text, "UPDATE_GOLDENS=1 writes it anew")
  }

  @Test func theLargestExampleIsShownAndHasAtMostSixtyLines() throws {
    let examples = Fixtures.packageRoot.appending(path: "examples")
    let files = FileManager.default.enumerator(at: examples, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
      .filter { $0.lastPathComponent == "microservice.yaml" }
    let counts = try (files ?? []).map { try String(contentsOf: $0, encoding: .utf8).lineCount }
    #expect(counts.count >= 5 && counts.allSatisfy { $0 <= Self.linesMax }, "\(counts)")
    #expect(try counts.max() == page().example.text.lineCount)
  }

  @Test func everyFieldIsExplained() throws {
    let fields = try page().fields.map(\.name)
    #expect(fields == FieldMeanings.all.map(\.field))
    let spec = try page().example.service.microservice.spec.json.objectValue ?? [:]
    #expect(Set(spec.keys).isSubset(of: fields), "\(Set(spec.keys).subtracting(fields))")
  }

  /// But for what only the operator reads, in the definition itself.
  @Test func everyFieldThatCanBeLeftOutMakesADifference() throws {
    func parts(_ text: String) throws -> [String] {
      let made = try RenderedExample(text, placed: false)
      let objects = made.objects.filter { $0["kind"] != "Microservice" }
      return [RenderedExample.yaml(objects), made.envoyText, made.terraform.text]
    }
    let page = try page()
    let whole = try parts(page.example.text)
    for field in page.fields where !FieldMeanings.required.contains(field.name) {
      #expect(try (parts(page.text(without: field.lines)) != whole) == (field.name != "capacity"), "\(field.name)")
    }
  }

  @Test func noLineIsLeftThatCountsTwice() {
    #expect("a\nb\nb\nc\n".lines(beyond: "b\nc\nd\n") == 2)
    #expect("a\n\nb\n".lineCount == 3)
  }
}
