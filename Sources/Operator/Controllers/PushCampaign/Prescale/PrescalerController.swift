import Autoscaling
import Kubernetes
import KubernetesClient
import Logging

/// Keeps capacity ahead of pushes: looks at the cluster, asks the decision, makes its changes.
///
/// It looks when something changed, at every tick, and at once when a push is announced. One look at a time, and none
/// before the view shows what the last one wrote, so that nothing is decided twice on old facts.
///
/// Of several replicas only the one that `lead`s looks and writes. All of them `follow`: they know the platform's
/// settings, learn how long capacity takes, and can tell what a push will get, which is the same everywhere, since it is
/// the same decision on the same view.
public actor PrescalerController {
  /// Times are real seconds: of a world that runs faster they are already divided.
  public struct Timing: Sendable {
    /// Between looks while nothing happens.
    public var tickSeconds: Double
    /// Between looks caused by changes of the view.
    public var changeSecondsMin: Double
    /// Between looks while no push is on: then there is only to follow what is declared.
    public var idleSecondsMin: Double
    /// How long what an announcement means for other pushes' status may wait while more are announced.
    public var restSecondsMax: Double
    /// How long a view may lag behind before it is trusted anyway.
    public var lagSecondsMax: Double
    /// The longest pause after failures in a row.
    public var pauseSecondsMax: Double
    /// How long a change in hand may take once leading has ended: less than others wait before they lead.
    public var graceSeconds: Double

    /// - Parameter timeScale: how many times faster than real the world runs.
    public init(timeScale: Double = 1) {
      tickSeconds = max(0.5 / timeScale, 0.05)
      changeSecondsMin = max(0.1 / timeScale, 0.02)
      idleSecondsMin = max(5 / timeScale, 0.1)
      restSecondsMax = 1
      lagSecondsMax = 2
      pauseSecondsMax = max(30 / timeScale, 1)
      graceSeconds = 3
    }
  }

  private nonisolated let cache: ClusterCache
  private nonisolated let executor: ChangeExecutor
  private nonisolated let metrics: @Sendable () async -> ClusterView.Metrics
  private nonisolated let makeDecision: DecisionMaker
  private nonisolated let timing: Timing
  private nonisolated let clock: any Clock<Duration>
  private nonisolated let now: @Sendable () -> Timestamp
  private nonisolated let logger: Logger
  private nonisolated let settings: PlatformSettings
  private nonisolated let instruments: OperatorMetrics

  private var decision: (any Decision)?
  private var lastMetrics = ClusterView.Metrics()
  private var announced: [NamespacedName: Announcement] = [:]
  private var wake: AsyncStream<Void>.Continuation?
  /// When what was left out must be made up for; nil where nothing was.
  private var restDueAt: Timestamp?
  private var lastLook = Timestamp(nanoseconds: 0)
  private var failuresInARow = 0
  private var pausedUntil = Timestamp(nanoseconds: 0)
  private var reported: Set<String> = []
  private var campaigns = UnseenCampaigns()
  private var hasMeasured = false

  private struct Announcement {
    var campaign: PushCampaign
    var listeners: [AsyncStream<PushCampaign>.Continuation] = []
  }

  /// Makes the decision for the platform's settings (`platform.json`; nil where there are none), out of the one before.
  package typealias DecisionMaker = @Sendable (_ platform: JSONValue?, _ old: (any Decision)?) throws -> any Decision

  /// Announcements that wait for a look, at most.
  static let announcementsMax = 1024

  /// - Parameters:
  ///   - cache: must be running, and follow what `PrescalingDecision` reads: see `resources`.
  ///   - metrics: asked at most once a tick.
  ///   - headroom: how room is made where there is no provider of node groups; nil makes none.
  ///   - timing: nil: that of `timeScale`.
  ///   - timeScale: how many times faster than real the world runs.
  ///   - settingsNamespace: where ConfigMap `sakigake-platform` is.
  ///   - clock: paces the ticks.
  public init(
    client: KubernetesClient, cache: ClusterCache, nodeGroups: (any NodeGroupProvider)?,
    metrics: @escaping @Sendable () async -> ClusterView.Metrics,
    headroom: PrescalingDecision.Headroom? = nil, timing: Timing? = nil, timeScale: Double = 1,
    settingsNamespace: String = PlatformSettings.namespace, instruments: OperatorMetrics = OperatorMetrics(),
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Timestamp = { .now },
    logger: Logger = Logger(label: "sakigake.prescaler")
  ) {
    self.init(
      client: client, cache: cache, nodeGroups: nodeGroups, metrics: metrics,
      timing: timing ?? Timing(timeScale: timeScale),
      settingsNamespace: settingsNamespace, instruments: instruments, clock: clock, now: now, logger: logger
    ) { platform, old in
      var configuration = try PrescalingDecision.Configuration(json: platform ?? .object([:])).scaled(by: timeScale)
      configuration.headroom = headroom
      guard var decision = old as? PrescalingDecision else { return PrescalingDecision(configuration: configuration) }
      decision.configuration = configuration  // what it has learned stays
      return decision
    }
  }

  /// The kinds that a cache must follow for this.
  public static let resources: [ResourceType] = [
    .pushCampaigns, .microservices, .horizontalPodAutoscalers, .deployments, .pods, .nodes,
  ]

  package init(
    client: KubernetesClient, cache: ClusterCache, nodeGroups: (any NodeGroupProvider)?,
    metrics: @escaping @Sendable () async -> ClusterView.Metrics, timing: Timing,
    settingsNamespace: String = PlatformSettings.namespace, instruments: OperatorMetrics = OperatorMetrics(),
    clock: any Clock<Duration>, now: @escaping @Sendable () -> Timestamp, logger: Logger,
    makeDecision: @escaping DecisionMaker
  ) {
    self.cache = cache
    executor = ChangeExecutor(client: client, nodeGroups: nodeGroups, component: "sakigake-prescaler", now: now)
    self.metrics = metrics
    self.makeDecision = makeDecision
    self.timing = timing
    self.clock = clock
    self.now = now
    self.logger = logger
    self.instruments = instruments
    settings = PlatformSettings(client: client, namespace: settingsNamespace, logger: logger)
  }

  /// Follows and leads until the task is cancelled: what a single replica does.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.follow() }
      group.addTask { await self.lead() }
    }
  }

  /// Keeps up with the platform's settings and with what is measured and learned, until the task is cancelled. Writes
  /// nothing.
  public func follow() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.settings.follow { await self.use($0) } }
      // Beside the looks: measuring asks many, and an announcement must not wait for their answers.
      group.addTask {
        repeat { await self.measure() } while await self.tick()
      }
      group.addTask {
        guard (try? await self.cache.waitUntilSynced()) != nil else { return }
        while await self.tick(times: Self.learningTicks) { await self.learn() }
      }
    }
  }

  /// Looks and makes changes until the task is cancelled; then finishes the change in hand, within the timing's `graceSeconds`.
  /// Must run beside `follow`.
  public func lead() async {
    let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.wake = wake
    lastLook = Timestamp(nanoseconds: 0)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        guard (try? await self.cache.waitUntilSynced()) != nil else { return }
        await self.look()
        for await _ in wakes { await self.look() }
      }
      group.addTask { for await _ in await self.cache.updates() { wake.yield() } }
      group.addTask { while await self.tick() { wake.yield() } }
    }
    self.wake = nil
    for announcement in announced.values { announcement.listeners.forEach { $0.finish() } }
    announced = [:]
  }

  /// Ticks between two lessons of a replica that does not lead.
  private static let learningTicks = 10

  private nonisolated func tick(times: Int = 1) async -> Bool {
    (try? await clock.sleep(for: .seconds(timing.tickSeconds * Double(times)))) != nil
  }

  private func learn() async {
    guard wake == nil, var planner = decision as? any PlanningDecision else { return }
    planner.observe(await cache.view)
    decision = planner
  }

  /// Whether this replica looks and writes.
  public var leads: Bool { wake != nil }
  /// When it last began to; nil while it does not.
  public var lastLookAt: Timestamp? { wake == nil ? nil : lastLook }

  /// Looks at once, with this campaign in view even where the cache does not show it yet. A replica that does not lead
  /// tells what the leader is going to write, and leaves the writing to it: the campaign is in the cluster already.
  /// - Returns: the campaign with the status that was written for it; nil when `limit` passed first, or too many wait.
  public func announce(_ campaign: PushCampaign, atMost limit: Duration) async -> PushCampaign? {
    guard leads else { return await plan(campaign) }
    guard announced.count < Self.announcementsMax else { return nil }
    let (stream, listener) = AsyncStream.makeStream(of: PushCampaign.self, bufferingPolicy: .bufferingNewest(1))
    var announcement = announced[campaign.key] ?? Announcement(campaign: campaign)
    if campaign.isNewer(than: announcement.campaign) { announcement.campaign = campaign }
    announcement.listeners.append(listener)
    announced[campaign.key] = announcement
    wake?.yield()
    return await withTaskGroup(of: PushCampaign?.self) { group in
      group.addTask {
        for await planned in stream { return planned }
        return nil
      }
      group.addTask {
        try? await self.clock.sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}

extension PrescalerController {
  /// What a look would write for a campaign; nothing is written.
  private func plan(_ campaign: PushCampaign) async -> PushCampaign? {
    guard decision is any PlanningDecision, let view = await view(with: [campaign]),
      let planner = decision as? any PlanningDecision
    else { return nil }
    var planned = view.pushCampaigns[campaign.key] ?? campaign
    planned.status = planner.plan(planned, view, at: now())
    return planned
  }

  private func view(with announced: [PushCampaign]) async -> ClusterView? {
    guard decision != nil else { return nil }
    for campaign in announced { campaigns.keep(campaign, at: now()) }
    var view = await cache.view
    campaigns.lay(over: &view, at: now())
    view.nodeGroups = await executor.nodeGroups?.groups() ?? [:]
    view.metrics = lastMetrics
    return view
  }
}

// MARK: - One look

extension PrescalerController {
  private func use(_ platform: JSONValue?) {
    do {
      decision = try makeDecision(platform, decision)
      wake?.yield()
    } catch {
      logger.error("the platform's settings cannot be used; those before stay", metadata: ["error": "\(error)"])
      if decision == nil { decision = try? makeDecision(nil, nil) }
    }
  }

  private func measure() async {
    lastMetrics = await metrics()
    guard !hasMeasured else { return }
    hasMeasured = true
    wake?.yield()
  }

  private func look() async {
    let moment = now()
    // A change that is not looked at now is looked at by the next tick; one before the first measuring, by that.
    guard !Task.isCancelled, hasMeasured, decision != nil else { return }
    if announced.isEmpty, moment < pausedUntil { return }
    if announced.isEmpty, moment - lastLook < (await isIdle ? timing.idleSecondsMin : timing.changeSecondsMin) {
      return
    }
    let begun = clock.stopwatch()
    let current = announced
    announced = [:]
    guard let view = await view(with: current.values.map(\.campaign)) else { return }
    let changes = decision?.reconcile(view, at: now()) ?? []
    let plan = LookPlan(changes, announced: Set(current.keys))
    var outcome = await perform(plan.first)
    answer(current, view)
    if isRestDue(afterAnnouncement: !current.isEmpty) {
      for slice in plan.rest where announced.isEmpty && !Task.isCancelled { outcome.merge(await perform(slice)) }
    } else if !plan.rest.isEmpty, restDueAt == nil {
      restDueAt = now() + timing.restSecondsMax
    }
    settle(outcome)
    instruments.looks.add()
    instruments.lookSeconds.observe(begun(), current.isEmpty ? "change" : "announcement")
    await waitUntilSeen(outcome.written)
    lastLook = now()
  }

  /// Whether no push is on, nor any to come: a busy cluster's changes are then none of this.
  private var isIdle: Bool {
    get async {
      await cache.view.pushCampaigns.values.allSatisfy { PushCampaign.Phase(rawValue: $0.status.phase)?.isOver == true }
    }
  }

  /// An announcement is often one of many. The status of all others is then written once after them, not after each;
  /// a look without one comes soon, and decides it anew.
  private func isRestDue(afterAnnouncement: Bool) -> Bool {
    if afterAnnouncement, restDueAt.map({ now() < $0 }) ?? true { return false }
    restDueAt = nil
    return true
  }

  private func perform(_ changes: [Change]) async -> ChangeExecutor.Outcome {
    let executor = executor
    let outcome = await finishing(within: .seconds(timing.graceSeconds), on: clock) {
      await executor.perform(changes, keeping: [.pushCampaigns])
    }
    instruments.count(changes, outcome)
    for json in outcome.objects {
      if let campaign = try? PushCampaign(json: json) { campaigns.keep(campaign, at: now()) }
    }
    return outcome
  }

  /// With what was written just now; else, where a look before the announcement wrote it already, with what is seen.
  private func answer(_ announcements: [NamespacedName: Announcement], _ view: ClusterView) {
    for (key, announcement) in announcements {
      let campaign = campaigns[key] ?? view.pushCampaigns[key] ?? announcement.campaign
      for listener in announcement.listeners {
        listener.yield(campaign)
        listener.finish()
      }
    }
  }

  /// An announcement does not wait for it: it brings its own campaign, and raising a floor twice changes nothing.
  private func waitUntilSeen(_ written: [ResourceType: UInt64]) async {
    let end = now() + timing.lagSecondsMax
    while announced.isEmpty, now() < end {
      guard let isSeen = try? await cache.waitUntilSeen(written, atMost: .milliseconds(5)), !isSeen else { return }
    }
  }

  /// Races settle themselves at the next look; other failures slow the looks down.
  private func settle(_ outcome: ChangeExecutor.Outcome) {
    let failures = outcome.failures.filter { !$0.isRace }
    for failure in failures where reported.insert(failure.description).inserted {
      logger.warning("\(failure)")
    }
    if failures.isEmpty {
      failuresInARow = 0
      reported = []
    } else {
      failuresInARow += 1
      let pause = min(timing.tickSeconds * Double(1 << min(failuresInARow, 16)), timing.pauseSecondsMax)
      pausedUntil = now() + pause
      if reported.count > 1000 { reported = [] }
    }
  }
}
