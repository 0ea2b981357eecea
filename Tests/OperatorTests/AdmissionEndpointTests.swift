import Foundation
import HTTPServing
import Kubernetes
import KubernetesClient
import Logging
import Operator
import Testing

/// The guardrails' side of HTTP, and what has a cluster ask there.
@Suite struct AdmissionEndpointTests {
  private static func endpoint(_ platform: JSONValue? = nil, isRead: Bool = true) -> AdmissionEndpoint {
    let settings = GuardrailSettings(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    if isRead { settings.use(platform) }
    return AdmissionEndpoint(
      settings: settings, instruments: OperatorMetrics(), now: { Timestamp(seconds: 1_790_000_000) })
  }

  private static func send(
    _ body: String, _ method: APIRequest.Method = .post, _ path: String = AdmissionEndpoint.path,
    contentType: String = "application/json", to endpoint: AdmissionEndpoint = Self.endpoint()
  ) async throws -> (status: Int, body: JSONValue) {
    let request = APIRequest(
      method, path, query: [("timeout", "5s")], contentType: contentType, body: Array(body.utf8))
    let response: APIResponse
    if let early = endpoint.refusal(of: request) { response = early } else { response = await endpoint.answer(request) }
    return (response.status, try JSONValue(parsing: try await response.gathered()))
  }

  private static func pod(_ annotations: JSONValue = [:]) -> String {
    let object: JSONValue = [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web", "annotations": annotations],
      "spec": ["hostPID": true, "containers": []],
    ]
    let review: JSONValue = [
      "kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1",
      "request": [
        "uid": "1", "operation": "CREATE", "kind": ["group": "", "version": "v1", "kind": "Pod"], "object": object,
        "userInfo": ["username": "jane"],
      ],
    ]
    return review.text
  }

  @Test func whatIsRefusedIsAnAnswer() async throws {
    let answer = try await Self.send(Self.pod())
    #expect(answer.status == 200)
    #expect(answer.body[path: ["response", "allowed"]] == false && answer.body[path: ["response", "uid"]] == "1")
  }

  @Test func thePlatformsSettingsCount() async throws {
    let waiver: JSONValue = ["guardrails.sakigake.dev/host-pid": "by news until 2027-01-31: a debugger"]
    func allowed(_ platform: JSONValue?) async throws -> Bool? {
      let endpoint = Self.endpoint(platform)
      return try await Self.send(Self.pod(waiver), to: endpoint).body[path: ["response", "allowed"]]?.boolValue
    }
    #expect(try await allowed(nil) == true, "without a platform any owner may")
    #expect(try await allowed(["name": "news"]) == false, "a platform that names nobody lets nobody")
    #expect(try await allowed(["guardrails": ["waivers": ["by": ["news"]]]]) == true)
    #expect(try await allowed(["guardrails": ["rules": ["host-pid": "off"]]]) == false, "the waiver is a mistake still")
  }

  @Test func settingsThatCannotBeUsedLeaveThoseBefore() async throws {
    let endpoint = Self.endpoint(["guardrails": ["rules": ["host-pid": "warning"]]])
    endpoint.settings.use(["guardrails": ["rules": ["host-pid": "fatal"]]])
    #expect(try await Self.send(Self.pod(), to: endpoint).body[path: ["response", "allowed"]] == true)
    endpoint.settings.use(["guardrails": [:]])
    #expect(try await Self.send(Self.pod(), to: endpoint).body[path: ["response", "allowed"]] == false)
  }

  @Test func untilSettingsAreReadNothingIsAnswered() async throws {
    let answer = try await Self.send(Self.pod(), to: Self.endpoint(isRead: false))
    #expect(answer.status == 503 && answer.body["kind"] == "Status")
  }

  @Test func whatIsNoQuestionIsTold() async throws {
    let cases: [(status: Int, body: String, method: APIRequest.Method, path: String, type: String)] = [
      (400, "{", .post, AdmissionEndpoint.path, "application/json"),
      (400, "{\"kind\": \"Pod\"}", .post, AdmissionEndpoint.path, "application/json; charset=utf-8"),
      (415, Self.pod(), .post, AdmissionEndpoint.path, "application/vnd.kubernetes.protobuf"),
      (405, "", .get, AdmissionEndpoint.path, "application/json"),
      (404, Self.pod(), .post, "/", "application/json"),
    ]
    for wrong in cases {
      let answer = try await Self.send(wrong.body, wrong.method, wrong.path, contentType: wrong.type)
      #expect(answer.status == wrong.status, "\(answer.body.text)")
      #expect(answer.body["kind"] == "Status" && answer.body["message"]?.stringValue?.isEmpty == false)
    }
  }

  // MARK: What has a cluster ask

  /// Of nobody, and with nobody's key.
  private static let certificate = Array(
    """
    -----BEGIN CERTIFICATE-----
    MIIBdDCCARmgAwIBAgIURat3gXSWtVRrywszJgROh/UZpfowCgYIKoZIzj0EAwIw
    DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMzAwMTQ5MzVaFw00NjExMjUwMTQ5MzVa
    MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR1V9yS
    3BYE/97MVNNEQ7InVF0UMybHXq4+RbkN84cRENYuIhV9wYvUzosjjSwkArPvrzCo
    JjbrvzUtjtR8uhcbo1MwUTAdBgNVHQ4EFgQU9zuogYboQGoUa3Snu90P4APFrkUw
    HwYDVR0jBBgwFoAU9zuogYboQGoUa3Snu90P4APFrkUwDwYDVR0TAQH/BAUwAwEB
    /zAKBggqhkjOPQQDAgNJADBGAiEAuEEb3RN4UW24vu0G7fqqqRgr+EnlqG1mfAqD
    CxIEMqkCIQDVGat9Nz5d4iA3M8AnJ6uVHyh2leP3tEkehbMsAPb/Zg==
    -----END CERTIFICATE-----

    """.utf8)

  @Test func theConfigurationAsksAboutWhatRulesLookAt() throws {
    var webhook = try GuardrailsWebhook(authorities: Self.certificate)
    let manifest = webhook.manifest
    let asked = try #require(manifest["webhooks"]?.arrayValue?.first)
    #expect(asked["sideEffects"] == "None" && asked["failurePolicy"] == "Ignore" && asked["timeoutSeconds"] == 5)
    #expect(asked["matchPolicy"] == "Equivalent" && asked["admissionReviewVersions"] == ["v1"])
    #expect(
      asked[path: ["namespaceSelector", "matchExpressions"]] == [
        [
          "key": "kubernetes.io/metadata.name", "operator": "NotIn",
          "values": ["kube-node-lease", "kube-system", "sakigake-system"],
        ]
      ])
    #expect(asked[path: ["clientConfig", "caBundle"]]?.stringValue == Data(Self.certificate).base64EncodedString())
    #expect(
      asked[path: ["clientConfig", "service"]] == [
        "namespace": "sakigake-system", "name": "sakigake-operator", "path": "/admission/guardrails", "port": 443,
      ])
    let rules = asked["rules"]?.arrayValue ?? []
    let apps = rules.first { $0["apiGroups"] == ["apps"] }
    #expect(apps?["resources"] == ["daemonsets", "deployments", "replicasets", "statefulsets"])
    #expect(rules.allSatisfy { $0["operations"] == ["CREATE", "UPDATE"] })
    #expect(asked["matchConditions"] == nil, "older clusters refuse them")
    webhook.skipsControlPlane = true
    #expect(
      webhook.manifest["webhooks"]?.arrayValue?.first?["matchConditions"] == [
        ["name": "not-of-system-nodes", "expression": "!(\"system:nodes\" in request.userInfo.groups)"],
        [
          "name": "not-of-system-serviceaccounts-kube-system",
          "expression": "!(\"system:serviceaccounts:kube-system\" in request.userInfo.groups)",
        ],
      ])
    webhook.place = .url("https://127.0.0.1:9443")
    let url = webhook.manifest["webhooks"]?.arrayValue?.first?[path: ["clientConfig", "url"]]
    #expect(url == "https://127.0.0.1:9443/admission/guardrails")
  }

  @Test func noKeyIsPrinted() throws {
    for text in ["", "nothing", "-----BEGIN PRIVATE KEY-----\n"] {
      #expect(throws: ServingError.self) { try GuardrailsWebhook(authorities: Array(text.utf8)) }
    }
    let key = Self.certificate + Array("-----BEGIN EC PRIVATE KEY-----\n".utf8)
    #expect(throws: ServingError.self) { try GuardrailsWebhook(authorities: key) }
  }

  @Test func whatIsInstalledServesThem() throws {
    var options = Installation.Options()
    options.servesGuardrails = true
    func object(_ kind: String, _ options: Installation.Options) throws -> JSONValue {
      try #require(Installation(options).objects.first { $0["kind"]?.stringValue == kind })
    }
    let ports = try object("Service", options)[path: ["spec", "ports"]]?.arrayValue ?? []
    #expect(ports.last == ["name": "guardrails", "port": 443, "targetPort": "guardrails", "protocol": "TCP"])
    let spec = try Deployment(json: object("Deployment", options)).spec.template.spec
    let container = try #require(spec.containers.first)
    #expect(container.args.contains("--guardrails-cert=/etc/sakigake/guardrails/tls.crt"))
    #expect(container.args.contains("--guardrails-listen=0.0.0.0:9443"))
    #expect(container.ports.map(\.name) == ["push", "metrics", "guardrails"])
    let without = try Deployment(json: object("Deployment", .init())).spec.template.spec
    #expect(!(without.containers.first?.args.contains { $0.contains("guardrails") } ?? true))
    #expect(try object("Service", .init())[path: ["spec", "ports"]]?.arrayValue?.count == 2)
  }
}
