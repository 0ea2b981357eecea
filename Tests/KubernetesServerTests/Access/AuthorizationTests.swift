import Kubernetes
import KubernetesServer
import Testing

@Suite struct AuthorizationTests {
  private static let rbac = "/apis/rbac.authorization.k8s.io/v1"
  private static let jane = UserInfo("jane", groups: [UserInfo.authenticatedGroup])

  private func role(_ rules: [PolicyRule], kind: String = "Role", name: String) -> JSONValue {
    [
      "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": ["name": .string(name)],
      "rules": .array(rules.map(\.json)),
    ]
  }

  private func binding(
    _ name: String, role: String, roleKind: String = "ClusterRole", kind: String = "RoleBinding", user: String
  ) -> JSONValue {
    [
      "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": ["name": .string(name)],
      "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(roleKind), "name": .string(role)],
      "subjects": [["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": .string(user)]],
    ]
  }

  private func bind(_ server: TestServer, _ role: String, to user: String, as name: String = "bound") async throws {
    let answer = try await server.send(
      .post, "\(Self.rbac)/namespaces/default/rolebindings", binding(name, role: role, user: user))
    #expect(answer.status == 201, "\(answer.message)")
  }

  @Test func nothingIsAllowedThatNoRoleAllows() async throws {
    let server = try await TestServer()
    let list = try await server.send(.get, Path.pods, as: Self.jane)
    #expect(list.status == 403 && list.reason == "Forbidden")
    #expect(
      list.message
        == #"pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default""#)
    let everywhere = try await server.send(.get, "/apis/apps/v1/deployments", as: Self.jane)
    #expect(
      everywhere.message
        == #"deployments.apps is forbidden: User "jane" cannot list resource "deployments" in API group "apps" at the cluster scope"#
    )
    let log = try await server.send(.get, "\(Path.pods)/web/log", as: Self.jane)
    #expect(
      log.message
        == #"pods "web" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "default""#
    )
    #expect(log.value["details"] == ["name": "web", "kind": "pods"])
    let unknown = try await server.send(.post, "/apis/nothing.example/v1/things", [:], as: Self.jane)
    #expect(unknown.status == 403, "what is not served is not told to whom it is not allowed")
  }

  @Test func anonymousSeesHealthAndVersionOnly() async throws {
    let server = try await TestServer()
    for path in ["/healthz", "/livez", "/readyz"] {
      #expect(await server.server.handle(APIRequest(.get, path, user: .anonymous)).status == 200)
    }
    #expect(try await server.send(.get, "/version", as: .anonymous).status == 200)
    let refused = try await server.send(.get, "/apis", as: .anonymous)
    #expect(refused.message == #"forbidden: User "system:anonymous" cannot get path "/apis""#)
    #expect(try await server.send(.get, "/apis", as: Self.jane).status == 200)
    #expect(try await server.send(.get, "/.well-known/openid-configuration", as: Self.jane).status == 403)
    #expect(await server.server.handle(APIRequest(.get, "/api/v1/pods")).status == 403, "nobody is not somebody")
  }

  @Test func aBindingOpensItsNamespaceAtOnce() async throws {
    let server = try await TestServer()
    try await bind(server, "view", to: "jane")
    #expect(try await server.send(.get, Path.pods, as: Self.jane).status == 200)
    #expect(try await server.send(.get, "/api/v1/namespaces/default", as: Self.jane).status == 200)
    #expect(try await server.send(.get, "/api/v1/namespaces/kube-system/pods", as: Self.jane).status == 403)
    #expect(try await server.send(.get, "/api/v1/namespaces/default/secrets", as: Self.jane).status == 403)
    #expect(try await server.send(.post, Path.pods, Sample.pod("web"), as: Self.jane).status == 403)
    let gone = try await server.send(.delete, "\(Self.rbac)/namespaces/default/rolebindings/bound")
    #expect(gone.status == 200)
    #expect(try await server.send(.get, Path.pods, as: Self.jane).status == 403)
  }

  @Test func aNameIsEnoughForOneObject() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.configMaps, Sample.configMap("mine"))
    try await server.send(
      .post, "\(Self.rbac)/clusterroles",
      role(
        [
          PolicyRule(
            verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["mine"])
        ], kind: "ClusterRole", name: "mine"))
    try await bind(server, "mine", to: "jane")
    #expect(try await server.send(.get, "\(Path.configMaps)/mine", as: Self.jane).status == 200)
    #expect(try await server.send(.get, "\(Path.configMaps)/other", as: Self.jane).status == 403)
    #expect(try await server.send(.get, Path.configMaps, as: Self.jane).status == 403)
    let selected = try await server.send(
      .get, Path.configMaps, query: [("fieldSelector", "metadata.name=mine")], as: Self.jane)
    #expect(selected.names == ["mine"])
  }

  @Test func anApplyOfWhatIsNotThereIsACreation() async throws {
    let server = try await TestServer()
    try await server.send(
      .post, "\(Self.rbac)/clusterroles",
      role(
        [PolicyRule(verbs: ["patch"], apiGroups: [""], resources: ["configmaps"])], kind: "ClusterRole",
        name: "patcher"))
    try await bind(server, "patcher", to: "jane")
    let path = "\(Path.configMaps)/settings"
    let refused = try await server.send(
      .patch, path, Sample.configMap("settings"), query: [("fieldManager", "m")], contentType: PatchType.apply.rawValue,
      as: Self.jane)
    #expect(refused.status == 403 && refused.message.contains("cannot create resource"))
    try await server.send(.post, Path.configMaps, Sample.configMap("settings", data: [:]))
    let applied = try await server.send(
      .patch, path, Sample.configMap("settings"), query: [("fieldManager", "m")], contentType: PatchType.apply.rawValue,
      as: Self.jane)
    #expect(applied.status == 200)
  }

  @Test func nobodyGrantsWhatHeDoesNotHold() async throws {
    let server = try await TestServer()
    try await bind(server, "admin", to: "jane")
    let roles = "\(Self.rbac)/namespaces/default/roles"
    let held = PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods"])
    #expect(try await server.send(.post, roles, role([held], name: "fine"), as: Self.jane).status == 201)
    let nodes = PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "nodes"])
    let refused = try await server.send(.post, roles, role([nodes], name: "more"), as: Self.jane)
    #expect(
      refused.message
        == #"roles.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:"#
        + "\n" + #"{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}"#)
    let changed = try await server.send(.put, "\(roles)/fine", role([nodes], name: "fine"), as: Self.jane)
    #expect(changed.status == 403)
    let bindings = "\(Self.rbac)/namespaces/default/rolebindings"
    let all = try await server.send(.post, bindings, binding("all", role: "cluster-admin", user: "jane"), as: Self.jane)
    #expect(all.status == 403 && all.message.hasSuffix(#"{NonResourceURLs:["*"], Verbs:["*"]}"#))
    let lost = try await server.send(
      .post, bindings, binding("lost", role: "nowhere", roleKind: "Role", user: "jane"), as: Self.jane)
    #expect(lost.status == 404 && lost.message == #"rolebindings.rbac.authorization.k8s.io "nowhere" not found"#)
    let less = try await server.send(.post, bindings, binding("less", role: "view", user: "joe"), as: Self.jane)
    #expect(less.status == 201, "\(less.message)")
  }

  @Test func whoMayBindOrEscalateGrantsMore() async throws {
    let server = try await TestServer()
    let rbac = "rbac.authorization.k8s.io"
    try await server.send(
      .post, "\(Self.rbac)/clusterroles",
      role(
        [
          PolicyRule(verbs: ["create"], apiGroups: [rbac], resources: ["roles", "rolebindings"]),
          PolicyRule(verbs: ["bind"], apiGroups: [rbac], resources: ["clusterroles"], resourceNames: ["edit"]),
          PolicyRule(verbs: ["escalate"], apiGroups: [rbac], resources: ["roles"]),
        ], kind: "ClusterRole", name: "granter"))
    try await bind(server, "granter", to: "jane")
    let bindings = "\(Self.rbac)/namespaces/default/rolebindings"
    #expect(
      try await server.send(.post, bindings, binding("a", role: "edit", user: "joe"), as: Self.jane).status == 201)
    #expect(
      try await server.send(.post, bindings, binding("b", role: "admin", user: "joe"), as: Self.jane).status == 403)
    let roles = "\(Self.rbac)/namespaces/default/roles"
    let all = PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"])
    #expect(try await server.send(.post, roles, role([all], name: "all"), as: Self.jane).status == 201)
  }

  @Test func anAggregatedRoleTakesUpOthers() async throws {
    let server = try await TestServer()
    let admin = try await server.send(.get, "\(Self.rbac)/clusterroles/admin").value
    #expect(admin["rules"]?.arrayValue?.count ?? 0 > 20)
    var extra = role(
      [PolicyRule(verbs: ["get"], apiGroups: ["example.com"], resources: ["things"])], kind: "ClusterRole", name: "more"
    )
    extra["metadata"]?["labels"] = ["rbac.authorization.k8s.io/aggregate-to-view": "true"]
    #expect(try await server.send(.post, "\(Self.rbac)/clusterroles", extra).status == 201)
    for name in ["view", "edit", "admin"] {
      let rules = try await server.send(.get, "\(Self.rbac)/clusterroles/\(name)").value["rules"]?.arrayValue ?? []
      #expect(rules.contains { $0["resources"] == ["things"] }, "\(name)")
    }
    try await server.send(.delete, "\(Self.rbac)/clusterroles/more")
    let rules = try await server.send(.get, "\(Self.rbac)/clusterroles/view").value["rules"]?.arrayValue ?? []
    #expect(!rules.contains { $0["resources"] == ["things"] })
  }

  // MARK: Impersonation

  @Test func whoMayImpersonatePassesForAnother() async throws {
    let server = try await TestServer()
    try await bind(server, "view", to: "jane")
    #expect(try await server.send(.get, Path.pods, headers: [("impersonate-user", "jane")]).status == 200)
    let other = try await server.send(
      .get, Path.pods, headers: [("impersonate-user", "joe"), ("impersonate-group", "a"), ("impersonate-group", "b")])
    #expect(other.status == 403 && other.message.contains(#"User "joe""#))
    let refused = try await server.send(.get, Path.pods, as: Self.jane, headers: [("impersonate-user", "joe")])
    #expect(
      refused.message
        == #"users "joe" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope"#
    )
    #expect(try await server.send(.get, Path.pods, headers: [("impersonate-group", "joe")]).status == 500)
    let review = try await server.send(
      .post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", [:],
      headers: [
        ("impersonate-user", "system:serviceaccount:default:robot"), ("impersonate-uid", "7"),
        ("impersonate-extra-example.com%2Fscopes", "view"),
      ])
    #expect(
      review.value["status"]?["userInfo"] == [
        "username": "system:serviceaccount:default:robot", "uid": "7",
        "groups": ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
        "extra": ["example.com/scopes": ["view"]],
      ])
  }

  // MARK: Reviews

  @Test func reviewsAnswerWhoMayDoWhat() async throws {
    let server = try await TestServer()
    try await bind(server, "view", to: "jane")
    let path = "/apis/authorization.k8s.io/v1"
    let question: JSONValue = ["verb": "list", "resource": "pods", "namespace": "default"]
    let own = try await server.send(
      .post, "\(path)/selfsubjectaccessreviews", ["spec": ["resourceAttributes": question]], as: Self.jane)
    #expect(own.status == 201)
    #expect(
      own.value["status"] == [
        "allowed": true,
        "reason": #"RBAC: allowed by RoleBinding "bound/default" of ClusterRole "view" to User "jane""#,
      ])
    let other: JSONValue = ["spec": ["user": "joe", "resourceAttributes": question]]
    let answer = try await server.send(.post, "\(path)/subjectaccessreviews", other)
    #expect(answer.value["status"] == ["allowed": false])
    #expect(try await server.send(.post, "\(path)/subjectaccessreviews", other, as: Self.jane).status == 403)
    let local = try await server.send(.post, "\(path)/namespaces/kube-system/localsubjectaccessreviews", other)
    #expect(local.status == 422 && local.message.contains("must match metadata.namespace"))
    let nothing = try await server.send(.post, "\(path)/subjectaccessreviews", ["spec": [:]])
    #expect(nothing.value["details"]?["causes"]?.arrayValue?.count == 2)
    let rules = try await server.send(
      .post, "\(path)/selfsubjectrulesreviews", ["spec": ["namespace": "default"]], as: Self.jane)
    let verbs = rules.value["status"]?["resourceRules"]?.arrayValue ?? []
    #expect(verbs.contains { $0["resources"]?.arrayValue?.contains("pods/log") == true })
    #expect(rules.value["status"]?["incomplete"] == false)
    #expect(rules.value["status"]?["nonResourceRules"]?.arrayValue?.isEmpty == false)
  }
}
