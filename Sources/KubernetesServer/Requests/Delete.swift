import Kubernetes

/// DELETE of one object and of collections.
extension APIService {
  static let protectedNamespaces: Set<String> = ["default", "kube-system", "kube-public"]
  /// Of pods that do not say.
  static let gracePeriodSecondsDefault: Int64 = 30

  func delete(_ scope: RequestScope) async throws -> APIResponse {
    let options = try DeleteOptions(scope.request)
    let warnings = try await reviewDeletion(scope, options)
    let (result, isGone) = try await remove(scope, options)
    if !isGone || scope.resource.returnsDeletedObject { return try response(result, scope, warnings: warnings) }
    let uid = try result.value()["metadata"]?["uid"] ?? ""
    var response = APIResponse(
      Self.success([
        "name": .string(try scope.name()), "group": .string(scope.type.group), "kind": .string(scope.type.plural),
        "uid": uid,
      ]))
    response.headers += warnings.map(Self.warning)
    return response
  }

  static func success(_ details: JSONObject? = nil) -> JSONValue {
    var status: JSONObject = ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success"]
    if let details { status["details"] = .object(details) }
    return .object(status)
  }

  func deleteCollection(_ scope: RequestScope) async throws -> APIResponse {
    let options = try DeleteOptions(scope.request)
    let selection = try Selection(scope.request, namespace: scope.namespace, resource: scope.resource)
    let snapshot = store.snapshot(scope.resource.key)
    var items: [JSONValue] = []
    for object in selection.range(in: snapshot.objects) where selection.matches(object) {
      var single = scope
      single.path.name = object.key.name
      single.path.namespace = object.key.namespace
      do {
        _ = try await reviewDeletion(single, options)
        items.append(try await remove(single, options).result.value())
      } catch let error as APIError where error.isNotFound {
        continue  // somebody else deleted it in the meantime
      }
    }
    return APIResponse([
      "kind": .string(scope.type.kind + "List"), "apiVersion": .string(scope.type.apiVersion),
      "metadata": ["resourceVersion": .string(String(store.version))], "items": .array(items),
    ])
  }

  /// Deletes an object, or marks it as deleted where a grace period or a finalizer holds it.
  func remove(_ scope: RequestScope, _ options: DeleteOptions) async throws -> (result: ObjectResult, isGone: Bool) {
    let key = try scope.key()
    if scope.resource.key == "namespaces", Self.protectedNamespaces.contains(key.name) {
      throw APIError.forbidden(scope.type, key.name, "this namespace may not be deleted")
    }
    for _ in 1...Self.changeAttemptsMax {
      let current = try existing(scope)
      try checkPreconditions(options, current, scope)
      let old = try RequestBody.json(scope.resource.presentation(of: current))
      let new = marked(old, scope, options)
      let isGone = Self.isReadyToGo(new)
      if !isGone, new == old { return (.stored(current), false) }
      if options.isDryRun { return (.computed(new), isGone) }
      let action: Store.Write.Action =
        isGone
        ? .delete(scope.resource.stored(new), over: current.version)
        : .update(scope.resource.stored(new), over: current.version)
      switch try await store.commit(Store.Write(key: key, action: action)) {
      case .committed(let stored):
        if isGone { try await afterRemoval(of: new, scope) } else { try await afterMarking(of: new, scope) }
        return (.stored(stored), isGone)
      case .conflict(nil): throw APIError.notFound(scope.type, key.name)
      case .conflict, .namespaceMissing, .namespaceTerminating: continue
      }
    }
    throw APIError.conflict(scope.type, key.name)
  }

  private func checkPreconditions(_ options: DeleteOptions, _ current: StoredObject, _ scope: RequestScope)
    throws(APIError)
  {
    if let uid = options.uid, uid != current.uid {
      throw .conflict(
        scope.type, current.key.name,
        "Precondition failed: UID in precondition: \(uid), UID in object meta: \(current.uid)")
    }
    if let version = options.resourceVersion, version != String(current.version) {
      throw .conflict(
        scope.type, current.key.name,
        "Precondition failed: ResourceVersion in precondition: \(version), "
          + "ResourceVersion in object meta: \(current.version)"
      )
    }
  }

  /// The object with its deletion noted, as far as this request goes.
  private func marked(_ old: JSONValue, _ scope: RequestScope, _ options: DeleteOptions) -> JSONValue {
    var new = old
    // A definition goes when the last of its objects has.
    if scope.resource.key == ResourceType.customResourceDefinitions.qualifiedPlural,
      old["metadata"]?["deletionTimestamp"]?.stringValue == nil
    {
      KindRules.addFinalizer(CustomDefinition.cleanupFinalizer, to: &new)
    }
    switch options.propagation {
    case .orphan:
      KindRules.addFinalizer("orphan", to: &new)
      KindRules.removeFinalizer("foregroundDeletion", from: &new)
    case .foreground:
      KindRules.addFinalizer("foregroundDeletion", to: &new)
      KindRules.removeFinalizer("orphan", from: &new)
    case .background:
      KindRules.removeFinalizer("orphan", from: &new)
      KindRules.removeFinalizer("foregroundDeletion", from: &new)
    case nil: break
    }
    let isMarked = old["metadata"]?["deletionTimestamp"]?.stringValue != nil
    let grace = gracePeriod(old, scope, options)
    if isMarked {
      let pending = old["metadata"]?["deletionGracePeriodSeconds"]?.integerValue ?? 0
      // A deletion under way can only be hastened.
      guard let grace = options.gracePeriodSeconds == nil && pending > 0 ? nil : grace, grace < pending else {
        return new
      }
      new[path: ["metadata", "deletionGracePeriodSeconds"]] = .integer(grace)
      if let end = old["metadata"]?["deletionTimestamp"].flatMap({ try? Timestamp(json: $0) }) {
        new[path: ["metadata", "deletionTimestamp"]] = (end - Double(pending - grace)).json
      }
      return new
    }
    new[path: ["metadata", "deletionTimestamp"]] = (scope.now + Double(grace)).json
    new[path: ["metadata", "deletionGracePeriodSeconds"]] = .integer(grace)
    if scope.resource.hasGeneration, let generation = old["metadata"]?["generation"]?.integerValue {
      new[path: ["metadata", "generation"]] = .integer(generation + 1)
    }
    if scope.resource.key == "namespaces" { new[path: ["status", "phase"]] = "Terminating" }
    return new
  }

  /// Seconds that a pod has to end; zero for what no node runs, and for every other kind.
  private func gracePeriod(_ object: JSONValue, _ scope: RequestScope, _ options: DeleteOptions) -> Int64 {
    guard scope.resource.key == "pods" else { return 0 }
    let isFinished = ["Succeeded", "Failed"].contains(object["status"]?["phase"]?.stringValue ?? "")
    if (object["spec"]?["nodeName"]?.stringValue ?? "").isEmpty || isFinished { return 0 }
    return max(
      0,
      options.gracePeriodSeconds ?? object["spec"]?["terminationGracePeriodSeconds"]?.integerValue
        ?? Self.gracePeriodSecondsDefault)
  }

  /// What an object leaves behind when it goes.
  func afterRemoval(of object: JSONValue, _ scope: RequestScope) async throws {
    try await react(to: .removed, try scope.key())
    if scope.resource.key == "services" { addresses.release(ServiceAddresses.held(by: object)) }
    if let definition = scope.resource.custom?.definition { try await finishDefinition(definition, scope) }
  }

  private func afterMarking(of object: JSONValue, _ scope: RequestScope) async throws {
    guard scope.resource.key == ResourceType.customResourceDefinitions.qualifiedPlural else { return }
    try await removeInstances(of: object, scope)
    try await finishDefinition(try scope.name(), scope)
  }
}
