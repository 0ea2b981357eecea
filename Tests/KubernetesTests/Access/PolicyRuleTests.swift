import Kubernetes
import Testing

@Suite struct PolicyRuleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var rule: PolicyRule
    var request: AccessRequest
    var isAllowed: Bool
  }

  private static func resource(_ text: String, group: String = "", name: String = "") -> AccessRequest.Resource {
    let parts = text.split(separator: "/").map(String.init)
    return .init(
      group: group, version: "v1", plural: parts[0], subresource: parts.count > 1 ? parts[1] : "", namespace: "n",
      name: name)
  }

  private static let pods = PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "pods/log"])
  private static let scales = PolicyRule(verbs: ["update"], apiGroups: ["*"], resources: ["*/scale"])
  private static let named = PolicyRule(verbs: ["*"], apiGroups: [""], resources: ["secrets"], resourceNames: ["one"])
  private static let paths = PolicyRule(verbs: ["get"], nonResourceURLs: ["/healthz", "/apis/*"])

  static let cases = [
    Case(testDescription: "named verb", rule: pods, request: .init("get", resource("pods")), isAllowed: true),
    Case(testDescription: "other verb", rule: pods, request: .init("delete", resource("pods")), isAllowed: false),
    Case(testDescription: "subresource", rule: pods, request: .init("get", resource("pods/log")), isAllowed: true),
    Case(
      testDescription: "other subresource", rule: pods, request: .init("get", resource("pods/exec")), isAllowed: false),
    Case(
      testDescription: "other group", rule: pods, request: .init("get", resource("pods", group: "x")), isAllowed: false),
    Case(
      testDescription: "subresource of all", rule: scales,
      request: .init("update", resource("deployments/scale", group: "apps")), isAllowed: true),
    Case(
      testDescription: "the resource of that subresource", rule: scales,
      request: .init("update", resource("deployments", group: "apps")), isAllowed: false),
    Case(
      testDescription: "the name", rule: named, request: .init("get", resource("secrets", name: "one")), isAllowed: true
    ),
    Case(
      testDescription: "another name", rule: named, request: .init("get", resource("secrets", name: "two")),
      isAllowed: false),
    Case(testDescription: "no name", rule: named, request: .init("list", resource("secrets")), isAllowed: false),
    Case(testDescription: "path", rule: paths, request: .init("get", .path("/healthz")), isAllowed: true),
    Case(testDescription: "path below", rule: paths, request: .init("get", .path("/apis/apps/v1")), isAllowed: true),
    Case(testDescription: "other path", rule: paths, request: .init("get", .path("/healthz/etcd")), isAllowed: false),
    Case(
      testDescription: "path as resource", rule: paths, request: .init("get", resource("healthz")), isAllowed: false),
  ]

  @Test(arguments: cases) func aRuleAllowsWhatItNames(_ testCase: Case) {
    #expect(testCase.rule.allows(testCase.request) == testCase.isAllowed)
  }

  @Test func everythingIsAllowedToTheAdministrator() {
    for request in Self.cases.map(\.request) {
      #expect(PolicyRule.everything.contains { $0.allows(request) })
    }
  }

  @Test func whatIsNotHeldIsToldPieceByPiece() {
    let wanted = [
      PolicyRule(verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["pods"]),
      PolicyRule(verbs: ["get"], apiGroups: ["", "apps"], resources: ["deployments"], resourceNames: ["a", "b"]),
      PolicyRule(verbs: ["get", "post"], nonResourceURLs: ["/apis/x", "/metrics"]),
      PolicyRule(verbs: ["update"], apiGroups: ["apps"], resources: ["deployments/scale"]),
    ]
    let missing = RuleCoverage.missing(from: [Self.pods, Self.scales, Self.paths], of: wanted).map(\.text)
    #expect(
      missing == [
        #"{APIGroups:[""], Resources:["pods"], Verbs:["watch"]}"#,
        #"{APIGroups:[""], Resources:["deployments"], ResourceNames:["a"], Verbs:["get"]}"#,
        #"{APIGroups:[""], Resources:["deployments"], ResourceNames:["b"], Verbs:["get"]}"#,
        #"{APIGroups:["apps"], Resources:["deployments"], ResourceNames:["a"], Verbs:["get"]}"#,
        #"{APIGroups:["apps"], Resources:["deployments"], ResourceNames:["b"], Verbs:["get"]}"#,
        #"{NonResourceURLs:["/apis/x"], Verbs:["post"]}"#,
        #"{NonResourceURLs:["/metrics"], Verbs:["get" "post"]}"#,
      ])
    #expect(RuleCoverage.missing(from: PolicyRule.everything, of: wanted).isEmpty)
    let all = [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["secrets"])]
    #expect(!RuleCoverage.missing(from: [Self.named], of: all).isEmpty, "one name is not all names")
  }

  // MARK: Bindings

  private static let index = AccessIndex(
    roles: [
      .init(namespace: "", name: "reader", labels: ["in": "both"], rules: [pods]),
      .init(namespace: "", name: "scaler", labels: ["in": "both"], rules: [scales, pods]),
      .init(
        namespace: "", name: "both", rules: [], aggregated: [LabelSelector(matchLabels: ["in": "both"])]),
      .init(namespace: "n", name: "keeper", rules: [named]),
    ],
    bindings: [
      .init(
        namespace: "n", name: "readers", role: .init(kind: "ClusterRole", name: "reader"),
        subjects: [.init(kind: "User", name: "jane"), .init(kind: "ServiceAccount", name: "robot")]),
      .init(
        namespace: "", name: "scalers", role: .init(kind: "ClusterRole", name: "both"),
        subjects: [.init(kind: "Group", name: "ops")]),
      .init(
        namespace: "n", name: "keepers", role: .init(kind: "Role", name: "keeper"),
        subjects: [.init(kind: "ServiceAccount", namespace: "other", name: "robot")]),
      .init(
        namespace: "n", name: "lost", role: .init(kind: "ClusterRole", name: "gone"),
        subjects: [.init(kind: "User", name: "joe")]),
    ])

  private func allows(_ user: UserInfo, _ verb: String, _ text: String, group: String = "", namespace: String) -> Bool {
    var resource = Self.resource(text, group: group, name: "one")
    resource.namespace = namespace
    return Self.index.allows(user, AccessRequest(verb, resource))
  }

  @Test func bindingsHoldWhereTheyAre() {
    #expect(allows(UserInfo("jane"), "get", "pods", namespace: "n"))
    #expect(!allows(UserInfo("jane"), "get", "pods", namespace: "other"))
    #expect(!allows(UserInfo("jane"), "get", "pods", namespace: ""))
    let ops = UserInfo("anybody", groups: ["dev", "ops"])
    #expect(allows(ops, "update", "deployments/scale", group: "apps", namespace: "n"))
    #expect(allows(ops, "list", "pods", namespace: ""), "an aggregated role has the rules of others")
    #expect(allows(UserInfo("system:serviceaccount:n:robot"), "get", "pods", namespace: "n"))
    #expect(!allows(UserInfo("system:serviceaccount:other:robot"), "get", "pods", namespace: "n"))
    #expect(allows(UserInfo("system:serviceaccount:other:robot"), "get", "secrets", namespace: "n"))
  }

  @Test func aDecisionGivesItsReason() {
    var resource = Self.resource("pods")
    resource.namespace = "n"
    let request = AccessRequest("list", resource)
    #expect(
      Self.index.decide(UserInfo("jane"), request).reason
        == #"RBAC: allowed by RoleBinding "readers/n" of ClusterRole "reader" to User "jane""#)
    let refused = Self.index.decide(UserInfo("joe"), request)
    #expect(refused.reason == #"RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found"#)
    #expect(
      request.refusal(of: UserInfo("joe"), reason: refused.reason).message
        == #"pods is forbidden: User "joe" cannot list resource "pods" in API group "" in the namespace "n": "#
        + #"RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found"#)
    #expect(
      AccessRequest("get", .path("/x")).refusal(of: UserInfo("joe")).message
        == #"forbidden: User "joe" cannot get path "/x""#)
  }
}
