import Kubernetes
import KubernetesServer
import Testing

/// Custom resources by their schemas, and definitions by what a schema must be like.
@Suite struct StructuralSchemaTests {
  private static func definition(_ properties: String, options: String = "") throws -> JSONValue {
    try JSONValue(
      parsing: """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"ws.example.com"},
        "spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"ws","kind":"W"},
        "versions":[{"name":"v1","served":true,"storage":true\(options),"schema":{"openAPIV3Schema":{"type":"object",
        "properties":{"spec":{"type":"object","properties":{\(properties)}}}}}}]}}
        """)
  }

  @Test(arguments: [
    (#""x":{"properties":{}}"#, "type: Required value: must not be empty for specified object fields"),
    (#""x":{"type":"array"}"#, "items: Required value: must be specified"),
    (
      #""x":{"type":"array","items":{"type":"string"},"uniqueItems":true}"#,
      "uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
    ),
    (
      #""x":{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}}"#,
      "additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"
    ),
    (
      #""x":{"type":"array","items":{"type":"object"},"x-kubernetes-list-type":"map"}"#,
      "x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map"
    ),
    (
      #""x":{"type":"integer","default":"a"}"#,
      "default: Invalid value: \"string\":  in body must be of type integer: \"string\""
    ),
    (
      #""x":{"type":"object","allOf":[{"type":"object"}]}"#,
      "allOf[0].type: Forbidden: must be empty to be structural"
    ),
  ])
  func schemasMustBeStructural(properties: String, expected: String) throws {
    let found = Validation.check(
      try Self.definition(properties), old: nil, resource: .customResourceDefinitions)
    let prefix = "spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[x]."
    // The conversion strategy is filled in before definitions are judged.
    let own = found.filter { !$0.field.hasPrefix("spec.conversion") }.map { "\($0.field): \($0.message)" }
    #expect(own == [prefix + expected])
  }

  private static let schema = StructuralSchema(
    ["type": "object", "properties": ["spec": ["type": "object", "properties": properties]]])
  private static let properties: JSONValue = [
    "max": ["type": "integer", "maximum": 10], "even": ["type": "integer", "multipleOf": 2],
    "port": ["x-kubernetes-int-or-string": true], "when": ["type": "string", "format": "date-time"],
    "few": ["type": "array", "items": ["type": "string"], "maxItems": 1],
    "one": [
      "type": "object", "properties": ["a": ["type": "string"], "b": ["type": "string"]],
      "oneOf": [["required": ["a"]], ["required": ["b"]]],
    ],
    "named": [
      "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
      "items": ["type": "object", "required": ["k"], "properties": ["k": ["type": "string"]]],
    ],
    "embedded": [
      "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true,
    ],
  ]

  @Test(arguments: [
    (#"{"max":11}"#, ["spec.max: Invalid value: 11: spec.max in body should be less than or equal to 10"]),
    (#"{"even":3}"#, ["spec.even: Invalid value: 3: spec.even in body should be a multiple of 2"]),
    (
      #"{"port":true}"#,
      ["spec.port: Invalid value: \"boolean\": spec.port in body must be of type integer,string: \"boolean\""]
    ),
    (#"{"when":"now"}"#, ["spec.when: Invalid value: \"now\": spec.when in body must be of type date-time: \"now\""]),
    (#"{"few":["a","b"]}"#, ["spec.few: Too many: 2: must have at most 1 items"]),
    (
      #"{"one":{}}"#,
      [
        "<nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema (oneOf). Found none valid",
        "spec.one.a: Required value",
      ]
    ),
    (#"{"named":[{"k":"a"},{"k":"a"}]}"#, ["spec.named[1]: Duplicate value: map[string]interface {}{\"k\":\"a\"}"]),
    (
      #"{"embedded":{}}"#,
      [
        "spec.embedded.apiVersion: Required value: must not be empty",
        "spec.embedded.kind: Required value: must not be empty",
      ]
    ),
  ])
  func valuesAreJudgedInUpstreamsWords(spec: String, expected: [String]) throws {
    let object = try JSONValue(parsing: #"{"metadata":{"name":"a"},"spec":\#(spec)}"#)
    let found = Validation.check(object, old: nil, resource: .pushCampaigns, schema: Self.schema)
    #expect(found.map { "\($0.field): \($0.message)" } == expected)
  }

  @Test func aChangedSchemaCountsAtOnceAndFillsInWhatIsThere() async throws {
    let server = try await TestServer()
    let first = try Self.definition(
      #""n":{"type":"integer"}"#, options: #","selectableFields":[{"jsonPath":".spec.n"}]"#)
    #expect(try await server.send(.post, Path.definitions, first).status == 201)
    let path = "/apis/example.com/v1/namespaces/default/ws"
    let object: JSONValue = [
      "apiVersion": "example.com/v1", "kind": "W", "metadata": ["name": "a"], "spec": ["n": 3, "gone": 1],
    ]
    let created = try await server.send(.post, path, object)
    #expect(created.value["spec"] == ["n": 3])
    let chosen = try await server.send(.get, path, query: [("fieldSelector", "spec.n=3")])
    #expect(chosen.names == ["a"])
    #expect(try await server.send(.get, path, query: [("fieldSelector", "spec.x=3")]).status == 400)

    let second = try Self.definition(#""n":{"type":"integer"},"d":{"type":"string","default":"x"}"#)
    var changed = try await server.send(.get, Path.definitions + "/ws.example.com").value
    changed[path: ["spec", "versions"]] = second[path: ["spec", "versions"]]
    #expect(try await server.send(.put, Path.definitions + "/ws.example.com", changed).status == 200)
    let read = try await server.send(.get, path + "/a")
    #expect(read.value["spec"] == ["n": 3, "d": "x"])
  }

  @Test func aNameThatIsTakenIsNotServed() async throws {
    let server = try await TestServer()
    let first = try Self.definition(#""n":{"type":"integer"}"#)
    #expect(try await server.send(.post, Path.definitions, first).status == 201)
    var second = first
    second[path: ["metadata", "name"]] = "others.example.com"
    second[path: ["spec", "names"]] = ["plural": "others", "kind": "W"]
    let answer = try await server.send(.post, Path.definitions, second)
    #expect(answer.status == 201)
    let accepted = answer.value["status"]?["conditions"]?.arrayValue?.first { $0["type"] == "NamesAccepted" }
    #expect(accepted?["status"] == "False")
    #expect(accepted?["reason"] == "SingularConflict")
    #expect(try await server.send(.get, "/apis/example.com/v1/namespaces/default/others").status == 404)
  }
}
