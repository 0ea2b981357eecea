import Definitions
import Foundation
import Guardrails
import Kubernetes
import Testing

/// What an API server asks, and what it is answered.
@Suite struct AdmissionTests {
  static let good: JSONValue = [
    "apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": ["name": "web", "namespace": "news", "labels": ["sakigake.dev/owner": "news"]],
    "spec": [
      "replicas": 1, "selector": ["matchLabels": ["app": "web"]],
      "template": ["metadata": ["labels": ["app": "web"]], "spec": ["containers": [container]]] as JSONValue,
    ] as JSONValue,
  ]
  static let container: JSONValue = [
    "name": "app", "image": "web:1.0",
    "resources": ["requests": ["cpu": "100m", "memory": "64Mi"], "limits": ["memory": "64Mi"]],
    "livenessProbe": ["httpGet": ["path": "/", "port": 8080]],
    "securityContext": [
      "runAsNonRoot": true, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
      "capabilities": ["drop": ["ALL"]], "seccompProfile": ["type": "RuntimeDefault"],
    ] as JSONValue,
  ]
  static let pod = ["spec", "template", "spec"]

  /// The good Deployment with one member of its container, or of its pods, another one.
  static func deployment(container: [String: JSONValue] = [:], pod: [String: JSONValue] = [:]) -> JSONValue {
    var object = good
    var changed = Self.container
    for (key, value) in container { changed[key] = value }
    object[path: Self.pod + ["containers"]] = [changed]
    object[path: Self.pod + ["serviceAccountName"]] = "web"
    for (key, value) in pod { object[path: Self.pod + [key]] = value }
    return object
  }

  static let jane: JSONValue = ["username": "jane", "groups": ["developers"]]

  /// Of a creation.
  static func review(
    _ object: JSONValue?, group: String = "apps", user: JSONValue = jane, dryRun: Bool = false
  ) -> JSONValue {
    review("CREATE", object, group: group, user: user, dryRun: dryRun)
  }

  static func review(
    _ operation: String, _ object: JSONValue?, old: JSONValue? = nil, group: String = "apps",
    subresource: String? = nil, user: JSONValue = jane, dryRun: Bool = false
  ) -> JSONValue {
    let kind = (object ?? old)?["kind"] ?? .null
    var request: JSONObject = [
      "uid": "705ab4f5-6393-11e8-b7cc-42010a800002", "operation": .string(operation),
      "kind": ["group": .string(group), "version": "v1", "kind": kind], "namespace": "news", "name": "web",
      "object": object ?? .null, "oldObject": old ?? .null, "dryRun": .bool(dryRun), "userInfo": user,
      "options": ["kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"],
    ]
    if let subresource { request["subResource"] = .string(subresource) }
    return ["kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": .object(request)]
  }

  static func answer(_ review: JSONValue, _ settings: PlatformDefinition.Guardrails? = nil) throws -> AdmissionAnswer {
    try Admission(settings: settings, now: RuleTests.now).answer(to: review.bytes)
  }

  // MARK: Allowed

  @Test func whatKeepsTheRulesIsAllowed() throws {
    let answer = try Self.answer(Self.review(Self.deployment()))
    let expected: JSONValue = [
      "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
      "response": ["uid": "705ab4f5-6393-11e8-b7cc-42010a800002", "allowed": true],
    ]
    #expect(answer.json == expected, "\(answer.json.text)")
  }

  @Test func nothingIsLookedAtThatDoesNotComeIn() throws {
    let bad = Self.deployment(container: ["securityContext": ["privileged": true]])
    let controller: JSONValue = [
      "username": "system:serviceaccount:kube-system:replicaset-controller",
      "groups": ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
    ]
    var going = bad
    going[path: ["metadata", "deletionTimestamp"]] = "2026-09-21T00:00:00Z"
    var foreign = bad
    foreign["kind"] = "Gadget"
    let reviews: [(String, JSONValue)] = [
      ("a deletion", Self.review("DELETE", nil, old: bad)),
      ("a connection", Self.review("CONNECT", bad)),
      ("a subresource", Self.review("UPDATE", ["kind": "Scale", "spec": [:]], subresource: "scale")),
      ("status", Self.review("UPDATE", bad, old: Self.deployment(), subresource: "status")),
      ("the cluster's controllers", Self.review(bad, user: controller)),
      ("the controller manager", Self.review(bad, user: ["username": "system:kube-controller-manager"])),
      ("one on its way out", Self.review("UPDATE", going, old: Self.deployment())),
      ("another group's kind of the same name", Self.review(bad, group: "example.com")),
      ("a kind of no rule", Self.review(foreign)),
      ("an object that is no Deployment's", Self.review(["kind": "Secret", "type": "Opaque"], group: "")),
    ]
    #expect(try !Self.answer(Self.review(bad)).isAllowed)
    for (what, review) in reviews {
      let answer = try Self.answer(review)
      #expect(answer.isAllowed && answer.warnings.isEmpty, "\(what): \(answer.json.text)")
    }
  }

  /// What needs other objects to tell is not told: they may be there, or come next.
  @Test func neighboursAreNotMissed() throws {
    let objects: [(JSONValue, String)] = [
      (["apiVersion": "v1", "kind": "Service", "metadata": ["name": "a"], "spec": ["selector": ["app": "web"]]], ""),
      (
        [
          "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": ["name": "a"],
          "spec": ["scaleTargetRef": ["kind": "Deployment", "name": "web"], "minReplicas": 2, "maxReplicas": 9],
        ], "autoscaling"
      ),
      (
        [
          "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": ["name": "a"],
          "spec": ["maxUnavailable": 1, "selector": ["matchLabels": ["app": "web"]]],
        ], "policy"
      ),
      (
        [
          "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": ["name": "a"],
          "spec": [
            "podSelector": ["matchLabels": ["app": "web"]], "ingress": [["from": [["ipBlock": ["cidr": "0.0.0.0/0"]]]]],
          ],
        ], "networking.k8s.io"
      ),
    ]
    for (object, group) in objects {
      let answer = try Self.answer(Self.review(object, group: group))
      #expect(answer.isAllowed && answer.warnings.isEmpty, "\(answer.json.text)")
    }
  }

  /// A rule of one object says of it what it says among others.
  @Test(arguments: RuleExample.all.indices)
  func oneObjectIsJudgedAsAmongOthers(_ index: Int) throws {
    let example = RuleExample.all[index]
    let objects = try CheckedObject.manifests(in: example.passing, file: "web.yaml")
    for object in objects {
      guard let kind = GuardedKind.all.first(where: { object.title.hasPrefix($0.kind + "/") }) else { continue }
      let answer = try Self.answer(Self.review(object.json, group: kind.group), try RuleTests.strict().guardrails)
      let told = (answer.refusals + answer.advice).map(\.rule)
      #expect(!told.contains(example.rule), "\(example.rule)\n\(object.json.text)")
    }
  }

  @Test func everyKindOfARuleIsAskedFor() {
    let kinds = Set(GuardedKind.all.map(\.kind))
    #expect(Rule.kindsOfOneObject.isSubset(of: kinds), "\(Rule.kindsOfOneObject.subtracting(kinds))")
    #expect(kinds.isSubset(of: Rule.kindsOfOneObject), "\(kinds.subtracting(Rule.kindsOfOneObject))")
  }

  // MARK: Refused

  @Test func aRefusalNamesRuleFieldReasonAndRemedy() throws {
    let bad = Self.deployment(container: ["image": "web:latest"], pod: ["hostNetwork": true])
    let answer = try Self.answer(Self.review(bad))
    let status = try #require(answer.json[path: ["response", "status"]])
    #expect(answer.json[path: ["response", "allowed"]] == false)
    #expect(status["code"] == 403 && status["reason"] == "Forbidden")
    #expect(
      status["message"]?.stringValue == """
        Deployment/web breaks 2 rules of the guardrails
        * host-network: spec.template.spec.hostNetwork: the pod shares the node's Network
            why: They would hear its loopback, and network policies do not hold for them.
            do:  remove hostNetwork
        * latest-tag: spec.template.spec.containers[app].image: container app: image web:latest has the tag latest
            why: What runs must be what was tested, on every node, and be there to go back to.
            do:  name a version: IMAGE:1.2.3 or IMAGE@sha256:…
        """)
  }

  @Test func aDryRunIsAnsweredAlike() throws {
    let bad = Self.deployment(pod: ["hostPID": true])
    #expect(try Self.answer(Self.review(bad, dryRun: true)).json == Self.answer(Self.review(bad)).json)
  }

  @Test func aRefusalHasAnEnd() throws {
    let names = (0..<50).map { JSONValue.string("\($0)") }
    let containers = names.map { name in
      var container = Self.container
      container["name"] = name
      container["image"] = .string(String(repeating: "i", count: 5000))
      return container
    }
    let answer = try Self.answer(Self.review(Self.deployment(pod: ["containers": .array(containers)])))
    #expect(answer.refusals.count == 50)
    #expect(answer.message.hasSuffix("\n* and 30 more"))
    #expect(answer.message.utf8.count < 32 << 10)
  }

  // MARK: Warnings

  @Test func warningsAreAdvice() throws {
    var security = Self.container["securityContext"] ?? [:]
    security["readOnlyRootFilesystem"] = false
    let answer = try Self.answer(Self.review(Self.deployment(container: ["securityContext": security])))
    #expect(answer.isAllowed)
    #expect(
      answer.json[path: ["response", "warnings"]] == [
        .string(
          "Deployment/web: container app: can write to its root; set securityContext.readOnlyRootFilesystem: true, and "
            + "mount an emptyDir where it writes [read-only-root]")
      ])
  }

  /// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response
  @Test func warningsAreFewAndShortEnoughToBeShownWhole() throws {
    let containers = (0..<40).map { number in
      var container = Self.container
      container["name"] = .string("c\(number)\n" + String(repeating: "語", count: 300))
      container["livenessProbe"] = nil
      return container
    }
    let warnings = try Self.answer(Self.review(Self.deployment(pod: ["containers": .array(containers)]))).warnings
    #expect(warnings.count == 16)
    #expect(warnings.allSatisfy { $0.unicodeScalars.count <= 256 && !$0.contains(where: \.isNewline) })
    #expect(warnings.reduce(0) { $0 + $1.unicodeScalars.count } <= 4096)
    #expect(warnings[0].hasPrefix("Deployment/web: container c0 語") && warnings[0].hasSuffix("…"))
    #expect(warnings[15] == "and 25 more; `sakigake check --manifests` tells all of them")
  }

  // MARK: Updates

  @Test func anUpdateAnswersForWhatItChanges() throws {
    let standing = Self.deployment(pod: ["hostPID": true])
    let unchanged = try Self.answer(Self.review("UPDATE", standing, old: standing))
    #expect(unchanged.isAllowed)
    #expect(
      unchanged.warnings == [
        "as before: Deployment/web: the pod shares the node's PID; remove hostPID [host-pid]"
      ])
    let worse = Self.deployment(pod: ["hostPID": true, "hostIPC": true])
    let answer = try Self.answer(Self.review("UPDATE", worse, old: standing))
    #expect(answer.refusals.map(\.rule) == ["host-ipc"] && answer.standing.map(\.rule) == ["host-pid"])
    // The same rule for another image is another mistake.
    let image = try Self.answer(
      Self.review(
        "UPDATE", Self.deployment(container: ["image": "web2"]), old: Self.deployment(container: ["image": "web"])))
    #expect(image.refusals.map(\.rule) == ["latest-tag"])
  }

  // MARK: Waivers and settings

  private static func waived(_ text: String, _ rule: String = "host-pid") -> JSONValue {
    var object = deployment(pod: ["hostPID": true])
    object[path: ["metadata", "annotations"]] = .object(
      JSONObject([("guardrails.sakigake.dev/" + rule, JSONValue.string(text))]))
    return object
  }

  private static var settings: PlatformDefinition.Guardrails {
    var settings = PlatformDefinition.Guardrails()
    settings.waivers = ["news"]
    return settings
  }

  @Test func whatIsWaivedIsAllowedAndOnRecord() throws {
    let answer = try Self.answer(Self.review(Self.waived("by news until 2027-01-31: a debugger")), Self.settings)
    #expect(answer.isAllowed && answer.warnings.isEmpty, "\(answer.json.text)")
    #expect(
      answer.json[path: ["response", "auditAnnotations", "waived"]]
        == "host-pid by news until 2027-01-31: a debugger")
  }

  @Test(arguments: [
    ("by users until 2027-01-31: a debugger", "host-pid", "users may waive no rule here"),
    ("by news until 2026-09-20: a debugger", "host-pid", "the waiver ended on 2026-09-20"),
    ("until 2027-01-31", "host-pid", "a waiver needs an owner, a last day and a reason"),
    ("by news until 2027-01-31: a debugger", "hots-pid", "there is no rule \"hots-pid\""),
  ])
  func aWaiverThatDoesNotCountIsRefused(_ text: String, _ rule: String, _ message: String) throws {
    let answer = try Self.answer(Self.review(Self.waived(text, rule)), Self.settings)
    #expect(Set(answer.refusals.map(\.rule)) == ["host-pid", "waiver"])
    #expect(answer.message.contains("\(rule): \(message)"), "\(answer.message)")
  }

  @Test func aWaiverThatIsTakenAwayWaivesNoMore() throws {
    let before = Self.waived("by news until 2027-01-31: a debugger")
    let answer = try Self.answer(
      Self.review("UPDATE", Self.deployment(pod: ["hostPID": true]), old: before), Self.settings)
    #expect(answer.refusals.map(\.rule) == ["host-pid"])
    // One that has ended meanwhile does not stop what has nothing to do with it.
    let ended = Self.waived("by news until 2026-09-20: a debugger")
    #expect(try Self.answer(Self.review("UPDATE", ended, old: ended), Self.settings).isAllowed)
  }

  @Test func aPlatformSaysHowStrictRulesAre() throws {
    var settings = Self.settings
    settings.severities = ["host-pid": .warning, "priority-class": .error, "host-ipc": .off]
    let settled = try PlatformDefinition.Guardrails(json: settings.json)
    #expect(settled == settings)
    let answer = try Self.answer(Self.review(Self.deployment(pod: ["hostPID": true, "hostIPC": true])), settled)
    #expect(answer.refusals.map(\.rule) == ["priority-class"] && answer.advice.map(\.rule) == ["host-pid"])
    #expect(throws: FieldError.self) { try PlatformDefinition.Guardrails(json: ["rules": ["host-pid": "fatal"]]) }
  }

  // MARK: What cannot be read

  static let unreadable: [(body: JSONValue, message: String)] = [
    (["kind": "Pod", "apiVersion": "v1"], "the body is no AdmissionReview: its kind is \"Pod\""),
    ([:], "the body is no AdmissionReview: its kind is missing"),
    (
      ["kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1beta1", "request": [:]],
      "an AdmissionReview of admission.k8s.io/v1beta1 cannot be answered; let admissionReviewVersions be [v1]"
    ),
    (["kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1"], "request is missing"),
    (["kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": [:]], "request.uid is missing"),
    (
      [
        "kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": ["uid": "a", "operation": "CREATE"],
      ],
      "request.kind.kind is missing"
    ),
    (review("CREATE", nil, old: good), "request.object is missing, or is no object"),
  ]

  @Test(arguments: unreadable.indices)
  func whatIsNoReviewIsTold(_ index: Int) throws {
    let (body, message) = Self.unreadable[index]
    let failure = #expect(throws: UnreadableReview.self) { try Self.answer(body) }
    #expect(failure?.description == message)
  }

  @Test func aBodyThatIsNotJSONIsTold() throws {
    for text in ["", "{", "kind: AdmissionReview", "\u{0}"] {
      let failure = #expect(throws: UnreadableReview.self) {
        try Admission(settings: nil, now: RuleTests.now).answer(to: Array(text.utf8))
      }
      #expect(failure?.description.hasPrefix("the body is not JSON: ") == true)
    }
    var review = Self.review(Self.deployment())
    review[path: ["request", "kind", "kind"]] = "StatefulSet"
    let failure = #expect(throws: UnreadableReview.self) { try Self.answer(review) }
    #expect(failure?.description == "request.object is a Deployment, request.kind says StatefulSet")
  }
}
