import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Kubernetes
import Mesh

/// Serves the mesh to its Envoys: aggregated discovery (ADS) over gRPC, in the delta and the state-of-the-world form.
///
/// ```swift
/// let controlPlane = EnvoyControlPlane(port: 0) { print($0) }
/// async let serving: Void = controlPlane.run()
/// controlPlane.update(view)
/// let port = try await controlPlane.boundPort
/// ```
/// Until the first `update`, proxies are accepted and get no answer, so that one that comes back to a control plane
/// just started keeps what it has. The first view should therefore be a complete one.
public final class EnvoyControlPlane: Sendable {
  public struct Configuration: Sendable {
    public var host = "127.0.0.1"
    /// 0 lets the system choose: see `boundPort`.
    public var port = 0
    public var policy = TrafficPolicy()
    /// After a view was taken, the next one waits this long; of those that come meanwhile, only the newest counts.
    public var coalescing: Duration = .milliseconds(20)
    /// Proxies served at once; one more is refused with RESOURCE_EXHAUSTED and comes back later.
    public var streamsMax = 2_000

    public init() {}
  }

  private let configuration: Configuration
  private let clock: any Clock<Duration>
  private let hub: MeshHub
  private let transport: HTTP2ServerTransport.Posix
  private let views: AsyncStream<ClusterView>
  private let newestView: AsyncStream<ClusterView>.Continuation

  /// - Parameter report: told what happens, in order, from within the control plane: it must return at once.
  public init(
    _ configuration: Configuration = Configuration(), clock: any Clock<Duration> = ContinuousClock(),
    report: @escaping @Sendable (MeshEvent) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.clock = clock
    hub = MeshHub(policy: configuration.policy, streamsMax: configuration.streamsMax, report: report)
    (views, newestView) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    let isIPv6 = configuration.host.utf8.contains(UInt8(ascii: ":"))
    transport = HTTP2ServerTransport.Posix(
      address: isIPv6
        ? .ipv6(host: configuration.host, port: configuration.port)
        : .ipv4(host: configuration.host, port: configuration.port),
      transportSecurity: .plaintext,
      config: .defaults { config in
        // Answers are few and awaited: none is held back to travel with the next.
        config.connection.flushCoalescing = nil
        // A proxy that vanished is noticed within half a minute; Envoys that ping on their own are not turned away.
        config.connection.keepalive.time = .seconds(20)
        config.connection.keepalive.timeout = .seconds(10)
        config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(1)
        config.connection.keepalive.clientBehavior.allowWithoutCalls = true
        config.rpc.maxRequestPayloadSize = 1024 * 1024
      })
  }

  public convenience init(
    host: String, port: Int, report: @escaping @Sendable (MeshEvent) -> Void = { _ in }
  ) {
    var configuration = Configuration()
    configuration.host = host
    configuration.port = port
    self.init(configuration, report: report)
  }

  /// Takes a newer view of the cluster; returns at once. An older one that was not yet looked at is forgotten.
  public func update(_ view: ClusterView) { newestView.yield(view) }

  /// Serves until cancelled. Once only.
  /// - Throws: when the address cannot be bound.
  public func run() async throws {
    let server = GRPCServer(transport: transport, services: [DiscoveryService(hub: hub)])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      group.addTask { try await self.follow() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func follow() async throws {
    for await view in views {
      await hub.apply(view)
      try await clock.sleep(for: configuration.coalescing)
    }
  }

  /// The port that is served; waits until `run` has bound it.
  /// - Throws: when it could not be bound, or is no longer.
  public var boundPort: Int {
    get async throws {
      let address = try await transport.listeningAddress
      return address.ipv4?.port ?? address.ipv6?.port ?? configuration.port
    }
  }

  /// Every proxy connected now, by id.
  public var proxies: [ProxyStatus] { get async { await hub.proxies } }
}
