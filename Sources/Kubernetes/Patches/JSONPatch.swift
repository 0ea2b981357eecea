/// JSON patch (RFC 6902), with the limits that the API server puts on it.
enum JSONPatch {
  static let operationLimit = 10_000
  /// How much all `copy` operations of one patch may copy together: copies of copies grow without bound.
  static let copiedBytesLimit = 3 << 20

  static func apply(_ patch: JSONValue, to document: JSONValue) throws(PatchError) -> JSONValue {
    guard case .array(let operations) = patch else {
      throw PatchError(.malformed, "a JSON patch is an array of operations, found \(patch.typeName)")
    }
    guard operations.count <= operationLimit else {
      throw PatchError(
        .malformed, "a JSON patch may have \(operationLimit) operations at most, this one has \(operations.count)")
    }
    var document = document
    var copyBudget = copiedBytesLimit
    for (index, operation) in operations.enumerated() {
      do throws(PatchError) {
        try step(operation, &document, &copyBudget)
      } catch {
        throw PatchError(error.code, "operation \(index): \(error.message)")
      }
    }
    return document
  }

  private static func step(
    _ operation: JSONValue, _ document: inout JSONValue, _ copyBudget: inout Int
  ) throws(PatchError) {
    guard let name = operation["op"]?.stringValue else { throw PatchError(.malformed, "\"op\" is missing") }
    let path = try pointer("path", operation)
    switch name {
    case "add": try document.edit(path.tokens[...], .add(try value(operation)), path)
    case "replace": try document.edit(path.tokens[...], .replace(try value(operation)), path)
    case "remove": try document.edit(path.tokens[...], .remove, path)
    case "test":
      let wanted = try value(operation)
      guard let found = document.value(at: path) else {
        throw PatchError(.testFailed, "testing \(path): there is no such value")
      }
      guard found.isEquivalent(to: wanted) else {
        throw PatchError(.testFailed, "testing \(path): the value is not the expected one")
      }
    case "move":
      let from = try pointer("from", operation)
      guard !from.isProperPrefix(of: path) else {
        throw PatchError(.malformed, "\(from) cannot be moved into itself, to \(path)")
      }
      let moved = try source(from, document)
      if from == path { return }
      try document.edit(from.tokens[...], .remove, from)
      try document.edit(path.tokens[...], .add(moved), path)
    case "copy":
      let from = try pointer("from", operation)
      let copied = try source(from, document)
      copied.spend(&copyBudget)
      guard copyBudget >= 0 else {
        throw PatchError(.malformed, "copies make the object larger by more than \(copiedBytesLimit) bytes")
      }
      try document.edit(path.tokens[...], .add(copied), path)
    default: throw PatchError(.malformed, "\"\(name)\" is not one of add, remove, replace, move, copy, test")
    }
  }

  private static func pointer(_ member: String, _ operation: JSONValue) throws(PatchError) -> JSONPointer {
    guard let text = operation[member]?.stringValue else { throw PatchError(.malformed, "\"\(member)\" is missing") }
    guard let pointer = JSONPointer(parsing: text) else {
      throw PatchError(.malformed, "\"\(text)\" is not a JSON pointer, such as /metadata/labels/a~1b")
    }
    return pointer
  }

  private static func value(_ operation: JSONValue) throws(PatchError) -> JSONValue {
    guard let value = operation["value"] else { throw PatchError(.malformed, "\"value\" is missing") }
    return value
  }

  private static func source(_ from: JSONPointer, _ document: JSONValue) throws(PatchError) -> JSONValue {
    guard let value = document.value(at: from) else { throw PatchError(.notApplicable, "\(from) is not there") }
    return value
  }
}

extension JSONValue {
  fileprivate enum Edit {
    case add(JSONValue)
    case replace(JSONValue)
    case remove
  }

  /// Edits the place that `path` leads to, in place. `pointer` is the whole path, for messages.
  fileprivate mutating func edit(
    _ path: ArraySlice<String>, _ edit: Edit, _ pointer: JSONPointer
  ) throws(PatchError) {
    guard let token = path.first else {
      switch edit {
      case .add(let value), .replace(let value): self = value
      case .remove: throw PatchError(.notApplicable, "the whole object cannot be removed")
      }
      return
    }
    let rest = path.dropFirst()
    switch self {
    case .object(var object):
      self = .null  // so that `object` is uniquely referenced while it changes
      defer { self = .object(object) }
      if let index = object.index(of: token) {
        if !rest.isEmpty {
          try object.update(at: index) { (child) throws(PatchError) in try child.edit(rest, edit, pointer) }
        } else {
          switch edit {
          case .add(let value), .replace(let value): object[token] = value
          case .remove: object[token] = nil
          }
        }
      } else if rest.isEmpty, case .add(let value) = edit {
        object[token] = value
      } else {
        throw PatchError(.notApplicable, "\(pointer) is not there")
      }
    case .array(var elements):
      self = .null
      defer { self = .array(elements) }
      try Self.edit(&elements, token, rest, edit, pointer)
    default: throw PatchError(.notApplicable, "\(pointer) is not there: it leads through a \(typeName)")
    }
  }

  private static func edit(
    _ elements: inout [JSONValue], _ token: String, _ rest: ArraySlice<String>, _ edit: Edit, _ pointer: JSONPointer
  ) throws(PatchError) {
    if rest.isEmpty, case .add(let value) = edit {
      if token == "-" { return elements.append(value) }
      guard let index = JSONPointer.index(token), index <= elements.count else {
        throw PatchError(.notApplicable, "\(pointer): \"\(token)\" is no place in an array of \(elements.count)")
      }
      return elements.insert(value, at: index)
    }
    guard let index = JSONPointer.index(token), index < elements.count else {
      throw PatchError(.notApplicable, "\(pointer): \"\(token)\" is no element of an array of \(elements.count)")
    }
    if !rest.isEmpty { return try elements[index].edit(rest, edit, pointer) }
    switch edit {
    case .add(let value), .replace(let value): elements[index] = value
    case .remove: elements.remove(at: index)
    }
  }

  /// Takes about the size of this value's text off `budget`, and stops counting when that is used up.
  fileprivate func spend(_ budget: inout Int) {
    guard budget >= 0 else { return }
    switch self {
    case .string(let text): budget -= text.utf8.count + 2
    case .array(let elements):
      budget -= 2
      for element in elements where budget >= 0 { element.spend(&budget) }
    case .object(let object):
      budget -= 2
      for member in object where budget >= 0 {
        budget -= member.key.utf8.count + 4
        member.value.spend(&budget)
      }
    default: budget -= 4
    }
  }

  /// Equal where numbers are compared by their value: `1` and `1.0` are equivalent.
  func isEquivalent(to other: JSONValue) -> Bool {
    switch (self, other) {
    case (.integer(let whole), .double(let real)), (.double(let real), .integer(let whole)):
      return Int64(exactly: real) == whole
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
    case (.object(let left), .object(let right)):
      guard left.count == right.count else { return false }
      return left.allSatisfy { member in right[member.key].map { member.value.isEquivalent(to: $0) } ?? false }
    default: return self == other
    }
  }
}
