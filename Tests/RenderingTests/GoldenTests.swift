import Foundation
import Kubernetes
import Testing

/// `NAME.input.yaml` rendered is `NAME.output.yaml`: JSON documents, which are YAML too. `UPDATE_GOLDENS=1` writes them.
@Suite struct GoldenTests {
  @Test(arguments: Fixtures.names)
  func isRenderedAsBefore(_ name: String) throws {
    let rendered = try Fixtures.render(name).map { "---\n\($0.prettyText)\n" }.joined()
    let output = Fixtures.goldens.appending(path: "\(name).output.yaml")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try rendered.write(to: output, atomically: true, encoding: .utf8)
    }
    let golden = try String(contentsOf: output, encoding: .utf8)
    let difference = zip(golden.split(separator: "\n"), rendered.split(separator: "\n")).enumerated().first {
      $1.0 != $1.1
    }
    #expect(rendered == golden, "\(name) differs first at \(difference.map { "line \($0 + 1): \($1)" } ?? "its end")")
  }

  @Test func everyInputIsTested() throws {
    let inputs = try FileManager.default.contentsOfDirectory(atPath: Fixtures.goldens.path).filter {
      $0.hasSuffix(".input.yaml")
    }
    #expect(inputs.map { String($0.dropLast(11)) }.sorted() == Fixtures.names)
  }
}
