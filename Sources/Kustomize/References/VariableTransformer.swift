/// Puts the values of variables where `$(NAME)` stands
/// (https://github.com/kubernetes-sigs/kustomize/tree/kustomize/v5.5.0/api/filters/refvar).
struct VariableTransformer {
  private let values: [String: YAMLScalar]
  private let index: FieldSpecIndex<FieldVisitor>

  /// - Parameter values: scalars as they stand in the resources that variables name.
  init(_ values: [String: YAMLScalar], _ specs: [FieldSpec]) {
    self.values = values
    index = FieldSpecIndex(specs.map { ($0, FieldVisitor($0.path)) })
  }

  /// - Returns: the variables that stood somewhere.
  func transform(_ set: ResourceSet) throws(KustomizeError) -> Set<String> {
    var used: Set<String> = []
    for resource in set.resources {
      var shared = SharedChanges()
      for visitor in index.values(for: resource.gvk) {
        do throws(FieldVisitor.Failure) {
          try visitor.visit(&resource.node) { (node) throws(FieldVisitor.Failure) in
            try replace(in: &node, &used, &shared)
          }
        } catch {
          throw KustomizeError(error, in: resource)
        }
      }
      shared.carryOut(in: &resource.node)
    }
    return used
  }

  private func replace(
    in node: inout YAMLNode, _ used: inout Set<String>, _ shared: inout SharedChanges
  ) throws(FieldVisitor.Failure) {
    switch node.content {
    case .scalar: replaceText(of: &node, &used, &shared)
    case .mapping:
      _ = node.updateMap { map in
        for index in map.entries.indices { replaceText(of: &map.entries[index].value, &used, &shared) }
      }
    case .sequence:
      try node.updateElements { (element) throws(FieldVisitor.Failure) in
        guard case .scalar(let scalar) = element.content, scalar.tag == .string || scalar.tag == .none else {
          throw FieldVisitor.Failure(point: element.point, message: "invalid value type expect a string")
        }
        replaceText(of: &element, &used, &shared)
      }
    }
  }

  private func replaceText(of node: inout YAMLNode, _ used: inout Set<String>, _ shared: inout SharedChanges) {
    guard case .scalar(let scalar) = node.content, scalar.tag == .string || scalar.tag == .none else { return }
    guard scalar.text.utf8.contains(UInt8(ascii: "$")) else {
      node.content = .scalar(YAMLScalar(text: scalar.text, tag: .string))
      return
    }
    node.content = .scalar(expanded(scalar.text, &used))
    shared.note(node)
  }

  /// A text that is nothing but one variable takes that one's type over.
  private func expanded(_ text: String, _ used: inout Set<String>) -> YAMLScalar {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "$"), index + 1 < bytes.count else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let next = bytes[index + 1]
      if next == UInt8(ascii: "$") {
        result.append(next)
        index += 2
      } else if next == UInt8(ascii: "("), let end = bytes[(index + 2)...].firstIndex(of: UInt8(ascii: ")")) {
        let name = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
        if let value = values[name] {
          used.insert(name)
          if index == 0, end == bytes.count - 1 { return typed(value) }
          result.append(contentsOf: inText(value).utf8)
        } else {
          result.append(contentsOf: bytes[index...end])
        }
        index = end + 1
      } else {
        result.append(contentsOf: [bytes[index], next])
        index += 2
      }
    }
    return YAMLScalar(text: String(decoding: result, as: UTF8.self), tag: .string)
  }

  private func typed(_ value: YAMLScalar) -> YAMLScalar {
    switch value.tag {
    case .integer, .float, .bool: YAMLScalar(text: inText(value), tag: value.tag)
    default: YAMLScalar(text: value.text, tag: .string)
    }
  }

  /// As Go's `%v` prints the value.
  private func inText(_ value: YAMLScalar) -> String {
    switch value.tag {
    case .integer: IntegerText(value.text, .version3)?.decimal ?? value.text
    case .float: FloatText.value(value.text).map(FloatText.throughJSON) ?? value.text
    case .bool: PlainScalar.bool(value.text) ? "true" : "false"
    default: value.text
    }
  }
}
