import Kubernetes
import KubernetesServer
import Testing

@Suite struct OpenAPIProtobufTests {
  /// A length-delimited field of at most 127 bytes.
  private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(content.count)] + content
  }
  private func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
  private func field(_ number: UInt8, _ value: UInt8) -> [UInt8] { [number << 3, value] }

  private func body(_ apiVersion: String, _ kind: String, _ object: [UInt8]) -> [UInt8] {
    [0x6B, 0x38, 0x73, 0x00] + field(1, field(1, apiVersion) + field(2, kind)) + field(2, object)
  }

  @Test func anObjectIsReadAsGoWritesIt() throws {
    let metadata = field(1, "a") + field(2, "") + field(8, []) + field(11, field(1, "app") + field(2, "x"))
    let selector = field(1, field(1, "app") + field(2, "x"))
    let strategy = field(2, field(1, field(1, 1) + field(2, 0) + field(3, "25%")))
    let spec = field(1, 0) + field(2, selector) + field(4, strategy) + field(5, 0) + field(7, 0)
    let object = try ProtobufBody.decode(
      body("apps/v1", "Deployment", field(1, metadata) + field(2, spec) + field(3, [])))
    // Zero replicas are a pointer's value and stay; minReadySeconds and paused are empty and go.
    #expect(
      object == [
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "a", "labels": ["app": "x"]],
        "spec": [
          "replicas": 0, "selector": ["matchLabels": ["app": "x"]],
          "strategy": ["rollingUpdate": ["maxUnavailable": "25%"]],
        ],
      ])
  }

  @Test func embeddedMessagesAndScalarsFindTheirPlace() throws {
    let httpGet = field(2, field(1, "/") + field(2, field(1, 0) + field(2, 80) + field(3, "")))
    let probe = field(1, httpGet) + field(4, 10)
    let resources = field(1, field(1, "cpu") + field(2, field(1, "1")))
    let container = field(1, "c") + field(2, "i:1") + field(8, resources) + field(10, probe)
    let volume = field(1, "v") + field(2, field(2, []))
    let object = try ProtobufBody.decode(body("v1", "Pod", field(2, field(1, volume) + field(2, container))))
    #expect(object["spec"]?["volumes"] == [["emptyDir": [:], "name": "v"]])
    let found = object["spec"]?["containers"]?.arrayValue?.first
    #expect(found?["livenessProbe"] == ["httpGet": ["path": "/", "port": 80], "periodSeconds": 10])
    #expect(found?["resources"] == ["limits": ["cpu": "1"]])
  }

  @Test func configurationKeepsItsEmptyValues() throws {
    let object = try ProtobufBody.decode(
      body("v1", "Secret", field(2, field(1, "k") + field(2, "v")) + field(2, field(1, "e"))))
    #expect(object["data"] == ["k": "dg==", "e": ""])
  }

  @Test func aDefinitionsSchemaIsRead() throws {
    let number = field(5, "integer") + field(8, field(1, "3")) + [9 << 3 | 1, 0, 0, 0, 0, 0, 0, 0x24, 0x40]
    let open = field(1, 1)
    let schema = field(5, "object") + [0xF2, 0x01, UInt8(open.count)] + open
    let version = field(1, "v1") + field(2, 1) + field(3, 1) + field(4, field(1, schema))
    let object = try ProtobufBody.decode(
      body("apiextensions.k8s.io/v1", "CustomResourceDefinition", field(2, field(1, "g") + field(7, version))))
    let decoded = object["spec"]?["versions"]?.arrayValue?.first?[path: ["schema", "openAPIV3Schema"]]
    #expect(decoded == ["type": "object", "additionalProperties": true])
    let other = field(1, "v1") + field(4, field(1, number))
    let second = try ProtobufBody.decode(
      body("apiextensions.k8s.io/v1", "CustomResourceDefinition", field(2, field(7, other))))
    let bounded = second["spec"]?["versions"]?.arrayValue?.first?[path: ["schema", "openAPIV3Schema"]]
    #expect(bounded == ["type": "integer", "default": 3, "maximum": 10])
  }

  @Test func kindsWithoutNumbersAreRefused() {
    #expect(throws: APIError.self) { try ProtobufBody.decode(body("example.com/v1", "Widget", [])) }
    do {
      _ = try ProtobufBody.decode(body("metrics.k8s.io/v1beta1", "NodeMetrics", []))
      Issue.record("measurements have no protobuf form here")
    } catch {
      #expect(error.code == 415)
    }
  }

  @Test func brokenBytesAreRefusedAndNeverCrash() throws {
    let whole = body("v1", "Namespace", field(1, field(1, "a")))
    #expect(try ProtobufBody.decode(whole)["metadata"]?["name"] == "a")
    for count in 0..<whole.count { _ = try? ProtobufBody.decode(Array(whole.prefix(count))) }
    for index in whole.indices {
      for value in [UInt8(0), 0x7F, 0x80, 0xFF] {
        var changed = whole
        changed[index] = value
        _ = try? ProtobufBody.decode(changed)
      }
    }
    #expect(throws: APIError.self) { try ProtobufBody.decode([]) }
    #expect(throws: APIError.self) {
      try ProtobufBody.decode([0x6B, 0x38, 0x73, 0x00, 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
    }
  }
}
