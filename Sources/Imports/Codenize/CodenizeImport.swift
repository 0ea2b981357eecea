public import Definitions
import Kubernetes

/// Exports of the codenize tools to Terraform: the Ruby that they write, or JSON where they write that.
public enum CodenizeImport {
  public enum Tool: String, Sendable, CaseIterable { case piculet, miam, roadworker }

  /// - Throws: `InvalidDefinition` with the place of whatever is no export: loops, variables, calls of methods.
  public static func read(_ sources: [ImportSource], of tool: Tool) throws(InvalidDefinition) -> ImportResult {
    do throws(Diagnostic) {
      switch tool {
      case .miam:
        var account = MiamAccount()
        for source in sources {
          switch try export(source, sources) {
          case .ruby(let calls): try account.read(calls)
          case .json(let json): try account.read(json)
          }
        }
        return MiamTerraform.convert(account)
      case .piculet:
        var groups: [SecurityGroup] = []
        for source in sources {
          switch try export(source, sources) {
          case .ruby(let calls): groups += try SecurityGroup.read(calls)
          case .json(let json): groups += try SecurityGroup.read(json)
          }
        }
        return PiculetTerraform.convert(groups)
      case .roadworker:
        var zones: [RubyCall] = []
        for source in sources {
          guard case .ruby(let calls) = try export(source, sources) else {
            throw Diagnostic(
              file: source.name, line: 1, column: 1, "roadworker exports no JSON", remedy: RubyLexer.again)
          }
          zones += calls
        }
        return try RoadworkerTerraform.convert(zones)
      }
    } catch { throw InvalidDefinition([error]) }
  }

  private enum Export {
    case ruby([RubyCall])
    case json(PlacedJSON)
  }

  private static func export(_ source: ImportSource, _ all: [ImportSource]) throws(Diagnostic) -> Export {
    if source.text.first(where: { !$0.isWhitespace }) == "{" {
      do throws(InvalidDefinition) {
        return .json(try PlacedJSON(source))
      } catch {
        throw error.diagnostics.first ?? Diagnostic(file: source.name, line: 0, column: 0, "not JSON")
      }
    }
    // An export in parts (--split) has one file that requires the others.
    var calls: [RubyCall] = []
    for call in try RubyParser.calls(in: source) {
      guard call.name == "require" || call.name == "require_relative" else {
        calls.append(call)
        continue
      }
      let name = (call.text ?? "").split(separator: "/").last.map(String.init) ?? ""
      guard all.contains(where: { ("/" + $0.name).hasSuffix("/" + name) || ("/" + $0.name).hasSuffix("/\(name).rb") })
      else {
        throw Diagnostic(at: call.place, "\"\(name)\" is required, and is not among the files", remedy: "give it too")
      }
    }
    return .ruby(calls)
  }
}
