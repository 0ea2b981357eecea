import Kubernetes
import KubernetesServer
import Testing

@Suite struct OpenAPITests {
  private struct Unexpected: Error {}

  private static let widget: JSONValue = [
    "metadata": ["name": "widgets.example.com"],
    "spec": [
      "group": "example.com", "scope": "Namespaced", "names": ["plural": "widgets", "kind": "Widget"],
      "versions": [
        [
          "name": "v1", "served": true, "storage": true, "subresources": ["status": [:]],
          "schema": [
            "openAPIV3Schema": [
              "type": "object",
              "properties": ["spec": ["type": "object", "properties": ["size": ["type": "integer"]]]],
            ]
          ],
        ]
      ],
    ],
  ]

  private func document(_ path: String, accept: String = "application/json") throws -> JSONValue {
    let response = try #require(
      OpenAPI.document(path: path, accept: accept, resources: ResourceType.builtIn, definitions: [Self.widget]))
    #expect(response.status == 200)
    guard case .bytes(let bytes) = response.body else { throw Unexpected() }
    return try JSONValue(parsing: bytes)
  }

  @Test func tablesCanBeReadAndLeadSomewhere() {
    #expect(SchemaTable.builtIn.mistakes == [])
  }

  @Test func everyBuiltInKindHasASchemaAndPaths() throws {
    for resource in ResourceType.builtIn {
      let key = resource.group.isEmpty ? "api/\(resource.version)" : "apis/\(resource.apiVersion)"
      let group = try document("/openapi/v3/\(key)")
      let kind: JSONValue = [
        "group": .string(resource.group), "kind": .string(resource.kind), "version": .string(resource.version),
      ]
      let schemas = group["components"]?["schemas"]?.objectValue ?? [:]
      let found = schemas.first { $0.value["x-kubernetes-group-version-kind"]?.arrayValue?.contains(kind) == true }
      #expect(found != nil, "\(resource.kind)")
      let path = resource.path(namespace: "{namespace}", name: "{name}")
      let patch = group["paths"]?[path]?["patch"]
      #expect(patch?["x-kubernetes-group-version-kind"] == kind, "\(path)")
      #expect(patch?["requestBody"]?["content"]?["application/strategic-merge-patch+json"] != nil)
      let parameters = patch?["parameters"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
      #expect(parameters.contains("fieldValidation") && parameters.contains("dryRun"))
    }
  }

  @Test func referencesStayInsideADocument() throws {
    for key in ["api/v1", "apis/apps/v1", "apis/autoscaling/v2", "apis/example.com/v1", "apis/metrics.k8s.io/v1beta1"] {
      let group = try document("/openapi/v3/\(key)")
      let names = Set(group["components"]?["schemas"]?.objectValue?.keys ?? [])
      for reference in Self.references(in: group) {
        #expect(names.contains(String(reference.dropFirst("#/components/schemas/".count))), "\(key): \(reference)")
      }
    }
    let swagger = try document("/openapi/v2")
    let names = Set(swagger["definitions"]?.objectValue?.keys ?? [])
    for reference in Self.references(in: swagger) {
      #expect(names.contains(String(reference.dropFirst("#/definitions/".count))), "\(reference)")
    }
  }

  private static func references(in value: JSONValue) -> Set<String> {
    switch value {
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(references(in: $1)) }
    case .object(let members):
      members.reduce(into: []) { result, member in
        // A property may be called $ref, too; only texts refer.
        if member.key == "$ref", let text = member.value.stringValue { result.insert(text) }
        result.formUnion(references(in: member.value))
      }
    default: []
    }
  }

  @Test func mergeKeysAreThoseOfUpstream() throws {
    let apps = try document("/openapi/v3/apis/apps/v1")
    let schemas = apps["components"]?["schemas"]
    let containers = schemas?["io.k8s.api.core.v1.PodSpec"]?["properties"]?["containers"]
    #expect(containers?["x-kubernetes-patch-merge-key"] == "name")
    #expect(containers?["x-kubernetes-patch-strategy"] == "merge")
    let volumes = schemas?["io.k8s.api.core.v1.PodSpec"]?["properties"]?["volumes"]
    #expect(volumes?["x-kubernetes-patch-strategy"] == "merge,retainKeys")
    let ports = schemas?["io.k8s.api.core.v1.Container"]?["properties"]?["ports"]
    #expect(ports?["x-kubernetes-patch-merge-key"] == "containerPort")
    #expect(ports?["x-kubernetes-list-map-keys"] == ["containerPort", "protocol"])
    let finalizers = schemas?["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"]?["properties"]?["finalizers"]
    #expect(finalizers?["x-kubernetes-patch-strategy"] == "merge")
    #expect(finalizers?["x-kubernetes-list-type"] == "set")
  }

  @Test func customResourcesBringTheirSchema() throws {
    let index = try document("/openapi/v3")
    let url = try #require(index["paths"]?["apis/example.com/v1"]?["serverRelativeURL"]?.stringValue)
    #expect(url.hasPrefix("/openapi/v3/apis/example.com/v1?hash="))
    let group = try document("/openapi/v3/apis/example.com/v1")
    let schema = group["components"]?["schemas"]?["com.example.v1.Widget"]
    #expect(schema?[path: ["properties", "spec", "properties", "size", "type"]] == "integer")
    let patch = group["paths"]?["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}"]?["patch"]
    #expect(patch?["requestBody"]?["content"]?["application/merge-patch+json"] != nil)
    #expect(patch?["requestBody"]?["content"]?["application/strategic-merge-patch+json"] == nil)
  }

  @Test func jsonIsPreferredAndOldClientsGetProtobuf() throws {
    let protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
    let old = try #require(OpenAPI.document(path: "/openapi/v2", accept: protobuf, resources: ResourceType.builtIn))
    #expect(old.status == 200)
    #expect(old.contentType == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
    guard case .bytes(let bytes) = old.body else { throw Unexpected() }
    // Field 1, three bytes: swagger "2.0".
    #expect(bytes.starts(with: [0x0A, 3, 0x32, 0x2E, 0x30]))
    for accept in ["\(protobuf), application/json", "*/*", ""] {
      let response = OpenAPI.document(path: "/openapi/v2", accept: accept, resources: ResourceType.builtIn)
      #expect(response?.contentType == "application/json")
    }
    let newer = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf"
    #expect(OpenAPI.document(path: "/openapi/v3", accept: newer, resources: ResourceType.builtIn)?.status == 406)
  }

  @Test func unknownFieldsAreFoundAndRemoved() throws {
    var deployment = try JSONValue(
      parsing: """
        {"kind":"Deployment","metadata":{"name":"a","colour":"red"},"spec":{"replica":1,"template":{"spec":{
        "containers":[{"name":"a","image":"b","imagePullPolice":"Always","securityContext":{"runAsUser":1}}],
        "nodeSelector":{"any":"thing"},"volumes":[{"name":"x","hostPath":{"path":"/","deep":1}}]}}}}
        """)
    #expect(
      FieldInspection(deployment, resource: .deployments)?.unknown == [
        "metadata.colour", "spec.replica", "spec.template.spec.containers[0].imagePullPolice",
        "spec.template.spec.volumes[0].hostPath.deep",
      ])
    FieldInspection.rewrite(&deployment, resource: .deployments)
    #expect(FieldInspection(deployment, resource: .deployments)?.unknown == [])
    #expect(deployment[path: ["spec", "template", "spec", "nodeSelector", "any"]] == "thing")
  }

  @Test(arguments: [
    (#"{"spec":{"replicas":"3"}}"#, "string into Go struct field DeploymentSpec.spec.replicas of type int32"),
    (
      #"{"spec":{"template":{"spec":{"containers":[{"name":1}]}}}}"#,
      "number into Go struct field Container.spec.template.spec.containers.name of type string"
    ),
    (
      #"{"spec":{"template":[]}}"#, "array into Go struct field DeploymentSpec.spec.template of type v1.PodTemplateSpec"
    ),
    (#"{"spec":{"paused":"yes"}}"#, "string into Go struct field DeploymentSpec.spec.paused of type bool"),
    (
      #"{"spec":{"replicas":3000000000}}"#,
      "number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32"
    ),
    (#"{"spec":{"replicas":1.5}}"#, "number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32"),
    (#"{"metadata":{"labels":{"a":1}}}"#, "number into Go struct field ObjectMeta.metadata.labels of type string"),
  ])
  func wrongTypesAreFound(text: String, expected: String) throws {
    let inspection = FieldInspection(try JSONValue(parsing: text), resource: .deployments)
    #expect(inspection?.mistake == "json: cannot unmarshal \(expected)")
  }

  @Test func storedFormsAreCanonical() throws {
    var pod = try JSONValue(
      parsing: """
        {"metadata":{"name":"a","creationTimestamp":null,"labels":{"x":null}},"spec":{"nodeName":null,"containers":[
        {"name":"a","resources":{"limits":{"cpu":"1000m","memory":"0.5Gi"},"requests":{"cpu":0.5}}}]},
        "status":{"startTime":"2026-11-24T09:00:00+09:00"}}
        """)
    FieldInspection.rewrite(&pod, resource: .pods)
    let container = pod["spec"]?["containers"]?.arrayValue?.first
    #expect(container?["resources"] == ["limits": ["cpu": "1", "memory": "512Mi"], "requests": ["cpu": "500m"]])
    #expect(pod["metadata"] == ["name": "a", "creationTimestamp": nil, "labels": ["x": ""]])
    #expect(pod["spec"]?["nodeName"] == nil)
    #expect(pod["status"]?["startTime"] == "2026-11-24T00:00:00Z")
  }
}
