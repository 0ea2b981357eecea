import Definitions
import Imports
import Kubernetes

/// Manifests of everything that is carried over, with parts changed, left out and spoilt: what is refused is refused at
/// a place of theirs, what is made is made twice the same, and no planted secret comes out.
enum ManifestCases {
  private static let values = RandomValues(depthMax: 3, countMax: 3)
  private static let mutator = TextMutator(
    tokens: [
      "---\n", "kind: Deployment\n", "kind: List\nitems:\n- ", "metadata: { name: a }\n", "{", "}", "[", "]", ": ",
      "- ",
      "\n  ", "null", "\"", "'", "|\n", "spec:\n", "99999999999999999999", "-1", "1.5", "name: ", "&a ", "*a", "#",
    ], bytes: [[0x00], [0xFF], [0xED, 0xA0, 0x80]])

  static func check(_ random: inout SeededRandom) throws {
    let secret = ImportFuzzer.secret(&random)
    var documents = random.shuffled(random.some(of: objects(secret)) + [deployment])
    for index in documents.indices where random.oneIn(3) { change(&documents[index], &random) }
    let plain = Array(documents.map(\.text).joined(separator: "\n---\n").utf8)
    var bytes = plain
    if random.oneIn(3) { bytes = mutator.mutated(bytes, &random) }
    let text = String(decoding: bytes, as: UTF8.self)
    let sources = [ImportSource(name: "fuzz.yaml", text: text)]
    let result: ImportResult
    do throws(InvalidDefinition) {
      result = try ManifestImport.read(sources, .init(owner: "o"))
    } catch {
      return try require(
        error.diagnostics.allSatisfy { $0.file == "fuzz.yaml" }, "an error without a place: \(error)\n\(text)")
    }
    let again = try? ManifestImport.read(sources, .init(owner: "o"))
    try require(again?.files == result.files, "another time is another: \(text)")
    try require(
      result.notCarried.allSatisfy { $0.file == "fuzz.yaml" && $0.line > 0 }, "told without a place: \(text)")
    // A spoilt text may have the secret's letters where no secret is known.
    guard bytes == plain else { return }
    let out = result.files.map { $0.path + $0.text }.joined() + result.report
    try require(!out.contains(secret), "a secret came out: \(text)")
  }

  /// Puts something else in the place of a member, somewhere.
  private static func change(_ document: inout JSONValue, _ random: inout SeededRandom) {
    var path: [String] = []
    var value = document
    while let members = value.objectValue, !members.isEmpty, path.count < 6 {
      let key = random.pick(members.keys)
      path.append(key)
      value = members[key] ?? .null
      if random.oneIn(4) { break }
    }
    guard path.count > 1, path[0] != "stringData", path[0] != "data" else { return }
    document[path: path] = random.oneIn(3) ? .null : values.value(&random)
  }

  private static let pod: JSONValue = [
    "serviceAccountName": "web", "nodeSelector": ["a": "b"],
    "containers": [
      [
        "name": "web", "image": "registry.example.com/a/web:1", "args": ["serve"], "ports": [["containerPort": 8080]],
        "env": [
          ["name": "LEVEL", "value": "info"],
          ["name": "DB", "valueFrom": ["secretKeyRef": ["name": "db", "key": "url"]]],
        ], "envFrom": [["configMapRef": ["name": "settings"]]],
        "resources": ["requests": ["cpu": "100m", "memory": "64Mi"], "limits": ["memory": "128Mi"]],
        "readinessProbe": ["httpGet": ["path": "/ready", "port": 8080]],
        "volumeMounts": [["name": "files", "mountPath": "/etc/web"], ["name": "tmp", "mountPath": "/tmp"]],
      ]
    ], "volumes": [["name": "files", "configMap": ["name": "files"]], ["name": "tmp", "emptyDir": [:]]],
  ]

  private static let deployment: JSONValue = [
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
    "spec": ["replicas": 2, "template": ["metadata": ["labels": ["app": "web"]], "spec": pod]],
  ]

  private static func object(_ version: String, _ kind: String, _ name: String, _ spec: JSONValue) -> JSONValue {
    ["apiVersion": .string(version), "kind": .string(kind), "metadata": ["name": .string(name)], "spec": spec]
  }

  private static func objects(_ secret: String) -> [JSONValue] {
    let job: JSONValue = [
      "backoffLimit": 1,
      "template": [
        "spec": [
          "containers": [
            [
              "name": "j", "image": "registry.example.com/a/web:1", "args": ["job"],
              "env": [["name": "API_TOKEN", "value": .string(secret)]],
            ]
          ]
        ]
      ],
    ]
    return [
      object(
        "apps/v1", "StatefulSet", "db",
        [
          "replicas": 1, "template": ["metadata": ["labels": ["app": "db"]], "spec": pod],
          "volumeClaimTemplates": [
            [
              "metadata": ["name": "tmp"],
              "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]],
            ]
          ],
        ]),
      object("batch/v1", "Job", "web-migrate", job),
      object("batch/v1", "CronJob", "digest", ["schedule": "0 7 * * *", "jobTemplate": ["spec": job]]),
      object(
        "autoscaling/v2", "HorizontalPodAutoscaler", "web",
        [
          "scaleTargetRef": ["kind": "Deployment", "name": "web"], "maxReplicas": 9,
          "metrics": [
            [
              "type": "Resource",
              "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 60]],
            ]
          ],
        ]),
      object("v1", "Service", "web", ["selector": ["app": "web"], "type": "NodePort", "ports": [["port": 80]]]),
      object(
        "networking.k8s.io/v1", "Ingress", "web",
        [
          "rules": [
            ["host": "a.example.com", "http": ["paths": [["path": "/a", "backend": ["service": ["name": "web"]]]]]]
          ]
        ]),
      object("policy/v1", "PodDisruptionBudget", "web", ["selector": ["matchLabels": ["app": "web"]]]),
      object(
        "networking.k8s.io/v1", "NetworkPolicy", "web",
        [
          "podSelector": ["matchLabels": ["app": "web"]],
          "ingress": [["from": [["podSelector": ["matchLabels": ["app": "db"]]]]]],
          "egress": [["to": [["ipBlock": ["cidr": "10.0.0.0/8"]]], "ports": [["port": 5432]]]],
        ]),
      [
        "apiVersion": "v1", "kind": "ServiceAccount",
        "metadata": ["name": "web", "annotations": ["eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/a"]],
      ],
      [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "db"], "stringData": ["url": .string(secret)],
        "data": ["x": .string(secret)],
      ],
      [
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "settings"],
        "data": ["plain": "a", "db_password": .string(secret), "url": .string("redis://u:\(secret)@h/")],
      ],
      [
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "files"],
        "data": ["a.ini": "size = 3", "b.ini": .string("password = \(secret)")],
      ],
      [
        "apiVersion": "sakigake.dev/v1", "kind": "Microservice",
        "metadata": [
          "name": "other",
          "labels": ["app.kubernetes.io/name": "other", "app.kubernetes.io/managed-by": "sakigake"],
        ],
        "spec": ["owner": "o", "image": "i", "port": 80, "env": ["API_TOKEN": .string(secret)]],
      ],
    ]
  }
}
