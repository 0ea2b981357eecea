import Kubernetes
import Testing
import Workloads

struct EndpointsAndBudgetsTests {
  private func pod(_ name: String, ip: String, ready: Bool, labels: Labels = ["app": "a"]) -> Pod {
    var pod = Pod()
    pod.metadata = ObjectMeta(name: name, namespace: "default", labels: labels)
    pod.metadata.uid = "uid-\(name)"
    pod.status.podIP = ip
    pod.status.phase = "Running"
    pod.status.conditions = [Condition("Ready", ready)]
    return pod
  }

  @Test func endpointsFollowPods() throws {
    var cluster = ObedientCluster()
    let service = Make.service("a", selecting: ["app": "a"])
    cluster.view.services[service.key] = service
    cluster.view.set(pod("a-1", ip: "127.1.0.1", ready: true))
    cluster.view.set(pod("a-2", ip: "127.1.0.2", ready: false))
    cluster.view.set(pod("b-1", ip: "127.1.0.3", ready: true, labels: ["app": "b"]))
    var decision = EndpointSliceDecision()
    cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
    var slice = try #require(cluster.view.endpointSlices.values.first)
    #expect(slice.endpoints.map(\.addresses) == [["127.1.0.1"], ["127.1.0.2"]])
    #expect(slice.endpoints.map(\.conditions.ready) == [true, false])
    #expect(slice.ports.map(\.port) == [8080])
    #expect(decision.reconcile(cluster.view, at: cluster.now).isEmpty, "nothing changed, nothing to do")

    var leaving = pod("a-1", ip: "127.1.0.1", ready: true)
    leaving.metadata.deletionTimestamp = cluster.now
    cluster.view.set(leaving)
    cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
    slice = try #require(cluster.view.endpointSlices.values.first)
    #expect(slice.endpoints[0].conditions.ready == false)
    #expect(slice.endpoints[0].conditions.serving == true)
    #expect(slice.endpoints[0].conditions.terminating == true)

    cluster.view.services = [:]
    cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
    #expect(cluster.view.endpointSlices.isEmpty)
  }

  @Test func namedPortsAreFoundInThePod() throws {
    var cluster = ObedientCluster()
    let service = Make.service("a", selecting: ["app": "a"], targetPort: .string("mesh"))
    cluster.view.services[service.key] = service
    var meshed = pod("a-1", ip: "127.1.0.1", ready: true)
    var sidecar = Container()
    sidecar.name = "envoy"
    sidecar.restartPolicy = "Always"
    var port = ContainerPort()
    port.name = "mesh"
    port.containerPort = 15006
    sidecar.ports = [port]
    meshed.spec.initContainers = [sidecar]
    cluster.view.set(meshed)
    var decision = EndpointSliceDecision()
    cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
    #expect(try #require(cluster.view.endpointSlices.values.first).ports.map(\.port) == [15006])
  }

  @Test(arguments: [
    (IntOrString.int(2), nil as IntOrString?, 1), (.string("50%"), nil, 1), (.string("100%"), nil, 0),
  ])
  func budgetsByMinimum(minimum: IntOrString, maximum: IntOrString?, allowed: Int) throws {
    #expect(try status(minimum: minimum, maximum: maximum, ready: 3, of: 4).disruptionsAllowed == allowed)
  }

  @Test(arguments: [(IntOrString.int(1), 4, 1), (.int(1), 3, 0), (.string("50%"), 4, 2)])
  func budgetsByMaximum(maximum: IntOrString, ready: Int, allowed: Int) throws {
    #expect(try status(minimum: nil, maximum: maximum, ready: ready, of: 4).disruptionsAllowed == allowed)
  }

  private func status(minimum: IntOrString?, maximum: IntOrString?, ready: Int, of total: Int) throws
    -> PodDisruptionBudget.Status
  {
    var cluster = ObedientCluster()
    var budget = PodDisruptionBudget()
    budget.metadata = ObjectMeta(name: "a", namespace: "default")
    budget.spec.selector = LabelSelector(matchLabels: ["app": "a"])
    budget.spec.minAvailable = minimum
    budget.spec.maxUnavailable = maximum
    cluster.view.disruptionBudgets[budget.key] = budget
    var set = ReplicaSet()
    set.metadata = ObjectMeta(name: "a", namespace: "default")
    set.metadata.uid = "set"
    set.spec.replicas = total
    cluster.view.replicaSets[set.key] = set
    for index in 0..<total {
      var member = pod("a-\(index)", ip: "127.1.0.\(index + 1)", ready: index < ready)
      member.metadata.ownerReferences = [OwnerReference(to: set)]
      cluster.view.set(member)
    }
    var decision = DisruptionBudgetDecision()
    cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
    #expect(decision.reconcile(cluster.view, at: cluster.now).isEmpty)
    return try #require(cluster.view.disruptionBudgets[budget.key]).status
  }
}
