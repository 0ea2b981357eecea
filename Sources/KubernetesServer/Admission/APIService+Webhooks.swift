import Kubernetes

/// Where requests meet webhooks.
extension APIService {
  /// - Parameters:
  ///   - subresource: through which the object is changed.
  ///   - old: nil for a creation.
  func question(
    _ scope: RequestScope, name: String, subresource: String? = nil, object: JSONValue?, old: JSONValue?,
    _ options: WriteOptions
  ) -> AdmissionQuestion {
    let operation: AdmissionQuestion.Operation = old == nil ? .create : .update
    var settings: JSONObject = [
      "kind": old == nil ? "CreateOptions" : "UpdateOptions", "apiVersion": "meta.k8s.io/v1",
    ]
    if options.isDryRun { settings["dryRun"] = ["All"] }
    if !options.fieldManager.isEmpty { settings["fieldManager"] = .string(options.fieldManager) }
    settings["fieldValidation"] = .string(options.fieldValidation.rawValue)
    return AdmissionQuestion(
      operation: operation, user: scope.request.user, resource: scope.type, subresource: subresource ?? "",
      kind: scope.type, namespace: scope.namespace, name: name, object: object, old: old, options: .object(settings),
      isDryRun: options.isDryRun, equivalents: equivalents(of: scope.resource))
  }

  /// Lets mutating webhooks change an object that is about to be stored; what they wrote is filled in and checked anew.
  /// - Returns: warnings for the client.
  func mutate(
    _ object: inout JSONValue, old: JSONValue?, _ scope: RequestScope, name: String, _ surface: WriteSurface,
    _ options: WriteOptions
  ) async throws -> [String] {
    if webhooks.isIdle { return [] }
    switch surface {
    case .main, .status, .finalize: break
    case .whole: return []  // the object of such a subresource is another one
    }
    var question = question(
      scope, name: name, subresource: surface.subresource, object: object, old: old, options)
    let warnings = try await webhooks.mutate(&question)
    guard var changed = question.object, changed != object else { return warnings }
    for field in ["name", "namespace", "uid", "creationTimestamp", "managedFields"] {
      changed[path: ["metadata", field]] = object["metadata"]?[field]
    }
    object = changed
    if let old {
      // Who manages what is known already: what webhooks change belongs to nobody.
      _ = try prepareChange(&object, old: old, scope, surface, options) { _, new in new }
    } else {
      _ = try admitFields(&object, scope, options)
      Defaults.apply(&object, resource: scope.type)
      try admit(&object, scope)
    }
    return warnings
  }

  /// Asks validating webhooks about an object as it is about to be stored.
  /// - Returns: warnings for the client.
  func review(
    _ object: JSONValue, old: JSONValue?, _ scope: RequestScope, name: String, _ surface: WriteSurface,
    _ options: WriteOptions
  ) async throws -> [String] {
    if webhooks.isIdle { return [] }
    var question = question(
      scope, name: name, subresource: surface.subresource, object: object, old: old, options)
    switch surface {
    case .main, .status, .finalize: break
    case .whole("scale"):
      question.kind = Self.scaleType
      question.object = Self.scale(of: object, scalePaths(scope))
      question.old = old.map { Self.scale(of: $0, scalePaths(scope)) }
    case .whole: return []  // was asked about with its own object
    }
    return try await webhooks.validate(question)
  }

  private func equivalents(of resource: RegisteredResource) -> [ResourceType] {
    guard resource.custom?.isMultiVersion == true else { return [] }
    return registry.contents.custom.filter { $0.key == resource.key && $0.type != resource.type }.map(\.type)
  }

  /// Asks webhooks about the deletion of an object.
  func reviewDeletion(_ scope: RequestScope, _ options: DeleteOptions) async throws -> [String] {
    if webhooks.isIdle { return [] }
    let old = try RequestBody.json(scope.resource.presentation(of: try existing(scope)))
    var settings: JSONObject = ["kind": "DeleteOptions", "apiVersion": "meta.k8s.io/v1"]
    if options.isDryRun { settings["dryRun"] = ["All"] }
    if let seconds = options.gracePeriodSeconds { settings["gracePeriodSeconds"] = .integer(seconds) }
    if let propagation = options.propagation { settings["propagationPolicy"] = .string(propagation.rawValue) }
    return try await webhooks.validate(
      AdmissionQuestion(
        operation: .delete, user: scope.request.user, resource: scope.type, kind: scope.type,
        namespace: scope.namespace, name: try scope.name(), object: nil, old: old, options: .object(settings),
        isDryRun: options.isDryRun, equivalents: equivalents(of: scope.resource)))
  }

  /// Asks webhooks about something that is made through a subresource and stored nowhere: a binding, an eviction, a token.
  func reviewSubresource(
    _ scope: RequestScope, _ subresource: String, kind: ResourceType, _ object: JSONValue, _ options: WriteOptions
  ) async throws -> [String] {
    if webhooks.isIdle { return [] }
    var question = question(scope, name: try scope.name(), subresource: subresource, object: object, old: nil, options)
    question.kind = kind
    let warnings = try await webhooks.mutate(&question)
    return try await warnings + webhooks.validate(question)
  }

  /// Asks webhooks about a two-way connection: `exec`, `attach` or `portforward` of a pod.
  /// - Parameter options: `PodExecOptions` or the like.
  func reviewConnection(_ scope: RequestScope, _ subresource: String, _ options: JSONValue) async throws {
    if webhooks.isIdle { return }
    let kind = ResourceType(plural: scope.type.plural, kind: options["kind"]?.stringValue ?? "")
    var question = AdmissionQuestion(
      operation: .connect, user: scope.request.user, resource: scope.type, subresource: subresource, kind: kind,
      namespace: scope.namespace, name: try scope.name(), object: options, old: nil, options: .null, isDryRun: false)
    _ = try await webhooks.mutate(&question)
    _ = try await webhooks.validate(question)
  }
}
