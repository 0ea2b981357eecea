package import Kubernetes

/// Objects on their way through JSON, which JSON patches work on.
extension YAMLNode {
  /// - Throws: where a scalar is not what it is tagged as.
  package func json() throws(YAMLWriter.Failure) -> JSONValue {
    switch content {
    case .scalar(let scalar):
      switch try JSONScalar(scalar, at: point) {
      case .null: return .null
      case .bool(let flag): return .bool(flag)
      case .number(let text): return Int64(text).map(JSONValue.integer) ?? .double(FloatText.value(text) ?? 0)
      case .text(let text): return .string(text)
      }
    case .sequence(let elements):
      var values: [JSONValue] = []
      values.reserveCapacity(elements.count)
      for element in elements { values.append(try element.json()) }
      return .array(values)
    case .mapping(let map):
      var members: [(key: String, value: JSONValue)] = []
      members.reserveCapacity(map.entries.count)
      for entry in map.entries { members.append((entry.key, try entry.value.json())) }
      return .object(JSONObject(distinct: members))
    }
  }

  /// What version 2 has read, with nothing left that version 3 reads otherwise: `y` is true, and dates are texts.
  func resolved() -> YAMLNode {
    var node = self
    switch content {
    case .scalar(var scalar):
      if scalar.tag == .bool { scalar.text = PlainScalar.bool(scalar.text) ? "true" : "false" }
      if scalar.tag == .timestamp { scalar.tag = .string }
      node.content = .scalar(scalar)
    case .sequence(let elements): node.content = .sequence(elements.map { $0.resolved() })
    case .mapping(var map):
      for index in map.entries.indices { map.entries[index].value = map.entries[index].value.resolved() }
      node.content = .mapping(map)
    }
    return node
  }

  package init(_ value: JSONValue) {
    switch value {
    case .null: self = YAMLNode(.scalar(YAMLScalar(text: "null", tag: .null)))
    case .bool(let flag): self = YAMLNode(.scalar(YAMLScalar(text: flag ? "true" : "false", tag: .bool)))
    case .integer(let number): self = YAMLNode(.scalar(YAMLScalar(text: String(number), tag: .integer)))
    case .double(let number):
      let text = FloatText.throughJSON(number)
      self = YAMLNode(.scalar(YAMLScalar(text: text, tag: PlainScalar.tag(of: text, .version3))))
    case .string(let text): self = .text(text)
    case .array(let elements): self = YAMLNode(.sequence(elements.map { YAMLNode($0) }))
    case .object(let object):
      self = YAMLNode(
        .mapping(YAMLMapping(object.members.map { YAMLMapping.Entry(key: $0.key, value: YAMLNode($0.value)) })))
    }
  }
}
