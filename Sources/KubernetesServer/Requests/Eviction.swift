import Kubernetes

/// POST of `eviction`: a deletion that a disruption budget may refuse.
extension APIService {
  func evict(_ scope: RequestScope) async throws -> APIResponse {
    var options = DeleteOptions()
    let writeOptions = try WriteOptions(scope.request)
    options.isDryRun = writeOptions.isDryRun
    if !scope.request.body.isEmpty {
      let body = try RequestBody.decode(scope.request)
      let kind = ResourceType(group: "policy", plural: "evictions", kind: "Eviction")
      _ = try await reviewSubresource(scope, "eviction", kind: kind, body, writeOptions)
      if let deleteOptions = body["deleteOptions"] { try options.read(deleteOptions) }
    }
    let stored = try existing(scope)
    let pod = try Self.decode(Pod.self, stored)
    let isUnstarted = pod.status.phase == "Pending" || pod.isFinished || pod.metadata.deletionTimestamp != nil
    if !isUnstarted, let budget = try budget(for: pod) {
      try await takeDisruption(from: budget, for: pod, scope, options)
    }
    _ = try await remove(scope, options)
    return APIResponse(Self.success(), status: 201)
  }

  private func budget(for pod: Pod) throws(APIError) -> ObjectKey? {
    let snapshot = store.snapshot(ResourceType.podDisruptionBudgets.qualifiedPlural)
    var matching: [ObjectKey] = []
    for object in snapshot.objects.range(namespace: pod.metadata.namespace) {
      let budget = try Self.decode(PodDisruptionBudget.self, object)
      if let selector = budget.spec.selector, selector.matches(pod.metadata.labels) { matching.append(object.key) }
    }
    guard matching.count < 2 else {
      throw APIError(
        code: 500, reason: "InternalError",
        message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
    }
    return matching.first
  }

  /// Counts the pod against its budget before it is deleted, so that two evictions never share one allowance.
  private func takeDisruption(
    from key: ObjectKey, for pod: Pod, _ scope: RequestScope, _ options: DeleteOptions
  ) async throws {
    for _ in 1...Self.changeAttemptsMax {
      guard let current = store.object(key) else { return }
      var budget = try Self.decode(PodDisruptionBudget.self, current)
      if Self.isExempt(pod, budget) { return }
      guard budget.status.disruptedPods[pod.metadata.name] == nil else { return }
      guard budget.status.observedGeneration >= budget.metadata.generation else {
        throw Self.refusal(
          "The disruption budget \(key.name) is still being processed by the server.", retryAfterSeconds: 10)
      }
      guard budget.status.disruptionsAllowed > 0 else {
        throw Self.refusal(
          "The disruption budget \(key.name) needs \(budget.status.desiredHealthy) healthy pods and has "
            + "\(budget.status.currentHealthy) currently")
      }
      if options.isDryRun { return }
      budget.status.disruptionsAllowed -= 1
      budget.status.disruptedPods[pod.metadata.name] = scope.now
      let write = Store.Write(key: key, action: .update(budget.json, over: current.version))
      if case .committed = try await store.commit(write) { return }
    }
    throw Self.refusal("The disruption budget \(key.name) is changing too fast.", retryAfterSeconds: 1)
  }

  /// Pods that are not ready disrupt nothing where the rest is healthy, or where the budget says so.
  private static func isExempt(_ pod: Pod, _ budget: PodDisruptionBudget) -> Bool {
    guard !pod.isReady else { return false }
    if budget.spec.unhealthyPodEvictionPolicy == "AlwaysAllow" { return true }
    return budget.status.desiredHealthy > 0 && budget.status.currentHealthy >= budget.status.desiredHealthy
  }

  private static func refusal(_ cause: String, retryAfterSeconds: Int64? = nil) -> APIError {
    var details: JSONObject = ["causes": [["reason": "DisruptionBudget", "message": .string(cause)]]]
    if let retryAfterSeconds { details["retryAfterSeconds"] = .integer(retryAfterSeconds) }
    return APIError(
      code: 429, reason: "TooManyRequests",
      message: "Cannot evict pod as it would violate the pod's disruption budget.", details: .object(details))
  }

  static func decode<Object: KubernetesObject>(_ type: Object.Type, _ stored: StoredObject) throws(APIError) -> Object {
    let value = try stored.value()
    do throws(FieldError) { return try Object(json: value) } catch {
      throw APIError(
        code: 500, reason: "InternalError", message: "\(stored.key.resource) \"\(stored.key.name)\": \(error)")
    }
  }
}
