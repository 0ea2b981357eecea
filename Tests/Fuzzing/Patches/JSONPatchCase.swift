import Kubernetes

/// A JSON patch whose every operation applies, beside what it must come to: worked out on the way, by rebuilding the
/// document from the top for each operation.
struct JSONPatchCase {
  private(set) var operations: [JSONValue] = []
  private(set) var document: JSONValue
  private let values = RandomValues(depthMax: 2, countMax: 3)

  init(_ document: JSONValue) { self.document = document }

  mutating func step(_ random: inout SeededRandom) {
    let places = Self.places(in: document)
    let place = random.pick(places)
    switch random.below(6) {
    case 0: add(at: place, values.value(&random), &random)
    case 1:
      let value = values.value(&random)
      note("replace", place, ["value": value])
      document = Self.edited(document, place) { _ in value }
    case 2 where !place.isEmpty:
      note("remove", place)
      document = Self.removed(document, place)
    case 3: note("test", place, ["value": Self.value(document, place) ?? .null])
    case 4:
      // Only what is shorter than the rest: copies of copies grow.
      guard let copied = Self.value(document, place), copied.bytes.count < 500 else { return }
      let target = Self.places(in: document).filter { Self.value(document, $0)?.objectValue != nil }
      guard let parent = target.isEmpty ? nil : random.pick(target) else { return }
      let path = parent + ["copied"]
      note("copy", path, ["from": .string(Self.pointer(place))])
      document = Self.added(document, path, copied)
    default: move(place, &random)
    }
  }

  private mutating func add(at place: [String], _ value: JSONValue, _ random: inout SeededRandom) {
    var path = place
    switch Self.value(document, place) {
    case .object: path.append(values.name(&random))
    case .array(let elements):
      path.append(random.oneIn(3) ? "-" : String(random.below(elements.count + 1)))
    // The whole document can only be replaced.
    default: if place.isEmpty { return }
    }
    note("add", path, ["value": value])
    document = Self.added(document, path, value)
  }

  private mutating func move(_ place: [String], _ random: inout SeededRandom) {
    guard !place.isEmpty, let moved = Self.value(document, place) else { return }
    let rest = Self.removed(document, place)
    let targets = Self.places(in: rest).filter { Self.value(rest, $0)?.objectValue != nil }
    // Out of an array, the indices of what follows change: only places that no index leads to are the same after it.
    guard let parent = targets.filter({ Self.isNamed($0, in: document) }).first, !Self.isBelow(parent, place) else {
      return
    }
    let path = parent + ["moved"]
    note("move", path, ["from": .string(Self.pointer(place))])
    document = Self.added(rest, path, moved)
  }

  private mutating func note(_ operation: String, _ path: [String], _ more: JSONObject = [:]) {
    var object: JSONObject = ["op": .string(operation), "path": .string(Self.pointer(path))]
    for (key, value) in more { object[key] = value }
    operations.append(.object(object))
  }
}

extension JSONPatchCase {
  static func pointer(_ path: [String]) -> String {
    path.map { token in
      "/" + token.unicodeScalars.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    }.joined()
  }

  private static func isBelow(_ path: [String], _ other: [String]) -> Bool { path.starts(with: other) }

  private static func isNamed(_ path: [String], in document: JSONValue) -> Bool {
    (0..<path.count).allSatisfy { value(document, Array(path[..<$0]))?.objectValue != nil }
  }

  /// The paths of a document and all its parts.
  static func places(in value: JSONValue, _ path: [String] = []) -> [[String]] {
    switch value {
    case .object(let object): [path] + object.flatMap { places(in: $0.value, path + [$0.key]) }
    case .array(let elements):
      [path] + elements.enumerated().flatMap { places(in: $0.element, path + [String($0.offset)]) }
    default: [path]
    }
  }

  static func value(_ document: JSONValue, _ path: [String]) -> JSONValue? {
    guard let first = path.first else { return document }
    let rest = Array(path.dropFirst())
    switch document {
    case .object(let object): return object[first].flatMap { value($0, rest) }
    case .array(let elements):
      return Int(first).flatMap { elements.indices.contains($0) ? value(elements[$0], rest) : nil }
    default: return nil
    }
  }

  private static func edited(_ document: JSONValue, _ path: [String], _ edit: (JSONValue) -> JSONValue) -> JSONValue {
    guard let first = path.first else { return edit(document) }
    let rest = Array(path.dropFirst())
    switch document {
    case .object(let object):
      return .object(JSONObject(object.map { ($0.key, $0.key == first ? edited($0.value, rest, edit) : $0.value) }))
    case .array(let elements):
      return .array(
        elements.enumerated().map { String($0.offset) == first ? edited($0.element, rest, edit) : $0.element })
    default: return document
    }
  }

  private static func removed(_ document: JSONValue, _ path: [String]) -> JSONValue {
    let last = path.last ?? ""
    return edited(document, Array(path.dropLast())) { parent in
      switch parent {
      case .object(let object): .object(JSONObject(object.filter { $0.key != last }.map { ($0.key, $0.value) }))
      case .array(let elements): .array(elements.enumerated().filter { String($0.offset) != last }.map(\.element))
      default: parent
      }
    }
  }

  private static func added(_ document: JSONValue, _ path: [String], _ value: JSONValue) -> JSONValue {
    guard let last = path.last else { return value }
    return edited(document, Array(path.dropLast())) { parent in
      switch parent {
      case .object(var object):
        object[last] = value
        return .object(object)
      case .array(let elements):
        let index = last == "-" ? elements.count : Int(last) ?? 0
        return .array(Array(elements[..<index]) + [value] + Array(elements[index...]))
      default: return value
      }
    }
  }
}
