public import Kubernetes
import Yams

/// A YAML value that remembers where it stands.
public struct SourceNode: Sendable {
  public indirect enum Content: Sendable {
    /// The resolved value and the text as written.
    case scalar(JSONValue, text: String)
    case sequence([SourceNode])
    case mapping([Member])
  }
  public struct Member: Sendable {
    public var key: String
    public var keyLine: Int
    public var keyColumn: Int
    public var value: SourceNode
  }
  public var content: Content
  public var line: Int
  public var column: Int

  public var json: JSONValue {
    switch content {
    case .scalar(let value, _): value
    case .sequence(let elements): .array(elements.map(\.json))
    case .mapping(let members): .object(JSONObject(members.map { ($0.key, $0.value.json) }))
    }
  }

  public subscript(key: String) -> SourceNode? {
    guard case .mapping(let members) = content else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The members of a map; none where this is no map.
  package var members: [Member] { if case .mapping(let members) = content { members } else { [] } }

  /// The elements of a list; none where this is no list.
  package var elements: [SourceNode] { if case .sequence(let elements) = content { elements } else { [] } }

  public var typeName: String { json.typeName }
}

extension SourceNode {
  static let depthMax = 64
  static let bytesMax = 1 << 20

  /// Reads every document of a YAML text; empty ones are left out.
  /// - Throws: `InvalidDefinition` with the line and column of a syntax error, a duplicate key or an anchor.
  public static func documents(in text: String, file: String) throws(InvalidDefinition) -> [SourceNode] {
    guard text.utf8.count <= bytesMax else {
      throw InvalidDefinition([Diagnostic(file: file, line: 0, column: 0, "is longer than \(bytesMax >> 20) MiB")])
    }
    if let anchor = YAMLAliases.unfoldingAnchor(in: text.utf8) {
      throw InvalidDefinition([
        Diagnostic(
          file: file, line: anchor.line, column: anchor.column, "anchors and aliases are not read here",
          remedy: "write the value out")
      ])
    }
    var nodes: [SourceNode] = []
    do {
      // Not `compose_all`: the sequence that it gives ends at an error as if the text ended there.
      // What words mean is ours to say: without a resolver the parser does not ask a regular expression of each key.
      let parser = try Yams.Parser(yaml: text, resolver: .basic)
      while let node = try parser.nextRoot() { nodes.append(try SourceNode(node, file: file, depth: 0)) }
    } catch let error as YamlError {
      throw InvalidDefinition([Self.diagnostic(of: error, in: text, file: file)])
    } catch let error as Diagnostic {
      throw InvalidDefinition([error])
    } catch {
      throw InvalidDefinition([Diagnostic(file: file, line: 0, column: 0, "\(error)")])
    }
    return nodes.filter { node in
      if case .scalar(.null, _) = node.content { false } else { true }
    }
  }

  private init(_ node: Yams.Node, file: String, depth: Int) throws {
    let line = node.mark?.line ?? 0
    let column = node.mark?.column ?? 0
    self.line = line
    self.column = column
    guard depth < Self.depthMax else {
      throw Diagnostic(file: file, line: line, column: column, "nested deeper than \(Self.depthMax) levels")
    }
    // Aliases are resolved before we see them, so it is the anchor that tells; without one there is no alias.
    guard node.anchor == nil else {
      throw Diagnostic(
        file: file, line: line, column: column, "anchors and aliases are not read here", remedy: "write the value out")
    }
    switch node {
    case .scalar(let scalar):
      content = .scalar(Self.resolve(scalar), text: scalar.string)
    case .sequence(let sequence):
      content = .sequence(try sequence.map { try SourceNode($0, file: file, depth: depth + 1) })
    case .mapping(let mapping):
      content = .mapping(
        try mapping.map { key, value in
          guard let name = key.scalar?.string, key.anchor == nil else {
            throw Diagnostic(
              file: file, line: key.mark?.line ?? line, column: key.mark?.column ?? column, "a key must be a plain word"
            )
          }
          return Member(
            key: name, keyLine: key.mark?.line ?? line, keyColumn: key.mark?.column ?? column,
            value: try SourceNode(value, file: file, depth: depth + 1))
        })
    case .alias:
      throw Diagnostic(
        file: file, line: line, column: column, "anchors and aliases are not read here", remedy: "write the value out")
    }
  }

  /// Words mean what they mean to Kubernetes. What JSON lacks, such as `.inf`, stays a word, and is refused as one.
  private static func resolve(_ scalar: Yams.Node.Scalar) -> JSONValue {
    guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
    return JSONValue(plainYAMLScalar: scalar.string) ?? .string(scalar.string)
  }

  private static func diagnostic(of error: YamlError, in text: String, file: String) -> Diagnostic {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return Diagnostic(file: file, line: mark.line, column: mark.column, "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let name = duplicates.first ?? ""
      let place = secondPlace(of: name, in: text, line: context.mark.line, column: context.mark.column)
      return Diagnostic(
        file: file, line: place.line, column: place.column, "\"\(name)\" is given twice",
        remedy: "remove one of the two")
    default:
      return Diagnostic(file: file, line: 0, column: 0, "not YAML: \(error)")
    }
  }

  /// libyaml tells where a map begins, not where its key comes again: that line is looked for by its indentation.
  private static func secondPlace(of key: String, in text: String, line: Int, column: Int) -> (line: Int, column: Int) {
    var seen = false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, content) in lines.enumerated().dropFirst(max(0, line - 1)) {
      let trimmed = content.drop { $0 == " " }
      let isSame = trimmed.hasPrefix("\(key):") || trimmed.hasPrefix("\"\(key)\":")
      guard isSame, content.count - trimmed.count == column - 1 else { continue }
      if seen { return (index + 1, column) }
      seen = true
    }
    return (line, column)
  }
}
