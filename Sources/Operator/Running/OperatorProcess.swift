import Autoscaling
import HTTPServing
import Kubernetes
import KubernetesClient
import Logging
import Synchronization

/// One replica of the operator, against any cluster: the prescaler while it leads, the push API, health and metrics
/// always.
///
/// A replica that loses the lease stays, follows, and stands for election again. When it is told to end (cancelled), it
/// finishes the change in hand, gives the lease back so that another leads at once, answers the requests under way, and
/// then stops.
public final class OperatorProcess: Sendable {
  public struct Settings: Sendable {
    /// Where its Lease, its settings and placeholder pods are.
    public var namespace = PlatformSettings.namespace
    /// Unique among the replicas, also after a restart.
    public var identity: String
    /// Without it this replica leads at once: for a single one.
    public var electsLeader = true
    public var election = LeaderElection.Timing()
    public var pushAddress = ListenAddress(host: "127.0.0.1", port: 8443)
    public var metricsAddress: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 8080)
    public var tls: TLSFiles?
    /// Where guardrails are served to the cluster's API servers, which ask over HTTPS only; nil serves none.
    public var guardrails: (address: ListenAddress, tls: TLSFiles)?
    public var headroom: PrescalingDecision.Headroom?
    /// How many times faster than real the world runs.
    public var timeScale = 1.0
    /// For how long requests are still taken once it is to end: as long as others may not know yet that it does.
    public var lingerSeconds = 0.0

    public init(identity: String) {
      self.identity = identity
      headroom = PrescalingDecision.Headroom(namespace: namespace)
    }
  }

  /// The Lease that its replicas share.
  public static let leaseName = "sakigake-operator"

  /// What is served where, once it is.
  public struct Ports: Sendable {
    public var push: Int
    public var metrics: Int?
    public var guardrails: Int?
  }

  private let settings: Settings
  private let client: KubernetesClient
  private let cache: ClusterCache
  private let prescaler: PrescalerController
  private let election: LeaderElection?
  private let token: PushToken
  private let instruments: OperatorMetrics
  private let guardrails: GuardrailSettings
  private let now: @Sendable () -> Timestamp
  private let logger: Logger
  private let isSynced = Atomic<Bool>(false)
  private let isStopping = Atomic<Bool>(false)

  /// - Parameters:
  ///   - client: its clock paces everything.
  ///   - token: what requests to the push API must carry.
  /// - Throws: `LeaderElectionError` where the election's timing could not keep two leaders apart.
  public init(
    client: KubernetesClient, token: PushToken, settings: Settings,
    metrics: @escaping @Sendable () async -> ClusterView.Metrics = { ClusterView.Metrics() },
    instruments: OperatorMetrics = OperatorMetrics(), now: @escaping @Sendable () -> Timestamp = { .now },
    logger: Logger = Logger(label: "sakigake.operator")
  ) throws {
    var metered = KubernetesClient(
      transport: MeteredTransport(transport: client.transport, metrics: instruments),
      fieldManager: client.fieldManager)
    metered.retries = client.retries
    metered.clock = client.clock
    self.client = metered
    self.settings = settings
    self.token = token
    self.instruments = instruments
    self.now = now
    self.logger = logger
    guardrails = GuardrailSettings(logger: logger)
    cache = ClusterCache(client: metered, resources: PrescalerController.resources) { logger.warning("\($0)") }
    var timing = PrescalerController.Timing(timeScale: settings.timeScale)
    if settings.electsLeader {
      // Others may lead this much later than this one must have ended; the rest is for a write on its way.
      let gap = (settings.election.leaseDuration - settings.election.renewDeadline) / .seconds(1)
      timing.graceSeconds = min(timing.graceSeconds, gap * 0.6)
    }
    prescaler = PrescalerController(
      client: metered, cache: cache, nodeGroups: nil, metrics: metrics, headroom: settings.headroom, timing: timing,
      timeScale: settings.timeScale, settingsNamespace: settings.namespace, instruments: instruments,
      clock: metered.clock, now: now, logger: logger)
    guard settings.electsLeader else {
      election = nil
      return
    }
    let identity = settings.identity
    election = try LeaderElection(
      client: metered, lease: NamespacedName(settings.namespace, Self.leaseName), identity: identity,
      timing: settings.election, now: now,
      report: { notice in Self.report(notice, identity, instruments, logger) })
  }

  private static func report(
    _ notice: LeaderElection.Notice, _ identity: String, _ instruments: OperatorMetrics, _ logger: Logger
  ) {
    switch notice {
    case .newLeader(let holder):
      if holder != identity, !holder.isEmpty { instruments.leaderTransitions.add() }
      logger.info("\(holder.isEmpty ? "nobody" : holder) leads")
    case .attemptFailed(let error): logger.warning("the lease cannot be taken or renewed: \(error)")
    case .releaseFailed(let error): logger.warning("the lease cannot be given back and has to expire: \(error)")
    }
  }

  /// Whether this replica leads now.
  public var leads: Bool { get async { await prescaler.leads } }

  /// Works until cancelled, and then ends in order.
  /// - Parameter serving: told once what is served where.
  /// - Throws: `ServingError` where an address cannot be had.
  public func run(serving: @escaping @Sendable (Ports) -> Void = { _ in }) async throws {
    let (failures, failed) = AsyncStream.makeStream(of: (any Error).self)
    var ground = [
      Task { await cache.run() }, Task { await prescaler.follow() },
      Task { if (try? await cache.waitUntilSynced()) != nil { isSynced.store(true, ordering: .relaxed) } },
    ]
    if settings.guardrails != nil {
      let platform = PlatformSettings(client: client, namespace: settings.namespace, logger: logger)
      ground.append(Task { [guardrails] in await platform.follow { guardrails.use($0) } })
    }
    let servers = serve(serving, failed: failed)
    let failure = await withTaskCancellationHandler {
      await withTaskGroup(of: (any Error)?.self) { group in
        group.addTask {
          await self.stand()
          return nil
        }
        group.addTask {
          for await failure in failures { return failure }
          return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        await group.waitForAll()
        return first
      }
    } onCancel: {
      isStopping.store(true, ordering: .relaxed)
    }
    isStopping.store(true, ordering: .relaxed)
    if failure == nil { await linger() }
    for server in servers { server.cancel() }
    for server in servers { await server.value }
    for task in ground { task.cancel() }
    for task in ground { await task.value }
    if let failure { throw failure }
  }

  private func linger() async {
    let clock = client.clock
    let seconds = settings.lingerSeconds
    guard seconds > 0 else { return }
    await Task { try? await clock.sleep(for: .seconds(seconds)) }.value
  }

  /// Leads whenever it may, until cancelled.
  private func stand() async {
    let lead: @Sendable () async -> Void = { [self] in
      instruments.leader.set(1)
      logger.info("\(settings.identity) leads")
      await prescaler.lead()
      instruments.leader.set(0)
    }
    guard let election else { return await lead() }
    while !Task.isCancelled {
      do { try await election.run(lead) } catch {
        if !(error is CancellationError) { logger.warning("\(error)") }
      }
    }
  }

  private func serve(
    _ serving: @escaping @Sendable (Ports) -> Void, failed: AsyncStream<any Error>.Continuation
  ) -> [Task<Void, Never>] {
    let isReady: @Sendable () async -> Bool = { [self] in
      isSynced.load(ordering: .relaxed) && !isStopping.load(ordering: .relaxed)
        && (settings.guardrails == nil || guardrails.isKnown)
    }
    let pushes = PushAPI(client: client, cache: cache, prescaler: prescaler, instruments: instruments, now: now)
    let endpoint = PushEndpoint(pushes: pushes, token: token, isReady: isReady)
    let health = HealthEndpoint(
      isAlive: { await self.isAlive() }, isReady: isReady, metrics: { self.instruments.text(await self.cache.view) })
    var servers: [(Endpoint, ListenAddress, HTTPServer)] = [
      (.push, settings.pushAddress, server(settings.pushAddress, settings.tls, endpoint))
    ]
    if let address = settings.metricsAddress { servers.append((.metrics, address, server(address, nil, health))) }
    if let (address, tls) = settings.guardrails {
      let admission = AdmissionEndpoint(settings: guardrails, instruments: instruments, now: now)
      servers.append(
        (.guardrails, address, server(address, tls, admission, connectionsMax: 64, AdmissionEndpoint.bodyBytesMax)))
    }
    let ports = BoundPorts(count: servers.count, serving)
    return servers.map { endpoint, address, server in
      Task {
        do { try await server.run { ports.set($0, of: endpoint) } } catch {
          if !Task.isCancelled { failed.yield(ServingError(message: "\(address) cannot be served: \(error)")) }
        }
      }
    }
  }

  /// Announcements are small, and there are few senders: less is enough here than for an API server.
  /// - Parameter bodyBytesMax: by default a little more than an announcement may have, so that the push API says so in
  ///   its own words.
  private func server(
    _ address: ListenAddress, _ tls: TLSFiles?, _ service: any HTTPService, connectionsMax: Int = 1024,
    _ bodyBytesMax: Int = 66 << 10
  ) -> HTTPServer {
    var configuration = HTTPServer.Configuration(host: address.host, port: address.port, tls: tls?.configuration)
    configuration.threads = 1
    configuration.limits.connectionsMax = connectionsMax
    configuration.limits.headerBytesMax = 32 << 10
    configuration.limits.bodyBytesMax = bodyBytesMax
    configuration.limits.headerSecondsMax = 10
    configuration.limits.bodySecondsMax = 10
    return HTTPServer(configuration, service: service)
  }

  /// A leader that has not looked for so long hangs. Before its first look it may wait for the cluster as long as it
  /// takes.
  private static let lookSecondsMax = 120.0

  private func isAlive() async -> Bool {
    guard let last = await prescaler.lastLookAt, last.nanoseconds > 0 else { return true }
    return now() - last < Self.lookSecondsMax
  }
}

private enum Endpoint: Hashable { case push, metrics, guardrails }

/// Gathers the ports of several servers, and tells of them when all serve.
private final class BoundPorts: Sendable {
  private let count: Int
  private let serving: @Sendable (OperatorProcess.Ports) -> Void
  private let ports = Mutex<[Endpoint: Int]>([:])

  init(count: Int, _ serving: @escaping @Sendable (OperatorProcess.Ports) -> Void) {
    self.count = count
    self.serving = serving
  }

  func set(_ port: Int, of endpoint: Endpoint) {
    let all = ports.withLock { ports in
      ports[endpoint] = port
      return ports
    }
    guard all.count == count, let push = all[.push] else { return }
    serving(OperatorProcess.Ports(push: push, metrics: all[.metrics], guardrails: all[.guardrails]))
  }
}
