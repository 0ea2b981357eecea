extension SchemaTable {
  /// A field as it is being read.
  struct FieldDraft {
    var name: String
    var type: FieldType
    var isRequired = false
    var mergeKey: String?
    var strategy: String?
    var mapKeys: [String] = []
    var ownership: Ownership?
    var values: [String] = []
    var defaultValue: JSONValue?
    var numbers: [Int] = []
    var keepsEmpty = false
    var isAlwaysWritten = false
    var description: Substring = ""
  }

  /// A definition as it is being read.
  struct DefinitionDraft {
    var name: String
    var apiVersion: String?
    var kind: String?
    var scalar: Scalar?
    var isAtomic = false
    var fields: [Field] = []
    var description: Substring = ""
  }
}

/// Reads the text of tables. The notation is explained at `SchemaTable`.
struct SchemaTableReader {
  private typealias Word = Substring.UTF8View

  private(set) var definitions: [SchemaTable.Definition] = []
  private(set) var places: [String: Int] = [:]
  private var mistakes: [String] = []
  private var prefix = ""
  private var apiVersion: String?
  private var current: SchemaTable.DefinitionDraft?
  /// Names that fields refer to, each with the prefix it was met under.
  private var targets: [(prefix: String, short: String)] = []
  private var targetLinks: [String: Int] = [:]

  mutating func read(_ table: String) {
    for line in table.utf8.split(separator: UInt8(ascii: "\n")) {
      let bar = line.firstIndex(of: UInt8(ascii: "|"))
      let words = line[..<(bar ?? line.endIndex)].split(separator: UInt8(ascii: " "))
      let description = bar.map { Self.trimmed(line[line.index(after: $0)...]) } ?? ""
      guard let first = words.first else { continue }
      if first.elementsEqual("@".utf8), words.count >= 2 {
        finish()
        prefix = Self.text(words[1])
        apiVersion = words.count > 2 ? Self.text(words[2]) : nil
      } else if first.elementsEqual("-".utf8) {
        guard words.count >= 3, current != nil else {
          mistakes.append(Self.text(line))
          continue
        }
        let field = field(words[1...], description)
        current?.fields.append(field)
      } else {
        finish()
        current = definition(Self.text(first), words.dropFirst().map(Self.text), description)
      }
    }
  }

  /// Takes the definition that was being read as it is.
  mutating func finish() {
    guard let draft = current else { return }
    current = nil
    let before = places.updateValue(definitions.count, forKey: draft.name)
    if before != nil { mistakes.append("\(draft.name) stands twice") }
    definitions.append(SchemaTable.Definition(draft))
  }

  /// Where each reference leads: to a definition of its own package, or else to the first of that name.
  func resolveLinks() -> (links: [Int], mistakes: [String]) {
    var byShortName: [String: Int] = [:]
    for (index, definition) in definitions.enumerated().reversed() {
      byShortName[String(definition.shortName)] = index
    }
    var mistakes = mistakes
    let links = targets.map { target in
      if let place = places["\(target.prefix).\(target.short)"] ?? byShortName[target.short] { return place }
      mistakes.append("\(target.prefix): nothing is called \(target.short)")
      return 0
    }
    return (links, mistakes)
  }

  private mutating func definition(
    _ name: String, _ options: [String], _ description: Substring
  ) -> SchemaTable.DefinitionDraft {
    var draft = SchemaTable.DefinitionDraft(name: "\(prefix).\(name)", description: description)
    var rest = options[...]
    while let option = rest.popFirst() {
      switch option {
      case "kind":
        draft.apiVersion = apiVersion
        draft.kind = name
        draft.fields = header()
      case "atomic": draft.isAtomic = true
      case ":":
        guard let other = rest.popFirst(), let place = places["\(prefix).\(other)"] else {
          mistakes.append("\(name): \(option)")
          continue
        }
        let number = rest.first.flatMap { $0.hasPrefix("#") ? Int($0.dropFirst()) : nil }
        if number != nil { rest = rest.dropFirst() }
        draft.fields = definitions[place].fields.map { inherited($0, outer: number) }
      case "=":
        guard let scalar = rest.popFirst().flatMap(SchemaTable.Scalar.init) else {
          mistakes.append("\(name): \(option)")
          continue
        }
        draft.scalar = scalar
      default: mistakes.append("\(name): \(option)")
      }
    }
    return draft
  }

  /// A field that another definition has, too; there it may be in a message within the message.
  private func inherited(_ field: SchemaTable.Field, outer: Int?) -> SchemaTable.Field {
    guard let outer else { return field }
    return SchemaTable.Field(
      SchemaTable.FieldDraft(
        name: field.name, type: field.type, isRequired: field.isRequired, mergeKey: field.mergeKey,
        strategy: field.strategy, mapKeys: field.mapKeys, ownership: field.ownership, values: field.values,
        defaultValue: field.defaultValue, numbers: [outer] + field.numbers, keepsEmpty: field.keepsEmpty, isAlwaysWritten: field.isAlwaysWritten,
        description: field.description))
  }

  private mutating func header() -> [SchemaTable.Field] {
    [
      SchemaTable.FieldDraft(
        name: "apiVersion", type: .string, description: "The version of the API that the object is written for."),
      SchemaTable.FieldDraft(name: "kind", type: .string, description: "The kind of the object."),
      SchemaTable.FieldDraft(
        name: "metadata", type: .reference(link("ObjectMeta")), numbers: [1],
        description: "Name, labels and what the server keeps of every object."),
    ].map(SchemaTable.Field.init)
  }

  private mutating func field(_ words: ArraySlice<Word>, _ description: Substring) -> SchemaTable.Field {
    let name = words[words.startIndex]
    let isRequired = name.last == UInt8(ascii: "!")
    var field = SchemaTable.FieldDraft(
      name: Self.text(isRequired ? name.dropLast() : name), type: type(words[words.startIndex + 1]),
      isRequired: isRequired, description: description)
    for word in words.dropFirst(2) where !read(option: word, into: &field) {
      mistakes.append("\(current?.name ?? "").\(field.name): \(Self.text(word))")
    }
    return field.built
  }

  private func read(option word: Word, into field: inout SchemaTable.FieldDraft) -> Bool {
    switch word.first {
    case UInt8(ascii: "#"):
      field.keepsEmpty = word.last == UInt8(ascii: "?")
      field.numbers = (field.keepsEmpty ? word.dropFirst().dropLast() : word.dropFirst())
        .split(separator: UInt8(ascii: ".")).compactMap { Int(Self.text($0)) }
      return !field.numbers.isEmpty
    case UInt8(ascii: "("):
      field.values = word.dropFirst().dropLast().split(separator: UInt8(ascii: ",")).map(Self.text)
      return word.last == UInt8(ascii: ")")
    default: break
    }
    let parts = word.split(separator: UInt8(ascii: "="), maxSplits: 1).map(Self.text)
    switch (parts[0], parts.count) {
    case ("merge", 2):
      field.mergeKey = parts[1]
      field.strategy = field.strategy ?? "merge"
    case ("strategy", 2): field.strategy = parts[1]
    case ("map", 2):
      field.mapKeys = parts[1].split(separator: ",").map(String.init)
      field.ownership = .map
    case ("atomic", 1): field.ownership = .atomic
    case ("set", 1): field.ownership = .set
    case ("granular", 1): field.ownership = .granular
    case ("always", 1): field.isAlwaysWritten = true
    case ("default", 2): field.defaultValue = (try? JSONValue(parsing: Array(parts[1].utf8))) ?? .string(parts[1])
    default: return false
    }
    return true
  }

  private mutating func type(_ word: Word) -> SchemaTable.FieldType {
    if word.first == UInt8(ascii: "[") { return .list(type(word.dropFirst().dropLast())) }
    if word.first == UInt8(ascii: "{") { return .map(type(word.dropFirst().dropLast())) }
    switch Self.text(word) {
    case "string": return .string
    case "int32": return .int32
    case "int64": return .int64
    case "bool": return .bool
    case "number": return .number
    case "bytes": return .bytes
    case "any": return .any
    case let name: return .reference(link(name))
    }
  }

  private mutating func link(_ short: String) -> SchemaTable.Reference {
    let key = "\(prefix).\(short)"
    if let known = targetLinks[key] { return SchemaTable.Reference(known) }
    targetLinks[key] = targets.count
    targets.append((prefix, short))
    return SchemaTable.Reference(targets.count - 1)
  }

  private static func text(_ word: Word) -> String { String(Substring(word)) }

  private static func trimmed(_ text: Word) -> Substring {
    let start = text.firstIndex { $0 != UInt8(ascii: " ") } ?? text.endIndex
    return Substring(text[start...])
  }
}

extension SchemaTable.FieldDraft {
  var built: SchemaTable.Field { SchemaTable.Field(self) }
}
