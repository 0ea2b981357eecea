import Kubernetes

/// Which part of an object a write may touch.
enum WriteSurface: Sendable, Equatable {
  case main
  case status
  /// `spec.finalizers` of a namespace.
  case finalize
  /// All of it, on behalf of a subresource that checked the change itself: `binding`, `scale`.
  case whole(String)

  init(subresource: String?) {
    switch subresource {
    case "status": self = .status
    case "finalize": self = .finalize
    default: self = .main
    }
  }

  /// As `managedFields` names it.
  var subresource: String? {
    switch self {
    case .main: nil
    case .status: "status"
    case .finalize: "finalize"
    case .whole(let name): name
    }
  }
}

/// Changes of a stored object: computed from what is there, tried again when somebody else was faster.
extension APIService {
  static let changeAttemptsMax = 10

  /// - Parameters:
  ///   - compute: the object wanted, from the one stored; called again after a lost race.
  ///   - track: notes who manages which field, once the object has its defaults; what the server changes after that
  ///     belongs to nobody.
  func change(
    _ scope: RequestScope, _ surface: WriteSurface, _ options: WriteOptions,
    compute: (JSONValue) throws -> JSONValue, track: (_ old: JSONValue, _ new: JSONValue) throws -> JSONValue
  ) async throws -> (ObjectResult, warnings: [String]) {
    let key = try scope.key()
    for _ in 1...Self.changeAttemptsMax {
      let current = try existing(scope)
      let old = try RequestBody.json(scope.resource.presentation(of: current))
      var new = try compute(old)
      if let version = new["metadata"]?["resourceVersion"]?.stringValue, !version.isEmpty,
        version != String(current.version)
      {
        throw APIError.conflict(scope.type, key.name)
      }
      var warnings = try prepareChange(&new, old: old, scope, surface, options, track)
      warnings += try await mutate(&new, old: old, scope, name: key.name, surface, options)
      let reserved = try reserveAddresses(&new, old: old, scope)
      do {
        warnings += try await review(new, old: old, scope, name: key.name, surface, options)
        if let result = try await replace(current, old: old, with: new, scope, options) {
          settleAddresses(old: old, new: new, reserved, isDryRun: options.isDryRun, scope)
          return (result, warnings)
        }
        addresses.release(reserved)
      } catch {
        addresses.release(reserved)
        throw error
      }
    }
    throw APIError.conflict(scope.type, key.name)
  }

  /// - Returns: nil where somebody else was faster.
  private func replace(
    _ current: StoredObject, old: JSONValue, with new: JSONValue, _ scope: RequestScope, _ options: WriteOptions
  ) async throws -> ObjectResult? {
    let isGone = Self.isReadyToGo(new)
    if !isGone, ManagedFields.isSame(old, new) { return .stored(current) }
    if options.isDryRun { return .computed(new) }
    let action: Store.Write.Action =
      isGone
      ? .delete(scope.resource.stored(new), over: current.version)
      : .update(scope.resource.stored(new), over: current.version)
    switch try await store.commit(Store.Write(key: current.key, action: action)) {
    case .committed(let stored):
      if isGone { try await afterRemoval(of: new, scope) } else { try await react(to: .changed, current.key) }
      return .stored(stored)
    case .conflict(nil): throw APIError.notFound(scope.type, current.key.name)
    case .conflict, .namespaceMissing, .namespaceTerminating: return nil
    }
  }

  /// Deleted, no longer waiting for its grace period, and nobody's finalizer holds it.
  static func isReadyToGo(_ object: JSONValue) -> Bool {
    guard let metadata = object["metadata"], metadata["deletionTimestamp"]?.stringValue != nil else { return false }
    guard metadata["finalizers"]?.arrayValue?.isEmpty ?? true else { return false }
    if object["kind"]?.stringValue == "Namespace", object["spec"]?["finalizers"]?.arrayValue?.isEmpty == false {
      return false
    }
    return metadata["deletionGracePeriodSeconds"]?.integerValue ?? 0 == 0
  }

  func prepareChange(
    _ new: inout JSONValue, old: JSONValue, _ scope: RequestScope, _ surface: WriteSurface, _ options: WriteOptions,
    _ track: (_ old: JSONValue, _ new: JSONValue) throws -> JSONValue
  ) throws -> [String] {
    try checkHeader(&new, scope)
    try keepServerFields(&new, old: old, scope)
    switch surface {
    case .main:
      let differences = ObjectDifferences(from: old, to: new)
      let warnings = try admitFields(&new, scope, options, differences: differences)
      // What is stored has its defaults and was found right: many writes touch the metadata alone.
      let isAskedTheSame = scope.resource.custom == nil && !differences.concernWhatIsAsked(scope.resource)
      if !isAskedTheSame { Defaults.apply(&new, resource: scope.type) }
      new = try track(old, new)
      if scope.resource.hasStatus { new["status"] = old["status"] }
      KindRules.prepareUpdate(&new, scope.resource, old: old, now: scope.now) { registry.contents.definitions }
      if !isAskedTheSame { Defaults.apply(&new, resource: scope.type) }
      if scope.resource.key == "secrets" { try fillTokenSecret(&new, scope) }
      try validate(new, old: old, scope, name: try scope.name(), metadataOnly: isAskedTheSame)
      countGeneration(&new, old: old, scope)
      return warnings
    case .status:
      let warnings = try admitFields(&new, scope, options)
      new = try track(old, new)
      restrictToStatus(&new, old: old, scope)
      if scope.resource.custom != nil { try validate(new, old: old, scope, name: try scope.name()) }
      return warnings
    case .finalize:
      var restricted = old
      restricted["spec"] = new["spec"] ?? [:]
      new = try track(old, restricted)
      return []
    case .whole:
      if let custom = scope.resource.custom { _ = try Self.shape(&new, custom, scope) }
      new = try track(old, new)
      if scope.resource.custom != nil { try validate(new, old: old, scope, name: try scope.name()) }
      countGeneration(&new, old: old, scope)
      return []
    }
  }

  /// What only the server sets stays as it is.
  private func keepServerFields(_ new: inout JSONValue, old: JSONValue, _ scope: RequestScope) throws(APIError) {
    var metadata = new["metadata"]?.objectValue ?? [:]
    let uid = metadata["uid"]?.stringValue ?? ""
    let oldUID = old["metadata"]?["uid"]?.stringValue ?? ""
    guard uid.isEmpty || uid == oldUID else {
      // Only a whole object states a precondition by it.
      if scope.request.method == .patch {
        throw .invalid(
          scope.type, try scope.name(), "metadata.uid",
          "Invalid value: \(JSONValue.string(uid).text): field is immutable")
      }
      throw .conflict(
        scope.type, try scope.name(), "Precondition failed: UID in precondition: \(uid), UID in object meta: \(oldUID)")
    }
    for field in [
      "name", "generateName", "namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp",
      "deletionGracePeriodSeconds", "generation",
    ] {
      metadata[field] = old["metadata"]?[field]
    }
    metadata["selfLink"] = nil
    for emptied in ["labels", "annotations", "finalizers", "ownerReferences"] where metadata[emptied]?.isNull == true {
      metadata[emptied] = nil
    }
    if old["metadata"]?["deletionTimestamp"]?.stringValue != nil {
      let before = old["metadata"]?["finalizers"]?.arrayValue ?? []
      let added = (metadata["finalizers"]?.arrayValue ?? []).filter { !before.contains($0) }
      if let first = added.first {
        throw .invalid(
          scope.type, try scope.name(),
          [
            .init(
              reason: "FieldValueForbidden",
              message:
                "Forbidden: no new finalizers can be added if the object is being deleted, "
                + "found new finalizers \(first.text)",
              field: "metadata.finalizers")
          ])
      }
    }
    new["metadata"] = .object(metadata)
  }

  /// Of a custom resource, only the status changes through it; of a built-in kind, what its schema does not hold fast:
  /// labels and annotations mostly, which agents write together with the status.
  private func restrictToStatus(_ new: inout JSONValue, old: JSONValue, _ scope: RequestScope) {
    guard scope.resource.custom != nil else { return scope.resource.mergeSchema.keepAllButStatus(&new, old: old) }
    var restricted = old
    restricted["status"] = new["status"]
    restricted[path: ["metadata", "managedFields"]] = new["metadata"]?["managedFields"]
    new = restricted
  }

  private func countGeneration(_ new: inout JSONValue, old: JSONValue, _ scope: RequestScope) {
    guard scope.resource.hasGeneration else { return }
    func asked(_ object: JSONValue) -> JSONObject {
      var members = object.objectValue ?? [:]
      for other in ["metadata", "status", "apiVersion"] { members[other] = nil }
      return members
    }
    guard asked(new) != asked(old) else { return }
    new[path: ["metadata", "generation"]] = .integer((old["metadata"]?["generation"]?.integerValue ?? 0) + 1)
  }

  private func settleAddresses(
    old: JSONValue, new: JSONValue, _ reserved: ServiceAddresses.Reservation, isDryRun: Bool, _ scope: RequestScope
  ) {
    guard scope.resource.key == "services" else { return }
    if isDryRun {
      addresses.release(reserved)
    } else {
      addresses.release(ServiceAddresses.held(by: old).subtracting(ServiceAddresses.held(by: new)))
    }
  }
}
