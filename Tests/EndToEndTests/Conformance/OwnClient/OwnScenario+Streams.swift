import Kubernetes
import KubernetesClient
import Testing

extension OwnScenario {
  static let streams: [OwnScenario] = [
    OwnScenario(name: "logs", needsNode: true) { scene in
      let pod = try await runningPod(scene, ["sh", "-c", "for i in 1 2 3; do echo line $i; done; exec sleep 100000"])
      var options = PodLogOptions()
      options.follow = true
      var lines: [String] = []
      for try await line in try await scene.client.logLines(of: pod, options) {
        lines.append(line)
        if lines.count == 3 { break }
      }
      #expect(lines == ["line 1", "line 2", "line 3"])
      options = PodLogOptions()
      options.tailLines = 1
      options.timestamps = true
      for try await line in try await scene.client.logLines(of: pod, options) {
        #expect(line.hasPrefix("20") && line.hasSuffix(" line 3"), "\(line)")
      }
    },
    OwnScenario(name: "execution", needsNode: true) { scene in
      let pod = try await runningPod(scene, ["sh", "-c", "exec sleep 100000"])
      let result = try await scene.client.run(["sh", "-c", "echo out; echo err >&2; exit 3"], in: pod)
      #expect(String(decoding: result.standardOutput, as: UTF8.self) == "out\n")
      #expect(String(decoding: result.standardError, as: UTF8.self) == "err\n")
      #expect(result.exitCode == 3)
      var options = ExecOptions()
      options.standardInput = true
      let session = try await scene.client.exec(["cat"], in: pod, options)
      try await session.write(Array("hello\n".utf8))
      try await session.closeInput()
      var output: [UInt8] = []
      for try await event in session.events {
        switch event {
        case .standardOutput(let bytes): output += bytes
        case .standardError(let bytes): Issue.record("\(String(decoding: bytes, as: UTF8.self))")
        case .exited(let code): #expect(code == 0)
        }
      }
      #expect(String(decoding: output, as: UTF8.self) == "hello\n")
    },
    OwnScenario(name: "port-forward", needsNode: true) { scene in
      let server = """
        import http.server, os; http.server.HTTPServer((os.environ['POD_IP'], 8000), \
        http.server.SimpleHTTPRequestHandler).serve_forever()
        """
      let pod = try await runningPod(scene, ["python3", "-c", server])
      try await eventually("the server in the pod answers") {
        let connection = try await scene.client.connect(to: pod, port: 8000)
        try await connection.send(Array("GET / HTTP/1.0\r\n\r\n".utf8))
        var answer: [UInt8] = []
        for try await bytes in connection.incoming { answer += bytes }
        await connection.close()
        return String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.0 200")
      }
    },
  ]

  /// A pod `box` that runs a command in its container `main`.
  static func runningPod(_ scene: OwnScene, _ command: [String]) async throws -> NamespacedName {
    let address: JSONValue = ["name": "POD_IP", "valueFrom": ["fieldRef": ["fieldPath": "status.podIP"]]]
    let container: JSONValue = [
      "name": "main", "image": "busybox", "command": .array(command.map { .string($0) }), "env": [address],
    ]
    let pod = try Pod(
      json: [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "box", "namespace": .string(scene.namespace)],
        "spec": ["terminationGracePeriodSeconds": 1, "containers": [container]],
      ])
    _ = try await scene.client.create(pod)
    try await eventually("the pod runs") {
      try await scene.client.get(Pod.self, "box", namespace: scene.namespace).status.phase == "Running"
    }
    return pod.key
  }
}
