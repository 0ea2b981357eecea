/// What is wrong with an applied configuration, held against the schema of its kind.
///
/// The messages are those that clients of Kubernetes see, with Go's names for what was found instead
/// (https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/validate.go).
struct ApplyCheck {
  private enum Step {
    case member(String)
    case index(Int)
    /// An element by the name that FieldsV1 gives it.
    case element(String)
  }

  private var mistakes: [String] = []
  /// Where the check is; written out only where something is wrong.
  private var path: [Step] = []

  /// - Returns: nil where the configuration fits its schema.
  static func mistake(in configuration: JSONValue, _ schema: MergeSchema) -> String? {
    var check = ApplyCheck()
    check.visit(configuration, schema.root)
    switch check.mistakes.count {
    case 0: return nil
    case 1: return check.mistakes[0]
    default: return "errors:\n" + check.mistakes.map { "  " + $0 }.joined(separator: "\n")
    }
  }

  private mutating func add(_ message: String) {
    let place = path.map { step in
      switch step {
      case .member(let key): ".\(key)"
      case .index(let index): "[\(index)]"
      case .element(let name): ElementName.text(name)
      }
    }.joined()
    mistakes.append(place.isEmpty ? message : "\(place): \(message)")
  }

  private mutating func visit(_ value: JSONValue, _ type: MergeType) {
    if value.isNull { return }
    switch type.form(for: value) {
    case .scalar(let scalar): visit(value, scalar)
    case .map(let map):
      guard case .object(let object) = value else { return add("expected map, got \(GoSyntax.pointer(value))") }
      for (key, member) in object {
        path.append(.member(key))
        defer { path.removeLast() }
        guard let type = map.fields[key]?.type ?? map.element else { return add("field not declared in schema") }
        visit(member, type)
      }
    case .list(let list):
      guard case .array(let elements) = value else { return add("expected list, got \(GoSyntax.pointer(value))") }
      if list.isWhole { visit(elements, list.element) } else { visit(elements, named: list) }
    case .any: break
    }
  }

  private mutating func visit(_ elements: [JSONValue], _ element: MergeType) {
    for (index, value) in elements.enumerated() {
      path.append(.index(index))
      visit(value, element)
      path.removeLast()
    }
  }

  private mutating func visit(_ elements: [JSONValue], named list: MergeList) {
    let names: [String]
    do throws(ElementName.Failure) { names = try ElementName.names(of: elements, list) } catch {
      return add("element \(error.index): \(error.message)")
    }
    if let twice = ElementName.duplicate(in: names) {
      add("duplicate entries for key \(ElementName.text(twice))")
    }
    for (name, element) in zip(names, elements) {
      path.append(.element(name))
      visit(element, list.element)
      path.removeLast()
    }
  }

  private mutating func visit(_ value: JSONValue, _ scalar: MergeType.Scalar) {
    switch (scalar, value) {
    case (.numeric, .integer), (.numeric, .double), (.string, .string), (.boolean, .bool): break
    case (.untyped, .bool), (.untyped, .integer), (.untyped, .double), (.untyped, .string): break
    case (.numeric, _): add("expected numeric (int or float), got \(GoSyntax.typeName(value))")
    case (.string, _): add("expected string, got &value.valueUnstructured{Value:\(GoSyntax.literal(value))}")
    case (.boolean, _): add("expected boolean, got \(GoSyntax.pointer(value))")
    case (.untyped, _): add("expected any scalar, got \(GoSyntax.pointer(value))")
    }
  }
}
