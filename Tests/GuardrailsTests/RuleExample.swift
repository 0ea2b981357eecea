/// A manifest that breaks one rule, and one that keeps it.
struct RuleExample: Sendable {
  var rule: String
  var failing: String
  var passing: String

  /// Members of a Deployment's pod specification.
  static func pod(_ rule: String, _ failing: String, _ passing: String) -> RuleExample {
    RuleExample(rule: rule, failing: deployment(pod: failing), passing: deployment(pod: passing))
  }

  /// Members of the container of a Deployment.
  static func container(_ rule: String, _ failing: String, _ passing: String) -> RuleExample {
    RuleExample(rule: rule, failing: deployment(container: failing), passing: deployment(container: passing))
  }

  /// Members of a Deployment's own specification.
  static func deployment(_ rule: String, _ failing: String, _ passing: String, with others: String = "") -> RuleExample
  {
    RuleExample(
      rule: rule, failing: deployment(spec: failing) + others, passing: deployment(spec: passing) + others)
  }

  /// Whole objects, `KIND VERSION` and their further members, in flow style.
  static func object(_ rule: String, _ kind: String, _ failing: String, _ passing: String, with others: String = "")
    -> RuleExample
  {
    RuleExample(rule: rule, failing: object(kind, failing) + others, passing: object(kind, passing) + others)
  }

  static func object(_ kind: String, _ members: String) -> String {
    let words = kind.split(separator: " ").map(String.init)
    return """
      ---
      apiVersion: \(words[1])
      kind: \(words[0])
      metadata: { name: web }
      \(members)

      """
  }

  static func deployment(spec: String = "", pod: String = "", container: String = "") -> String {
    """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      \(spec.isEmpty ? "paused: false" : spec)
      template:
        metadata: { labels: { app: web } }
        spec:
          \(pod.isEmpty ? "dnsPolicy: Default" : pod)
          containers:
            - name: app
              \(container.isEmpty ? "image: web:1.0" : container)

    """
  }

  static let service = object("Service v1", "spec: { selector: { app: web }, ports: [{ port: 80, name: http }] }")
  static let autoscaler = object(
    "HorizontalPodAutoscaler autoscaling/v2",
    "spec: { scaleTargetRef: { kind: Deployment, name: web }, minReplicas: 2, maxReplicas: 9 }")
  static let budget = object(
    "PodDisruptionBudget policy/v1", "spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }")
  static let web = deployment()
}
