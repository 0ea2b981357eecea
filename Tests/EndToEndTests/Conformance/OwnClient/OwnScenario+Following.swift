import Kubernetes
import KubernetesClient
import Testing

extension OwnScenario {
  static let following: [OwnScenario] = [
    OwnScenario(name: "paging") { scene in
      for index in 10..<35 { _ = try await scene.client.create(scene.configMap("page-\(index)")) }
      var names: [String] = []
      var versions: Set<String> = []
      let pages = try scene.client.pages(
        .configMaps, namespace: scene.namespace, options: ListOptions(pageItems: 10))
      for try await page in pages {
        if versions.isEmpty {
          // What changes meanwhile is not seen on later pages.
          _ = try await scene.client.create(scene.configMap("page-99"))
          try await scene.client.delete(scene.configMapTarget("page-34"))
        }
        versions.insert(page.resourceVersion)
        names += page.items.compactMap { $0[path: ["metadata", "name"]]?.stringValue }
      }
      #expect(names.filter { $0.hasPrefix("page-") } == (10..<35).map { "page-\($0)" })
      #expect(versions.count == 1, "\(versions)")
    },
    OwnScenario(name: "informers") { scene in
      _ = try await scene.client.create(scene.configMap("first", ["kind": "a"]))
      let informer = Informer(
        ConfigMap.self, client: scene.client, namespace: scene.namespace,
        indexes: [.init("kind") { $0.data["kind"].map { [$0] } ?? [] }])
      try await withThrowingTaskGroup(of: Void.self) { group in
        defer { group.cancelAll() }
        group.addTask { await informer.run() }
        try await informer.waitUntilSynced()
        #expect(try informer.objects("kind", "a").map(\.metadata.name) == ["first"])
        _ = try await scene.client.create(scene.configMap("second", ["kind": "a"]))
        try await eventually("the new one is indexed") { try informer.objects("kind", "a").count == 2 }
        _ = try await scene.client.patch(scene.configMapTarget("second"), .merge, ["data": ["kind": "b"]])
        try await eventually("the index follows") {
          try informer.objects("kind", "b").map(\.metadata.name) == ["second"]
        }
        try await scene.client.delete(scene.configMapTarget("first"))
        try await eventually("the deleted one is gone") {
          try informer.object("first", namespace: scene.namespace) == nil
        }
      }
    },
    OwnScenario(name: "discovery") { scene in
      let discovery = Discovery(client: scene.client)
      let deployment = try await discovery.resource(kind: "Deployment", apiVersion: "apps/v1")
      #expect(deployment.plural == "deployments" && deployment.isNamespaced)
      #expect(try await discovery.resource(named: "deploy").kind == "Deployment")
      #expect(try await discovery.resource(named: "cm").plural == "configmaps")
    },
    OwnScenario(name: "leases") { scene in
      let lease = NamespacedName(scene.namespace, "leader")
      let first = try LeaderElection(client: scene.client, lease: lease, identity: "one")
      let held = try await first.run { try await scene.client.get(Lease.self, "leader", namespace: scene.namespace) }
      #expect(held.spec.holderIdentity == "one")
      // Given back, so that the next one need not wait for it to expire.
      let second = try LeaderElection(client: scene.client, lease: lease, identity: "two")
      let taken = try await second.run { try await scene.client.get(Lease.self, "leader", namespace: scene.namespace) }
      #expect(taken.spec.holderIdentity == "two")
    },
    OwnScenario(name: "tokens") { scene in
      let client = scene.client
      var account = ServiceAccount()
      account.metadata = ObjectMeta(name: "robot", namespace: scene.namespace)
      _ = try await client.create(account)
      try await grantReading(scene)
      let token = try await client.token(of: account.key, expirationSeconds: 600).token
      var kubeconfig = scene.kubeconfig
      kubeconfig.user = .init()
      kubeconfig.user.token = token
      let transport = try kubeconfig.transport()
      let robot = KubernetesClient(transport: transport)
      do {
        try await eventually("the role is in force") {
          do {
            return try await robot.list(ConfigMap.self, namespace: scene.namespace).resourceVersion.isEmpty == false
          } catch let error as APIError where error.code == 403 { return false }
        }
        let refused = try await scene.refusal(403) { _ = try await robot.create(scene.configMap("x")) }
        let who = "system:serviceaccount:\(scene.namespace):robot"
        #expect(refused.message.contains("User \"\(who)\" cannot create resource \"configmaps\""), "\(refused)")
        _ = try await scene.refusal(403) { _ = try await robot.list(ConfigMap.self, namespace: "default") }
      } catch {
        await transport.shutdown()
        throw error
      }
      await transport.shutdown()
    },
  ]

  private static func grantReading(_ scene: OwnScene) async throws {
    func rbac(_ kind: String, _ plural: String) -> ResourceType {
      ResourceType(group: "rbac.authorization.k8s.io", plural: plural, kind: kind)
    }
    let metadata: JSONValue = ["name": "reader", "namespace": .string(scene.namespace)]
    _ = try await scene.client.create(
      [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": metadata,
        "rules": [["apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]]],
      ], resource: rbac("Role", "roles"))
    _ = try await scene.client.create(
      [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": metadata,
        "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"],
        "subjects": [["kind": "ServiceAccount", "name": "robot", "namespace": .string(scene.namespace)]],
      ], resource: rbac("RoleBinding", "rolebindings"))
  }
}
