import Kubernetes

/// Which objects of a resource a request asks for: namespace, labels and fields.
struct Selection: Sendable {
  private(set) var namespace: String
  private var labels: [LabelRequirement]
  private var fields: [Condition] = []

  private struct Condition: Sendable {
    enum Source: Sendable {
      case name
      case namespace
      /// By its place in `ObjectIndex.fields`.
      case field(Int)
      /// A field of a custom resource, which is looked for in the object.
      case path([String])
    }
    var source: Source
    var value: String
    var isEqual: Bool

    func matches(_ object: StoredObject) -> Bool {
      let found =
        switch source {
        case .name: object.key.name
        case .namespace: object.key.namespace
        case .field(let position): position < object.index.fields.count ? object.index.fields[position] : ""
        case .path(let path): (try? object.value())?[path: path]?.scalarText ?? ""
        }
      return (found == value) == isEqual
    }
  }

  /// - Throws: 400 where a selector cannot be read or names a field that the resource is not selected by.
  init(_ request: APIRequest, namespace: String, resource: RegisteredResource) throws(APIError) {
    self.namespace = namespace
    let requirements: [FieldSelector.Requirement]
    do throws(SelectorSyntaxError) {
      labels = try LabelRequirement.parse(request.query("labelSelector") ?? "")
      requirements = try FieldSelector(parsing: request.query("fieldSelector") ?? "").requirements
    } catch {
      throw .badRequest("unable to parse requirement: \(error)")
    }
    for requirement in requirements {
      let source: Condition.Source
      let isNewer = resource.type == .newerEvents
      let field = isNewer ? SelectableFields.newerEvents[requirement.field] ?? requirement.field : requirement.field
      switch field {
      case "metadata.name": source = .name
      case "metadata.namespace": source = .namespace
      default:
        if let path = resource.custom?.selectable[field] {
          source = .path(path)
        } else if let position = SelectableFields.position(of: field, resource: resource.key) {
          source = .field(position)
        } else {
          throw Self.unsupported(requirement.field, resource)
        }
      }
      fields.append(Condition(source: source, value: requirement.value, isEqual: requirement.isEqual))
    }
    if namespace.isEmpty, let only = required(.namespace) { self.namespace = only }
  }

  private static func unsupported(_ field: String, _ resource: RegisteredResource) -> APIError {
    SelectableFields.paths[resource.key] == nil
      ? .badRequest(
        "\"\(field)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
      : .badRequest("field label not supported: \(field)")
  }

  /// Only the object of this name.
  mutating func restrict(toName name: String) {
    fields.append(Condition(source: .name, value: name, isEqual: true))
  }

  /// Whether it takes objects by more than their namespace.
  var isSelective: Bool { !labels.isEmpty || !fields.isEmpty }

  func matches(_ object: StoredObject) -> Bool {
    guard namespace.isEmpty || object.key.namespace == namespace else { return false }
    for condition in fields where !condition.matches(object) { return false }
    return labels.allSatisfy { $0.matches(value: object.index.labels[$0.key]) }
  }

  /// The part of a resource's objects outside of which nothing matches.
  func range(in objects: ObjectSequence) -> ObjectRange {
    guard !namespace.isEmpty, let name = required(.name) else { return objects.range(namespace: namespace) }
    let start = objects.position(namespace, name)
    return ObjectRange(objects, start, objects[namespace, name] == nil ? start : objects.position(after: start))
  }

  private enum Place { case name, namespace }

  /// The one value that a place must have, where the selector says so.
  private func required(_ place: Place) -> String? {
    for condition in fields where condition.isEqual {
      switch (condition.source, place) {
      case (.name, .name), (.namespace, .namespace): return condition.value
      default: continue
      }
    }
    return nil
  }
}
