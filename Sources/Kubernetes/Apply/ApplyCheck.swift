/// What is wrong with an applied configuration, held against the schema of its kind.
///
/// The messages are those that clients of Kubernetes see, with Go's names for what was found instead
/// (https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/validate.go).
struct ApplyCheck {
  private(set) var mistakes: [String] = []

  /// - Returns: nil where the configuration fits its schema.
  static func mistake(in configuration: JSONValue, _ schema: MergeSchema) -> String? {
    var check = ApplyCheck()
    check.visit(configuration, schema.root, "")
    switch check.mistakes.count {
    case 0: return nil
    case 1: return check.mistakes[0]
    default: return "errors:\n" + check.mistakes.map { "  " + $0 }.joined(separator: "\n")
    }
  }

  private mutating func add(_ path: String, _ message: String) {
    mistakes.append(path.isEmpty ? message : "\(path): \(message)")
  }

  private mutating func visit(_ value: JSONValue, _ type: MergeType, _ path: String) {
    if value.isNull { return }
    switch type.form(for: value) {
    case .scalar(let scalar): visit(value, scalar, path)
    case .map(let map):
      guard case .object(let object) = value else { return add(path, "expected map, got \(GoSyntax.pointer(value))") }
      for (key, member) in object {
        guard let type = map.fields[key]?.type ?? map.element else {
          add("\(path).\(key)", "field not declared in schema")
          return
        }
        visit(member, type, "\(path).\(key)")
      }
    case .list(let list):
      guard case .array(let elements) = value else { return add(path, "expected list, got \(GoSyntax.pointer(value))") }
      visit(elements, list, path)
    case .any: break
    }
  }

  private mutating func visit(_ elements: [JSONValue], _ list: MergeList, _ path: String) {
    var seen: Set<String> = []
    for (index, element) in elements.enumerated() {
      var place = "[\(index)]"
      if !list.isWhole {
        do throws(ElementName.Failure) {
          let name = try ElementName.names(of: [element], list)[0]
          place = ElementName.text(name)
          if !seen.insert(name).inserted { add(path, "duplicate entries for key \(place)") }
        } catch {
          return add(path, "element \(index): \(error.message)")
        }
      }
      visit(element, list.element, path + place)
    }
  }

  private mutating func visit(_ value: JSONValue, _ scalar: MergeType.Scalar, _ path: String) {
    switch (scalar, value) {
    case (.numeric, .integer), (.numeric, .double), (.string, .string), (.boolean, .bool): break
    case (.untyped, .bool), (.untyped, .integer), (.untyped, .double), (.untyped, .string): break
    case (.numeric, _): add(path, "expected numeric (int or float), got \(GoSyntax.typeName(value))")
    case (.string, _): add(path, "expected string, got &value.valueUnstructured{Value:\(GoSyntax.literal(value))}")
    case (.boolean, _): add(path, "expected boolean, got \(GoSyntax.pointer(value))")
    case (.untyped, _): add(path, "expected any scalar, got \(GoSyntax.pointer(value))")
    }
  }
}
