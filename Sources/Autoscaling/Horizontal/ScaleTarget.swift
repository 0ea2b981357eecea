import Kubernetes

/// The object whose replicas an autoscaler sets, read as its `scale` subresource.
struct ScaleTarget {
  var target: Change.Target
  var specReplicas: Int
  var statusReplicas: Int
  var selector: LabelSelector

  init(of autoscaler: HorizontalPodAutoscaler, in view: ClusterView) throws(MetricProblem) {
    let reference = autoscaler.spec.scaleTargetRef
    let key = NamespacedName(autoscaler.metadata.namespace, reference.name)
    switch reference.kind {
    case "Deployment":
      guard let deployment = view.deployments[key] else { throw Self.notFound(.deployments, key) }
      self.init(deployment, deployment.spec.replicas, deployment.status.replicas, deployment.spec.selector)
    case "ReplicaSet":
      guard let replicaSet = view.replicaSets[key] else { throw Self.notFound(.replicaSets, key) }
      self.init(replicaSet, replicaSet.spec.replicas, replicaSet.status.replicas, replicaSet.spec.selector)
    default:
      throw MetricProblem("no matches for kind \"\(reference.kind)\" in group \"\(reference.apiVersion)\"")
    }
  }

  private init(_ object: some KubernetesObject, _ replicas: Int?, _ statusReplicas: Int, _ selector: LabelSelector) {
    target = Change.Target(object)
    specReplicas = min(max(replicas ?? 1, 0), Int(Int32.max))
    self.statusReplicas = statusReplicas
    self.selector = selector
  }

  private static func notFound(_ resource: ResourceType, _ key: NamespacedName) -> MetricProblem {
    MetricProblem("\(resource.qualifiedPlural) \"\(key.name)\" not found")
  }
}
