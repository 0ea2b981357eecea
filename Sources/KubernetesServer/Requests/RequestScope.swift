import Kubernetes

/// A request for a resource, resolved: what it is about, and who serves it.
struct RequestScope: Sendable {
  var request: APIRequest
  var path: ResourcePath
  var resource: RegisteredResource
  var now: Timestamp

  var type: ResourceType { resource.type }
  var namespace: String { type.isNamespaced ? path.namespace : "" }

  /// The object's name from the path, for requests that are about one object.
  func name() throws(APIError) -> String {
    guard let name = path.name else { throw .methodNotAllowed(request.method) }
    return name
  }

  /// The object with its `managedFields` brought up to date after a write that is no apply.
  func tracked(old: JSONValue?, new: JSONValue, _ options: WriteOptions, _ subresource: String?) -> JSONValue {
    Apply.track(
      old: old, new: new, by: options.author(subresource, now), schema: resource.mergeSchema,
      versions: resource.versions)
  }

  func key() throws(APIError) -> ObjectKey { resource.objectKey(namespace: namespace, name: try name()) }
}

/// One object as an answer: stored, or only computed where the request was a dry run.
enum ObjectResult: Sendable {
  case stored(StoredObject)
  case computed(JSONValue)

  func value() throws(APIError) -> JSONValue {
    switch self {
    case .stored(let object): try object.value()
    case .computed(let value): value
    }
  }
}
