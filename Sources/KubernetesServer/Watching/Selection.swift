import Kubernetes

/// Which objects of a resource a request asks for: namespace, labels and fields.
struct Selection: Sendable {
  struct FieldRequirement: Sendable, Equatable {
    var field: String
    var value: String
    var isEqual: Bool
  }

  var namespace: String
  var labels = LabelSelector()
  var fields: [FieldRequirement] = []

  init(namespace: String) { self.namespace = namespace }

  /// - Throws: 400 where a selector cannot be read or names a field that the resource is not selected by.
  init(_ request: APIRequest, namespace: String, resource: ResourceType) throws(APIError) {
    self.namespace = namespace
    if let text = request.query("labelSelector"), !text.isEmpty {
      labels = try LabelSelectorText.parse(text)
    }
    if let text = request.query("fieldSelector"), !text.isEmpty {
      fields = try Self.parse(text, resource: resource)
    }
  }

  /// Whether it takes objects by more than their namespace.
  var isSelective: Bool { !labels.isEmpty || !fields.isEmpty }

  func matches(_ object: StoredObject) -> Bool {
    guard namespace.isEmpty || object.key.namespace == namespace else { return false }
    for requirement in fields {
      let value =
        switch requirement.field {
        case "metadata.name": object.key.name
        case "metadata.namespace": object.key.namespace
        default: object.fields[requirement.field] ?? ""
        }
      if (value == requirement.value) != requirement.isEqual { return false }
    }
    return labels.isEmpty || labels.matches(object.labels)
  }

  /// `a=b,c==d,e!=f`, where a backslash keeps the meaning of `\`, `,` and `=`.
  private static func parse(_ text: String, resource: ResourceType) throws(APIError) -> [FieldRequirement] {
    var requirements: [FieldRequirement] = []
    for term in terms(text) where !term.isEmpty {
      guard let requirement = requirement(term) else {
        throw .badRequest("unable to find by field selector: invalid selector: '\(text)'; can't understand '\(term)'")
      }
      guard SelectableFields.isSupported(requirement.field, resource: resource.qualifiedPlural) else {
        throw .badRequest("field label not supported: \(requirement.field)")
      }
      requirements.append(requirement)
    }
    return requirements
  }

  private static func terms(_ text: String) -> [String] {
    var terms = [""]
    var isEscaped = false
    for character in text {
      if isEscaped {
        terms[terms.count - 1].append(contentsOf: ["\\", character])
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "," {
        terms.append("")
      } else {
        terms[terms.count - 1].append(character)
      }
    }
    return terms
  }

  private static func requirement(_ term: String) -> FieldRequirement? {
    guard let sign = term.firstIndex(where: { $0 == "=" || $0 == "!" }) else { return nil }
    let field = String(term[..<sign])
    let rest = term[sign...]
    for (operation, isEqual) in [("!=", false), ("==", true), ("=", true)] where rest.hasPrefix(operation) {
      let value = unescaped(rest.dropFirst(operation.count))
      return field.isEmpty ? nil : FieldRequirement(field: field, value: value, isEqual: isEqual)
    }
    return nil
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var isEscaped = false
    for character in text {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        result.append(character)
        isEscaped = false
      }
    }
    return result
  }
}
