/// Finds one field by a path: member names, indices, `-` for the last element, `[name=value]` for the element that
/// has it (`PathGetter` of https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/kyaml/yaml/fns.go).
struct FieldLookup {
  let parts: [String]

  init(_ parts: [String]) {
    self.parts = parts.map { String($0.trimming(\.isWhitespace)) }.filter { !$0.isEmpty }
  }

  func find(in node: YAMLNode) throws(FieldVisitor.Failure) -> YAMLNode? {
    var current = node
    for part in parts {
      if let index = Int(part) {
        guard index >= 0 else {
          throw FieldVisitor.Failure(point: current.point, message: "array index \(index) cannot be negative")
        }
        let elements = try Self.elements(of: current)
        guard index < elements.count else { return nil }
        current = elements[index]
      } else if part == "-" {
        guard let last = try Self.elements(of: current).last else { return nil }
        current = last
      } else if part == "*" {
        throw FieldVisitor.Failure(point: current.point, message: "wildcard is not supported here")
      } else if let (field, value) = try Self.condition(part, at: current.point) {
        let found = try Self.elements(of: current).first { element in
          field.isEmpty ? element.text == value : element[field]?.text == value && element[field] != nil
        }
        guard let found else { return nil }
        current = found
      } else {
        if current.isNull { return nil }
        guard case .mapping(let map) = current.content else {
          throw FieldVisitor.Failure(
            point: current.point, message: "\"\(part)\" is looked for in \(current.kindName), not in a map")
        }
        guard let next = map[part] else { return nil }
        current = next
      }
    }
    return current
  }

  static func elements(of node: YAMLNode) throws(FieldVisitor.Failure) -> [YAMLNode] {
    if node.isNull { return [] }
    guard case .sequence(let elements) = node.content else {
      throw FieldVisitor.Failure(
        point: node.point, message: "an element is looked for in \(node.kindName), not in a list")
    }
    return elements
  }

  /// `[name=value]`, `[=value]`; nil for parts that are no condition.
  static func condition(_ part: String, at point: SourcePoint) throws(FieldVisitor.Failure) -> (
    field: String, value: String
  )? {
    guard part.hasPrefix("["), part.hasSuffix("]") else { return nil }
    let inner = part.dropFirst().dropLast()
    guard let equals = inner.firstIndex(of: "=") else {
      throw FieldVisitor.Failure(point: point, message: "\(part) is not of the form [field=value]")
    }
    return (String(inner[..<equals]), String(inner[inner.index(after: equals)...]))
  }
}

/// Visits all fields that a path matches, `*` and conditions included, and makes them where that is asked for
/// (`PathMatcher` of https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/kyaml/yaml/match.go).
struct FieldMatches {
  let parts: [String]
  /// What is made has the kind of this; nil makes nothing.
  let creation: YAMLNode?

  init(_ parts: [String], creating creation: YAMLNode?) {
    self.parts = parts
    self.creation = creation
  }

  typealias Body = (inout YAMLNode) throws(FieldVisitor.Failure) -> Void

  func visit(_ node: inout YAMLNode, _ body: Body) throws(FieldVisitor.Failure) { try visit(&node, parts[...], body) }

  private func visit(
    _ node: inout YAMLNode, _ path: ArraySlice<String>, _ body: Body
  ) throws(FieldVisitor.Failure) {
    guard let part = path.first else { return try body(&node) }
    let rest = path.dropFirst()
    if let index = Int(part), index >= 0 {
      try element(index, of: &node, rest, body)
    } else if let (field, value) = try FieldLookup.condition(part, at: node.point) {
      try elements(of: &node, field, value, rest, body)
    } else if part == "*" {
      if node.isNull { return }
      _ = try FieldLookup.elements(of: node)
      try node.updateElements { (element) throws(FieldVisitor.Failure) in try visit(&element, rest, body) }
    } else {
      try member(part, of: &node, rest, body)
    }
  }

  private func member(
    _ name: String, of node: inout YAMLNode, _ rest: ArraySlice<String>, _ body: Body
  ) throws(FieldVisitor.Failure) {
    if node.isNull {
      guard creation != nil else { return }
      node.content = .mapping(YAMLMapping())
    }
    guard case .mapping = node.content else {
      throw FieldVisitor.Failure(
        point: node.point, message: "\"\(name)\" is looked for in \(node.kindName), not in a map")
    }
    let new = creation.map { start(rest, $0) }
    _ = try node.updateMap { (map) throws(FieldVisitor.Failure) in
      try map.update(name, orStartingWith: new) { (child) throws(FieldVisitor.Failure) in
        try visit(&child, rest, body)
      }
    }
  }

  /// What is made where the rest of a path is to lead through.
  private func start(_ rest: ArraySlice<String>, _ creation: YAMLNode) -> YAMLNode {
    guard let next = rest.first, !next.isEmpty else {
      switch creation.content {
      case .scalar: return YAMLNode(.scalar(YAMLScalar(text: "", tag: .none)))
      case .sequence: return YAMLNode(.sequence([]))
      case .mapping: return .mapping([])
      }
    }
    let isList = (next.hasPrefix("[") && next.hasSuffix("]")) || (Int(next) ?? -1) >= 0
    return isList ? YAMLNode(.sequence([])) : .mapping([])
  }

  private func element(
    _ index: Int, of node: inout YAMLNode, _ rest: ArraySlice<String>, _ body: Body
  ) throws(FieldVisitor.Failure) {
    var count = try FieldLookup.elements(of: node).count
    if index == count, let creation {
      if node.isNull { node.content = .sequence([]) }
      if case .sequence(var elements) = node.content {
        elements.append(start(rest, creation))
        node.content = .sequence(elements)
      }
      count += 1
    }
    guard index < count else {
      throw FieldVisitor.Failure(
        point: node.point, message: "index \(index) specified but only \(count) elements found")
    }
    var position = 0
    try node.updateElements { (element) throws(FieldVisitor.Failure) in
      if position == index { try visit(&element, rest, body) }
      position += 1
    }
  }

  private func elements(
    of node: inout YAMLNode, _ field: String, _ value: String, _ rest: ArraySlice<String>, _ body: Body
  ) throws(FieldVisitor.Failure) {
    let pattern: Pattern
    do throws(Pattern.SyntaxError) { pattern = try Pattern(value) } catch {
      throw FieldVisitor.Failure(point: node.point, message: "\"\(value)\" is no regular expression: \(error.message)")
    }
    func isMatch(_ element: YAMLNode) -> Bool {
      if field.isEmpty { return element.scalar != nil && pattern.matches(element.text) }
      guard let member = element[field], member.scalar != nil else { return false }
      return pattern.matches(member.text)
    }
    if try !FieldLookup.elements(of: node).contains(where: isMatch), creation != nil {
      let scalar = YAMLNode(.scalar(YAMLScalar(text: value, tag: .none)))
      var elements = node.elements ?? []
      elements.append(field.isEmpty ? scalar : .mapping([(field, scalar)]))
      node.content = .sequence(elements)
    }
    if node.isNull { return }
    try node.updateElements { (element) throws(FieldVisitor.Failure) in
      guard isMatch(element) else { return }
      // The element itself is meant where the condition is about single values.
      if field.isEmpty { try body(&element) } else { try visit(&element, rest, body) }
    }
  }
}
