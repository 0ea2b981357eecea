import Foundation
import Kubernetes
import KubernetesClient
import Testing

/// What our own client must be able to do against any Kubernetes.
struct OwnScenario: Sendable, CustomTestStringConvertible {
  var name: String
  var needsNode = false
  var run: @Sendable (OwnScene) async throws -> Void

  var testDescription: String { name }

  static let all: [OwnScenario] = objects + patches + definitions + following + streams
}

/// A client, and a namespace that a scenario has to itself.
struct OwnScene: Sendable {
  var client: KubernetesClient
  var kubeconfig: Kubeconfig
  var namespace: String

  func configMap(_ name: String, _ data: [String: String] = [:], labels: Labels = [:]) -> ConfigMap {
    var map = ConfigMap()
    map.metadata = ObjectMeta(name: name, namespace: namespace, labels: labels)
    map.data = data
    return map
  }

  func configMapTarget(_ name: String) -> Change.Target { Change.Target(.configMaps, namespace: namespace, name: name) }

  func deployment(_ name: String, replicas: Int) throws -> Deployment {
    try Deployment(
      json: [
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": ["name": .string(name), "namespace": .string(namespace)],
        "spec": [
          "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": .string(name)]],
          "template": [
            "metadata": ["labels": ["app": .string(name)]],
            "spec": [
              "terminationGracePeriodSeconds": 1,
              "containers": [
                [
                  "name": "main", "image": "busybox",
                  "command": ["sh", "-c", "echo started; exec sleep 100000"],
                ]
              ],
            ],
          ],
        ],
      ])
  }

  /// The refusal that `action` must meet.
  func refusal(_ code: Int, _ action: () async throws -> Void) async throws -> APIError {
    do { try await action() } catch let error as APIError {
      #expect(error.code == code, "\(error.code) \(error)")
      return error
    }
    throw Shell.Failed(description: "expected \(code), and it was done")
  }
}

extension EndToEnd.ConformanceTests {
  @Test(arguments: OwnScenario.all) func ourClientFindsAKubernetes(_ scenario: OwnScenario) async throws {
    let kubeconfig = try Kubeconfig.load(path: target.kubeconfig, context: nil)
    let transport = try kubeconfig.transport()
    let client = KubernetesClient(transport: transport, fieldManager: "conformance")
    let namespace = "conformance-own-\(scenario.name)-\(UUID().uuidString.prefix(6).lowercased())"
    do {
      if scenario.needsNode, !(try await client.list(Node.self).items.contains { $0.isReady }) {
        #expect(target.isForeign, "the embedded cluster has no ready node")
        print("not checked on a cluster without nodes: \(scenario.name)")
      } else {
        var space = Namespace()
        space.metadata = ObjectMeta(name: namespace)
        _ = try await client.create(space)
        try await scenario.run(OwnScene(client: client, kubeconfig: kubeconfig, namespace: namespace))
        try await client.delete(Change.Target(.namespaces, name: namespace))
      }
      await transport.shutdown()
    } catch {
      try? await client.delete(Change.Target(.namespaces, name: namespace))
      await transport.shutdown()
      throw error
    }
  }
}
