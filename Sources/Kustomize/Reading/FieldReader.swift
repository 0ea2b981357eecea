internal import Kubernetes

/// Reads the fields of a map that a person wrote, each once, as Go's JSON decoder with `DisallowUnknownFields` does:
/// names are compared without case, null is as good as nothing, and types must fit.
struct FieldReader {
  let map: YAMLMapping
  let file: String
  /// What the map is, for messages.
  let subject: String
  private let point: SourcePoint
  /// In small letters, each with how it is written.
  private var known: [String: String] = [:]
  let decoding: Decoding

  /// How kustomize decodes what this is part of.
  enum Decoding {
    /// Fields that nobody knows are wrong, and so are numbers where texts are wanted: kustomizations.
    case strict
    /// Numbers, true and false are texts where texts are wanted: configurations of transformers.
    case converting
    /// Fields that nobody knows are passed over, too: plugins, and files of replacements.
    case lenient
  }

  /// A map within another.
  init(_ node: YAMLNode, in parent: FieldReader, _ subject: String) throws(KustomizeError) {
    try self.init(node, file: parent.file, subject, parent.decoding)
  }

  init(_ node: YAMLNode, file: String, _ subject: String, _ decoding: Decoding = .strict) throws(KustomizeError) {
    self.file = file
    self.subject = subject
    self.decoding = decoding
    point = node.point
    switch node.content {
    case .mapping(let map): self.map = map
    case .scalar(let scalar) where scalar.tag == .null: map = YAMLMapping()
    default:
      throw KustomizeError(at: Place(file: file, point: node.point), "\(subject) must be a map, not \(node.kindName)")
    }
  }

  var place: Place { Place(file: file, point: point) }

  /// The value of a field, unless it is null.
  mutating func value(_ name: String) -> YAMLNode? {
    known[name.lowercased()] = name
    if let exact = map[name] { return exact.isNull ? nil : exact }
    for entry in map.entries
    where entry.key.utf8.count == name.utf8.count && entry.key.lowercased() == name.lowercased() {
      return entry.value.isNull ? nil : entry.value
    }
    return nil
  }

  /// - Throws: for the first field that nobody asked for.
  func refuseOthers() throws(KustomizeError) {
    if decoding == .lenient { return }
    for entry in map.entries where known[entry.key.lowercased()] == nil {
      throw KustomizeError(
        at: Place(file: file, point: entry.keyPoint), "\(subject) has no field \"\(entry.key)\"",
        remedy: entry.key.nearest(in: known.values).map { "did you mean \"\($0)\"?" } ?? "remove it")
    }
  }

  func failure(_ node: YAMLNode, _ name: String, _ wanted: String) -> KustomizeError {
    var found = node.kindName
    if case .scalar(let scalar) = node.content {
      found = scalar.tag == .string ? "\"\(scalar.text)\"" : "\(scalar.text), which is no text without quotes"
    }
    return KustomizeError(
      at: Place(file: file, point: node.point), "\(name) must be \(wanted), not \(found)")
  }

  mutating func text(_ name: String) throws(KustomizeError) -> String? {
    guard let node = value(name) else { return nil }
    return try text(node, name)
  }

  func text(_ node: YAMLNode, _ name: String) throws(KustomizeError) -> String {
    guard case .scalar(let scalar) = node.content else { throw failure(node, name, "a text") }
    switch scalar.tag {
    case .string, .timestamp, .merge, .none: return scalar.text
    case .null: return ""
    case .integer, .float, .bool:
      guard decoding != .strict, let text = scalar.goText else { throw failure(node, name, "a text") }
      return text
    }
  }

  mutating func flag(_ name: String) throws(KustomizeError) -> Bool {
    guard let node = value(name) else { return false }
    guard case .scalar(let scalar) = node.content, scalar.tag == .bool else {
      throw failure(node, name, "true or false")
    }
    return PlainScalar.bool(scalar.text)
  }

  mutating func integer(_ name: String) throws(KustomizeError) -> Int? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node.content, scalar.tag == .integer,
      let number = IntegerText(scalar.text.filter { $0 != "_" }, .version2).flatMap({ Int($0.decimal) })
    else { throw failure(node, name, "an integer") }
    return number
  }

  mutating func list(_ name: String) throws(KustomizeError) -> [YAMLNode] {
    guard let node = value(name) else { return [] }
    guard case .sequence(let elements) = node.content else { throw failure(node, name, "a list") }
    return elements
  }

  /// Texts with where each was written.
  mutating func texts(_ name: String) throws(KustomizeError) -> [PlacedText] {
    var texts: [PlacedText] = []
    for element in try list(name) {
      texts.append(
        PlacedText(text: try text(element, "an element of \(name)"), place: Place(file: file, point: element.point)))
    }
    return texts
  }

  /// A map of texts, in the order of its keys.
  mutating func textMap(_ name: String) throws(KustomizeError) -> [(key: String, text: String)]? {
    guard let node = value(name) else { return nil }
    guard case .mapping(let map) = node.content else { throw failure(node, name, "a map of texts") }
    var texts: [(key: String, text: String)] = []
    for entry in map.entries { texts.append((entry.key, try text(entry.value, "\(name).\(entry.key)"))) }
    return texts.sorted { $0.key < $1.key }
  }
}

extension YAMLScalar {
  /// A number, true or false, as Go writes it; nil for other scalars.
  fileprivate var goText: String? {
    switch tag {
    case .bool: PlainScalar.bool(text) ? "true" : "false"
    case .integer: IntegerText(text.filter { $0 != "_" }, .version2)?.decimal
    case .float: FloatText.value(text.filter { $0 != "_" }).map(FloatText.throughJSON)
    case .none, .string, .null, .timestamp, .merge: nil
    }
  }
}

struct PlacedText {
  var text: String
  var place: Place
}
