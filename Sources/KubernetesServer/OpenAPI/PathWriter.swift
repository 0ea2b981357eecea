import Kubernetes

/// Writes the paths of a resource with their operations: kubectl finds kinds and patch types by them.
struct PathWriter {
  var schemas: SchemaWriter
  var resource: ServedResource
  /// The full name of the kind's definition, and of its list's.
  var schemaName: String
  var listSchemaName: String
  /// Only built-in kinds have merge keys.
  var canMergeStrategically: Bool

  private var type: ResourceType { resource.type }

  func paths() -> [(key: String, value: JSONValue)] {
    let root = type.group.isEmpty ? "/api/\(type.version)" : "/apis/\(type.group)/\(type.version)"
    let collection = type.isNamespaced ? "\(root)/namespaces/{namespace}/\(type.plural)" : "\(root)/\(type.plural)"
    let object = collection + "/{name}"
    var paths: [(key: String, value: JSONValue)] = []
    func add(
      _ path: String, _ operations: [(method: String, verb: String, scope: String)], _ subresource: Subresource? = nil
    ) {
      let allowed = subresource?.verbs ?? resource.verbs
      let present = operations.filter { allowed.contains($0.verb) }
      guard !present.isEmpty else { return }
      var item = JSONObject()
      for (method, verb, scope) in present { item[method] = operation(verb, scope: scope, subresource) }
      if dialectIsV3 { item["parameters"] = .array(pathParameters(path)) }
      paths.append((path, .object(item)))
    }
    add(
      collection,
      [("get", "list", ""), ("post", "create", ""), ("delete", "deletecollection", "Collection")])
    add(object, [("get", "get", ""), ("put", "update", ""), ("patch", "patch", ""), ("delete", "delete", "")])
    if type.isNamespaced { add("\(root)/\(type.plural)", [("get", "list", "ForAllNamespaces")]) }
    for subresource in resource.subresources {
      add(
        "\(object)/\(subresource.name)",
        [("get", "get", ""), ("put", "update", ""), ("patch", "patch", ""), ("post", "create", "")], subresource)
    }
    return paths
  }

  private typealias Subresource = ServedResource.Subresource
  private var dialectIsV3: Bool { schemas.dialect == .v3 }

  private func operation(_ verb: String, scope: String, _ subresource: Subresource?) -> JSONValue {
    let kind = subresource?.kind ?? type.kind
    let group = subresource?.group ?? type.group
    let version = subresource?.version ?? type.version
    let schema = responseSchema(verb, subresource)
    var operation: JSONObject = [
      "description": .string("\(verb) \(subresource.map { "\($0.name) of " } ?? "")\(type.kind)"),
      "operationId": .string(operationID(verb, scope: scope, subresource)),
      "x-kubernetes-action": .string(Self.actions[verb] ?? verb),
      "x-kubernetes-group-version-kind": ["group": .string(group), "kind": .string(kind), "version": .string(version)],
    ]
    let parameters = queryParameters(verb)
    if dialectIsV3 {
      if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
      operation["responses"] = ["200": ["description": "OK", "content": ["application/json": ["schema": schema]]]]
      if let body = requestBody(verb, schema) { operation["requestBody"] = body }
    } else {
      operation["responses"] = ["200": ["description": "OK", "schema": schema]]
      operation["consumes"] = .array(
        (verb == "patch" ? patchTypes(subresource) : ["application/json"]).map(JSONValue.string))
      operation["produces"] = ["application/json"]
      if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    }
    return .object(operation)
  }

  private static let actions = [
    "create": "post", "update": "put", "deletecollection": "deletecollection", "list": "list", "get": "get",
  ]

  private func responseSchema(_ verb: String, _ subresource: Subresource?) -> JSONValue {
    if let subresource {
      if subresource.name == "log" { return ["type": "string"] }
      return schemas.reference(subresource.definition(in: schemas.table)?.name ?? schemaName)
    }
    switch verb {
    case "list": return schemas.reference(listSchemaName)
    case "delete", "deletecollection": return schemas.meta("Status")
    default: return schemas.reference(schemaName)
    }
  }

  private func requestBody(_ verb: String, _ schema: JSONValue) -> JSONValue? {
    switch verb {
    case "create", "update": ["required": true, "content": ["application/json": ["schema": schema]]]
    case "patch":
      [
        "required": true,
        "content": .object(JSONObject(distinct: patchTypes(nil).map { ($0, ["schema": schemas.meta("Patch")]) })),
      ]
    case "delete", "deletecollection":
      [
        "content": ["application/json": ["schema": schemas.meta("DeleteOptions")]]
      ]
    default: nil
    }
  }

  private func patchTypes(_ subresource: Subresource?) -> [String] {
    let types: [PatchType] = canMergeStrategically ? [.json, .merge, .strategic, .apply] : [.json, .merge, .apply]
    return types.map(\.rawValue)
  }

  private func operationID(_ verb: String, scope: String, _ subresource: Subresource?) -> String {
    let group = type.group.isEmpty ? "Core" : Self.capitalized(String(type.group.split(separator: ".").first ?? ""))
    let action = ["update": "replace", "get": "read", "deletecollection": "delete"][verb] ?? verb
    let infix = type.isNamespaced && scope != "ForAllNamespaces" ? "Namespaced" : ""
    let tail = subresource.map { Self.capitalized($0.name) } ?? ""
    let head = scope == "Collection" ? "Collection" : ""
    return action + group + Self.capitalized(type.version) + head + infix + type.kind + tail
      + (scope == "ForAllNamespaces" ? scope : "")
  }

  private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  private func pathParameters(_ path: String) -> [JSONValue] {
    ["namespace", "name"].filter { path.contains("{\($0)}") }.map { name in
      [
        "name": .string(name), "in": "path", "required": true, "schema": ["type": "string"],
        "description": .string("The \(name) of the object."),
      ]
    }
  }

  /// kubectl looks for `fieldValidation` and `dryRun` before it relies on them.
  private func queryParameters(_ verb: String) -> [JSONValue] {
    let writing = [
      ("dryRun", "string", "All: try it, and store nothing."),
      ("fieldManager", "string", "Who the fields are noted for."),
      ("fieldValidation", "string", "What to do about unknown fields: Ignore, Warn or Strict."),
    ]
    let selecting = [
      ("continue", "string", "The token of the list's rest."), ("fieldSelector", "string", "Conditions on fields."),
      ("labelSelector", "string", "Conditions on labels."), ("limit", "integer", "How many objects at most."),
      ("resourceVersion", "string", "The state to start from."), ("watch", "boolean", "Whether to be told of changes."),
    ]
    let named: [(String, String, String)] =
      switch verb {
      case "create", "update": writing
      case "patch": writing + [("force", "boolean", "Whether an apply takes fields over from other managers.")]
      case "list": selecting
      case "delete":
        [
          ("dryRun", "string", "All: try it, and store nothing."),
          ("gracePeriodSeconds", "integer", "Seconds for an orderly end."),
          ("propagationPolicy", "string", "What becomes of dependents."),
        ]
      case "deletecollection": selecting.filter { $0.0 != "watch" } + [writing[0]]
      default: []
      }
    return named.map { name, type, description in
      var parameter: JSONObject = ["name": .string(name), "in": "query", "description": .string(description)]
      if dialectIsV3 {
        parameter["schema"] = ["type": .string(type)]
      } else {
        parameter["type"] = .string(type)
      }
      return .object(parameter)
    }
  }
}
