import Kubernetes

/// What a value may look like: the schema of our files, as data.
indirect enum Shape: Sendable {
  /// A text that is not empty.
  case string
  /// Any text, an empty one too.
  case prose
  /// A scalar taken as the text that was written.
  case text
  /// A DNS label (RFC 1123): the name of something in Kubernetes.
  case name
  /// A DNS label that begins with a letter (RFC 1035), as names of Services must.
  case serviceName
  /// An image's repository, without a tag.
  case repository
  case path
  case integer(ClosedRange<Int>)
  case number(above: Double)
  /// Something a second: nothing or more.
  case rate
  case bool
  /// `250m`, `1.5`, `256Mi`: more than nothing.
  case quantity
  /// `90s`, `2m`, `1h30m`, `500ms`: a day at most.
  case duration
  /// `60%`: above 0% and up to the bound.
  case percent(upTo: Double)
  case word([String])
  /// A text with a notation of its own.
  case notation(Notation)
  /// Anything: it is checked where its meaning is known.
  case free
  /// Keys and values as Kubernetes has them in labels.
  case labels
  case list(Shape)
  case map(Shape)
  /// A map whose keys are names (DNS labels).
  case named(Shape)
  case object([Field])
  /// The first alternative whose kind of value matches decides.
  case either([Shape])
}

/// One field of a file of ours. It is described here and nowhere else: readers, messages, `docs/reference.md` and the
/// JSON Schemas are made of it.
struct Field: Sendable {
  var name: String
  var shape: Shape
  var isRequired = false
  /// What holds where the field is not given, as it would be written or in words; empty where nothing does.
  var fallback: String
  /// What it is for, in a sentence or two.
  var doc: String

  init(_ name: String, _ shape: Shape, required: Bool = false, default fallback: String = "", _ doc: String = "") {
    self.name = name
    self.shape = shape
    isRequired = required
    self.fallback = fallback
    self.doc = doc
  }
}

extension Field {
  /// What it is for, and what holds without it.
  var description: String { doc + (fallback.isEmpty ? "" : " Default: \(fallback).") }
}

extension Shape {
  /// The same with nothing required: what an environment states again.
  var relaxed: Shape {
    switch self {
    case .list, .either: self  // Lists are replaced, so that their elements are whole.
    case .map(let element): .map(element.relaxed)
    case .named(let element): .named(element.relaxed)
    case .object(let fields):
      .object(
        fields.map { field in
          var field = field
          field.isRequired = false
          field.shape = field.shape.relaxed
          return field
        })
    default: self
    }
  }

  /// The shape of a member; nil where this is no object or has no such field.
  subscript(name: String) -> Shape? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.name == name }?.shape
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
    case .labels: checkLabels(node, at: path)
    case .list(let element):
      guard case .sequence(let elements) = node.content else {
        return wrongType(node, "a list", at: path, "write [] around it")
      }
      for (index, item) in elements.enumerated() { check(item, element, at: "\(path)[\(index)]") }
    case .map(let element):
      guard case .mapping(let members) = node.content else {
        return wrongType(node, "a map", at: path, "write { NAME: … }")
      }
      for member in members { check(member.value, element, at: "\(path).\(member.key)") }
    case .named(let element):
      check(node, .map(element), at: path)
      for member in node.members where !member.key.isDNSLabel {
        add(member, "\(path): \"\(member.key)\" is not a name", Self.nameRemedy)
      }
    case .free: break
    case .either(let alternatives):
      let fitting = alternatives.first { Self.accepts(node, $0) } ?? alternatives[0]
      check(node, fitting, at: path)
    default: checkScalar(node, shape, at: path)
    }
  }

  private mutating func checkObject(_ node: SourceNode, _ fields: [Field], at path: String) {
    guard case .mapping(let members) = node.content else {
      return wrongType(node, "a map", at: path, node.json.isNull ? "write {} where nothing is to be said" : "")
    }
    let names = fields.map(\.name)
    for member in members {
      guard let field = fields.first(where: { $0.name == member.key }) else {
        let nearest = member.key.nearest(in: names)
        add(
          member, "unknown field \"\(member.key)\"" + (path.isEmpty ? "" : " in \(path)"),
          nearest.map { "did you mean \"\($0)\"?" } ?? "known here: \(names.sorted().joined(separator: ", "))")
        continue
      }
      check(member.value, field.shape, at: path.isEmpty ? field.name : "\(path).\(field.name)")
    }
    for field in fields where field.isRequired && !members.contains(where: { $0.key == field.name }) {
      add(node, "\(path.isEmpty ? field.name : "\(path).\(field.name)") is missing", "add it")
    }
  }

  private mutating func checkLabels(_ node: SourceNode, at path: String) {
    guard case .mapping(let members) = node.content else {
      return wrongType(node, "a map", at: path, "write { NAME: VALUE }")
    }
    for member in members {
      if !member.key.isLabelKey {
        add(
          member, "\(path): \"\(member.key)\" is not a label's key",
          "use letters, digits, -, _ and ., at most 63, after a domain and / where there is one")
      }
      guard let value = member.value.json.stringValue else {
        wrongType(member.value, "a text", at: "\(path).\(member.key)", "put it in quotes")
        continue
      }
      if !value.isEmpty, !value.isLabelPart {
        add(
          member.value, "\(path).\(member.key): \"\(value)\" is not a label's value",
          "use letters, digits, -, _ and ., at most 63, with a letter or digit at each end")
      }
    }
  }

  static func accepts(_ node: SourceNode, _ shape: Shape) -> Bool {
    switch (shape, node.content) {
    case (.object, .mapping), (.map, .mapping), (.named, .mapping), (.labels, .mapping), (.list, .sequence): true
    case (.object, _), (.map, _), (.named, _), (.labels, _), (.list, _): false
    case (.bool, .scalar(let value, _)): value.boolValue != nil
    case (_, .scalar): true
    default: false
    }
  }

  mutating func add(_ node: SourceNode, _ message: String, _ remedy: String) {
    diagnostics.append(Diagnostic(file: file, line: node.line, column: node.column, message, remedy: remedy))
  }

  mutating func add(_ member: SourceNode.Member, _ message: String, _ remedy: String) {
    diagnostics.append(
      Diagnostic(file: file, line: member.keyLine, column: member.keyColumn, message, remedy: remedy))
  }

  static let nameRemedy = "use at most 63 of a-z, 0-9 and -, with a letter or digit at each end"

  mutating func wrongType(_ node: SourceNode, _ wanted: String, at path: String, _ remedy: String = "") {
    add(node, (path.isEmpty ? "" : "\(path): ") + "expected \(wanted), found \(node.typeName)", remedy)
  }
}
