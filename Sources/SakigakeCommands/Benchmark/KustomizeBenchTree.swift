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
