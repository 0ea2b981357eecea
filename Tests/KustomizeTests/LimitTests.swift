import Kustomize
import Testing

/// Input without bounds is refused in short time.
@Suite struct LimitTests {
  private static let own = "apiVersion: example.com/v1\nkind: Own\nmetadata: {name: x}\n"

  @Test func aliasesThatUnfoldWithoutEnd() {
    var text = Self.own + "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<12 {
      text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
    }
    let error = Trees.error(["kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": text])
    #expect(error?.message.contains("aliases repeat more than") == true)
  }

  @Test func nestingWithoutEnd() {
    let nested = String(repeating: "[", count: 100_000)
    for text in [Self.own + "a: \(nested)", Self.own + "a:\n" + String(repeating: "- ", count: 100_000) + "x\n"] {
      let error = Trees.error(["kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": text])
      #expect(error?.message.contains("nested deeper than 200 levels") == true)
    }
  }

  @Test func aMillionDocuments() throws {
    let empty = String(repeating: "---\n", count: 1_000_000)
    let text = try Trees.text(["kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": empty + Self.own])
    #expect(text.contains("name: x"))
    let many = (0...200_000).map { "{kind: K, metadata: {name: n\($0)}}\n" }.joined(separator: "---\n")
    let error = Trees.error(["kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": many])
    #expect(error?.message.contains("more than 200000 objects") == true)
  }

  @Test func aLongChainOfKustomizations() {
    var files: [String: String] = [:]
    for level in 0..<100 { files["l\(level)/kustomization.yaml"] = "resources: [../l\(level + 1)]\n" }
    let error = Trees.error(files, "l0")
    #expect(error?.message.contains("more than 64 kustomizations") == true)
  }

  @Test func patternsThatBacktrackersChokeOn() throws {
    let name = String(repeating: "a", count: 200)
    let patch = "[{\"op\": \"add\", \"path\": \"/a\", \"value\": 1}]"
    let text = try Trees.text([
      "kustomization.yaml": "resources: [a.yaml]\npatches:\n- target: {name: (a+)+b}\n  patch: '\(patch)'\n",
      "a.yaml": "apiVersion: v1\nkind: Own\nmetadata: {name: \(name)}\n",
    ])
    #expect(text == "apiVersion: v1\nkind: Own\nmetadata:\n  name: \(name)\n")
  }
}
