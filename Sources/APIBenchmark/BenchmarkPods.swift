import Kubernetes

/// The requests of a run: pods whose manifests have about 1 KB, as a deployment's pods look.
struct BenchmarkPods {
  /// Carries the moment of sending, in nanoseconds of this machine's uptime.
  static let stampKey = "bench.sakigake.dev/sent"
  static let bodyBytes = 1024

  var namespace: String
  var headers: String

  func name(_ index: Int) -> String { "articles-7d4b9c6f5-" + String(100_000 + index) }
  var collection: String { "/api/v1/namespaces/\(namespace)/pods" }
  private func path(_ index: Int) -> String { "\(collection)/\(name(index))" }

  func create(_ index: Int, stamp: UInt64) -> String {
    request("POST", collection, "application/json", pod(index, stamp: stamp).text)
  }

  func get(_ index: Int) -> String { request("GET", path(index)) }

  func mergePatch(_ index: Int, stamp: UInt64) -> String {
    let patch: JSONValue = ["metadata": ["annotations": stamped(stamp), "labels": ["release": "stable"]]]
    return request("PATCH", path(index), PatchType.merge.rawValue, patch.text)
  }

  func strategicPatch(_ index: Int, stamp: UInt64) -> String {
    let patch: JSONValue = [
      "metadata": ["annotations": stamped(stamp)],
      "spec": ["containers": [["name": "articles", "image": "registry.example/articles:2"]]],
    ]
    return request("PATCH", path(index), PatchType.strategic.rawValue, patch.text)
  }

  func apply(_ index: Int, stamp: UInt64) -> String {
    request(
      "PATCH", path(index) + "?fieldManager=bench-apply&force=true", PatchType.apply.rawValue,
      pod(index, stamp: stamp).text)
  }

  func delete(_ index: Int) -> String { request("DELETE", path(index) + "?gracePeriodSeconds=0") }

  func request(_ method: String, _ path: String, _ contentType: String = "", _ body: String = "") -> String {
    var text = "\(method) \(path) HTTP/1.1\r\n\(headers)Accept: application/json\r\n"
    if !body.isEmpty { text += "Content-Type: \(contentType)\r\nContent-Length: \(body.utf8.count)\r\n" }
    return text + "\r\n" + body
  }

  private func stamped(_ stamp: UInt64) -> JSONValue { [Self.stampKey: .string(String(stamp))] }

  private func pod(_ index: Int, stamp: UInt64) -> JSONValue {
    func pod(note: String) -> JSONValue {
      [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": [
          "name": .string(name(index)), "namespace": .string(namespace),
          "labels": ["app": "articles", "pod-template-hash": "7d4b9c6f5", "team": "news-backend"],
          "annotations": [Self.stampKey: .string(String(stamp)), "sakigake.dev/note": .string(note)],
        ],
        "spec": [
          "automountServiceAccountToken": false,
          "containers": [
            [
              "name": "articles", "image": "registry.example/articles:1",
              "ports": [["name": "http", "containerPort": 8080, "protocol": "TCP"]],
              "env": [
                ["name": "LOG_LEVEL", "value": "info"],
                ["name": "POD_IP", "valueFrom": ["fieldRef": ["fieldPath": "status.podIP"]]],
              ],
              "resources": ["requests": ["cpu": "250m", "memory": "256Mi"], "limits": ["memory": "256Mi"]],
              "readinessProbe": ["httpGet": ["path": "/healthz", "port": 8080], "periodSeconds": 5],
            ]
          ],
          "terminationGracePeriodSeconds": 30,
        ],
      ]
    }
    let room = Self.bodyBytes - pod(note: "").bytes.count
    return pod(note: String(repeating: "n", count: max(0, room)))
  }
}
