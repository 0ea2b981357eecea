import Kubernetes

/// The refusals of kube-apiserver, in its words: clients match on them.
extension APIError {
  private static func details(_ resource: ResourceType, _ name: String, _ more: JSONObject = [:]) -> JSONValue {
    var details: JSONObject = ["name": .string(name)]
    if !resource.group.isEmpty { details["group"] = .string(resource.group) }
    details["kind"] = .string(resource.plural)
    for member in more { details[member.key] = member.value }
    return .object(details)
  }

  static func alreadyExists(_ resource: ResourceType, _ name: String) -> APIError {
    APIError(
      code: 409, reason: "AlreadyExists", message: "\(resource.qualifiedPlural) \"\(name)\" already exists",
      details: details(resource, name))
  }

  static func conflict(_ resource: ResourceType, _ name: String, _ why: String? = nil) -> APIError {
    let why = why ?? "the object has been modified; please apply your changes to the latest version and try again"
    return APIError(
      code: 409, reason: "Conflict",
      message: "Operation cannot be fulfilled on \(resource.qualifiedPlural) \"\(name)\": \(why)",
      details: details(resource, name))
  }

  static func forbidden(_ resource: ResourceType, _ name: String, _ why: String, causes: [JSONValue] = []) -> APIError {
    APIError(
      code: 403, reason: "Forbidden", message: "\(resource.qualifiedPlural) \"\(name)\" is forbidden: \(why)",
      details: details(resource, name, causes.isEmpty ? [:] : ["causes": .array(causes)]))
  }

  static func namespaceTerminating(_ resource: ResourceType, _ name: String, _ namespace: String) -> APIError {
    forbidden(
      resource, name, "unable to create new content in namespace \(namespace) because it is being terminated",
      causes: [
        [
          "reason": "NamespaceTerminating", "message": .string("namespace \(namespace) is being terminated"),
          "field": "metadata.namespace",
        ]
      ])
  }

  static func invalid(_ resource: ResourceType, _ name: String, _ causes: [Validation.Cause]) -> APIError {
    let texts = causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
    let list = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    var details = JSONObject()
    if !name.isEmpty { details["name"] = .string(name) }
    if !resource.group.isEmpty { details["group"] = .string(resource.group) }
    details["kind"] = .string(resource.kind)
    details["causes"] = .array(
      causes.map { ["reason": .string($0.reason), "message": .string($0.message), "field": .string($0.field)] })
    return APIError(
      code: 422, reason: "Invalid", message: "\(resource.qualifiedKind) \"\(name)\" is invalid: \(list)",
      details: .object(details))
  }

  static func invalid(_ resource: ResourceType, _ name: String, _ field: String, _ message: String) -> APIError {
    invalid(resource, name, [.init(reason: "FieldValueInvalid", message: message, field: field)])
  }

  static func methodNotAllowed(_ method: APIRequest.Method) -> APIError {
    APIError(
      code: 405, reason: "MethodNotAllowed", message: "the server does not allow this method on the requested resource")
  }

  static let unknownPath = APIError(
    code: 404, reason: "NotFound", message: "the server could not find the requested resource", details: [:])
}

extension APIResponse {
  init(_ value: JSONValue, status: Int = 200) { self.init(status: status, body: .bytes(value.bytes)) }
}
