import Kubernetes

/// What a value may look like: the schema of our files, as data.
indirect enum Shape: Sendable {
  case string
  /// A DNS label: the name of something in Kubernetes.
  case name
  case integer(ClosedRange<Int>)
  case number(above: Double)
  case bool
  /// `250m`, `1.5`, `256Mi`.
  case quantity
  /// `90s`, `2m`, `1h30m`, `500ms`.
  case duration
  /// `60%`.
  case percent
  case word([String])
  /// A scalar taken as the text that was written.
  case text
  case path
  case list(Shape)
  case map(Shape)
  case object([Field])
  /// The first alternative whose kind of value matches decides.
  case either([Shape])
  /// Taken as it is.
  case any
}

struct Field: Sendable {
  var name: String
  var shape: Shape
  var isRequired = false

  init(_ name: String, _ shape: Shape, required: Bool = false) {
    self.name = name
    self.shape = shape
    isRequired = required
  }
}

/// Holds values against shapes and collects what is wrong.
struct ShapeChecker {
  let file: String
  private(set) var diagnostics: [Diagnostic] = []

  init(file: String) { self.file = file }

  mutating func check(_ node: SourceNode, _ shape: Shape, at path: String) {
    switch shape {
    case .object(let fields): checkObject(node, fields, at: path)
    case .list(let element):
      guard case .sequence(let elements) = node.content else { return wrongType(node, "a list", at: path) }
      for (index, item) in elements.enumerated() { check(item, element, at: "\(path)[\(index)]") }
    case .map(let element):
      guard case .mapping(let members) = node.content else { return wrongType(node, "a map", at: path) }
      for member in members { check(member.value, element, at: "\(path).\(member.key)") }
    case .either(let alternatives):
      let fitting = alternatives.first { Self.accepts(node, $0) } ?? alternatives[0]
      check(node, fitting, at: path)
    case .any: break
    default: checkScalar(node, shape, at: path)
    }
  }

  private mutating func checkObject(_ node: SourceNode, _ fields: [Field], at path: String) {
    guard case .mapping(let members) = node.content else { return wrongType(node, "a map", at: path) }
    let names = fields.map(\.name)
    for member in members {
      guard let field = fields.first(where: { $0.name == member.key }) else {
        let nearest = member.key.nearest(in: names)
        diagnostics.append(
          Diagnostic(
            file: file, line: member.keyLine, column: member.keyColumn,
            "unknown field \"\(member.key)\"" + (path.isEmpty ? "" : " in \(path)"),
            remedy: nearest.map { "did you mean \"\($0)\"?" } ?? "known here: \(names.sorted().joined(separator: ", "))"))
        continue
      }
      check(member.value, field.shape, at: path.isEmpty ? field.name : "\(path).\(field.name)")
    }
    for field in fields where field.isRequired && !members.contains(where: { $0.key == field.name }) {
      add(node, "\(path.isEmpty ? field.name : "\(path).\(field.name)") is missing", "add it")
    }
  }

  private static func accepts(_ node: SourceNode, _ shape: Shape) -> Bool {
    switch (shape, node.content) {
    case (.object, .mapping), (.map, .mapping), (.list, .sequence), (.any, _): true
    case (.object, _), (.map, _), (.list, _): false
    case (_, .scalar): true
    default: false
    }
  }

  private mutating func checkScalar(_ node: SourceNode, _ shape: Shape, at path: String) {
    guard case .scalar(let value, let text) = node.content, !value.isNull else {
      return wrongType(node, Self.words(for: shape), at: path)
    }
    switch shape {
    case .string:
      if value.stringValue == nil { wrongType(node, "a text", at: path, "put it in quotes") }
    case .path:
      if value.stringValue?.hasPrefix("/") != true { add(node, "\(path): \"\(text)\" is not a path", "begin it with /") }
    case .name:
      if value.stringValue?.isDNSLabel != true {
        add(node, "\(path): \"\(text)\" is not a name", "use at most 63 of a-z, 0-9 and -, with a letter or digit at each end")
      }
    case .integer(let range):
      guard let number = value.integerValue else { return wrongType(node, "a whole number", at: path) }
      if !range.contains(Int(clamping: number)) {
        add(node, "\(path): \(number) is out of range", "use \(range.lowerBound) to \(range.upperBound)")
      }
    case .number(let bound):
      guard let number = value.doubleValue else { return wrongType(node, "a number", at: path) }
      if number <= bound { add(node, "\(path): must be more than \(bound.plain)", "") }
    case .bool:
      if value.boolValue == nil { wrongType(node, "true or false", at: path) }
    case .quantity:
      if Quantity(parsing: text) == nil {
        add(node, "\(path): \"\(text)\" is not an amount", "write it as 250m, 1.5 or 256Mi")
      }
    case .duration:
      if Units.seconds(text) == nil { add(node, "\(path): \"\(text)\" is not a duration", "write it as 90s, 2m or 500ms") }
    case .percent:
      if Units.share(text) == nil { add(node, "\(path): \"\(text)\" is not a percentage", "write it as 60%") }
    case .word(let words):
      if !words.contains(text) {
        let meant = text.nearest(in: words).map { "did you mean \"\($0)\"?" }
        add(node, "\(path): \"\(text)\" is none of \(words.joined(separator: ", "))", meant ?? "")
      }
    default: break
    }
  }

  private static func words(for shape: Shape) -> String {
    switch shape {
    case .integer: "a whole number"
    case .number: "a number"
    case .bool: "true or false"
    case .quantity: "an amount, such as 250m or 256Mi"
    case .duration: "a duration, such as 90s"
    case .percent: "a percentage, such as 60%"
    default: "a text"
    }
  }

  private mutating func wrongType(_ node: SourceNode, _ wanted: String, at path: String, _ remedy: String = "") {
    add(node, "\(path): expected \(wanted), found \(node.typeName)", remedy)
  }

  mutating func add(_ node: SourceNode, _ message: String, _ remedy: String) {
    diagnostics.append(Diagnostic(file: file, line: node.line, column: node.column, message, remedy: remedy))
  }
}

extension String {
  /// RFC 1123 as Kubernetes asks for it.
  var isDNSLabel: Bool {
    let bytes = Array(utf8)
    func alphanumeric(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return alphanumeric(first) && alphanumeric(last) && bytes.allSatisfy { alphanumeric($0) || $0 == 0x2D }
  }
}

extension Double {
  /// Without a trailing `.0`.
  var plain: String { self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : String(self) }
}
