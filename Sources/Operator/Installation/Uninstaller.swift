import Autoscaling
import Kubernetes
import KubernetesClient

/// Takes the operator out of a cluster: first itself, then what it held, then its rights.
public struct Uninstaller: Sendable {
  let client: KubernetesClient
  let namespace: String

  public init(client: KubernetesClient, namespace: String) {
    self.client = client
    self.namespace = namespace
  }

  /// - Parameters:
  ///   - definitions: whether the kinds go too, and with them every Microservice and PushCampaign.
  ///   - done: told of each object that was deleted, and each floor given back.
  /// - Throws: `APIError`; what was done until then stays done, and doing it again goes on from there.
  public func uninstall(definitions: Bool, done: (String) -> Void) async throws {
    // First: nobody would answer it any more.
    try await delete(.validatingWebhookConfigurations, GuardrailsWebhook.name, done)
    try await delete(.deployments, Installation.name, done)
    try await waitUntilGone(atMost: .seconds(60))
    // Nobody raises them again from here on.
    try await giveBack(done)
    for deployment in try await client.list(
      Deployment.self, namespace: namespace, labelSelector: "\(PlaceholderLabel.placeholder)=true"
    ).items {
      try await delete(.deployments, deployment.metadata.name, done)
    }
    for kind in [ResourceType.podDisruptionBudgets, .services, .roleBindings, .roles] {
      try await delete(kind, Installation.name, done)
    }
    try await delete(.leases, OperatorProcess.leaseName, done)
    try await delete(.secrets, Installation.tokenSecret, done)
    try await delete(.serviceAccounts, Installation.name, done)
    for kind in [ResourceType.clusterRoleBindings, .clusterRoles] {
      try await delete(kind, Installation.name, done)
    }
    for name in [Installation.priorityClass, Installation.placeholderPriorityClass] {
      try await delete(.priorityClasses, name, done)
    }
    guard definitions else { return }
    for resource in [ResourceType.pushCampaigns, .microservices] {
      try await delete(.customResourceDefinitions, resource.qualifiedPlural, done)
    }
  }

  private func delete(_ kind: ResourceType, _ name: String, _ done: (String) -> Void) async throws {
    do {
      try await client.delete(Change.Target(kind, namespace: kind.isNamespaced ? namespace : "", name: name))
      done("\(kind.singular)\(kind.group.isEmpty ? "" : "." + kind.group)/\(name) deleted")
    } catch let error as APIError where error.isNotFound {}
  }

  private func waitUntilGone(atMost limit: Duration) async throws {
    let elapsed = client.clock.stopwatch()
    while true {
      let pods = try await client.list(
        Pod.self, namespace: namespace, labelSelector: "app.kubernetes.io/name=\(Installation.name)"
      ).items
      if pods.isEmpty { return }
      guard elapsed() < limit else {
        throw APIError(
          code: 504, reason: "Timeout",
          message: "pod \(pods[0].metadata.name) is still there; floors are given back once it is gone: run this again")
      }
      try await client.clock.sleep(for: .milliseconds(500))
    }
  }

  /// To a decision that sees no push, every floor is one to give back.
  private func giveBack(_ done: (String) -> Void) async throws {
    var view = ClusterView()
    for autoscaler in try await client.list(HorizontalPodAutoscaler.self).items {
      view.autoscalers[autoscaler.key] = autoscaler
    }
    do {
      for service in try await client.list(Microservice.self).items { view.microservices[service.key] = service }
    } catch let error as APIError where error.isNotFound {}
    var decision = PrescalingDecision()
    let changes = decision.reconcile(view, at: .now)
    let executor = ChangeExecutor(client: client, component: PrescalingDecision.fieldManager)
    if let failure = await executor.execute(changes).first(where: { !$0.isRace }) { throw failure.error }
    for case .patch(let target, _, let body, _, _) in changes {
      done("\(target) has its own minimum of \(body[path: ["spec", "minReplicas"]]?.text ?? "") back")
    }
  }
}
