import Kubernetes

/// `additionalPrinterColumns` of a custom resource, whose values are found by simple JSONPath.
enum CustomColumns {
  static func layout(_ columns: JSONValue?) -> TableLayout? {
    guard let declared = columns?.arrayValue, !declared.isEmpty else { return nil }
    let parsed = declared.map { declaration -> (column: Column, path: SimplePath?) in
      let type = declaration.text("type") ?? "string"
      var column = Column(
        declaration.text("name") ?? "", type, format: declaration.text("format") ?? "",
        declaration.text("description") ?? "A column of the kind's own definition.")
      column.priority = Int(declaration.number("priority") ?? 0)
      return (column, SimplePath(declaration.text("jsonPath") ?? ""))
    }
    return TableLayout([.name] + parsed.map(\.column)) { object, now in
      [object.printedName] + parsed.map { cell($0.path?.values(in: object) ?? [], type: $0.column.type, now: now) }
    }
  }

  private static func cell(_ values: [JSONValue], type: String, now: Timestamp) -> JSONValue {
    guard let value = values.first, !value.isNull else { return .null }
    switch type {
    case "integer": return value.integerValue.map(JSONValue.integer) ?? .null
    case "number": return value.doubleValue == nil ? .null : value
    case "boolean": return value.boolValue.map(JSONValue.bool) ?? .null
    case "date":
      guard let text = value.stringValue, let moment = Timestamp(parsing: text) else { return "<invalid>" }
      return .string(HumanDuration.text(seconds: now - moment))
    default: return .string(values.map(\.scalarText).joined(separator: " "))
    }
  }
}

/// The JSONPath that printer columns may use: `.spec.a`, `.metadata.labels['x\.y']`, `[0]`, `[*]`,
/// `[?(@.type=="Ready")]`.
struct SimplePath: Sendable {
  private enum Step: Sendable {
    case member(String)
    case index(Int)
    case all
    case matching(member: [String], equals: String)
  }
  private var steps: [Step] = []

  /// Nil where the path is not of these forms.
  init?(_ text: String) {
    var rest = Substring(text)
    if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
    if rest.hasPrefix("$") { rest = rest.dropFirst() }
    while let first = rest.first {
      if first == "." {
        rest = rest.dropFirst()
        var name = ""
        while let character = rest.first, character != ".", character != "[" {
          rest = rest.dropFirst()
          if character == "\\", let escaped = rest.first {
            name.append(escaped)
            rest = rest.dropFirst()
          } else {
            name.append(character)
          }
        }
        if !name.isEmpty { steps.append(name == "*" ? .all : .member(name)) }
      } else if first == "[", let end = Self.closing(rest) {
        guard let step = Self.bracket(rest[rest.index(after: rest.startIndex)..<end]) else { return nil }
        steps.append(step)
        rest = rest[rest.index(after: end)...]
      } else {
        return nil
      }
    }
    if steps.isEmpty { return nil }
  }

  /// The bracket that closes the first one, quotes considered.
  private static func closing(_ text: Substring) -> Substring.Index? {
    var quote: Character?
    for index in text.indices.dropFirst() {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "]" {
        return index
      }
    }
    return nil
  }

  private static func bracket(_ text: Substring) -> Step? {
    if text == "*" { return .all }
    if let index = Int(text) { return .index(index) }
    if let name = unquoted(text) { return .member(name) }
    guard text.hasPrefix("?(@."), text.hasSuffix(")") else { return nil }
    let condition = text.dropFirst(4).dropLast()
    guard let equals = condition.firstIndex(of: "="), condition[equals...].hasPrefix("==") else { return nil }
    let left = condition[..<equals].filter { $0 != " " }
    let right = condition[condition.index(equals, offsetBy: 2)...].drop { $0 == " " }
    guard let value = unquoted(right) ?? (right.isEmpty ? nil : String(right)) else { return nil }
    return .matching(member: left.split(separator: ".").map(String.init), equals: value)
  }

  private static func unquoted(_ text: Substring) -> String? {
    guard text.count >= 2, let first = text.first, first == text.last, first == "'" || first == "\"" else { return nil }
    return text.dropFirst().dropLast().filter { $0 != "\\" }
  }

  func values(in object: JSONValue) -> [JSONValue] {
    var current = [object]
    for step in steps {
      current = current.flatMap { value -> [JSONValue] in
        switch step {
        case .member(let name): return value[name].map { [$0] } ?? []
        case .index(let index):
          guard let elements = value.arrayValue else { return [] }
          let position = index < 0 ? elements.count + index : index
          return elements.indices.contains(position) ? [elements[position]] : []
        case .all: return value.arrayValue ?? value.objectValue?.map(\.value) ?? []
        case .matching(let member, let wanted):
          return (value.arrayValue ?? []).filter { $0[path: member]?.scalarText == wanted }
        }
      }
    }
    return current
  }
}
