import Kubernetes

/// Where a field is: `spec.containers[0].image`, `data[key]`.
///
/// Kept as steps: most fields are right, and then nobody reads where they are.
struct Field: Sendable, CustomStringConvertible {
  private indirect enum Steps: Sendable {
    case path(String)
    case child(Steps, String)
    case index(Steps, Int)
    case key(Steps, String)

    func write(to text: inout String) {
      switch self {
      case .path(let path): text += path
      case .child(let parent, let name):
        parent.write(to: &text)
        text += text.isEmpty ? name : ".\(name)"
      case .index(let parent, let index):
        parent.write(to: &text)
        text += "[\(index)]"
      case .key(let parent, let key):
        parent.write(to: &text)
        text += "[\(key)]"
      }
    }
  }

  private let steps: Steps

  private init(_ steps: Steps) { self.steps = steps }
  init(_ path: String) { steps = .path(path) }

  func child(_ name: String) -> Field { Field(.child(steps, name)) }
  func at(_ index: Int) -> Field { Field(.index(steps, index)) }
  func key(_ key: String) -> Field { Field(.key(steps, key)) }

  var description: String {
    var text = ""
    steps.write(to: &text)
    return text
  }
}

/// What was found wrong so far. Messages have the form of apimachinery's `field.Error`.
struct Findings {
  var causes: [Validation.Cause] = []

  mutating func required(_ field: Field, _ detail: String = "") {
    add("FieldValueRequired", detail.isEmpty ? "Required value" : "Required value: \(detail)", field)
  }

  mutating func invalid(_ field: Field, _ value: JSONValue?, _ detail: String) {
    add("FieldValueInvalid", "Invalid value: \((value ?? .null).text): \(detail)", field)
  }

  mutating func invalid(_ field: Field, _ value: String, _ detail: String) { invalid(field, .string(value), detail) }

  /// A value as Go prints it.
  mutating func invalid(_ field: Field, go text: String, _ detail: String) {
    add("FieldValueInvalid", "Invalid value: \(text): \(detail)", field)
  }

  mutating func unsupported(_ field: Field, go text: String, _ supported: [String]) {
    let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
    add("FieldValueNotSupported", "Unsupported value: \(text): supported values: \(list)", field)
  }

  /// A value that upstream does not repeat.
  mutating func invalidOmitted(_ field: Field, _ detail: String) {
    add("FieldValueInvalid", "Invalid value: \(detail)", field)
  }

  /// Labels, written as Go writes a map.
  mutating func invalidLabels(_ field: Field, _ labels: JSONValue?, _ detail: String) {
    invalid(field, go: GoValue.labels(labels), detail)
  }

  mutating func duplicate(_ field: Field, _ value: JSONValue) {
    add("FieldValueDuplicate", "Duplicate value: \(value.text)", field)
  }

  mutating func duplicate(_ field: Field, go text: String) {
    add("FieldValueDuplicate", "Duplicate value: \(text)", field)
  }

  /// An element of a list that has it already; objects are written as Go writes a map.
  mutating func duplicateOfList(_ field: Field, _ value: JSONValue) {
    add("FieldValueDuplicate", "Duplicate value: \(Self.goText(value))", field)
  }

  private static func goText(_ value: JSONValue) -> String {
    switch value {
    case .object(let members):
      let parts = members.sortedByKey().map { "\(JSONValue.string($0.key).text):\(goText($0.value))" }
      return "map[string]interface {}{\(parts.joined(separator: ", "))}"
    case .array(let elements): return "[]interface {}{\(elements.map(goText).joined(separator: ", "))}"
    default: return value.text
    }
  }

  mutating func unsupported(_ field: Field, _ value: JSONValue, _ supported: [String]) {
    let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
    add("FieldValueNotSupported", "Unsupported value: \(value.text): supported values: \(list)", field)
  }

  mutating func forbidden(_ field: Field, _ detail: String) {
    add("FieldValueForbidden", "Forbidden: \(detail)", field)
  }

  mutating func tooLong(_ field: Field, _ limit: Int) {
    add("FieldValueTooLong", "Too long: may not be more than \(limit) bytes", field)
  }

  mutating func tooMany(_ field: Field, _ count: Int, _ limit: Int) {
    add("FieldValueTooMany", "Too many: \(count): must have at most \(limit) items", field)
  }

  mutating func notFound(_ field: Field, _ value: JSONValue) {
    add("FieldValueNotFound", "Not found: \(value.text)", field)
  }

  private mutating func add(_ reason: String, _ message: String, _ field: Field) {
    causes.append(Validation.Cause(reason: reason, message: message, field: field.description))
  }
}

extension Findings {
  /// A text that must be one of a few; absent is an error only where it is required.
  mutating func oneOf(_ value: JSONValue?, _ supported: [String], _ field: Field, isRequired: Bool = false) {
    guard let text = value?.stringValue, !text.isEmpty else {
      if isRequired { required(field) }
      return
    }
    if !supported.contains(text) { unsupported(field, .string(text), supported) }
  }

  /// A number that, where it is there, must not be below `minimum`.
  mutating func atLeast(_ minimum: Int64, _ value: JSONValue?, _ field: Field) {
    guard let number = value?.integerValue, number < minimum else { return }
    invalid(field, value, "must be greater than or equal to \(minimum)")
  }

  /// What zero means for a port.
  enum MissingPort { case allowed, required, invalid }

  mutating func port(_ value: JSONValue?, _ field: Field, missing: MissingPort = .invalid) {
    let number = value?.integerValue ?? 0
    if number == 0, missing != .invalid {
      if missing == .required { required(field) }
      return
    }
    if !(1...65535).contains(number) { invalid(field, .integer(number), "must be between 1 and 65535, inclusive") }
  }

  /// A port number, or the name of a container's port.
  mutating func portOrName(_ value: JSONValue?, _ field: Field) {
    if let name = value?.stringValue {
      if let problem = Names.portName(name) { invalid(field, name, problem) }
    } else {
      port(value, field)
    }
  }

  /// A count or a percentage, neither negative.
  mutating func countOrPercent(_ value: JSONValue?, _ field: Field, isAtMostAll: Bool = false) {
    guard let value, !value.isNull else { return }
    if let number = value.integerValue {
      if number < 0 { invalid(field, value, "must be greater than or equal to 0") }
      return
    }
    guard let text = value.stringValue, text.hasSuffix("%"), let percent = Int(text.dropLast()), percent >= 0 else {
      return invalid(
        field, go: GoValue.intOrString(value),
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for "
          + "validation is '[0-9]+%')")
    }
    if isAtMostAll, percent > 100 { invalid(field, go: GoValue.intOrString(value), "must not be greater than 100%") }
  }

  /// A change to a field that stays as it was created.
  mutating func immutable(_ value: JSONValue?, was old: JSONValue?, _ field: Field) {
    if !SemanticEquality.equal(value, old) { invalid(field, value, "field is immutable") }
  }
}

/// Equality as Go's types see it: an absent field and an empty one are the same, and `1` is as much as `1000m`.
enum SemanticEquality {
  static func equal(_ left: JSONValue?, _ right: JSONValue?, areQuantities: Bool = false) -> Bool {
    // What is the same to the letter needs no thought, and mostly it is.
    if left == right { return true }
    switch (left, right) {
    case (.object(let left)?, .object(let right)?):
      let keys = Set(left.keys).union(right.keys)
      return keys.allSatisfy {
        equal(left[$0], right[$0], areQuantities: areQuantities || $0 == "limits" || $0 == "requests")
      }
    case (.array(let left)?, .array(let right)?):
      return left.count == right.count && zip(left, right).allSatisfy { equal($0, $1, areQuantities: areQuantities) }
    default:
      if isEmpty(left), isEmpty(right) { return true }
      guard areQuantities, let left, let right, let one = try? Quantity(json: left),
        let other = try? Quantity(json: right)
      else { return false }
      return one == other
    }
  }

  private static func isEmpty(_ value: JSONValue?) -> Bool {
    switch value {
    case nil, .null, .bool(false), .integer(0), .string(""): true
    case .array(let elements): elements.isEmpty
    case .object(let members): members.allSatisfy { isEmpty($0.value) }
    default: false
    }
  }
}
