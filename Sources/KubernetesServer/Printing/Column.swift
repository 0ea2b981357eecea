import Kubernetes

/// One column of a Table.
struct Column: Sendable {
  var name: String
  var type: String
  /// `name` marks the column that names the object.
  var format: String
  var description: String
  /// 0 is always shown, 1 only with `-o wide`.
  var priority: Int

  init(_ name: String, _ description: String) { self.init(name, "string", description) }

  init(_ name: String, _ type: String = "string", wide: Bool = false, format: String = "", _ description: String) {
    self.name = name
    self.type = type
    self.format = format
    self.description = description
    priority = wide ? 1 : 0
  }

  var json: JSONValue {
    [
      "name": .string(name), "type": .string(type), "format": .string(format), "description": .string(description),
      "priority": .integer(Int64(priority)),
    ]
  }

  static let name = Column(
    "Name", format: "name", "Unique within the kind, and within the namespace where there is one.")
  static let age = Column("Age", "How long ago the object was created.")
}

/// The columns of a kind, and how an object fills them.
struct TableLayout: Sendable {
  var columns: [Column]
  var cells: @Sendable (JSONValue, Timestamp) -> [JSONValue]
  /// Conditions of the row, such as `Completed`.
  var conditions: (@Sendable (JSONValue) -> [JSONValue])?

  init(
    _ columns: [Column], conditions: (@Sendable (JSONValue) -> [JSONValue])? = nil,
    cells: @escaping @Sendable (JSONValue, Timestamp) -> [JSONValue]
  ) {
    self.columns = columns
    self.cells = cells
    self.conditions = conditions
  }

  static let nameAndAge = TableLayout([.name, .age]) { object, now in [object.printedName, object.printedAge(now)] }
}

extension JSONValue {
  var printedName: JSONValue { .string(self[path: ["metadata", "name"]]?.stringValue ?? "") }

  func printedAge(_ now: Timestamp) -> JSONValue {
    .string(HumanDuration.age(of: self[path: ["metadata", "creationTimestamp"]], now: now))
  }

  func text(_ path: String...) -> String? { self[path: path]?.stringValue }
  func number(_ path: String...) -> Int64? { self[path: path]?.integerValue }
  func elements(_ path: String...) -> [JSONValue] { self[path: path]?.arrayValue ?? [] }

  /// The text, or `<none>` where it is empty or absent.
  func textOrNone(_ path: String...) -> JSONValue {
    guard let text = self[path: path]?.stringValue, !text.isEmpty else { return "<none>" }
    return .string(text)
  }

  /// What `kubectl` prints of an integer, a quantity or a percentage.
  var scalarText: String {
    switch self {
    case .string(let value): value
    case .integer(let value): String(value)
    case .double(let value): "\(value)"
    case .bool(let value): value ? "true" : "false"
    case .null: ""
    case .array, .object: text
    }
  }
}

/// Labels and selectors on one line.
enum LabelText {
  /// `a=b,c=d` by key, or `<none>`.
  static func labels(_ labels: JSONValue?) -> String {
    guard let members = labels?.objectValue, !members.isEmpty else { return "<none>" }
    return members.sortedByKey().map { "\($0.key)=\($0.value.stringValue ?? "")" }.joined(separator: ",")
  }

  /// A `LabelSelector` as kubectl writes one: `app=a,tier in (x,y),!legacy`.
  static func selector(_ selector: JSONValue?) -> String {
    guard let selector else { return "<none>" }
    var parts: [(key: String, text: String)] = (selector["matchLabels"]?.objectValue.map(Array.init) ?? [])
      .map { ($0.key, "\($0.key)=\($0.value.stringValue ?? "")") }
    for expression in selector.elements("matchExpressions") {
      let key = expression.text("key") ?? ""
      let values = expression.elements("values").compactMap(\.stringValue).sorted().joined(separator: ",")
      switch expression.text("operator") {
      case "In": parts.append((key, "\(key) in (\(values))"))
      case "NotIn": parts.append((key, "\(key) notin (\(values))"))
      case "Exists": parts.append((key, key))
      case "DoesNotExist": parts.append((key, "!\(key)"))
      default: return "<error>"
      }
    }
    return parts.isEmpty ? "<none>" : parts.sorted { $0.key < $1.key }.map(\.text).joined(separator: ",")
  }

  /// The first `limit` items, and how many more there are.
  static func shortened(_ items: [String], limit: Int, separator: String = ",") -> String {
    if items.isEmpty { return "<unset>" }
    let shown = items.prefix(limit).joined(separator: separator)
    return items.count > limit ? "\(shown) + \(items.count - limit) more..." : shown
  }
}
