import Definitions

/// A complete definition with one line of its specification replaced or added.
enum Texts {
  static let service = """
    apiVersion: sakigake.dev/v1
    kind: Microservice
    metadata: { name: articles }
    spec:
      owner: news-backend
      image: articles
      port: 8080

    """

  static let platform = """
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: news }
    spec:
      region: ap-northeast-1

    """

  /// As the design shows it to service developers.
  static let full = """
    apiVersion: sakigake.dev/v1
    kind: Microservice
    metadata: { name: articles }
    spec:
      owner: news-backend
      image: articles                     # repository in the platform's registry; the tag comes with the deployment
      port: 8080
      health: /healthz
      resources: { cpu: 250m, memory: 256Mi }
      env:
        LOG_LEVEL: info
        DATABASE_URL: { secret: articles-db, key: url }
      config: config/                     # files, mounted at /config from a ConfigMap named by its content's hash
      calls: [users, ranking]             # the app finds them at USERS_URL and RANKING_URL, through its sidecar
      expose: { host: api.example.com, path: /articles }
      scale:
        min: 3
        max: 60
        on: [{ cpu: 60% }, { requestsPerSecond: 120 }]
        push: true                        # pushes drive this service: keep it ahead of them
      spot: preferred                     # never | preferred | only
      release: { canary: { steps: [5%, 25%, 50%], bake: 2m, expect: { successRate: 99.5%, p99: 300ms } } }
      permissions: [{ allow: [dynamodb:GetItem, dynamodb:Query], on: "table/articles" }]
    environments:
      staging: { scale: { min: 1, max: 3 } }
    """

  static func service(_ text: String, environment: String? = nil, environments: [String]? = nil)
    throws(InvalidDefinition)
    -> [ServiceDefinition]
  {
    try ServiceDefinition.read(text, file: "microservice.yaml", environment: environment, environments: environments)
  }

  /// - Returns: every line of the report, or none where the text is accepted.
  static func complaints(_ text: String, environments: [String]? = nil) -> [String] {
    do {
      _ = try service(text, environments: environments)
      return []
    } catch { return error.diagnostics.map(\.description) }
  }

  static func platformComplaints(_ text: String, environment: String? = nil) -> [String] {
    do {
      _ = try PlatformDefinition.read(text, file: "platform.yaml", environment: environment)
      return []
    } catch { return error.diagnostics.map(\.description) }
  }
}
