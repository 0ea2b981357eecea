import Kubernetes

/// How objects of one kind are read and kept in a view.
struct CachedKind: Sendable {
  typealias Mutation = @Sendable (inout ClusterView) -> Void

  let resource: ResourceType
  /// - Throws: `FieldError`.
  let decode: @Sendable (JSONValue) throws -> (key: NamespacedName, version: String, set: Mutation)
  let remove: @Sendable (inout ClusterView, NamespacedName) -> Void
  /// Every object in a view, with its resourceVersion.
  let versions: @Sendable (ClusterView) -> [NamespacedName: String]

  private init<O: KubernetesObject>(
    _ type: O.Type, set: @escaping @Sendable (inout ClusterView, O) -> Void,
    remove: @escaping @Sendable (inout ClusterView, NamespacedName) -> Void,
    objects: @escaping @Sendable (ClusterView) -> any Collection<O>
  ) {
    resource = O.resource
    decode = { json in
      let object = try O(json: json)
      return (object.key, object.metadata.resourceVersion, { set(&$0, object) })
    }
    self.remove = remove
    versions = { view in
      var versions: [NamespacedName: String] = [:]
      for object in objects(view) { versions[object.key] = object.metadata.resourceVersion }
      return versions
    }
  }

  /// Every kind that a view has room for.
  static let all: [ResourceType: CachedKind] = {
    let kinds = [
      CachedKind(Node.self, set: { $0.set($1) }, remove: { $0.removeNode($1.name) }, objects: { $0.nodes.values }),
      CachedKind(Pod.self, set: { $0.set($1) }, remove: { $0.removePod($1) }, objects: { $0.pods.values }),
      CachedKind(
        Namespace.self, set: { $0.namespaces[$1.metadata.name] = $1 }, remove: { $0.namespaces[$1.name] = nil },
        objects: { $0.namespaces.values }),
      CachedKind(
        Deployment.self, set: { $0.deployments[$1.key] = $1 }, remove: { $0.deployments[$1] = nil },
        objects: { $0.deployments.values }),
      CachedKind(
        ReplicaSet.self, set: { $0.replicaSets[$1.key] = $1 }, remove: { $0.replicaSets[$1] = nil },
        objects: { $0.replicaSets.values }),
      CachedKind(
        DaemonSet.self, set: { $0.daemonSets[$1.key] = $1 }, remove: { $0.daemonSets[$1] = nil },
        objects: { $0.daemonSets.values }),
      CachedKind(
        StatefulSet.self, set: { $0.statefulSets[$1.key] = $1 }, remove: { $0.statefulSets[$1] = nil },
        objects: { $0.statefulSets.values }),
      CachedKind(
        ControllerRevision.self, set: { $0.controllerRevisions[$1.key] = $1 },
        remove: { $0.controllerRevisions[$1] = nil }, objects: { $0.controllerRevisions.values }),
      CachedKind(
        Job.self, set: { $0.jobs[$1.key] = $1 }, remove: { $0.jobs[$1] = nil }, objects: { $0.jobs.values }),
      CachedKind(
        CronJob.self, set: { $0.cronJobs[$1.key] = $1 }, remove: { $0.cronJobs[$1] = nil },
        objects: { $0.cronJobs.values }),
      CachedKind(
        Service.self, set: { $0.services[$1.key] = $1 }, remove: { $0.services[$1] = nil },
        objects: { $0.services.values }),
      CachedKind(
        EndpointSlice.self, set: { $0.endpointSlices[$1.key] = $1 }, remove: { $0.endpointSlices[$1] = nil },
        objects: { $0.endpointSlices.values }),
      CachedKind(
        HorizontalPodAutoscaler.self, set: { $0.autoscalers[$1.key] = $1 }, remove: { $0.autoscalers[$1] = nil },
        objects: { $0.autoscalers.values }),
      CachedKind(
        PodDisruptionBudget.self, set: { $0.disruptionBudgets[$1.key] = $1 },
        remove: { $0.disruptionBudgets[$1] = nil }, objects: { $0.disruptionBudgets.values }),
      CachedKind(
        Microservice.self, set: { $0.microservices[$1.key] = $1 }, remove: { $0.microservices[$1] = nil },
        objects: { $0.microservices.values }),
      CachedKind(
        PushCampaign.self, set: { $0.pushCampaigns[$1.key] = $1 }, remove: { $0.pushCampaigns[$1] = nil },
        objects: { $0.pushCampaigns.values }),
    ]
    return Dictionary(uniqueKeysWithValues: kinds.map { ($0.resource, $0) })
  }()
}
