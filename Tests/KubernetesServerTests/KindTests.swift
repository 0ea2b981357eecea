import Kubernetes
import KubernetesServer
import Testing

/// Kinds that nobody acts on here, as their users meet them.
@Suite struct KindTests {
  private static let pod: JSONValue = ["containers": [["name": "a", "image": "b:1"]]]
  private static let template: JSONValue = ["metadata": ["labels": ["a": "b"]], "spec": pod]
  private static let selector: JSONValue = ["matchLabels": ["a": "b"]]

  private static func object(_ type: ResourceType, _ name: String, _ members: JSONObject) -> JSONValue {
    var object: JSONObject = [
      "apiVersion": .string(type.apiVersion), "kind": .string(type.kind), "metadata": ["name": .string(name)],
    ]
    for member in members { object[member.key] = member.value }
    return .object(object)
  }

  @Test func workloadsAreFilledIn() async throws {
    let server = try await TestServer()
    let set = try await server.send(
      .post, ResourceType.statefulSets.path(namespace: "default"),
      Self.object(
        .statefulSets, "s",
        [
          "spec": [
            "serviceName": "s", "selector": Self.selector, "template": Self.template,
            "volumeClaimTemplates": [
              [
                "metadata": ["name": "d"],
                "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1024Mi"]]],
              ]
            ],
          ]
        ]))
    #expect(set.status == 201, "\(set.message)")
    let spec = set.value["spec"]
    #expect(spec?["podManagementPolicy"] == "OrderedReady")
    #expect(spec?["updateStrategy"] == ["type": "RollingUpdate", "rollingUpdate": ["partition": 0]])
    let claim = spec?["volumeClaimTemplates"]?.arrayValue?.first
    #expect(claim?["kind"] == "PersistentVolumeClaim")
    #expect(claim?[path: ["spec", "resources", "requests", "storage"]] == "1Gi")
    let moved = try await server.patch(
      ResourceType.statefulSets.path(namespace: "default", name: "s"), .merge, ["spec": ["serviceName": "z"]])
    #expect(moved.status == 422)
    #expect(moved.message.hasPrefix("StatefulSet.apps \"s\" is invalid: spec: Forbidden: updates to statefulset spec"))
  }

  @Test func aJobSelectsItsOwnPods() async throws {
    let server = try await TestServer()
    let path = ResourceType.jobs.path(namespace: "default")
    var pod = Self.pod
    let refused = try await server.send(
      .post, path, Self.object(.jobs, "j", ["spec": ["template": ["spec": pod]]]))
    #expect(refused.message.contains("spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\""))
    pod["restartPolicy"] = "Never"
    let job = try await server.send(.post, path, Self.object(.jobs, "j", ["spec": ["template": ["spec": pod]]]))
    #expect(job.status == 201, "\(job.message)")
    let uid = job.value["metadata"]?["uid"]
    #expect(job.value[path: ["spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"]] == uid)
    #expect(job.value[path: ["spec", "template", "metadata", "labels", "job-name"]] == "j")
    #expect(job.value[path: ["spec", "backoffLimit"]] == 6)
    let changed = try await server.patch(path + "/j", .merge, ["spec": ["completions": 3]])
    #expect(changed.message.contains("spec.completions: Invalid value: 3: field is immutable"))
  }

  @Test func aWorkloadNeedsASelector() async throws {
    let server = try await TestServer()
    let refused = try await server.send(
      .post, "/apis/apps/v1/namespaces/default/deployments",
      [
        "metadata": ["name": "d"],
        "spec": ["template": ["metadata": ["labels": ["a": "b"]], "spec": ["containers": [["name": "a", "image": "b"]]]]],
      ])
    #expect(refused.status == 422)
    #expect(refused.message.contains("spec.selector: Required value"))
    #expect(refused.message.contains("`selector` does not match template `labels`"))
  }

  @Test(arguments: [
    ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
    ("61 * * * *", "end of range (61) above maximum (59): 61"), ("@often", "unrecognized descriptor: @often"),
    ("TZ=UTC * * * * *", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
  ])
  func schedulesAreRead(schedule: String, problem: String) async throws {
    let cron = Self.object(
      .cronJobs, "c",
      [
        "spec": [
          "schedule": .string(schedule), "concurrencyPolicy": "Allow",
          "jobTemplate": [
            "spec": ["template": ["spec": ["restartPolicy": "Never", "containers": [["name": "a", "image": "b"]]]]]
          ],
        ]
      ])
    let found = Validation.check(cron, old: nil, resource: .cronJobs)
    #expect(found.map(\.message) == ["Invalid value: \(JSONValue.string(schedule).text): \(problem)"])
  }

  @Test func priorityComesFromTheClass() async throws {
    let server = try await TestServer()
    let classes = ResourceType.priorityClasses.path()
    try await server.send(.post, classes, Self.object(.priorityClasses, "high", ["value": 7, "globalDefault": true]))
    let pod = try await server.send(.post, Path.pods, Sample.pod("a"))
    #expect(pod.value[path: ["spec", "priority"]] == 7)
    #expect(pod.value[path: ["spec", "priorityClassName"]] == "high")
    var critical = Sample.pod("b")
    critical[path: ["spec", "priorityClassName"]] = "system-node-critical"
    let second = try await server.send(.post, Path.pods, critical)
    #expect(second.value[path: ["spec", "priority"]] == 2_000_001_000)
    critical[path: ["spec", "priorityClassName"]] = "none"
    let refused = try await server.send(.post, Path.pods, critical)
    #expect(refused.status == 403)
    #expect(refused.message == "pods \"b\" is forbidden: no PriorityClass with name none was found")
  }

  @Test func anEventIsOfBothGroups() async throws {
    let server = try await TestServer()
    let event = Self.object(
      .newerEvents, "e",
      [
        "regarding": ["kind": "Pod", "name": "p", "namespace": "default"], "reason": "Started", "action": "Start",
        "note": "it runs", "type": "Normal", "reportingController": "example.com/agent", "reportingInstance": "one",
        "eventTime": "2026-11-24T00:00:00Z",
      ])
    let created = try await server.send(.post, ResourceType.newerEvents.path(namespace: "default"), event)
    #expect(created.status == 201, "\(created.message)")
    #expect(created.value["note"] == "it runs")
    #expect(created.value["eventTime"] == "2026-11-24T00:00:00.000000Z")
    let core = try await server.send(.get, ResourceType.events.path(namespace: "default", name: "e"))
    #expect(core.value["apiVersion"] == "v1")
    #expect(core.value["message"] == "it runs")
    #expect(core.value["involvedObject"]?["name"] == "p")
    let list = try await server.send(
      .get, ResourceType.newerEvents.path(namespace: "default"), query: [("fieldSelector", "regarding.name=p")])
    #expect(list.names == ["e"])
    #expect(list.value["items"]?.arrayValue?.first?["regarding"]?["name"] == "p")
  }

  @Test func anAutoscalerIsOfBothVersions() async throws {
    let server = try await TestServer()
    let newer = ResourceType.horizontalPodAutoscalers.path(namespace: "default")
    let older = ResourceType.olderAutoscalers.path(namespace: "default")
    let target: JSONValue = ["apiVersion": "apps/v1", "kind": "Deployment", "name": "d"]
    let created = try await server.send(
      .post, older,
      Self.object(
        .olderAutoscalers, "h",
        ["spec": ["scaleTargetRef": target, "maxReplicas": 3, "targetCPUUtilizationPercentage": 50]]))
    #expect(created.status == 201, "\(created.message)")
    #expect(created.value["spec"]?["targetCPUUtilizationPercentage"] == 50)
    let metric: JSONValue = [
      "type": "Pods",
      "pods": ["metric": ["name": "requests"], "target": ["type": "AverageValue", "averageValue": "10"]],
    ]
    let patched = try await server.patch(newer + "/h", .merge, ["spec": ["metrics": [metric]]])
    #expect(patched.value[path: ["spec", "metrics"]] == [metric])
    let shown = try await server.send(.get, older + "/h")
    #expect(shown.value["spec"]?["targetCPUUtilizationPercentage"] == nil)
    #expect(
      shown.value[path: ["metadata", "annotations", "autoscaling.alpha.kubernetes.io/metrics"]]?.stringValue
        == #"[{"type":"Pods","pods":{"metricName":"requests","targetAverageValue":"10"}}]"#)
    let raised = try await server.patch(older + "/h", .merge, ["spec": ["maxReplicas": 4]])
    #expect(raised.status == 200, "\(raised.message)")
    let again = try await server.send(.get, newer + "/h")
    #expect(again.value[path: ["spec", "metrics"]] == [metric], "what v1 cannot say comes back")
    #expect(again.value[path: ["spec", "maxReplicas"]] == 4)
  }

  @Test func repeatedFieldsAreNoticed() async throws {
    let server = try await TestServer()
    let text = #"{"metadata":{"name":"c"},"data":{"a":"1","a":"2"},"foo":1}"#
    func send(_ mode: String) async -> APIResponse {
      await server.server.handle(
        APIRequest(
          .post, Path.configMaps, query: [("fieldValidation", mode)], body: Array(text.utf8),
          user: .master("tester")))
    }
    let strict = await send("Strict")
    #expect(strict.status == 400)
    guard case .bytes(let bytes) = strict.body else { throw Unexpected("no bytes") }
    #expect(
      try JSONValue(parsing: bytes)["message"]
        == "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"foo\", duplicate field \"data.a\""
    )
    let warned = await send("Warn")
    #expect(warned.status == 201)
    #expect(
      warned.headers.filter { $0.name == "Warning" }.map(\.value) == [
        #"299 - "unknown field \"foo\"""#, #"299 - "duplicate field \"data.a\"""#,
      ])
    #expect(await send("Ignore").status == 409)
    #expect(await send("Loud").status == 422)
  }
}
