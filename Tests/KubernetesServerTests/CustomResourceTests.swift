import Kubernetes
import KubernetesServer
import Testing

@Suite struct CustomResourceTests {
  private static let definition: JSONValue = [
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": ["name": "widgets.example.com"],
    "spec": [
      "group": "example.com", "scope": "Namespaced",
      "names": ["plural": "widgets", "kind": "Widget", "singular": "widget", "listKind": "WidgetList"],
      "versions": [
        [
          "name": "v1", "served": true, "storage": true,
          "subresources": [
            "status": [:], "scale": ["specReplicasPath": ".spec.count", "statusReplicasPath": ".status.count"],
          ],
          "schema": [
            "openAPIV3Schema": [
              "type": "object",
              "properties": [
                "spec": [
                  "type": "object", "required": ["size"],
                  "properties": [
                    "size": ["type": "string", "enum": ["small", "large"]],
                    "count": ["type": "integer", "minimum": 0, "default": 1],
                  ],
                ],
                "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
              ],
            ]
          ],
        ]
      ],
    ],
  ]
  private static let path = "/apis/example.com/v1/namespaces/default/widgets"

  private static func widget(_ spec: JSONValue) -> JSONValue {
    ["apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": "w"], "spec": spec]
  }

  private func server() async throws -> TestServer {
    let server = try await TestServer()
    let created = try await server.send(.post, Path.definitions, Self.definition)
    #expect(created.status == 201)
    #expect(
      created.value["status"]?["conditions"]?.arrayValue?.contains {
        $0["type"] == "Established" && $0["status"] == "True"
      }
        == true)
    return server
  }

  @Test func aDefinitionServesItsKindAtOnce() async throws {
    let server = try await server()
    let created = try await server.send(.post, Self.path, Self.widget(["size": "small", "extra": 1]))
    #expect(created.status == 201)
    #expect(created.value["spec"] == ["size": "small", "count": 1], "pruned, with its default")
    #expect(created.value["metadata"]?["generation"] == 1)
    let status = try await server.patch(
      "\(Self.path)/w/status", .merge, ["status": ["any": true], "spec": ["size": "large"]])
    #expect(status.value["status"]?["any"] == true && status.value["spec"]?["size"] == "small")
    #expect(try await server.send(.get, "\(Self.path)/w/scale").value["spec"]?["replicas"] == 1)
    #expect(try await server.patch("\(Self.path)/w", .strategic, [:]).status == 415)
  }

  @Test func theSchemaJudges() async throws {
    let server = try await server()
    #expect(try await server.send(.post, Self.path, Self.widget(["size": "huge"])).status == 422)
    #expect(try await server.send(.post, Self.path, Self.widget([:])).message.contains("spec.size: Required value"))
    #expect(try await server.send(.post, Self.path, Self.widget(["size": "small", "count": -1])).status == 422)
    let strict = try await server.send(
      .post, Self.path, Self.widget(["size": "small", "extra": 1]), query: [("fieldValidation", "Strict")])
    #expect(strict.message.contains("unknown field \"spec.extra\""))
  }

  @Test func aDefinitionTakesItsObjectsAlong() async throws {
    let server = try await server()
    var held = Self.widget(["size": "small"])
    held[path: ["metadata", "finalizers"]] = ["example.com/hold"]
    try await server.send(.post, Self.path, held)
    let definition = "\(Path.definitions)/widgets.example.com"
    try await server.send(.delete, definition)
    #expect(try await server.send(.get, definition).value["metadata"]?["deletionTimestamp"] != nil)
    try await server.patch("\(Self.path)/w", .merge, ["metadata": ["finalizers": []]])
    #expect(try await server.send(.get, definition).status == 404)
    #expect(try await server.send(.get, Self.path).status == 404)
  }
}
