import ArgumentParser
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// For those who work on the builder of kustomizations: not listed by `--help`.
struct BenchRenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-render", abstract: "Measure the builder of kustomizations beside kubectl's, on the same trees.",
    discussion: """
      Whole processes, the best of several runs. `small` is an overlay of three objects; the others are Deployments \
      with labels, images, and 50 patches. Outputs must be the same byte for byte.
      """, shouldDisplay: false)

  @Option(help: "How many Deployments the middle tree has; the large one has four times as many.") var deployments =
    1_000
  @Option(help: "kubectl's path.") var kubectl = "kubectl"
  @Flag(help: "Leave out what takes kubectl long: the large tree, which it builds in time that grows with the square.")
  var quick = false

  private static let smallRatioMin = 10.0
  private static let largeRatioMin = 20.0
  /// Four times the objects may take four times the time, and a little.
  private static let growthMax = 4.6

  func validate() throws {
    guard (10...20_000).contains(deployments) else { throw ValidationError("--deployments must be 10 to 20000") }
  }

  func run() throws {
    let directory = try Files.makeTemporaryDirectory("sakigake-bench-render")
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let program = ThisProgram.path
    var table = TextTable(header: ["TREE", "OBJECTS", "KUBECTL s", "MiB", "SAKIGAKE s", "MiB", "TIMES FASTER"])
    var problems: [String] = []
    var seconds: [Double] = []
    let trees: [(name: String, tree: KustomizeBenchTree, runs: Int, ratioMin: Double?)] = [
      ("small", .small, 10, Self.smallRatioMin), ("middle", .fleet(deployments), 3, Self.largeRatioMin),
      ("large", .fleet(4 * deployments), 3, nil),
    ]
    for (name, tree, runs, ratioMin) in trees {
      let path = try tree.write(into: "\(directory)/\(name)")
      let asksKubectl = !(quick && name == "large")
      let ours = try BenchProcess.best(
        of: max(3, runs), [program, "kustomize", "build", path], output: "\(directory)/\(name).ours")
      seconds.append(ours.seconds)
      var row = [name, String(tree.objects)]
      if asksKubectl {
        let theirs = try BenchProcess.best(
          of: name == "large" ? 1 : runs, [kubectl, "kustomize", path], output: "\(directory)/\(name).theirs")
        let ratio = theirs.seconds / ours.seconds
        row += [
          theirs.secondsText, theirs.memoryText, ours.secondsText, ours.memoryText, "\((ratio * 10).rounded() / 10)",
        ]
        if let ratioMin, ratio < ratioMin { problems.append("\(name): \(ratio) times faster, not \(ratioMin)") }
        if try Files.bytes(of: "\(directory)/\(name).ours") != Files.bytes(of: "\(directory)/\(name).theirs") {
          problems.append("\(name): the outputs differ")
        }
      } else {
        row += ["-", "-", ours.secondsText, ours.memoryText, "-"]
      }
      table.rows.append(row)
    }
    let growth = seconds[2] / seconds[1]
    Console.output(table.text)
    Console.output("four times the objects take \((growth * 100).rounded() / 100) times the time")
    if growth > Self.growthMax { problems.append("the time grows faster than the objects: \(growth) times") }
    guard problems.isEmpty else { throw CommandFailure(.foundProblems, problems.joined(separator: "\n")) }
  }
}

/// A tree of kustomizations of a size.
enum KustomizeBenchTree {
  case small
  case fleet(Int)

  var objects: Int { if case .fleet(let count) = self { count } else { 3 } }

  private static let patches = 50
  private static let deploymentsPerFile = 20

  /// - Returns: the directory to build.
  func write(into directory: String) throws -> String {
    switch self {
    case .small:
      try Files.write(Self.deployment("web"), at: "\(directory)/base/deployment.yaml")
      try Files.write(
        "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n",
        at: "\(directory)/base/service.yaml")
      try Files.write(
        "resources: [deployment.yaml, service.yaml]\nconfigMapGenerator: [{ name: settings, literals: [LEVEL=info] }]\n",
        at: "\(directory)/base/kustomization.yaml")
      try Files.write(
        """
        resources: [../base]
        namePrefix: staging-
        labels:
        - pairs: { environment: staging }
          includeSelectors: true
        images:
        - { name: registry.example.com/web, newTag: v2 }
        patches:
        - patch: |-
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: web }
            spec: { replicas: 5 }

        """, at: "\(directory)/overlay/kustomization.yaml")
      return "\(directory)/overlay"
    case .fleet(let count):
      try writeFleet(count, directory)
      return directory
    }
  }

  private func writeFleet(_ count: Int, _ directory: String) throws {
    var kustomization = "resources:\n"
    for start in stride(from: 0, to: count, by: Self.deploymentsPerFile) {
      let names = (start..<min(count, start + Self.deploymentsPerFile)).map { "service-\($0)" }
      try Files.write(
        names.map(Self.deployment).joined(separator: "---\n"), at: "\(directory)/deployments-\(start).yaml")
      kustomization += "- deployments-\(start).yaml\n"
    }
    kustomization += "labels:\n- pairs: { team: news, environment: production }\n  includeSelectors: true\nimages:\n"
    for image in ["web", "envoy", "agent"] {
      kustomization += "- { name: registry.example.com/\(image), newTag: v2 }\n"
    }
    kustomization += "patches:\n"
    for patch in 0..<Self.patches {
      let name = "service-\(patch * max(1, count / Self.patches))"
      kustomization += """
        - patch: |-
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: \(name) }
            spec:
              replicas: \(patch + 2)
              template:
                spec:
                  containers:
                  - name: app
                    env: [{ name: PATCHED, value: "\(patch)" }]

        """
    }
    try Files.write(kustomization, at: "\(directory)/kustomization.yaml")
  }

  private static func deployment(_ name: String) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: \(name)
      labels:
        app: \(name)
    spec:
      replicas: 3
      selector:
        matchLabels:
          app: \(name)
      template:
        metadata:
          labels:
            app: \(name)
          annotations:
            prometheus.io/scrape: "true"
        spec:
          serviceAccountName: default
          containers:
          - name: app
            image: registry.example.com/web:v1
            args: ["--listen", ":8080", "--log-level", "info"]
            ports:
            - name: http
              containerPort: 8080
            env:
            - name: SERVICE
              value: \(name)
            - name: SETTINGS
              valueFrom:
                configMapKeyRef:
                  name: settings
                  key: LEVEL
            readinessProbe:
              httpGet:
                path: /healthz
                port: http
              periodSeconds: 5
            resources:
              requests:
                cpu: 250m
                memory: 256Mi
              limits:
                memory: 256Mi
            volumeMounts:
            - name: cache
              mountPath: /var/cache
          - name: envoy
            image: registry.example.com/envoy:v1
            ports:
            - containerPort: 15000
          volumes:
          - name: cache
            emptyDir: {}

    """
  }
}
