import Kubernetes
import KubernetesClient
import Testing

extension OwnScenario {
  static let streams: [OwnScenario] = [
    OwnScenario(name: "logs", needsNode: true) { scene in
      let pod = try await runningPod(scene, "for i in 1 2 3; do echo line $i; done; exec sleep 100000")
      try await eventually("three lines") {
        var lines: [String] = []
        for try await line in try await scene.client.logLines(of: pod) { lines.append(line) }
        return lines == ["line 1", "line 2", "line 3"]
      }
    }
  ]

  /// A pod `box` that runs a script in its container `main`.
  static func runningPod(_ scene: OwnScene, _ script: String) async throws -> NamespacedName {
    let pod = try Pod(
      json: [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": "box", "namespace": .string(scene.namespace)],
        "spec": [
          "terminationGracePeriodSeconds": 1,
          "containers": [["name": "main", "image": "busybox", "command": ["sh", "-c", .string(script)]]],
        ],
      ])
    _ = try await scene.client.create(pod)
    try await eventually("the pod runs") {
      try await scene.client.get(Pod.self, "box", namespace: scene.namespace).status.phase == "Running"
    }
    return pod.key
  }
}
