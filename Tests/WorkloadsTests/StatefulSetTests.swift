import Kubernetes
import Testing
import Workloads

@Suite struct StatefulSetTests {
  private func set(_ replicas: Int, _ change: (inout StatefulSet.Spec) -> Void = { _ in }) -> StatefulSet {
    var set = StatefulSet()
    set.metadata = ObjectMeta(name: "db", namespace: "default")
    set.metadata.uid = "set"
    set.metadata.generation = 1
    set.spec.replicas = replicas
    set.spec.serviceName = "db"
    set.spec.selector = LabelSelector(matchLabels: ["app": "db"])
    set.spec.template = Make.template("db", image: "db:1")
    change(&set.spec)
    return set
  }

  private func cluster(_ set: StatefulSet) -> WorkloadCluster {
    var cluster = WorkloadCluster()
    cluster.view.statefulSets[set.key] = set
    return cluster
  }

  private func status(_ cluster: WorkloadCluster) -> StatefulSet.Status {
    cluster.view.statefulSets.values.first?.status ?? StatefulSet.Status()
  }

  private func images(_ cluster: WorkloadCluster) -> [String] { cluster.active.map { $0.spec.containers[0].image } }

  /// Looks and lets all pods run, until nothing changes.
  private func rollOut(_ cluster: inout WorkloadCluster, _ decision: inout StatefulSetDecision) throws {
    for _ in 0..<40 {
      try cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
      cluster.now = cluster.now + 1
      cluster.run(cluster.active.filter { !$0.isReady })
    }
  }

  @Test func podsComeOneAfterAnother() throws {
    var cluster = cluster(
      set(3) { $0.volumeClaimTemplates = [["metadata": ["name": "data"], "spec": ["accessModes": ["ReadWriteOnce"]]]] })
    var decision = StatefulSetDecision()
    try cluster.settle(&decision)
    #expect(cluster.pods.map(\.metadata.name) == ["db-0"])
    let pod = try #require(cluster.pods.first)
    #expect(pod.metadata.labels["statefulset.kubernetes.io/pod-name"] == "db-0")
    #expect(pod.metadata.labels["apps.kubernetes.io/pod-index"] == "0")
    #expect(pod.spec.unknown["hostname"] == "db-0")
    #expect(pod.spec.volumes == [["name": "data", "persistentVolumeClaim": ["claimName": "data-db-0"]]])
    #expect(cluster.events.contains("claim data-db-0"))
    cluster.run(cluster.pods)
    try cluster.settle(&decision)
    #expect(cluster.pods.map(\.metadata.name) == ["db-0", "db-1"])
    try rollOut(&cluster, &decision)
    #expect(cluster.pods.map(\.metadata.name) == ["db-0", "db-1", "db-2"])
    #expect(status(cluster).readyReplicas == 3)
    #expect(status(cluster).currentRevision == status(cluster).updateRevision)
    cluster.view.statefulSets[NamespacedName("default", "db")]?.spec.replicas = 1
    try rollOut(&cluster, &decision)
    #expect(cluster.pods.map(\.metadata.name) == ["db-0"])
  }

  @Test func parallelPodsComeAtOnce() throws {
    var cluster = cluster(set(3) { $0.podManagementPolicy = "Parallel" })
    var decision = StatefulSetDecision()
    try cluster.settle(&decision)
    #expect(cluster.pods.count == 3)
  }

  @Test func updatesStopAtThePartition() throws {
    var rolling = StatefulSet.UpdateStrategy.RollingUpdate()
    rolling.partition = 2
    let set = set(3) { $0.updateStrategy.rollingUpdate = rolling }
    var cluster = cluster(set)
    var decision = StatefulSetDecision()
    try rollOut(&cluster, &decision)
    cluster.view.statefulSets[set.key]?.spec.template.spec.containers[0].image = "db:2"
    try rollOut(&cluster, &decision)
    #expect(images(cluster) == ["db:1", "db:1", "db:2"])
    #expect(status(cluster).currentRevision != status(cluster).updateRevision)
    #expect(status(cluster).updatedReplicas == 1)
    // A pod below the partition comes back as it was.
    try cluster.apply([.delete(.init(.pods, namespace: "default", name: "db-0"))])
    try rollOut(&cluster, &decision)
    #expect(images(cluster) == ["db:1", "db:1", "db:2"])
    cluster.view.statefulSets[set.key]?.spec.updateStrategy.rollingUpdate?.partition = 0
    try rollOut(&cluster, &decision)
    #expect(images(cluster) == ["db:2", "db:2", "db:2"])
    #expect(status(cluster).currentRevision == status(cluster).updateRevision)
    #expect(status(cluster).currentReplicas == 3)
  }
}
