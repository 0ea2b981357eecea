import Kubernetes

/// What becomes of an object's dependents when it is deleted.
public enum DeletionPropagation: String, Sendable {
  /// They stay.
  case orphan = "Orphan"
  /// They go later; the default of most kinds.
  case background = "Background"
  /// They go first.
  case foreground = "Foreground"
}

extension KubernetesClient {
  /// - Parameters:
  ///   - uid, resourceVersion: refuse (409) where the object is another one by now.
  ///   - gracePeriodSeconds: nil leaves it to the object; 0 is at once.
  public func delete(
    _ target: Change.Target, uid: String? = nil, resourceVersion: String? = nil, gracePeriodSeconds: Int? = nil,
    propagation: DeletionPropagation? = nil
  ) async throws {
    var options = deleteOptions(gracePeriodSeconds, propagation)
    var preconditions = JSONObject()
    if let uid { preconditions["uid"] = .string(uid) }
    if let resourceVersion { preconditions["resourceVersion"] = .string(resourceVersion) }
    if !preconditions.isEmpty { options["preconditions"] = .object(preconditions) }
    _ = try await json(
      APIRequest(
        .delete, try target.resource.checkedPath(namespace: target.namespace, name: target.name),
        body: JSONValue.object(options).bytes))
  }

  /// Deletes what the selectors pick out of a collection.
  public func deleteCollection(
    _ resource: ResourceType, namespace: String = "", labelSelector: String = "", fieldSelector: String = "",
    gracePeriodSeconds: Int? = nil, propagation: DeletionPropagation? = nil
  ) async throws {
    _ = try await json(
      APIRequest(
        .delete, try resource.checkedPath(namespace: namespace, name: nil),
        query: ListOptions(labelSelector: labelSelector, fieldSelector: fieldSelector).selectors,
        body: JSONValue.object(deleteOptions(gracePeriodSeconds, propagation)).bytes))
  }

  private func deleteOptions(_ gracePeriodSeconds: Int?, _ propagation: DeletionPropagation?) -> JSONObject {
    var options: JSONObject = ["kind": "DeleteOptions", "apiVersion": "v1"]
    if let gracePeriodSeconds { options["gracePeriodSeconds"] = gracePeriodSeconds.json }
    if let propagation { options["propagationPolicy"] = .string(propagation.rawValue) }
    if isDryRun { options["dryRun"] = ["All"] }
    return options
  }
}
