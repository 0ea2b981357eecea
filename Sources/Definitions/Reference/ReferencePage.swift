import Kubernetes

extension FileFormat {
  /// `docs/reference.md`: every field of the formats in tables, one a map.
  public static var referencePage: String {
    var lines = [
      "# Reference", "",
      "Every field of `microservice.yaml` and `platform.yaml`, made from the descriptions that their readers use:",
      "`UPDATE_GOLDENS=1 ONLY=DefinitionsTests swift test --filter ReferenceTests` writes this page and the JSON Schemas.",
      "What it all means is told in [definitions.md](definitions.md).",
    ]
    for format in all {
      lines += ["", "## \(format.file)"]
      for section in format.sections() { lines += [""] + section.lines }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension FileFormat.Section {
  fileprivate var lines: [String] {
    var lines = path.isEmpty ? [] : ["### \(path)", ""]
    lines += ["| Field | Value | Default | |", "|---|---|---|---|"]
    for field in fields {
      let fallback = field.isRequired ? "required" : Self.quoted(field.fallback)
      lines.append(
        "| `\(field.name)` | \(Self.escaped(field.shape.words)) | \(Self.escaped(fallback)) | \(Self.escaped(field.doc)) |"
      )
    }
    return lines
  }

  /// Values as code, words as words.
  private static func quoted(_ fallback: String) -> String {
    let isValue = !fallback.isEmpty && !fallback.contains(" ") && !fallback.contains("`") || fallback.hasPrefix("[")
    let isWord = ["the", "all"].contains { fallback.hasPrefix($0 + " ") } || fallback.hasSuffix("'s")
    return isValue && !isWord ? "`\(fallback)`" : fallback
  }

  private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}

extension Shape {
  /// What a value is, in a few words.
  fileprivate var words: String {
    switch self {
    case .string, .prose, .text: "text"
    case .name: "name"
    case .serviceName: "service's name"
    case .repository: "repository"
    case .path: "path"
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .number(let bound): "number above \(bound.plain)"
    case .rate: "number"
    case .bool: "`true` or `false`"
    case .quantity: "amount"
    case .duration: "duration"
    case .percent(let most): "share up to \(most.plain)%"
    case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .notation(let notation): Self.withoutArticle(notation.noun)
    case .free: "any"
    case .labels: "labels"
    case .list(let element): "list of \(element.words)"
    case .map(let element), .named(let element): "map of \(element.words)"
    case .object: "map"
    case .either(let alternatives): alternatives.map(\.words).joined(separator: ", or ")
    }
  }

  private static func withoutArticle(_ noun: String) -> String {
    for article in ["a ", "an "] where noun.hasPrefix(article) { return String(noun.dropFirst(article.count)) }
    return noun
  }
}
