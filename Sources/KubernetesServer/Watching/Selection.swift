import Kubernetes

/// Which objects of a resource a request asks for: namespace, labels and fields.
struct Selection: Sendable {
  var namespace: String
  var labels: [LabelRequirement] = []
  var fields: [FieldSelector.Requirement] = []

  /// Paths of fields of a custom resource, which are looked for in each object.
  private var customPaths: [String: [String]]

  /// - Throws: 400 where a selector cannot be read or names a field that the resource is not selected by.
  init(_ request: APIRequest, namespace: String, resource: RegisteredResource) throws(APIError) {
    self.namespace = namespace
    customPaths = resource.custom?.selectable ?? [:]
    do throws(SelectorSyntaxError) {
      labels = try LabelRequirement.parse(request.query("labelSelector") ?? "")
      fields = try FieldSelector(parsing: request.query("fieldSelector") ?? "").requirements
    } catch {
      throw .badRequest("unable to parse requirement: \(error)")
    }
    if resource.type == .newerEvents {
      for index in fields.indices {
        fields[index].field = SelectableFields.newerEvents[fields[index].field] ?? fields[index].field
      }
    }
    for requirement in fields
    where customPaths[requirement.field] == nil
      && !SelectableFields.isSupported(requirement.field, resource: resource.key)
    {
      throw .badRequest("field label not supported: \(requirement.field)")
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
        case let field:
          if let path = customPaths[field] {
            (try? object.value())?[path: path]?.scalarText ?? ""
          } else {
            object.fields[field] ?? ""
          }
        }
      if (value == requirement.value) != requirement.isEqual { return false }
    }
    return labels.matches(object.labels)
  }
}
