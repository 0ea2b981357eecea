public typealias Labels = [String: String]

/// One condition on one label.
public struct LabelRequirement: Sendable, Hashable {
  public enum Operator: String, Sendable, Hashable {
    case `in` = "In"
    case notIn = "NotIn"
    case exists = "Exists"
    case doesNotExist = "DoesNotExist"
    case greaterThan = "Gt"
    case lessThan = "Lt"
  }
  public var key: String
  public var op: Operator
  public var values: [String]

  public init(key: String, op: Operator, values: [String] = []) {
    self.key = key
    self.op = op
    self.values = values
  }

  public func matches(_ labels: Labels) -> Bool { matches(value: labels[key]) }

  /// - Parameter value: of the label, nil where the object does not have it.
  public func matches(value: String?) -> Bool {
    switch op {
    case .in: return value.map(values.contains) ?? false
    case .notIn: return value.map { !values.contains($0) } ?? true
    case .exists: return value != nil
    case .doesNotExist: return value == nil
    case .greaterThan, .lessThan:
      guard let value, let number = Int64(value), let bound = values.first.flatMap({ Int64($0) }) else { return false }
      return op == .greaterThan ? number > bound : number < bound
    }
  }
}

extension LabelRequirement: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) {
    guard let key = json["key"]?.stringValue else { throw FieldError(path: "key", "a selector requirement needs a key") }
    guard let name = json["operator"]?.stringValue, let op = Operator(rawValue: name) else {
      throw FieldError(path: "operator", "must be In, NotIn, Exists or DoesNotExist")
    }
    var values: [String] = []
    if let list = json["values"], !list.isNull {
      guard case .array(let elements) = list, case let strings = elements.compactMap(\.stringValue),
        strings.count == elements.count
      else { throw FieldError(path: "values", "must be a list of strings") }
      values = strings
    }
    self.init(key: key, op: op, values: values)
  }
  public var json: JSONValue {
    var object: JSONObject = ["key": .string(key), "operator": .string(op.rawValue)]
    if !values.isEmpty { object["values"] = .array(values.map(JSONValue.string)) }
    return .object(object)
  }
}

/// `metav1.LabelSelector`. An empty selector matches everything.
public struct LabelSelector: JSONStruct, Hashable {
  public var matchLabels: Labels = [:]
  public var matchExpressions: [LabelRequirement] = []
  public var unknown = JSONObject()

  public init() {}
  public init(matchLabels: Labels) { self.matchLabels = matchLabels }

  public mutating func fields(_ f: inout FieldCoder) {
    f.code("matchLabels", &matchLabels)
    f.code("matchExpressions", &matchExpressions)
  }

  public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

  public func matches(_ labels: Labels) -> Bool {
    for (key, value) in matchLabels where labels[key] != value { return false }
    return matchExpressions.allSatisfy { $0.matches(labels) }
  }
}
