import Definitions
import Kubernetes
import Testing

import Imports

struct ManifestImportTests {
  static let manifests = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: articles, namespace: news }
    spec:
      replicas: 3
      selector: { matchLabels: { app: articles } }
      strategy: { rollingUpdate: { maxSurge: 1 } }
      template:
        metadata: { labels: { app: articles } }
        spec:
          nodeSelector: { disk: ssd }
          affinity: {}
          containers:
            - name: articles
              image: registry.example.com/news/articles:1.2
              args: [serve]
              ports: [{ containerPort: 8081 }]
              env:
                - { name: LOG_LEVEL, value: info }
                - { name: API_TOKEN, value: tok-in-the-clear }
                - { name: DB, valueFrom: { secretKeyRef: { name: articles-db, key: url } } }
                - { name: GREETING, valueFrom: { configMapKeyRef: { name: settings, key: greeting } } }
                - { name: POD_IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
                - { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
              resources: { requests: { cpu: 200m, memory: 128Mi }, limits: { cpu: "1", memory: 512Mi } }
              readinessProbe: { httpGet: { path: /ready, port: 8081 }, periodSeconds: 5 }
              livenessProbe: { httpGet: { path: /live, port: 8081 } }
              volumeMounts: [{ name: files, mountPath: /etc/articles }, { name: tmp, mountPath: /tmp }]
            - { name: logger, image: fluent }
          volumes: [{ name: files, configMap: { name: files } }, { name: tmp, emptyDir: { sizeLimit: 1Gi } }]
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: articles }
    spec: { selector: { app: articles }, ports: [{ port: 80, targetPort: 8081 }] }
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: { name: articles }
    spec:
      scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: articles }
      minReplicas: 3
      maxReplicas: 30
      metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 60 } } }]
      behavior: {}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: settings }
    data: { greeting: hello }
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: files }
    data: { app.ini: "size = 3", db.ini: "password = hunter2-in-file" }
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: { name: articles }
    spec:
      rules:
        - host: api.example.com
          http: { paths: [{ path: /articles, pathType: Prefix, backend: { service: { name: articles } } }] }
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: { name: articles }
    spec: { minAvailable: 2, selector: { matchLabels: { app: articles } } }
    ---
    apiVersion: batch/v1
    kind: CronJob
    metadata: { name: digest }
    spec:
      schedule: 0 7 * * *
      timeZone: Asia/Tokyo
      jobTemplate:
        spec:
          template:
            spec:
              containers: [{ name: digest, image: "registry.example.com/news/articles:1.2", args: [digest] }]
    ---
    apiVersion: v1
    kind: Secret
    metadata: { name: articles-db }
    stringData: { url: mysql-in-secret }
    """

  func read() throws -> ImportResult {
    try ManifestImport.read([ImportSource(name: "all.yaml", text: Self.manifests)], .init(owner: "news"))
  }

  @Test func definitionsReaderTakesIt() throws {
    let result = try read()
    let text = try #require(result.files.first).text
    let spec = try #require(try ServiceDefinition.read(text, file: "x", environment: nil).first).microservice.spec
    let json = spec.json
    #expect(spec.image == "news/articles")
    #expect(spec.port == 8081)
    #expect(spec.health == "/ready")
    #expect(spec.scale.min == 3)
    #expect(spec.scale.max == 30)
    #expect(json["scale"]?["on"] == [["cpu": "60%"]])
    #expect(json["env"]?["LOG_LEVEL"] == "info")
    #expect(json["env"]?["GREETING"] == "hello")
    #expect(json["env"]?["DB"] == ["secret": "articles-db", "key": "url"])
    #expect(json["env"]?["API_TOKEN"] == ["secret": "articles-env", "key": "API_TOKEN"])
    #expect(json["env"]?["POD_IP"] == nil)
    #expect(json["resources"] == ["cpu": "200m", "memory": "512Mi"])
    #expect(json["probes"]?["liveness"]?["path"] == "/live")
    #expect(json["volumes"]?["tmp"]?["mount"] == "/tmp")
    #expect(spec.expose?.host == "api.example.com")
    #expect(json["cron"]?["digest"]?["zone"] == "Asia/Tokyo")
    #expect(json["cron"]?["digest"]?["concurrency"] == "allow")
    #expect(result.files.dropFirst().map(\.path) == ["config/app.ini"])
  }

  @Test func noSecretIsWrittenOrTold() throws {
    let result = try read()
    let all = result.files.map(\.text).joined() + result.report
    for secret in ["tok-in-the-clear", "hunter2-in-file", "mysql-in-secret"] {
      #expect(Self.manifests.contains(secret))
      #expect(!all.contains(secret), "\(secret) came out")
    }
    #expect(result.secrets.map(\.secret) == ["articles-env", "articles-db"])
  }

  @Test(arguments: [
    "spec.template.spec.nodeSelector", "spec.template.spec.containers.1", "spec.template.spec.containers.0.env.5",
    "spec.behavior", "Secret articles-db", "file db.ini",
  ]) func tellsWhatItLeavesOut(_ what: String) throws {
    let found = try read().notCarried
    #expect(found.contains { $0.message.contains(what) && $0.line > 0 }, "\(found)")
  }

  @Test(arguments: [
    "spec.strategy: a rolling update", "affinity: pods are spread", "limits.cpu: there is no CPU limit",
    "PodDisruptionBudget articles: a quarter",
  ]) func tellsWhatThePlatformDoesInstead(_ what: String) throws {
    let found = try read().decisions
    #expect(found.contains { $0.contains(what) }, "\(found)")
  }

  @Test func aDirectoryWithoutDeploymentIsRefused() {
    #expect(throws: InvalidDefinition.self) {
      try ManifestImport.read([ImportSource(name: "a", text: "a: 1")])
    }
    #expect(throws: InvalidDefinition.self) {
      try ManifestImport.read([ImportSource(name: "a", text: "a: [")])
    }
  }
}
