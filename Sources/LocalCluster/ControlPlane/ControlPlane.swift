import Autoscaling
public import Kubernetes
public import KubernetesClient
public import Logging
import Workloads

/// The controllers of a cluster in one process: workloads, scheduler, autoscalers, garbage collection.
///
/// Each is a pure decision of `Workloads` or `Autoscaling`; this runs them.
public struct ControlPlane: Sendable {
  public struct Configuration: Sendable {
    /// How many times faster than real every period runs.
    public var speed: Double

    public init(speed: Double = 1) { self.speed = speed }
  }

  private let configuration: Configuration
  private let client: KubernetesClient
  private let cache: ClusterCache
  private let nodeGroups: any NodeGroupProvider
  private let metrics: @Sendable () async -> ClusterView.Metrics
  private let logger: Logger

  /// - Parameter cache: follows everything, and is running.
  public init(
    configuration: Configuration, client: KubernetesClient, cache: ClusterCache, nodeGroups: any NodeGroupProvider,
    metrics: @escaping @Sendable () async -> ClusterView.Metrics, logger: Logger
  ) {
    self.configuration = configuration
    self.client = client
    self.cache = cache
    self.nodeGroups = nodeGroups
    self.metrics = metrics
    self.logger = logger
  }

  /// Works until the task is cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for (loop, component) in loops {
        group.addTask {
          let executor = ChangeExecutor(client: client, nodeGroups: nodeGroups, component: component)
          await loop.run(cache: cache, executor: executor, logger: logger)
        }
      }
      group.addTask { await GarbageCollector(client: client, logger: logger).run() }
    }
  }

  private var loops: [(ControlLoop, String)] {
    let speed = configuration.speed
    let (metrics, nodeGroups) = (metrics, nodeGroups)
    let horizontal = HorizontalDecision(configuration: .init().scaled(by: speed))
    let scheduling = SchedulingDecision(configuration: .init().scaled(by: speed))
    let nodes = NodeAutoscalingDecision(configuration: .init().scaled(by: speed))
    let interruptions = InterruptionDecision(configuration: .init().scaled(by: speed))
    let lifecycle = NodeLifecycleDecision(configuration: .init().scaled(by: speed))
    return [
      (
        ControlLoop(
          "workloads", [DeploymentDecision(), ReplicaSetDecision(), DisruptionBudgetDecision(), lifecycle],
          periodSeconds: 1),
        "workload-controller"
      ),
      (ControlLoop("daemons", [DaemonSetDecision(speed: speed)], periodSeconds: 1), DaemonSetDecision.component),
      (ControlLoop("stateful sets", [StatefulSetDecision()], periodSeconds: 1), StatefulSetDecision.component),
      (
        ControlLoop("jobs", [JobDecision(configuration: .init().scaled(by: speed))], periodSeconds: 1),
        JobDecision.component
      ),
      (ControlLoop("cron jobs", [CronJobDecision()], periodSeconds: 1), CronJobDecision.component),
      (ControlLoop("endpoints", [EndpointSliceDecision()], periodSeconds: 1), "endpointslice-controller"),
      (ControlLoop("scheduler", [scheduling], periodSeconds: 1), "default-scheduler"),
      (
        ControlLoop("autoscaler", [horizontal], periodSeconds: max(0.1, 15 / speed), followsChanges: false) { view in
          view.metrics = await metrics()
        }, "horizontal-pod-autoscaler"
      ),
      (
        ControlLoop("nodes", [nodes], periodSeconds: max(0.1, 10 / speed), followsChanges: false) { view in
          view.nodeGroups = await nodeGroups.groups()
          view.metrics = await metrics()
        }, "node-autoscaler"
      ),
      (
        ControlLoop("interruptions", [interruptions], periodSeconds: max(0.1, 2 / speed)) { view in
          view.nodeGroups = await nodeGroups.groups()
        }, "interruption-handler"
      ),
    ]
  }
}
