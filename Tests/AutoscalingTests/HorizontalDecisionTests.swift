import Autoscaling
import Kubernetes
import Testing

/// One deployment `articles` of equal pods, its autoscaler, and what they use.
struct HorizontalScene {
  var view = ClusterView()
  var now = Timestamp(seconds: 1_800_000_000)
  let key = NamespacedName("news", "articles")

  init(replicas: Int = 4, minimum: Int? = 2, maximum: Int = 20, metrics: [MetricSpec]) {
    var deployment = Deployment()
    deployment.metadata = ObjectMeta(name: "articles", namespace: "news")
    deployment.spec.replicas = replicas
    deployment.spec.selector = LabelSelector(matchLabels: ["app": "articles"])
    deployment.status.replicas = replicas
    view.deployments[key] = deployment
    var autoscaler = HorizontalPodAutoscaler()
    autoscaler.metadata = ObjectMeta(name: "articles", namespace: "news")
    autoscaler.metadata.uid = "hpa-1"
    autoscaler.metadata.generation = 3
    autoscaler.spec.scaleTargetRef.apiVersion = "apps/v1"
    autoscaler.spec.scaleTargetRef.kind = "Deployment"
    autoscaler.spec.scaleTargetRef.name = "articles"
    autoscaler.spec.minReplicas = minimum
    autoscaler.spec.maxReplicas = maximum
    autoscaler.spec.metrics = metrics
    view.autoscalers[key] = autoscaler
    for index in 0..<replicas { view.set(pod(index)) }
  }

  static func requests(_ target: Int64) -> MetricSpec {
    var metric = MetricSpec()
    metric.type = "Pods"
    metric.pods = NamedMetric()
    metric.pods?.metric.name = "requests_per_second"
    metric.pods?.target.type = "AverageValue"
    metric.pods?.target.averageValue = Quantity(target)
    return metric
  }

  static func cpu(_ percent: Int) -> MetricSpec {
    var metric = MetricSpec()
    metric.type = "Resource"
    metric.resource = ResourceMetric()
    metric.resource?.name = "cpu"
    metric.resource?.target.type = "Utilization"
    metric.resource?.target.averageUtilization = percent
    return metric
  }

  func pod(_ index: Int) -> Pod {
    var pod = Pod()
    pod.metadata = ObjectMeta(name: "articles-\(index)", namespace: "news", labels: ["app": "articles"])
    pod.status.phase = "Running"
    pod.status.startTime = now - 3600
    pod.status.conditions = [Condition("Ready", true, at: now - 3590)]
    var container = Container()
    container.name = "app"
    container.resources.requests["cpu"] = Quantity(milli: 200)
    pod.spec.containers = [container]
    return pod
  }

  mutating func measure(rate: Double? = nil, cpuMillicores: Int64? = nil) {
    for key in view.pods.keys {
      var metrics = ClusterView.PodMetrics(at: now, windowSeconds: 15)
      if let rate { metrics.custom["requests_per_second"] = rate }
      if let cpuMillicores {
        metrics.containers["app"] = .init(cpuMillicores: cpuMillicores, memoryBytes: 1, at: now, windowSeconds: 15)
      }
      view.metrics.pods[key] = metrics
    }
  }

  /// Runs one sync and takes its changes over, as an API server and a replica set would.
  @discardableResult
  mutating func sync(_ decision: inout HorizontalDecision, after seconds: Double = 15) -> [Change] {
    now = now + seconds
    let changes = decision.reconcile(view, at: now)
    for change in changes {
      guard case .patch(_, .merge, let body, let subresource, _) = change else { continue }
      if subresource == "scale", let replicas = body["spec"]?["replicas"]?.integerValue {
        view.deployments[key]?.spec.replicas = Int(replicas)
        view.deployments[key]?.status.replicas = Int(replicas)
        for pod in view.pods.keys { view.removePod(pod) }
        for index in 0..<Int(replicas) { view.set(pod(index)) }
      } else if let autoscaler = view.autoscalers[key], let status = body["status"]?.objectValue {
        var json = autoscaler.status.json
        for member in status { json[member.key] = member.value.isNull ? Optional.none : member.value }
        do { view.autoscalers[key]?.status = try AutoscalerStatus(json: json) } catch {
          Issue.record("a status that cannot be read: \(error)")
        }
      }
    }
    return changes
  }

  var replicas: Int { view.deployments[key]?.spec.replicas ?? 0 }
  var status: AutoscalerStatus { view.autoscalers[key]?.status ?? AutoscalerStatus() }
}

struct HorizontalDecisionTests {
  private func notes(_ changes: [Change]) -> [Change.EventNote] {
    changes.compactMap { if case .record(let note) = $0 { note } else { nil } }
  }

  @Test func scalesUpOnRequestsAndSaysWhy() {
    var scene = HorizontalScene(metrics: [HorizontalScene.requests(100)])
    var decision = HorizontalDecision()
    scene.measure(rate: 150)
    let changes = scene.sync(&decision)
    #expect(scene.replicas == 6)
    #expect(scene.status.desiredReplicas == 6)
    #expect(scene.status.currentReplicas == 4)
    #expect(scene.status.observedGeneration == 3)
    #expect(scene.status.lastScaleTime == scene.now)
    #expect(scene.status.conditions["ScalingActive"]?.isTrue == true)
    #expect(scene.status.conditions["AbleToScale"]?.reason == "SucceededRescale")
    #expect(scene.status.conditions["ScalingLimited"]?.reason == "DesiredWithinRange")
    #expect(scene.status.currentMetrics.first?["pods"]?["current"]?["averageValue"]?.stringValue == "150")
    #expect(
      notes(changes).map(\.message) == ["New size: 6; reason: pods metric requests_per_second above target"])
  }

  @Test func nothingChangesWhereNothingIsNew() {
    var scene = HorizontalScene(metrics: [HorizontalScene.requests(100), HorizontalScene.cpu(50)])
    var decision = HorizontalDecision()
    scene.measure(rate: 100, cpuMillicores: 100)
    scene.sync(&decision)
    #expect(scene.replicas == 4)
    #expect(scene.sync(&decision).isEmpty)
    #expect(scene.sync(&decision).isEmpty)
  }

  @Test func aRaisedMinimumIsTakenInOneStep() {
    var scene = HorizontalScene(metrics: [HorizontalScene.requests(100)])
    var decision = HorizontalDecision()
    scene.measure(rate: 10)
    scene.view.autoscalers[scene.key]?.spec.minReplicas = 18
    let changes = scene.sync(&decision)
    #expect(scene.replicas == 18)
    #expect(
      notes(changes).map(\.message) == ["New size: 18; reason: Current number of replicas below Spec.MinReplicas"])
  }

  @Test func goesDownOnlyAfterTheWindow() {
    var scene = HorizontalScene(replicas: 10, metrics: [HorizontalScene.requests(100)])
    var decision = HorizontalDecision()
    scene.measure(rate: 100)
    scene.sync(&decision)
    scene.measure(rate: 20)
    for _ in 0..<19 { scene.sync(&decision) }
    #expect(scene.replicas == 10)
    #expect(scene.status.conditions["AbleToScale"]?.reason == "ScaleDownStabilized")
    scene.sync(&decision)
    scene.sync(&decision)
    #expect(scene.replicas == 2)
  }

  @Test func aFasterWorldRunsEveryPeriodFaster() {
    var scene = HorizontalScene(replicas: 10, metrics: [HorizontalScene.requests(100)])
    var decision = HorizontalDecision(configuration: .init().scaled(by: 10))
    #expect(decision.configuration.syncPeriod == 1.5)
    scene.view.autoscalers[scene.key]?.spec.behavior = AutoscalerBehavior()
    scene.view.autoscalers[scene.key]?.spec.behavior?.scaleDown = ScalingRules()
    scene.view.autoscalers[scene.key]?.spec.behavior?.scaleDown?.stabilizationWindowSeconds = 100
    scene.measure(rate: 100)
    scene.sync(&decision, after: 1.5)
    scene.measure(rate: 20)
    for _ in 0..<6 { scene.sync(&decision, after: 1.5) }
    #expect(scene.replicas == 10)
    scene.sync(&decision, after: 1.5)
    scene.sync(&decision, after: 1.5)
    #expect(scene.replicas == 2)
  }

  @Test func behaviorLimitsTheRateWithinItsPeriod() {
    var scene = HorizontalScene(metrics: [HorizontalScene.requests(100)])
    var rules = ScalingRules()
    rules.policies = [ScalingPolicy("Pods", 3, periodSeconds: 60)]
    scene.view.autoscalers[scene.key]?.spec.behavior = AutoscalerBehavior()
    scene.view.autoscalers[scene.key]?.spec.behavior?.scaleUp = rules
    var decision = HorizontalDecision()
    scene.measure(rate: 400)
    scene.sync(&decision)
    #expect(scene.replicas == 7)
    #expect(scene.status.conditions["ScalingLimited"]?.reason == "ScaleUpLimit")
    scene.measure(rate: 400)
    for _ in 0..<3 { scene.sync(&decision) }
    #expect(scene.replicas == 7)
    scene.sync(&decision)
    #expect(scene.replicas == 10)
  }

  @Test func oneUnreadableMetricForbidsToGoDownButNotUp() {
    var scene = HorizontalScene(metrics: [HorizontalScene.requests(100), HorizontalScene.cpu(50)])
    var decision = HorizontalDecision()
    scene.measure(rate: 10)
    let changes = scene.sync(&decision)
    #expect(scene.replicas == 4)
    #expect(scene.status.conditions["ScalingActive"]?.reason == "FailedGetResourceMetric")
    #expect(notes(changes).map(\.reason) == ["FailedGetResourceMetric", "FailedComputeMetricsReplicas"])
    #expect(notes(scene.sync(&decision)).isEmpty)
    scene.measure(rate: 200)
    scene.sync(&decision)
    #expect(scene.replicas == 8)
    #expect(scene.status.currentMetrics.count == 2)
  }

  @Test func failuresAreToldWithUpstreamsReasons() {
    var scene = HorizontalScene(metrics: [HorizontalScene.requests(100)])
    var decision = HorizontalDecision()
    scene.sync(&decision)
    #expect(scene.status.conditions["ScalingActive"]?.reason == "FailedGetPodsMetric")
    scene.view.deployments[scene.key]?.spec.replicas = 0
    let changes = scene.sync(&decision)
    #expect(scene.status.conditions["ScalingActive"]?.reason == "ScalingDisabled", "\(changes)")
    scene.view.deployments[scene.key] = nil
    scene.sync(&decision)
    #expect(scene.status.conditions["AbleToScale"]?.reason == "FailedGetScale")
  }

  @Test func anAutoscalersMemoryGoesWithIt() {
    var scene = HorizontalScene(metrics: [HorizontalScene.requests(100)])
    var decision = HorizontalDecision()
    scene.measure(rate: 100)
    for _ in 0..<3000 { scene.sync(&decision, after: 0.1) }
    #expect((decision.history(of: scene.key)?.recommendations.count ?? .max) <= ScalingHistory.entriesMax)
    scene.view.autoscalers[scene.key] = nil
    scene.sync(&decision)
    #expect(decision.history(of: scene.key) == nil)
  }

  @Test func objectAndExternalMetricsComeFromReadings() {
    var metric = MetricSpec()
    metric.type = "External"
    metric.external = NamedMetric()
    metric.external?.metric.name = "queue_length"
    metric.external?.target.averageValue = Quantity(10)
    var scene = HorizontalScene(metrics: [metric])
    var decision = HorizontalDecision()
    decision.readings.external[NamespacedName("news", "queue_length")] = [30, 40]
    scene.sync(&decision)
    #expect(scene.replicas == 7)
    #expect(scene.status.currentMetrics.first?["external"]?["current"]?["averageValue"]?.stringValue == "17500m")
  }

  @Test func sidecarsCountInRequests() throws {
    let scene = HorizontalScene(replicas: 1, metrics: [])
    var pod = scene.pod(0)
    var sidecar = Container()
    sidecar.name = "envoy"
    sidecar.restartPolicy = "Always"
    sidecar.resources.requests["cpu"] = Quantity(milli: 100)
    pod.spec.initContainers = [sidecar]
    let samples = ["articles-0": PodSample(milli: 300, at: scene.now, windowSeconds: 15)]
    let proposal = try ReplicaCalculator().utilization(
      percent: 50, resource: "cpu", pods: [pod], samples: samples, current: 1, at: scene.now)
    #expect(proposal.utilization == 100)
    #expect(proposal.replicas == 2)
  }
}
