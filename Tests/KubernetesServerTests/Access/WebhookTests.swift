import FoundationEssentials
import Kubernetes
import KubernetesServer
import Testing

/// Base64 of a text.
enum Base64Text {
  static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}

@Suite struct WebhookTests {
  private static let configurations =
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
  static let allow: WebhookServer.Answer = { _ in ["allowed": true] }

  private func webhook(_ server: WebhookServer, _ more: JSONObject = [:]) -> JSONValue {
    var webhook: JSONObject = [
      "name": "check.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
      "clientConfig": ["url": .string("https://127.0.0.1:\(server.port)/check"), "caBundle": server.bundle],
      "rules": [
        ["operations": ["*"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"]]
      ],
    ]
    for member in more { webhook[member.key] = member.value }
    return .object(webhook)
  }

  private func configure(_ api: TestServer, _ webhooks: JSONValue...) async throws {
    let answer = try await api.send(
      .post, Self.configurations,
      [
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": ["name": "checks"], "webhooks": .array(webhooks),
      ])
    #expect(answer.status == 201, "\(answer.message)")
  }

  @Test func aWebhookIsAskedAboutWhatItsRulesName() async throws {
    try await WebhookServer.serving(Self.allow) { hook in
      let api = try await TestServer()
      try await configure(api, webhook(hook))
      #expect(try await api.send(.post, Path.configMaps, Sample.configMap("one")).status == 201)
      #expect(try await api.send(.post, Path.pods, Sample.pod("web")).status == 201)
      try await api.patch("\(Path.configMaps)/one", .merge, ["data": ["key": "other"]], query: [("fieldManager", "m")])
      try await api.send(.delete, "\(Path.configMaps)/one")
      let asked = hook.questions
      #expect(asked.map { $0.request["operation"]?.stringValue } == ["CREATE", "UPDATE", "DELETE"])
      guard asked.count == 3 else { return }
      #expect(asked[0].path == "/check" && asked[0].timeout == "10s")
      let created = asked[0].request
      #expect(created["kind"] == ["group": "", "version": "v1", "kind": "ConfigMap"])
      #expect(created["resource"] == ["group": "", "version": "v1", "resource": "configmaps"])
      #expect(created["name"] == "one" && created["namespace"] == "default" && created["dryRun"] == false)
      #expect(created["userInfo"]?["username"] == "tester")
      #expect(created["object"]?["data"] == ["key": "value"] && created["oldObject"] == .null)
      let changed = asked[1].request
      #expect(changed["object"]?["data"] == ["key": "other"] && changed["oldObject"]?["data"] == ["key": "value"])
      #expect(changed["options"]?["kind"] == "UpdateOptions" && changed["options"]?["fieldManager"] == "m")
      let deleted = asked[2].request
      #expect(deleted["object"] == .null && deleted["oldObject"]?["data"] == ["key": "other"])
      #expect(deleted["options"]?["kind"] == "DeleteOptions")
    }
  }

  @Test func aRefusalIsHandedOn() async throws {
    try await WebhookServer.serving({ request in
      switch request["name"]?.stringValue {
      case "coded": ["allowed": false, "status": ["code": 403, "reason": "Forbidden", "message": "not that one"]]
      case "silent": ["allowed": false]
      case "warned": ["allowed": true, "warnings": ["mind the gap"]]
      default: ["allowed": false, "status": ["message": "no"]]
      }
    }) { hook in
      let api = try await TestServer()
      try await configure(api, webhook(hook))
      let coded = try await api.send(.post, Path.configMaps, Sample.configMap("coded"))
      #expect(coded.status == 403 && coded.reason == "Forbidden")
      #expect(coded.message == #"admission webhook "check.example.com" denied the request: not that one"#)
      let silent = try await api.send(.post, Path.configMaps, Sample.configMap("silent"))
      #expect(silent.status == 400)
      #expect(silent.message == #"admission webhook "check.example.com" denied the request without explanation"#)
      #expect(try await api.send(.post, Path.configMaps, Sample.configMap("other")).status == 400)
      #expect(try await api.send(.get, "\(Path.configMaps)/other").status == 404)
      let body = Sample.configMap("warned").bytes
      let warned = await api.server.handle(APIRequest(.post, Path.configMaps, body: body, user: .master("tester")))
      #expect(warned.headers.contains { $0.name == "Warning" && $0.value == #"299 - "mind the gap""# })
    }
  }

  @Test func selectorsAndScopeChoose() async throws {
    try await WebhookServer.serving(Self.allow) { hook in
      let api = try await TestServer()
      try await api.send(.post, "/api/v1/namespaces", ["metadata": ["name": "strict", "labels": ["check": "yes"]]])
      try await configure(
        api, webhook(hook, ["namespaceSelector": ["matchLabels": ["check": "yes"]]]),
        webhook(hook, ["name": "b.example.com", "objectSelector": ["matchLabels": ["tier": "web"]]]))
      try await api.send(.post, Path.configMaps, Sample.configMap("plain"))
      try await api.send(.post, Path.configMaps, Sample.configMap("web", labels: ["tier": "web"]))
      try await api.send(.post, "/api/v1/namespaces/strict/configmaps", Sample.configMap("inside"))
      #expect(hook.questions.map { $0.request["name"]?.stringValue } == ["web", "inside"])
    }
  }

  @Test func aDeadWebhookRefusesOrIsPassedBy() async throws {
    let api = try await TestServer()
    let nowhere: JSONValue = ["url": "https://127.0.0.1:1/check"]
    try await WebhookServer.serving(Self.allow) { hook in
      try await configure(api, webhook(hook, ["clientConfig": nowhere, "failurePolicy": "Fail"]))
    }
    let refused = try await api.send(.post, Path.configMaps, Sample.configMap("one"))
    #expect(refused.status == 500 && refused.reason == "InternalError")
    #expect(
      refused.message.hasPrefix(
        #"Internal error occurred: failed calling webhook "check.example.com": failed to call webhook: Post "https://127.0.0.1:1/check?timeout=10s": "#
      ))
    try await api.patch(
      "\(Self.configurations)/checks", .json,
      [["op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Ignore"]])
    #expect(try await api.send(.post, Path.configMaps, Sample.configMap("one")).status == 201)
  }

  @Test func aSlowWebhookHasItsTime() async throws {
    let (hold, release) = AsyncStream.makeStream(of: Void.self)
    try await WebhookServer.serving({ _ in
      for await _ in hold {}
      return ["allowed": true]
    }) { hook in
      let api = try await TestServer()
      try await configure(api, webhook(hook, ["timeoutSeconds": 1]))
      let late = try await api.send(.post, Path.configMaps, Sample.configMap("one"))
      #expect(late.status == 500 && late.message.hasSuffix("context deadline exceeded"))
      release.finish()
    }
  }

  @Test func aStrangersCertificateIsNotTrusted() async throws {
    try await WebhookServer.serving(Self.allow) { hook in
      let api = try await TestServer()
      let url: JSONValue = .string("https://127.0.0.1:\(hook.port)/check")
      try await configure(api, webhook(hook, ["clientConfig": ["url": url]]))
      #expect(try await api.send(.post, Path.configMaps, Sample.configMap("one")).status == 500)
      #expect(hook.questions.isEmpty)
    }
  }

  @Test func aServiceIsFoundThroughItsEndpoints() async throws {
    try await WebhookServer.serving(Self.allow) { hook in
      let api = try await TestServer()
      try await api.send(
        .post, "/api/v1/namespaces/default/services",
        [
          "metadata": ["name": "hook"],
          "spec": ["ports": [["name": "https", "port": 443, "targetPort": 8443]]],
        ])
      let slice: JSONValue = [
        "metadata": ["name": "hook-1", "labels": ["kubernetes.io/service-name": "hook"]], "addressType": "IPv4",
        "ports": [["name": "https", "port": .integer(Int64(hook.port)), "protocol": "TCP"]],
        "endpoints": [
          ["addresses": ["127.0.0.9"], "conditions": ["ready": false]],
          ["addresses": ["127.0.0.1"], "conditions": ["ready": true]],
        ],
      ]
      let service: JSONValue = ["namespace": "default", "name": "hook", "path": "/validate"]
      try await configure(api, webhook(hook, ["clientConfig": ["service": service, "caBundle": hook.bundle]]))
      let none = try await api.send(.post, Path.configMaps, Sample.configMap("one"))
      #expect(none.message.hasSuffix(#"no endpoints available for service "hook""#))
      try await api.send(.post, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", slice)
      let created = try await api.send(.post, Path.configMaps, Sample.configMap("one"))
      #expect(created.status == 201, "\(created.message)")
      #expect(hook.questions.map(\.path) == ["/validate"])
    }
  }

  @Test func dryRunsNeedAWebhookWithoutSideEffects() async throws {
    try await WebhookServer.serving(Self.allow) { hook in
      let api = try await TestServer()
      try await configure(api, webhook(hook, ["sideEffects": "NoneOnDryRun"]))
      let dry = try await api.send(.post, Path.configMaps, Sample.configMap("one"), query: [("dryRun", "All")])
      #expect(dry.status == 201)
      #expect(hook.questions.map { $0.request["dryRun"] } == [true])
    }
  }

  @Test func configurationsThemselvesAreAskedOfNobody() async throws {
    try await WebhookServer.serving({ _ in ["allowed": false] }) { hook in
      let api = try await TestServer()
      let everything: JSONValue = [
        ["operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*/*"]]
      ]
      try await configure(api, webhook(hook, ["rules": everything]))
      #expect(try await api.send(.post, Path.configMaps, Sample.configMap("one")).status == 400)
      #expect(try await api.send(.delete, "\(Self.configurations)/checks").status == 200)
      #expect(try await api.send(.post, Path.configMaps, Sample.configMap("one")).status == 201)
    }
  }

  @Test func aMutatingWebhookChangesWhatIsStored() async throws {
    let patch: JSONValue = [
      ["op": "add", "path": "/metadata/labels/checked", "value": "yes"],
      ["op": "add", "path": "/data/more", "value": "1"],
    ]
    let text = Base64Text.encode(patch.bytes)
    try await WebhookServer.serving({ _ in ["allowed": true, "patchType": "JSONPatch", "patch": .string(text)] }) {
      hook in
      let api = try await TestServer()
      let configured = try await api.send(
        .post, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
        ["metadata": ["name": "changes"], "webhooks": [webhook(hook)]])
      #expect(configured.status == 201, "\(configured.message)")
      let stored = try await api.send(.post, Path.configMaps, Sample.configMap("one", labels: ["app": "web"])).value
      #expect(stored["metadata"]?["labels"] == ["app": "web", "checked": "yes"])
      #expect(stored["data"] == ["key": "value", "more": "1"])
      let changed = try await api.patch("\(Path.configMaps)/one", .merge, ["data": ["key": "other", "more": .null]])
        .value
      #expect(changed["data"] == ["key": "other", "more": "1"])
    }
  }

  @Test func aWebhookIsAskedInTheVersionThatItKnows() async throws {
    try await WebhookServer.serving(Self.allow) { hook in
      let api = try await TestServer()
      let version: (String, Bool) -> JSONValue = { name, isStored in
        [
          "name": .string(name), "served": true, "storage": .bool(isStored),
          "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
        ]
      }
      let defined = try await api.send(
        .post, Path.definitions,
        [
          "metadata": ["name": "things.example.com"],
          "spec": [
            "group": "example.com", "scope": "Namespaced",
            "names": ["plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"],
            "versions": [version("v1", true), version("v2", false)],
          ],
        ])
      #expect(defined.status == 201, "\(defined.message)")
      let rules: JSONValue = [
        ["operations": ["CREATE"], "apiGroups": ["example.com"], "apiVersions": ["v1"], "resources": ["things"]]
      ]
      try await configure(api, webhook(hook, ["rules": rules]))
      let thing: JSONValue = ["apiVersion": "example.com/v2", "kind": "Thing", "metadata": ["name": "one"]]
      #expect(try await api.send(.post, "/apis/example.com/v2/namespaces/default/things", thing).status == 201)
      let request = hook.questions.first?.request
      #expect(request?["kind"]?["version"] == "v1" && request?["requestKind"]?["version"] == "v2")
      #expect(request?["object"]?["apiVersion"] == "example.com/v1")
    }
  }
}
