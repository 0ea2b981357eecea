import Kubernetes
import KubernetesServer
import Testing

@Suite struct PatchTests {
  @Test func theThreePatchesChangeWhatTheyName() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.deployments, Sample.deployment("web"))
    let path = "\(Path.deployments)/web"
    let merged = try await server.patch(path, .merge, ["spec": ["replicas": 3]])
    #expect(merged.value["spec"]?["replicas"] == 3)
    let json = try await server.patch(path, .json, [["op": "replace", "path": "/spec/replicas", "value": 4]])
    #expect(json.value["spec"]?["replicas"] == 4)
    let strategic = try await server.patch(
      path, .strategic,
      ["spec": ["template": ["spec": ["containers": [["name": "app", "image": "registry.example/web:2"]]]]]])
    let containers = strategic.value[path: ["spec", "template", "spec", "containers"]]?.arrayValue
    #expect(containers?.count == 1)
    #expect(containers?.first?["image"] == "registry.example/web:2")
    let failed = try await server.patch(path, .json, [["op": "test", "path": "/spec/replicas", "value": 1]])
    #expect(failed.status == 422)
    #expect(try await server.patch("\(Path.deployments)/none", .merge, [:]).status == 404)
  }

  @Test func applyCreatesThenOwnsAndConflicts() async throws {
    let server = try await TestServer()
    let path = "\(Path.deployments)/web"
    let created = try await server.patch(path, .apply, Sample.deployment("web"), query: [("fieldManager", "one")])
    #expect(created.status == 201)
    let again = try await server.patch(path, .apply, Sample.deployment("web"), query: [("fieldManager", "one")])
    #expect(again.status == 200)
    #expect(again.version == created.version, "an apply that changes nothing writes nothing")
    let other = Sample.deployment("web", replicas: 9)
    let conflict = try await server.patch(path, .apply, other, query: [("fieldManager", "two")])
    #expect(conflict.status == 409 && conflict.message.contains(".spec.replicas"))
    let forced = try await server.patch(path, .apply, other, query: [("fieldManager", "two"), ("force", "true")])
    #expect(forced.value["spec"]?["replicas"] == 9)
    #expect(try await server.patch(path, .apply, other).status == 422, "an apply names its manager")
  }

  @Test func applyTakesYAML() async throws {
    let server = try await TestServer()
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  port: \"8080\"\n"
    let response = await server.server.handle(
      APIRequest(
        .patch, "\(Path.configMaps)/settings", query: [("fieldManager", "one")], contentType: PatchType.apply.rawValue,
        body: Array(yaml.utf8), user: .master("tester")))
    #expect(response.status == 201)
    #expect(try await server.send(.get, "\(Path.configMaps)/settings").value["data"] == ["port": "8080"])
  }

  @Test func scaleIsReadAndChanged() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.deployments, Sample.deployment("web"))
    let path = "\(Path.deployments)/web/scale"
    var scale = try await server.send(.get, path).value
    #expect(scale["kind"] == "Scale" && scale["spec"]?["replicas"] == 2)
    #expect(scale["status"]?["selector"] == "app=web")
    scale["spec"] = ["replicas": 5]
    #expect(try await server.send(.put, path, scale).value["spec"]?["replicas"] == 5)
    #expect(try await server.send(.put, path, scale).status == 409, "the version in it is old by now")
    #expect(try await server.patch(path, .merge, ["spec": ["replicas": 6]]).value["spec"]?["replicas"] == 6)
    #expect(try await server.patch(path, .merge, ["spec": ["replicas": -1]]).status == 422)
    #expect(try await server.send(.get, "\(Path.deployments)/web").value["metadata"]?["generation"] == 3)
  }
}
