import Foundation
import Kustomize
import Testing

/// Kustomize's own test cases, where they are on this machine: each a directory with `case.json`, `input`, and what
/// must come out. `SAKIGAKE_KUSTOMIZE_CASES` names the directory that holds them.
@Suite struct GivenCaseTests {
  static let directory: URL = {
    if let named = ProcessInfo.processInfo.environment["SAKIGAKE_KUSTOMIZE_CASES"] { return URL(filePath: named) }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.deletingLastPathComponent().appending(path: "shared/kustomize-cases")
  }()

  struct Case: Decodable {
    var kind: String
    var path: String
    var flags: [String]
  }

  @Test func allOfThemAreAsTheyMustBe() throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: Self.directory.path).sorted() else {
      return print(
        "skipped: there are no cases in \(Self.directory.path); SAKIGAKE_KUSTOMIZE_CASES names another place")
    }
    var count = 0
    for name in names {
      let folder = Self.directory.appending(path: name)
      guard let description = try? Data(contentsOf: folder.appending(path: "case.json")) else { continue }
      count += 1
      try check(name, folder, try JSONDecoder().decode(Case.self, from: description))
    }
    #expect(count > 0, "\(Self.directory.path) holds no cases")
  }

  private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .newlines) }

  /// What is said of an error: how, and a text.
  private static func conditions(_ folder: URL) throws -> [[String]] {
    guard let data = try? Data(contentsOf: folder.appending(path: "expected_error.json")) else { return [] }
    return try JSONDecoder().decode([[String]].self, from: data)
  }

  private func check(_ name: String, _ folder: URL, _ given: Case) throws {
    var files = try Trees.load(folder.appending(path: "input"))
    let directory = given.path.isEmpty ? "" : "/" + given.path
    // They were made without the legacy order, which is the default.
    for file in ["kustomization.yaml", "kustomization.yml", "Kustomization"] {
      guard let bytes = files["\(directory)/\(file)"] else { continue }
      if !String(decoding: bytes, as: UTF8.self).contains("sortOptions") {
        files["\(directory)/\(file)"] = bytes + Array("\nsortOptions: {order: fifo}\n".utf8)
      }
    }
    var options = KustomizeOptions()
    options.allowsFilesOutside = given.flags.contains { $0.contains("LoadRestrictionsNone") }
    options.addsManagedByLabel = given.flags.contains { $0.contains("managedby") }
    let expected = try? String(contentsOf: folder.appending(path: "expected.yaml"), encoding: .utf8)
    do throws(KustomizeError) {
      let result = try Kustomize.build(directory.isEmpty ? "/" : directory, files: FileTree(memory: files), options)
      let text = String(decoding: result.yaml, as: UTF8.self)
      guard let expected else {
        Issue.record("\(name) must fail and gives\n\(text)")
        return
      }
      #expect(Self.trimmed(text) == Self.trimmed(expected), "\(name)")
    } catch {
      if expected != nil { Issue.record("\(name): \(error)") }
      for condition in try Self.conditions(folder) where condition.first == "contains" {
        let said = error.description.contains(condition.last ?? "")
        #expect(said, "\(name): \"\(error)\" does not say \"\(condition.last ?? "")\"")
      }
    }
  }
}
