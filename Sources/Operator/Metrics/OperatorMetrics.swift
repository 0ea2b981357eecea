import Autoscaling
import Kubernetes
import KubernetesClient

/// What an operator counts, and `/metrics` shows.
public final class OperatorMetrics: Sendable {
  let looks = MetricFamily(.counter, "sakigake_looks_total", help: "Looks at the cluster.")
  let lookSeconds = DurationHistogram(
    "sakigake_look_seconds", label: "cause", bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    help: "How long a look took, until its changes were made.")
  let changes = MetricFamily(
    .counter, "sakigake_changes_total", labels: ["kind"], help: "Changes decided, by kind.")
  let failures = MetricFamily(
    .counter, "sakigake_change_failures_total", labels: ["kind"], help: "Changes that could not be made, races apart.")
  let conflicts = MetricFamily(
    .counter, "sakigake_change_conflicts_total", labels: ["kind"],
    help: "Changes lost to a race: a conflict, an object gone or there already. The next look settles them.")
  let announcements = DurationHistogram(
    "sakigake_announcement_seconds", label: "by",
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    help: "From an announcement to the answer with its floors, by a replica that leads or follows.")
  let leader = MetricFamily(.gauge, "sakigake_leader", help: "1 while this replica leads.")
  let leaderTransitions = MetricFamily(
    .counter, "sakigake_leader_transitions_total", help: "How often another replica was seen to become the leader.")
  let requests = MetricFamily(
    .counter, "sakigake_kubernetes_requests_total", labels: ["verb", "resource", "code"],
    help: "Requests to the Kubernetes API; code 0 where no answer came.")
  let admissions = MetricFamily(
    .counter, "sakigake_admissions_total", labels: ["answer"],
    help: "Objects that the guardrails were asked about: allowed, refused, or an error where they could not tell.")
  private let objects = MetricFamily(
    .gauge, "sakigake_cache_objects", labels: ["resource"], help: "Objects in the cache.")
  private let campaigns = MetricFamily(
    .gauge, "sakigake_campaigns", labels: ["phase"], help: "Push campaigns, by phase.")
  private let floors = MetricFamily(
    .gauge, "sakigake_floor_replicas", labels: ["namespace", "service"],
    help: "The minimum that pushes hold for a service, in pods.")
  private let placeholders = MetricFamily(
    .gauge, "sakigake_placeholder_pods", labels: ["state"], help: "Placeholder pods with and without a node.")

  public init() {}

  /// Everything, in Prometheus' text format.
  func text(_ view: ClusterView) -> String {
    objects.replace(Self.objects(view))
    campaigns.replace(Self.campaigns(view))
    floors.replace(Self.floors(view))
    placeholders.replace(Self.placeholders(view))
    var text = MetricsText()
    for family in [
      looks, changes, failures, conflicts, leader, leaderTransitions, requests, admissions, objects, campaigns, floors,
      placeholders,
    ] {
      family.write(to: &text)
    }
    for histogram in [lookSeconds, announcements] { histogram.write(to: &text) }
    return text.text
  }

  private static func objects(_ view: ClusterView) -> [[String]: Double] {
    let counts: [(ResourceType, Int)] = [
      (.pods, view.pods.count), (.nodes, view.nodes.count), (.deployments, view.deployments.count),
      (.horizontalPodAutoscalers, view.autoscalers.count), (.microservices, view.microservices.count),
      (.pushCampaigns, view.pushCampaigns.count),
    ]
    return Dictionary(uniqueKeysWithValues: counts.map { ([$0.0.qualifiedPlural], Double($0.1)) })
  }

  private static func campaigns(_ view: ClusterView) -> [[String]: Double] {
    var phases: [[String]: Double] = [:]
    for campaign in view.pushCampaigns.values {
      phases[[campaign.status.phase.isEmpty ? "Pending" : campaign.status.phase], default: 0] += 1
    }
    return phases
  }

  private static func floors(_ view: ClusterView) -> [[String]: Double] {
    var floors: [[String]: Double] = [:]
    for campaign in view.pushCampaigns.values
    where PushCampaign.Phase(rawValue: campaign.status.phase)?.holdsFloors == true {
      for floor in campaign.status.floors {
        let key = [campaign.metadata.namespace, floor.service]
        floors[key] = max(floors[key] ?? 0, Double(floor.replicas))
      }
    }
    return floors
  }

  private static func placeholders(_ view: ClusterView) -> [[String]: Double] {
    var pods: [[String]: Double] = [["scheduled"]: 0, ["waiting"]: 0]
    for pod in view.pods.values where PlaceholderLabel.isPlaceholder(pod.metadata.labels) {
      pods[[pod.isScheduled ? "scheduled" : "waiting"], default: 0] += 1
    }
    return pods
  }
}

extension OperatorMetrics {
  /// Counts what one look decided and what became of it.
  func count(_ changes: [Change], _ outcome: ChangeExecutor.Outcome) {
    for change in changes { self.changes.add(1, Self.kind(change)) }
    for failure in outcome.failures { (failure.isRace ? conflicts : failures).add(1, Self.kind(failure.change)) }
  }

  private static func kind(_ change: Change) -> String {
    switch change {
    case .create: "create"
    case .update: "update"
    case .patch(let target, _, _, let subresource, _):
      "patch " + target.resource.qualifiedPlural + (subresource.map { "/\($0)" } ?? "")
    case .delete(let target, _, _): "delete " + target.resource.qualifiedPlural
    case .evict: "evict"
    case .bind: "bind"
    case .resizeNodeGroup: "resize node group"
    case .terminateNode: "terminate node"
    case .record: "event"
    }
  }
}
