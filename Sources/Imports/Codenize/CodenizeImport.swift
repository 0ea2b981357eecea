public import Definitions
import Kubernetes

/// Exports of the codenize tools to Terraform: the Ruby that they write and people go on writing, or JSON where the
/// tools write that.
public enum CodenizeImport {
  public enum Tool: String, Sendable, CaseIterable { case piculet, miam, roadworker }

  /// - Throws: `InvalidDefinition` with the place of whatever would have to be run: loops, calls of methods.
  public static func read(_ sources: [ImportSource], of tool: Tool) throws(InvalidDefinition) -> ImportResult {
    do throws(Diagnostic) {
      var texts: [ImportSource] = []
      var documents: [PlacedJSON] = []
      for source in sources {
        guard source.text.first(where: { !$0.isWhitespace }) == "{" else {
          texts.append(source)
          continue
        }
        documents.append(try json(source, tool))
      }
      let calls = try RubyUnfolding.calls(in: texts)
      switch tool {
      case .miam:
        var account = MiamAccount()
        try account.read(calls)
        for document in documents { try account.read(document) }
        return MiamTerraform.convert(account)
      case .piculet:
        var groups = try SecurityGroup.read(calls)
        for document in documents { groups += try SecurityGroup.read(document) }
        return PiculetTerraform.convert(groups)
      case .roadworker: return try RoadworkerTerraform.convert(calls)
      }
    } catch { throw InvalidDefinition([error]) }
  }

  /// What stands at the top of the files.
  static func comment(on tool: String) -> String {
    "Made by `sakigake import codenize \(tool)`. What an export does not have, ignore_changes leaves as it is: write it, "
      + "and take its name away there."
  }

  private static func json(_ source: ImportSource, _ tool: Tool) throws(Diagnostic) -> PlacedJSON {
    guard tool != .roadworker else {
      throw Diagnostic(file: source.name, line: 1, column: 1, "roadworker exports no JSON", remedy: RubyLexer.again)
    }
    do throws(InvalidDefinition) {
      return try PlacedJSON(source)
    } catch {
      throw error.diagnostics.first ?? Diagnostic(file: source.name, line: 0, column: 0, "not JSON")
    }
  }
}
