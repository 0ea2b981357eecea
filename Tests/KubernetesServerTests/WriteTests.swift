import Kubernetes
import KubernetesServer
import Testing

@Suite struct WriteTests {
  @Test func aNewObjectHasWhatTheServerSets() async throws {
    let server = try await TestServer()
    let created = try await server.send(
      .post, Path.deployments, Sample.deployment("web"), query: [("fieldManager", "test")])
    #expect(created.status == 201)
    let metadata = created.value["metadata"]
    #expect(metadata?["uid"]?.stringValue?.utf8.count == 36)
    #expect(metadata?["generation"] == 1)
    #expect(metadata?["namespace"] == "default")
    #expect(metadata?["managedFields"]?.arrayValue?.first?["manager"] == "test")
    #expect(try await server.send(.post, Path.deployments, Sample.deployment("web")).reason == "AlreadyExists")
  }

  @Test func generatedNamesAreDifferent() async throws {
    let server = try await TestServer()
    var body = Sample.configMap("")
    body["metadata"] = ["generateName": "settings-"]
    let first = try await server.send(.post, Path.configMaps, body).value["metadata"]?["name"]?.stringValue ?? ""
    let second = try await server.send(.post, Path.configMaps, body).value["metadata"]?["name"]?.stringValue ?? ""
    #expect(first.hasPrefix("settings-") && first.utf8.count == 14)
    #expect(first != second)
  }

  @Test func aNamespaceMustBeThereAndStay() async throws {
    let server = try await TestServer()
    let missing = try await server.send(.post, "/api/v1/namespaces/nowhere/configmaps", Sample.configMap("a"))
    #expect(missing.status == 404 && missing.message == "namespaces \"nowhere\" not found")
    try await server.send(.post, "/api/v1/namespaces", ["metadata": ["name": "team"]])
    #expect(try await server.send(.get, "/api/v1/namespaces/team/serviceaccounts/default").status == 200)
    let deleted = try await server.send(.delete, "/api/v1/namespaces/team")
    #expect(deleted.value["status"]?["phase"] == "Terminating")
    let refused = try await server.send(.post, "/api/v1/namespaces/team/configmaps", Sample.configMap("a"))
    #expect(refused.status == 403)
    var namespace = deleted.value
    namespace["spec"] = ["finalizers": []]
    #expect(try await server.send(.put, "/api/v1/namespaces/team/finalize", namespace).status == 200)
    #expect(try await server.send(.get, "/api/v1/namespaces/team").status == 404)
    #expect(try await server.send(.delete, "/api/v1/namespaces/default").status == 403)
  }

  @Test func anOldVersionIsAConflictAndNoVersionIsNone() async throws {
    let server = try await TestServer()
    var object = try await server.send(.post, Path.configMaps, Sample.configMap("a")).value
    try await server.patch("\(Path.configMaps)/a", .merge, ["data": ["key": "other"]])
    let conflict = try await server.send(.put, "\(Path.configMaps)/a", object)
    #expect(conflict.status == 409 && conflict.reason == "Conflict")
    #expect(
      conflict.message
        == "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again"
    )
    object[path: ["metadata", "resourceVersion"]] = nil
    #expect(try await server.send(.put, "\(Path.configMaps)/a", object).status == 200)
  }

  @Test func aChangeOfNothingIsNoChange() async throws {
    let server = try await TestServer()
    let created = try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    let patched = try await server.patch("\(Path.configMaps)/a", .merge, ["data": ["key": "value"]])
    #expect(patched.version == created.version)
  }

  @Test func statusAndSpecKeepToTheirOwn() async throws {
    let server = try await TestServer()
    var object = try await server.send(.post, Path.deployments, Sample.deployment("web")).value
    object[path: ["status", "replicas"]] = 7
    object[path: ["spec", "replicas"]] = 5
    let path = "\(Path.deployments)/web"
    let main = try await server.send(.put, path, object)
    #expect(main.value["status"]?["replicas"] == nil)
    #expect(main.value["spec"]?["replicas"] == 5)
    #expect(main.value["metadata"]?["generation"] == 2)
    object = main.value
    object[path: ["status", "replicas"]] = 7
    object[path: ["spec", "replicas"]] = 9
    let status = try await server.send(.put, "\(path)/status", object)
    #expect(status.value["status"]?["replicas"] == 7)
    #expect(status.value["spec"]?["replicas"] == 5)
    #expect(status.value["metadata"]?["generation"] == 2)
  }

  @Test func concurrentPatchesAllCount() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.configMaps, Sample.configMap("a", data: [:]))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<8 {
        group.addTask {
          try await server.patch("\(Path.configMaps)/a", .merge, ["data": .object(["k\(index)": "v"])]).status
        }
      }
      for try await status in group { #expect(status == 200) }
    }
    #expect(try await server.send(.get, "\(Path.configMaps)/a").value["data"]?.objectValue?.count == 8)
  }

  @Test func aDryRunLeavesNothing() async throws {
    let server = try await TestServer()
    let answer = try await server.send(.post, Path.configMaps, Sample.configMap("a"), query: [("dryRun", "All")])
    #expect(answer.status == 201)
    #expect(try await server.send(.get, "\(Path.configMaps)/a").status == 404)
  }

  @Test func wrongInputIsRefusedWithItsReason() async throws {
    let server = try await TestServer()
    var unknown = Sample.deployment("web")
    unknown[path: ["spec", "foo"]] = 1
    let strict = try await server.send(.post, Path.deployments, unknown, query: [("fieldValidation", "Strict")])
    #expect(strict.status == 400)
    #expect(strict.message.contains("strict decoding error: unknown field \"spec.foo\""))
    var mistyped = Sample.deployment("web")
    mistyped[path: ["spec", "replicas"]] = "many"
    #expect(try await server.send(.post, Path.deployments, mistyped).status == 400)
    let negative = try await server.send(.post, Path.deployments, Sample.deployment("web", replicas: -1))
    #expect(negative.status == 422 && negative.reason == "Invalid")
    #expect(try await server.send(.post, Path.deployments, Sample.pod("web")).status == 400)
    #expect(try await server.send(.get, "/apis/apps/v1/nonsense").status == 404)
    #expect(try await server.send(.get, Path.pods, accept: "application/vnd.kubernetes.protobuf").status == 406)
    let notProtobuf = try await server.send(
      .post, Path.pods, Sample.pod("web"), contentType: "application/vnd.kubernetes.protobuf")
    #expect(notProtobuf.status == 400)
    #expect(try await server.send(.get, "\(Path.deployments)/web").status == 404)
    let large = Sample.configMap("a", data: ["key": .string(String(repeating: "x", count: 3 << 20))])
    #expect(try await server.send(.post, Path.configMaps, large).status == 413)
  }
}
