import Kubernetes
import Testing
import Workloads

struct RolloutTests {
  /// Runs the two decisions until neither has anything left to do.
  private func settle(
    _ cluster: inout ObedientCluster, ready: (Pod) -> Bool = { _ in true }, rounds: Int = 200,
    check: (ClusterView) -> Void = { _ in }
  ) {
    var deployments = DeploymentDecision()
    var sets = ReplicaSetDecision()
    for _ in 0..<rounds {
      let first = deployments.reconcile(cluster.view, at: cluster.now)
      cluster.apply(first)
      let second = sets.reconcile(cluster.view, at: cluster.now)
      cluster.apply(second)
      check(cluster.view)
      cluster.makeReady(except: { !ready($0) })
      cluster.now = cluster.now + 1
      if first.isEmpty, second.isEmpty, sets.reconcile(cluster.view, at: cluster.now).isEmpty { return }
    }
    Issue.record("the rollout did not settle")
  }

  @Test func createsWhatIsAskedFor() {
    var cluster = ObedientCluster()
    let deployment = Make.deployment("articles", replicas: 4)
    cluster.view.deployments[deployment.key] = deployment
    settle(&cluster)
    #expect(cluster.view.pods.count == 4)
    #expect(cluster.view.replicaSets.count == 1)
    let status = cluster.view.deployments[deployment.key]?.status
    #expect(status?.readyReplicas == 4)
    #expect(status?.conditions["Available"]?.isTrue == true)
    #expect(status?.conditions["Progressing"]?.reason == "NewReplicaSetAvailable")
  }

  @Test func rollsWithinItsBounds() {
    var cluster = ObedientCluster()
    var deployment = Make.deployment("articles", replicas: 8, surge: .int(2), unavailable: .int(1))
    cluster.view.deployments[deployment.key] = deployment
    settle(&cluster)
    deployment = cluster.view.deployments[deployment.key] ?? deployment
    deployment.spec.template.spec.containers[0].image = "news:2"
    deployment.metadata.generation += 1
    cluster.view.deployments[deployment.key] = deployment
    settle(
      &cluster,
      check: { view in
        #expect(view.pods.count <= 10, "more than replicas and surge")
        #expect(view.pods.values.count(where: \.isReady) >= 7, "fewer than replicas less maxUnavailable")
      })
    #expect(cluster.view.pods.values.allSatisfy { $0.spec.containers[0].image == "news:2" })
    #expect(cluster.view.pods.count == 8)
  }

  @Test func aBadRevisionLeavesTheOldOneServing() {
    var cluster = ObedientCluster()
    var deployment = Make.deployment("articles", replicas: 4, surge: .int(1), unavailable: .int(0))
    cluster.view.deployments[deployment.key] = deployment
    settle(&cluster)
    deployment = cluster.view.deployments[deployment.key] ?? deployment
    deployment.spec.template.spec.containers[0].image = "news:broken"
    deployment.metadata.generation += 1
    cluster.view.deployments[deployment.key] = deployment
    settle(&cluster, ready: { $0.spec.containers[0].image != "news:broken" })
    #expect(cluster.view.pods.values.count { $0.isReady && $0.spec.containers[0].image == "news:1" } == 4)
    #expect(cluster.view.pods.count == 5)
  }

  @Test func undoTakesTheOldSetBack() {
    var cluster = ObedientCluster()
    var deployment = Make.deployment("articles", replicas: 2)
    cluster.view.deployments[deployment.key] = deployment
    settle(&cluster)
    for image in ["news:2", "news:1"] {
      deployment = cluster.view.deployments[deployment.key] ?? deployment
      deployment.spec.template.spec.containers[0].image = image
      deployment.metadata.generation += 1
      cluster.view.deployments[deployment.key] = deployment
      settle(&cluster)
    }
    #expect(cluster.view.replicaSets.count == 2)
    #expect(cluster.view.deployments[deployment.key]?.metadata.annotations["deployment.kubernetes.io/revision"] == "3")
  }

  @Test func scalesDownThosePodsFirstThatServeNobody() {
    var cluster = ObedientCluster()
    var deployment = Make.deployment("articles", replicas: 5)
    cluster.view.deployments[deployment.key] = deployment
    settle(&cluster)
    let broken = cluster.view.pods.values.sorted { $0.key < $1.key }[2]
    var pod = broken
    pod.status.conditions.set(Condition("Ready", false, at: cluster.now))
    cluster.view.set(pod)
    deployment = cluster.view.deployments[deployment.key] ?? deployment
    deployment.spec.replicas = 4
    deployment.metadata.generation += 1
    cluster.view.deployments[deployment.key] = deployment
    settle(&cluster)
    #expect(cluster.view.pods[broken.key] == nil)
    #expect(cluster.view.pods.count == 4)
  }

  @Test func aLaggingViewDoesNotDoubleThePods() {
    var cluster = ObedientCluster()
    let deployment = Make.deployment("articles", replicas: 3)
    cluster.view.deployments[deployment.key] = deployment
    var deployments = DeploymentDecision()
    cluster.apply(deployments.reconcile(cluster.view, at: cluster.now))
    var sets = ReplicaSetDecision()
    let first = sets.reconcile(cluster.view, at: cluster.now)
    #expect(first.count { if case .create = $0 { true } else { false } } == 3)
    // The same view again: the pods asked for are not there yet, and are not asked for again.
    let again = sets.reconcile(cluster.view, at: cluster.now + 1)
    #expect(!again.contains { if case .create = $0 { true } else { false } })
  }
}
