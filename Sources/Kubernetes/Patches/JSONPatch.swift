/// JSON patch (RFC 6902), with the limits that the API server puts on it, and as lenient as the library that it uses
/// (https://github.com/evanphx/json-patch, version 4): a member that is not there may be replaced, tested and copied as
/// if it were null, and a negative index counts from the end.
enum JSONPatch {
  static let operationLimit = 10_000
  /// How much all `copy` operations of one patch may copy together: copies of copies grow without bound.
  static let copiedBytesLimit = 3 << 20

  static func apply(_ patch: JSONValue, to document: JSONValue) throws(PatchError) -> JSONValue {
    guard case .array(let operations) = patch else {
      throw PatchError(
        .malformed, "error decoding patch: \(GoSyntax.unmarshalMistake(patch, into: "[]handlers.jsonPatchOp"))")
    }
    for operation in operations where operation.objectValue == nil {
      throw PatchError(
        .malformed, "error decoding patch: \(GoSyntax.unmarshalMistake(operation, into: "handlers.jsonPatchOp"))")
    }
    guard operations.count <= operationLimit else {
      throw PatchError(
        .tooLarge,
        "The allowed maximum operations in a JSON patch is \(operationLimit), got \(operations.count)")
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
    let name = operation["op"]?.stringValue ?? ""
    let path = try pointer("path", operation)
    // A value that is not there is null, as in the library that Kubernetes uses.
    let value = operation["value"] ?? .null
    switch name {
    case "add": try document.edit(path.tokens[...], .add(value), path)
    case "replace": try document.edit(path.tokens[...], .replace(value), path)
    case "remove": try document.edit(path.tokens[...], .remove, path)
    case "test":
      let found = try read(path, in: document)
      guard found.isEquivalent(to: value) else {
        throw PatchError(.testFailed, "testing \(path): the value is not the expected one")
      }
    case "move":
      let from = try pointer("from", operation)
      let moved = try read(from, in: document)
      try document.edit(from.tokens[...], .remove, from)
      try document.edit(path.tokens[...], .add(moved), path)
    case "copy":
      let from = try pointer("from", operation)
      let copied = try read(from, in: document)
      copied.spend(&copyBudget)
      guard copyBudget >= 0 else {
        throw PatchError(.notApplicable, "copies make the object larger by more than \(copiedBytesLimit) bytes")
      }
      try document.edit(path.tokens[...], .add(copied), path)
    default: throw PatchError(.notApplicable, "\"\(name)\" is not one of add, remove, replace, move, copy, test")
    }
  }

  private static func pointer(_ member: String, _ operation: JSONValue) throws(PatchError) -> JSONPointer {
    guard let text = operation[member]?.stringValue else {
      throw PatchError(.notApplicable, "\"\(member)\" is missing")
    }
    return JSONPointer(lenient: text)
  }

  /// A member that an object does not have reads as null; there has to be such an object, though.
  private static func read(_ pointer: JSONPointer, in document: JSONValue) throws(PatchError) -> JSONValue {
    guard let last = pointer.tokens.last else { return document }
    guard let holder = document.value(at: JSONPointer(tokens: pointer.tokens.dropLast())) else {
      throw PatchError(.notApplicable, "\(pointer) is not there")
    }
    switch holder {
    case .object(let object): return object[last] ?? .null
    case .array(let elements):
      guard let index = JSONPointer.index(last, count: elements.count) else {
        throw PatchError(.notApplicable, "\(pointer): \"\(last)\" is no element of an array of \(elements.count)")
      }
      return elements[index]
    default: throw PatchError(.notApplicable, "\(pointer) is not there: it leads through a \(holder.typeName)")
    }
  }
}

extension JSONValue {
  fileprivate enum Edit {
    case add(JSONValue)
    case replace(JSONValue)
    case remove

    var value: JSONValue? {
      switch self {
      case .add(let value), .replace(let value): value
      case .remove: .none
      }
    }
  }

  /// Edits the place that `path` leads to, in place. `pointer` is the whole path, for messages.
  fileprivate mutating func edit(
    _ path: ArraySlice<String>, _ edit: Edit, _ pointer: JSONPointer
  ) throws(PatchError) {
    guard let token = path.first else {
      switch edit {
      case .replace(let value): self = value
      case .add, .remove: throw PatchError(.notApplicable, "the whole object can only be replaced")
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
      } else if rest.isEmpty, let value = edit.value {
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
      guard let index = JSONPointer.index(token, count: elements.count + 1) else {
        throw PatchError(.notApplicable, "\(pointer): \"\(token)\" is no place in an array of \(elements.count)")
      }
      return elements.insert(value, at: index)
    }
    guard let index = JSONPointer.index(token, count: elements.count) else {
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
