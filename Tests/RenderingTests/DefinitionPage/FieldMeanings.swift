/// What each field of the example stands for, in the order of the page; the page's test fails where the example has a field
/// that is not here.
enum FieldMeanings {
  static let all: [(field: String, meaning: String)] = [
    (
      "owner",
      "Label `sakigake.dev/owner` on every object, alerts' receiver, and whose objects `apply --prune` may delete"
    ),
    ("image", "The container with the deployment's tag; an ECR repository whose tags never change"),
    ("port", "`PORT`, the container's port, and where the sidecar sends what comes in"),
    (
      "health", "Liveness and start at the application, readiness through the sidecar, the load balancer's health check"
    ),
    ("resources", "Requests, and memory's limit; what the bin packing of nodes and a push's plan count with"),
    ("env", "Variables beside those that the platform sets; a secret's value by reference"),
    ("config", "An immutable ConfigMap named by its content, mounted at `/config`: a new content is a rollout"),
    ("secrets", "Copies out of AWS Secrets Manager by External Secrets, for variables or as files"),
    ("volumes", "The only places that can be written to: all else is read-only"),
    ("jobs", "Runs once at each deployment, before any pod changes; waited for"),
    ("cron", "A CronJob with its time zone, deadline and history, and the service's identity, files and sidecar"),
    (
      "calls",
      "Addresses in the environment; in Envoy a listener, a route with retries and time limits, and a cluster with outlier "
        + "detection for each; who may connect to whom"
    ),
    ("expose", "A node port, a target group and a rule at the load balancer, with its priority"),
    ("network", "Who else may connect, and where to: NetworkPolicy, and the security group's rules"),
    (
      "permissions",
      "A role for this service's account alone, with exactly these actions, within the platform's boundary"
    ),
    ("capacity", "How many pods a push needs: the operator reads it in the `Microservice` object"),
    ("scale", "The HorizontalPodAutoscaler, the disruption budget, and that pushes drive it"),
    ("rightsize", "A VerticalPodAutoscaler that recommends within bounds"),
    ("alerts", "Rules of Prometheus with their receivers; alarms of CloudWatch and who is told"),
    ("tags", "Labels on every object and tags on all in the cloud"),
  ]

  /// Without these there is no service.
  static let required: Set<String> = ["owner", "image", "port"]
}
