import Kubernetes
import KubernetesClient
import Logging

/// Tells the cluster that nodes are alive: a Lease each, and for process nodes the conditions of their status too.
/// Simulated nodes, of which there may be thousands, renew their leases only.
struct NodeHeartbeats: Sendable {
  static let leaseNamespace = "kube-node-lease"
  static let requestsAtOnceMax = 16

  let client: KubernetesClient
  let settings: NodeSettings

  /// - Parameter nodes: gives the nodes as they are known at each beat.
  func run(_ nodes: @Sendable () async -> [(node: Node, kind: NodeKind)]) async {
    await createNamespace()
    while !Task.isCancelled {
      let began = ContinuousClock.now
      await beat(await nodes())
      try? await Task.sleep(until: began + .seconds(settings.heartbeatSeconds / settings.speed), clock: .continuous)
    }
  }

  private func createNamespace() async {
    var namespace = Namespace()
    namespace.metadata.name = Self.leaseNamespace
    do { _ = try await client.create(namespace) } catch let error as APIError where error.isAlreadyExists {
    } catch {
      // Leases are refused without it, and say so.
      settings.logger.warning("namespace \(Self.leaseNamespace) cannot be created: \(error)")
    }
  }

  func beat(_ nodes: [(node: Node, kind: NodeKind)]) async {
    await withTaskGroup(of: Void.self) { group in
      var running = 0
      for (node, kind) in nodes {
        if running == Self.requestsAtOnceMax {
          await group.next()
          running -= 1
        }
        running += 1
        group.addTask {
          do {
            try await renewLease(node)
            if kind == .process { try await Self.report(node, client, settings.now()) }
          } catch let error as APIError where error.isNotFound {
            // The node was deleted a moment ago.
          } catch is CancellationError {
          } catch {
            settings.logger.warning("node \(node.metadata.name) cannot report: \(error)")
          }
        }
      }
    }
  }

  private func renewLease(_ node: Node) async throws {
    let name = node.metadata.name
    let now = MicroTime(settings.now())
    let target = Change.Target(.leases, namespace: Self.leaseNamespace, name: name)
    do {
      _ = try await client.patch(target, .merge, ["spec": ["renewTime": now.json]])
    } catch let error as APIError where error.isNotFound {
      var lease = Lease()
      lease.metadata = ObjectMeta(name: name, namespace: Self.leaseNamespace)
      lease.metadata.ownerReferences = [OwnerReference(to: node, controller: false)]
      lease.spec.holderIdentity = name
      lease.spec.leaseDurationSeconds = 40
      lease.spec.renewTime = now
      do { _ = try await client.create(lease) } catch let error as APIError where error.isAlreadyExists {}
    }
  }

  /// Writes a node's conditions: ready, and short of nothing.
  static func report(_ node: Node, _ client: KubernetesClient, _ now: Timestamp) async throws {
    var conditions = node.status.conditions
    for (type, value, reason, message) in healthy {
      var condition = Condition(type, value, reason: reason, message: message, at: now)
      condition.lastHeartbeatTime = now
      conditions.set(condition)
    }
    let own = conditions.filter { condition in healthy.contains { $0.0 == condition.type } }
    _ = try await client.patch(
      Change.Target(node), .strategic, ["status": ["conditions": .array(own.map(\.json))]], subresource: "status")
  }

  /// In the words of the kubelet.
  private static let healthy: [(String, Bool, String, String)] = [
    ("MemoryPressure", false, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", true, "KubeletReady", "kubelet is posting ready status"),
  ]
}
