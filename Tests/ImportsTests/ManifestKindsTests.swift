import Definitions
import Kubernetes
import Testing

import Imports

/// Each kind of object beside a Deployment, and what becomes of it.
struct ManifestKindsTests {
  private func deployment(
    _ name: String, kind: String = "Deployment", image: String = "", more: String = "", spec: String = ""
  ) -> String {
    """
    ---
    apiVersion: apps/v1
    kind: \(kind)
    metadata: { name: \(name) }
    spec:
      replicas: 1
    \(spec)
      template:
        metadata: { labels: { app: \(name), app.kubernetes.io/name: \(name) } }
        spec:
          serviceAccountName: \(name)
          containers:
            - { name: \(name), image: "example.com/\(image.isEmpty ? name : image):1", ports: [{ containerPort: 8080 }]\(more) }

    """
  }

  private func read(_ texts: String...) throws -> (ImportResult, [String: JSONValue]) {
    let result = try ManifestImport.read(
      [ImportSource(name: "all.yaml", text: texts.joined())], .init(owner: "news"))
    let definitions = result.files.filter { $0.path.hasSuffix("microservice.yaml") }
    var specs: [String: JSONValue] = [:]
    for file in definitions {
      for service in try ServiceDefinition.read(file.text, file: file.path, environment: nil) {
        specs[service.microservice.metadata.name] = service.microservice.spec.json
      }
    }
    return (result, specs)
  }

  private func dropped(_ result: ImportResult) -> [String] { result.notCarried.map(\.description) }

  // MARK: Workloads

  @Test func aStatefulSetWithoutVolumesIsAService() throws {
    let (result, specs) = try read(deployment("web", kind: "StatefulSet", spec: "  serviceName: web"))
    #expect(specs["web"]?["scale"]?["max"] == 1)
    #expect(result.notCarried.isEmpty, "\(dropped(result))")
    #expect(result.decisions.contains { $0.contains("spec.serviceName: pods have no names of their own") })
  }

  static let claims = """
      volumeClaimTemplates:
        - metadata: { name: data }
          spec: { accessModes: [ReadWriteOnce], storageClassName: gp3, resources: { requests: { storage: 10Gi } } }
    """

  @Test func aStatefulSetOfOnePodKeepsItsVolume() throws {
    let (result, specs) = try read(
      deployment(
        "db", kind: "StatefulSet", more: ", volumeMounts: [{ name: data, mountPath: /data }]", spec: Self.claims))
    #expect(specs["db"]?["volumes"]?["data"]?["claim"]?["size"] == "10Gi")
    #expect(specs["db"]?["volumes"]?["data"]?["claim"]?["class"] == "gp3")
    #expect(specs["db"]?["scale"]?["max"] == 1)
    #expect(result.notCarried.isEmpty, "\(dropped(result))")
  }

  @Test func aStatefulSetOfSeveralVolumesStaysWhatItIs() throws {
    let several = deployment("db", kind: "StatefulSet", spec: Self.claims).replacing("replicas: 1", with: "replicas: 3")
    let (result, specs) = try read(deployment("web"), several)
    #expect(specs.keys.sorted() == ["web"])
    #expect(dropped(result).contains { $0.hasPrefix("all.yaml:15:1: warning: StatefulSet db; each of its pods has") })
    #expect(throws: InvalidDefinition.self) { try read(several) }
  }

  @Test func aClaimOfManyIsAVolume() throws {
    let pod =
      deployment("web", more: ", volumeMounts: [{ name: shared, mountPath: /shared }]")
      + "      volumes: [{ name: shared, persistentVolumeClaim: { claimName: web-shared } }]\n"
    let claim = """
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: web-shared }
      spec: { accessModes: [ReadWriteMany], storageClassName: efs, resources: { requests: { storage: 1Gi } } }

      """
    let (result, specs) = try read(pod, claim)
    #expect(specs["web"]?["volumes"]?["shared"]?["claim"] == ["size": "1Gi", "class": "efs", "access": "many"])
    #expect(result.notCarried.isEmpty, "\(dropped(result))")
  }

  @Test func severalDeploymentsAreSeveralDirectories() throws {
    let (result, specs) = try read(deployment("web"), deployment("worker", image: "web"))
    #expect(result.files.map(\.path) == ["web/microservice.yaml", "worker/microservice.yaml"])
    #expect(specs["worker"]?["image"] == "web")
    let error = #expect(throws: InvalidDefinition.self) { try read(deployment("web"), deployment("web")) }
    #expect(
      error?.description.hasPrefix("all.yaml:15:1: error: web is there twice, first at all.yaml:2") == true,
      "\(error?.description ?? "")")
  }

  // MARK: Jobs

  @Test func jobsOfTheSameImageAreTheServices() throws {
    let jobs = """
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: { name: web-migrate, annotations: { helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "1" } }
      spec:
        backoffLimit: 2
        activeDeadlineSeconds: 300
        template:
          spec:
            restartPolicy: Never
            containers:
              - name: migrate
                image: example.com/web:1
                command: [migrate]
                env: [{ name: LEVEL, value: info }, { name: LOCK, value: "1" }, { name: PW_TOKEN, value: tok-1 }]
                resources: { requests: { cpu: 100m } }
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: { name: warm, annotations: { helm.sh/hook: post-upgrade } }
      spec: { template: { spec: { containers: [{ name: w, image: "example.com/web:1", args: [warm] }] } } }
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: { name: web-digest }
      spec:
        schedule: "0 7 * * *"
        startingDeadlineSeconds: 60
        jobTemplate: { spec: { backoffLimit: 0, template: { spec: { containers: [{ name: d, image: "example.com/web:1", args: [d] }] } } } }
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: { name: stranger }
      spec: { schedule: "0 7 * * *", jobTemplate: { spec: { template: { spec: { containers: [{ name: d, image: other }] } } } } }

      """
    let (result, specs) = try read(deployment("web", more: ", env: [{ name: LEVEL, value: info }]"), jobs)
    let migrate = specs["web"]?["jobs"]?["migrate"]
    #expect(migrate?["command"] == ["migrate"] && migrate?["retries"] == 2)
    #expect(migrate?["env"] == ["LOCK": "1", "PW_TOKEN": ["secret": "web-env", "key": "PW_TOKEN"]])
    #expect(migrate?["when"] == nil && specs["web"]?["jobs"]?["warm"]?["when"] == "after")
    #expect(specs["web"]?["cron"]?["digest"]?["retries"] == 0)
    #expect(result.secrets.map(\.key) == ["PW_TOKEN"])
    let told = dropped(result)
    #expect(told.count == 1 && told[0].contains("CronJob stranger; it runs another image"), "\(told)")
    #expect(!(result.files.map(\.text).joined() + result.report).contains("tok-1"))
  }

  // MARK: Scale

  static let autoscalers: [(String, String, JSONValue)] = [
    ("autoscaling/v1", "targetCPUUtilizationPercentage: 60", [["cpu": "60%"]]),
    (
      "autoscaling/v2",
      "metrics: [{ type: Resource, resource: { name: memory, target: { type: Utilization, averageUtilization: 70 } } }]",
      [["memory": "70%"]]
    ),
    (
      "autoscaling/v2beta1", "metrics: [{ type: Resource, resource: { name: cpu, targetAverageUtilization: 50 } }]",
      [["cpu": "50%"]]
    ),
    (
      "autoscaling/v2",
      "metrics: [{ type: External, external: { metric: { name: q, selector: { matchLabels: { a: b } } }, target: { type: AverageValue, averageValue: \"30\" } } }]",
      [["external": "q", "labels": ["a": "b"], "perPod": 30]]
    ),
  ]

  @Test(arguments: autoscalers) func autoscalersOfAllVersions(
    _ version: String, _ metrics: String, _ expected: JSONValue
  ) throws {
    let scaler = """
      ---
      apiVersion: \(version)
      kind: HorizontalPodAutoscaler
      metadata: { name: any }
      spec:
        scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
        minReplicas: 2
        maxReplicas: 9
        \(metrics)

      """
    let (result, specs) = try read(deployment("web"), scaler)
    #expect(specs["web"]?["scale"]?["on"] == expected)
    #expect(specs["web"]?["scale"]?["max"] == 9)
    #expect(result.notCarried.isEmpty, "\(dropped(result))")
  }

  @Test func whatAnAutoscalerMeasuresOtherwiseIsTold() throws {
    let scaler = """
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: { name: web }
      spec:
        scaleTargetRef: { kind: Deployment, name: web }
        maxReplicas: 9
        metrics: [{ type: Object, object: {} }, { type: Resource, resource: { name: cpu, target: { type: Value, value: 1 } } }]

      """
    let told = dropped(try read(deployment("web"), scaler).0)
    #expect(
      told.count == 1 && told[0].hasPrefix("all.yaml:21:3: warning: HorizontalPodAutoscaler web, spec.metrics;"),
      "\(told)")
  }

  // MARK: Network and accounts

  @Test func policiesAreWhoConnects() throws {
    let policy = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: web }
      spec:
        podSelector: { matchLabels: { app: web } }
        policyTypes: [Ingress, Egress]
        ingress:
          - from:
              - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }
              - podSelector: { matchLabels: { app: users } }
              - ipBlock: { cidr: 10.0.0.0/8 }
              - ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] }
            ports: [{ port: 8080 }]
        egress:
          - ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
          - { to: [{ podSelector: { matchLabels: { app: users } } }], ports: [{ port: 8080 }] }
          - { to: [{ ipBlock: { cidr: 10.2.0.0/16 } }], ports: [{ port: 6379 }, { port: 6380 }] }
          - { to: [{ ipBlock: { cidr: 10.3.0.0/16 } }] }
          - { to: [{ ipBlock: { cidr: 10.4.0.0/16 } }], ports: [{ protocol: UDP, port: 123 }] }
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: deny }
      spec: { podSelector: {}, policyTypes: [Ingress] }

      """
    let (result, specs) = try read(deployment("web"), deployment("users"), policy)
    #expect(specs["web"]?["network"]?["from"] == ["namespace/monitoring", "users", "10.0.0.0/8"])
    #expect(specs["web"]?["network"]?["to"] == ["10.2.0.0/16:6379", "10.2.0.0/16:6380"])
    #expect(
      specs["web"]?["calls"]?.arrayValue?.first?["service"] ?? specs["web"]?["calls"]?.arrayValue?.first == "users")
    let told = dropped(result)
    for part in [
      "spec.ingress.0.from.3", "spec.egress.3", "spec.egress.4", "NetworkPolicy deny; it is for pods of no single",
    ] {
      #expect(told.contains { $0.contains(part) && $0.hasPrefix("all.yaml:") }, "\(part): \(told)")
    }
  }

  @Test func aRoleIsToldWithWhatToWriteInstead() throws {
    let account = """
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: web
        annotations:
          eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/web

      """
    let told = dropped(try read(deployment("web"), account).0)
    #expect(
      told.count == 1
        && told[0].hasPrefix(
          "all.yaml:20:33: warning: web: the role arn:aws:iam::123456789012:role/web; write what it allows"),
      "\(told)")
  }

  @Test func secretsAreNeverRead() throws {
    let secret = """
      ---
      apiVersion: v1
      kind: Secret
      metadata: { name: db, annotations: { kubectl.kubernetes.io/last-applied-configuration: "zq-annotated" } }
      stringData: { url: zq-plain }
      data: { pw: enEtZW5jb2RlZA== }
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: mixed }
      data: { plain: a, SECRET_TOKEN: zq-in-a-map, url: "redis://u:zq-in-a-url@h/", app.ini: "pw = zq-in-a-file" }

      """
    let (result, specs) = try read(
      deployment(
        "web",
        more:
          ", envFrom: [{ configMapRef: { name: mixed } }], env: [{ name: U, valueFrom: { secretKeyRef: { name: db, key: url } } }], args: [\"--token=zq-in-an-argument\"]"
      ),
      secret)
    #expect(specs["web"]?["env"]?["plain"] == "a")
    #expect(specs["web"]?["env"]?["U"] == ["secret": "db", "key": "url"])
    #expect(specs["web"]?["env"]?["SECRET_TOKEN"] == ["secret": "web-env", "key": "SECRET_TOKEN"])
    let all = result.files.map(\.text).joined() + result.report
    for value in [
      "zq-annotated", "zq-plain", "enEtZW5jb2RlZA==", "zq-in-a-map", "zq-in-a-url", "zq-in-a-file", "zq-in-an-argument",
    ] {
      #expect(!all.contains(value), "\(value) came out")
    }
  }

  // MARK: Places

  @Test func whatADefinitionCannotSayIsToldAtTheObject() throws {
    let long = String(repeating: "x", count: 50)
    let cron = """
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: { name: \(long) }
      spec: { schedule: "0 7 * * *", jobTemplate: { spec: { template: { spec: { containers: [{ name: d, image: "example.com/web:1", args: [d] }] } } } } }

      """
    let error = #expect(throws: InvalidDefinition.self) { try read(deployment("web"), cron) }
    #expect(
      error?.description.hasPrefix("all.yaml:2:1: error: web: a definition cannot say it: spec.cron.") == true,
      "\(error?.description ?? "")")
  }

  /// The definition that an import wrote, in the directory that it is made of.
  @Test func aDefinitionIsLeftAsItIs() throws {
    let written = "---\napiVersion: sakigake.dev/v1\nkind: Microservice\nmetadata: { name: web }\nspec: {}\n"
    let (result, specs) = try read(deployment("web"), written)
    #expect(specs.keys.sorted() == ["web"] && result.notCarried.isEmpty, "\(dropped(result))")
    #expect(result.decisions.contains("all.yaml:15: Microservice web is a definition already"))
    #expect(throws: InvalidDefinition.self) { try read(written) }
  }

  @Test func listsAndDocumentsThatAreNoObjects() throws {
    let list = """
      apiVersion: v1
      kind: List
      items:
        - apiVersion: apps/v1
          kind: Deployment
          metadata: { name: web }
          spec: { template: { spec: { containers: [{ name: web, image: web }] } } }
        - { kind: Nameless }
      ---
      replicaCount: 1

      """
    let (result, specs) = try read(list)
    #expect(specs.keys.sorted() == ["web"])
    #expect(result.notCarried.map(\.line) == [8, 10], "\(dropped(result))")
  }
}
