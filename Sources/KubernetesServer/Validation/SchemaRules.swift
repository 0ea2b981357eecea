import Kubernetes

/// A custom resource by the schema of its version, in the words of upstream's validators
/// (k8s.io/kube-openapi/pkg/validation). CEL rules are not evaluated.
extension Findings {
  /// Nesting that is looked into; deeper values are refused, so that no object exhausts the stack.
  private static let depthLimit = 64

  mutating func schema(
    _ value: JSONValue, _ schema: StructuralSchema, _ field: Field, isRoot: Bool = false, depth: Int = 0
  ) {
    if depth > Self.depthLimit { return invalid(field, .null, "nested too deeply") }
    if value.isNull, schema.isNullable || schema.type == nil { return }
    guard type(value, schema, field) else { return }
    if let allowed = schema.json["enum"]?.arrayValue, !allowed.contains(value) {
      unsupported(field, value, allowed.map { $0.stringValue ?? $0.text })
    }
    switch value {
    case .string(let text): string(text, schema, field)
    case .integer, .double: number(value, schema, field)
    case .array(let elements): array(elements, schema, field, depth: depth)
    case .object(let members): object(members, schema, field, isRoot: isRoot, depth: depth)
    default: break
    }
    combinations(value, schema, field, depth: depth)
  }

  private mutating func body(_ field: Field, _ value: JSONValue?, _ detail: String) {
    invalid(field, value, "\(field.description) in body \(detail)")
  }

  private mutating func type(_ value: JSONValue, _ schema: StructuralSchema, _ field: Field) -> Bool {
    let found = Self.typeName(value)
    if schema.isIntOrString {
      if value.integerValue != nil || value.stringValue != nil { return true }
      body(field, .string(found), "must be of type integer,string: \"\(found)\"")
      return false
    }
    guard let expected = schema.type else { return true }
    let fits =
      switch expected {
      case "integer": value.integerValue != nil
      case "number": value.doubleValue != nil
      default: value.typeName == expected
      }
    if !fits { body(field, .string(found), "must be of type \(expected): \"\(found)\"") }
    return fits
  }

  private static func typeName(_ value: JSONValue) -> String {
    if case .integer = value { return "integer" }
    return value.typeName
  }

  private mutating func string(_ text: String, _ schema: StructuralSchema, _ field: Field) {
    let length = text.unicodeScalars.count
    if let limit = schema.json["maxLength"]?.integerValue, length > limit { tooLong(field, Int(limit)) }
    if let limit = schema.json["minLength"]?.integerValue, length < limit {
      body(field, .string(text), "should be at least \(limit) chars long")
    }
    if let pattern = schema.pattern, !pattern.matches(text) {
      body(field, .string(text), "should match '\(pattern.text)'")
    }
    if let format = schema.json["format"]?.stringValue, !StringFormat.fits(text, format) {
      body(field, .string(text), "must be of type \(format): \(JSONValue.string(text).text)")
    }
  }

  private mutating func number(_ value: JSONValue, _ schema: StructuralSchema, _ field: Field) {
    guard let number = value.doubleValue else { return }
    if let limit = schema.json["minimum"]?.doubleValue {
      let isExclusive = schema.json["exclusiveMinimum"]?.boolValue == true
      if number < limit || (isExclusive && number == limit) {
        body(field, value, "should be greater than \(isExclusive ? "" : "or equal to ")\(Self.bound(limit))")
      }
    }
    if let limit = schema.json["maximum"]?.doubleValue {
      let isExclusive = schema.json["exclusiveMaximum"]?.boolValue == true
      if number > limit || (isExclusive && number == limit) {
        body(field, value, "should be less than \(isExclusive ? "" : "or equal to ")\(Self.bound(limit))")
      }
    }
    if let step = schema.json["multipleOf"]?.doubleValue, step > 0, !Self.isMultiple(number, of: step) {
      body(field, value, "should be a multiple of \(Self.bound(step))")
    }
  }

  /// As Go's `%v` writes a float.
  private static func bound(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? "\(number)" }

  private static func isMultiple(_ number: Double, of step: Double) -> Bool {
    let quotient = number / step
    return quotient == quotient.rounded()
  }

  private mutating func array(_ elements: [JSONValue], _ schema: StructuralSchema, _ field: Field, depth: Int) {
    if let limit = schema.json["maxItems"]?.integerValue, elements.count > limit {
      tooMany(field, elements.count, Int(limit))
    }
    if let limit = schema.json["minItems"]?.integerValue, elements.count < limit {
      body(field, .integer(Int64(elements.count)), "should have at least \(limit) items")
    }
    if let items = schema.items {
      for (index, element) in elements.enumerated() { self.schema(element, items, field.at(index), depth: depth + 1) }
    }
    guard schema.listType == "set" || schema.listType == "map" else { return }
    var seen: Set<JSONValue> = []
    for (index, element) in elements.enumerated() {
      let identity: JSONValue
      if schema.listType == "set" {
        identity = element
      } else {
        var keys: JSONObject = [:]
        for key in schema.listMapKeys { keys[key] = element[key] ?? schema.items?.properties[key]?.defaultValue }
        if keys.isEmpty { continue }
        identity = .object(keys)
      }
      if !seen.insert(identity).inserted { duplicateOfList(field.at(index), identity) }
    }
  }

  private mutating func object(
    _ members: JSONObject, _ schema: StructuralSchema, _ field: Field, isRoot: Bool, depth: Int
  ) {
    if schema.isEmbeddedResource, !isRoot { embedded(members, field) }
    if let limit = schema.json["maxProperties"]?.integerValue, members.count > limit {
      tooMany(field, members.count, Int(limit))
    }
    if let limit = schema.json["minProperties"]?.integerValue, members.count < limit {
      body(field, .integer(Int64(members.count)), "should have at least \(limit) properties")
    }
    for name in schema.required where members[name] == nil { required(field.child(name)) }
    for member in members {
      // The server's own fields are checked by its own rules.
      if isRoot, ["apiVersion", "kind", "metadata"].contains(member.key) { continue }
      guard let inner = schema.member(member.key) else { continue }
      self.schema(member.value, inner, field.child(member.key), depth: depth + 1)
    }
  }

  private mutating func embedded(_ members: JSONObject, _ field: Field) {
    for key in ["apiVersion", "kind"] where members[key]?.stringValue ?? "" == "" {
      required(field.child(key), "must not be empty")
    }
  }

  private mutating func combinations(_ value: JSONValue, _ schema: StructuralSchema, _ field: Field, depth: Int) {
    func causes(_ candidate: StructuralSchema) -> [Validation.Cause] {
      var trial = Findings()
      trial.schema(value, candidate, field, depth: depth + 1)
      return trial.causes
    }
    let path = "\"\(field.description)\""
    if !schema.oneOf.isEmpty {
      let results = schema.oneOf.map(causes)
      let valid = results.filter(\.isEmpty).count
      if valid != 1 {
        let found = valid == 0 ? "Found none valid" : "Found \(valid) valid alternatives"
        combined("\(path) must validate one and only one schema (oneOf). \(found)")
        if valid == 0 { self.causes += results.min { $0.count < $1.count } ?? [] }
      }
    }
    if !schema.anyOf.isEmpty {
      let results = schema.anyOf.map(causes)
      if !results.contains(where: \.isEmpty) {
        combined("\(path) must validate at least one schema (anyOf)")
        self.causes += results.min { $0.count < $1.count } ?? []
      }
    }
    if !schema.allOf.isEmpty {
      let results = schema.allOf.map(causes)
      let valid = results.filter(\.isEmpty).count
      if valid < results.count {
        self.causes += results.flatMap { $0 }
        combined("\(path) must validate all the schemas (allOf)\(valid == 0 ? ". None validated" : "")")
      }
    }
    if let other = schema.not, causes(other).isEmpty { combined("\(path) must not validate the schema (not)") }
  }

  /// What is wrong with a value as a whole has no field of its own upstream.
  private mutating func combined(_ message: String) { invalid(Field("<nil>"), "", message) }
}
