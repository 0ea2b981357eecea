import Kubernetes

extension Findings {
  /// Nesting that is looked into; deeper values are refused, so that no object exhausts the stack.
  private static let depthLimit = 64

  /// A value by an `openAPIV3Schema` (structural; CEL rules are not evaluated).
  mutating func schema(
    _ value: JSONValue, _ schema: JSONValue, _ field: Field, isRoot: Bool = false, depth: Int = 0
  ) {
    if depth > Self.depthLimit { return invalid(field, .null, "nested too deeply") }
    if value.isNull {
      if schema["nullable"]?.boolValue != true, schema["type"] != nil {
        invalid(field, "null", "must be of type \(schema["type"]?.stringValue ?? "")")
      }
      return
    }
    guard type(value, schema, field) else { return }
    if let allowed = schema["enum"]?.arrayValue, !allowed.contains(value) {
      unsupported(field, value, allowed.map { $0.stringValue ?? $0.text })
    }
    switch value {
    case .string(let text): string(text, schema, field)
    case .integer, .double: number(value, schema, field)
    case .array(let elements):
      array(elements, schema, field, depth: depth)
    case .object(let members): object(members, schema, field, isRoot: isRoot, depth: depth)
    default: break
    }
    combinations(value, schema, field, depth: depth)
  }

  private mutating func type(_ value: JSONValue, _ schema: JSONValue, _ field: Field) -> Bool {
    if schema["x-kubernetes-int-or-string"]?.boolValue == true {
      if value.integerValue != nil || value.stringValue != nil { return true }
      invalid(field, value, "must be of type integer or string")
      return false
    }
    guard let expected = schema["type"]?.stringValue else { return true }
    let fits =
      switch expected {
      case "integer": value.integerValue != nil
      case "number": value.doubleValue != nil
      default: value.typeName == expected
      }
    if !fits { invalid(field, .string(value.typeName), "must be of type \(expected): \"\(value.typeName)\"") }
    return fits
  }

  private mutating func string(_ text: String, _ schema: JSONValue, _ field: Field) {
    let length = text.unicodeScalars.count
    if let limit = schema["maxLength"]?.integerValue, length > limit {
      invalid(field, text, "should be at most \(limit) chars long")
    }
    if let limit = schema["minLength"]?.integerValue, length < limit {
      invalid(field, text, "should be at least \(limit) chars long")
    }
    if let pattern = schema["pattern"]?.stringValue, let regex = try? Regex(pattern), text.firstMatch(of: regex) == nil
    {
      invalid(field, text, "should match '\(pattern)'")
    }
    if schema["format"]?.stringValue == "date-time", Timestamp(parsing: text) == nil {
      invalid(field, text, "must be of type date-time, such as 2026-11-24T22:38:00Z")
    }
  }

  private mutating func number(_ value: JSONValue, _ schema: JSONValue, _ field: Field) {
    guard let number = value.doubleValue else { return }
    if let limit = schema["minimum"]?.doubleValue {
      let isExclusive = schema["exclusiveMinimum"]?.boolValue == true
      if number < limit || (isExclusive && number == limit) {
        let bound = (schema["minimum"] ?? .null).text
        invalid(field, value, "should be greater than \(isExclusive ? "" : "or equal to ")\(bound)")
      }
    }
    if let limit = schema["maximum"]?.doubleValue {
      let isExclusive = schema["exclusiveMaximum"]?.boolValue == true
      if number > limit || (isExclusive && number == limit) {
        let bound = (schema["maximum"] ?? .null).text
        invalid(field, value, "should be less than \(isExclusive ? "" : "or equal to ")\(bound)")
      }
    }
    if let step = schema["multipleOf"]?.doubleValue, step > 0, number.truncatingRemainder(dividingBy: step) != 0 {
      invalid(field, value, "should be a multiple of \((schema["multipleOf"] ?? .null).text)")
    }
  }

  private mutating func array(_ elements: [JSONValue], _ schema: JSONValue, _ field: Field, depth: Int) {
    if let limit = schema["maxItems"]?.integerValue, elements.count > limit {
      tooMany(field, elements.count, Int(limit))
    }
    if let limit = schema["minItems"]?.integerValue, elements.count < limit {
      invalid(field, .integer(Int64(elements.count)), "should have at least \(limit) items")
    }
    let listType = schema["x-kubernetes-list-type"]?.stringValue
    let keys = (schema["x-kubernetes-list-map-keys"]?.arrayValue ?? []).compactMap(\.stringValue)
    var seen: Set<JSONValue> = []
    for (index, element) in elements.enumerated() {
      if let items = schema["items"] { self.schema(element, items, field.at(index), depth: depth + 1) }
      guard listType == "set" || listType == "map" else { continue }
      let identity = listType == "set" ? element : .array(keys.map { element[$0] ?? .null })
      if !seen.insert(identity).inserted { duplicate(field.at(index), element) }
    }
  }

  private mutating func object(_ members: JSONObject, _ schema: JSONValue, _ field: Field, isRoot: Bool, depth: Int) {
    for name in (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue) where members[name] == nil {
      required(field.child(name))
    }
    if let limit = schema["maxProperties"]?.integerValue, members.count > limit {
      tooMany(field, members.count, Int(limit))
    }
    if let limit = schema["minProperties"]?.integerValue, members.count < limit {
      invalid(field, .integer(Int64(members.count)), "should have at least \(limit) properties")
    }
    let properties = schema["properties"]
    let others = schema["additionalProperties"].flatMap { $0.objectValue == nil ? nil : $0 }
    for member in members {
      // The server's own fields are checked by its own rules.
      if isRoot, ["apiVersion", "kind", "metadata"].contains(member.key) { continue }
      if let known = properties?[member.key] {
        self.schema(member.value, known, field.child(member.key), depth: depth + 1)
      } else if let others {
        self.schema(member.value, others, field.child(member.key), depth: depth + 1)
      }
    }
  }

  private mutating func combinations(_ value: JSONValue, _ schema: JSONValue, _ field: Field, depth: Int) {
    func fits(_ candidate: JSONValue) -> Bool {
      var trial = Findings()
      trial.schema(value, candidate, field, depth: depth + 1)
      return trial.causes.isEmpty
    }
    for part in schema["allOf"]?.arrayValue ?? [] { self.schema(value, part, field, depth: depth + 1) }
    if let parts = schema["anyOf"]?.arrayValue, !parts.isEmpty, !parts.contains(where: fits) {
      invalid(field, value, "must validate at least one schema (anyOf)")
    }
    if let parts = schema["oneOf"]?.arrayValue, !parts.isEmpty, parts.filter(fits).count != 1 {
      invalid(field, value, "must validate one and only one schema (oneOf)")
    }
    if let other = schema["not"], fits(other) { invalid(field, value, "must not validate the schema (not)") }
  }
}
