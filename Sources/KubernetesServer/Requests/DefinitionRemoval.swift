import Kubernetes

/// A deleted CustomResourceDefinition takes its objects along, and goes after the last of them.
extension APIService {
  func removeInstances(of definition: JSONValue, _ scope: RequestScope) async throws {
    guard let resource = CustomDefinition.resources(definition).first else { return }
    for object in store.snapshot(resource.key).objects {
      var request = scope.request
      request.query = []
      let path = ResourcePath(
        resource.type.path(namespace: object.key.namespace, name: object.key.name))
      guard let path else { continue }
      let single = RequestScope(request: request, path: path, resource: resource, now: scope.now)
      do {
        _ = try await remove(single, DeleteOptions())
      } catch let error as APIError where error.isNotFound {
        continue
      }
    }
  }

  /// Takes the cleanup finalizer off a deleted definition that has no objects any more.
  func finishDefinition(_ name: String, _ scope: RequestScope) async throws {
    let type = ResourceType.customResourceDefinitions
    let key = ObjectKey(resource: type.qualifiedPlural, namespace: "", name: name)
    for _ in 1...Self.changeAttemptsMax {
      guard let current = store.object(key), current.isTerminating else { return }
      var value = try current.value()
      let plural = value["spec"]?["names"]?["plural"]?.stringValue ?? ""
      let group = value["spec"]?["group"]?.stringValue ?? ""
      guard store.snapshot("\(plural).\(group)").objects.isEmpty else { return }
      KindRules.removeFinalizer(CustomDefinition.cleanupFinalizer, from: &value)
      let action: Store.Write.Action =
        Self.isReadyToGo(value) ? .delete(value, over: current.version) : .update(value, over: current.version)
      if case .committed = try await store.commit(Store.Write(key: key, action: action)) { return }
    }
  }

  /// - Throws: 405 where the kind's definition is on its way out.
  func checkDefinition(_ scope: RequestScope) throws(APIError) {
    guard let name = scope.resource.custom?.definition else { return }
    let key = ObjectKey(resource: ResourceType.customResourceDefinitions.qualifiedPlural, namespace: "", name: name)
    if store.object(key)?.isTerminating == true {
      throw APIError(
        code: 405, reason: "MethodNotAllowed",
        message: "create not allowed while custom resource definition is terminating")
    }
  }
}
