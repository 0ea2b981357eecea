/// How the mesh treats traffic: one value for all services, from which every cluster, route and listener is made.
///
/// The defaults are for bursts and for nodes that may vanish. Retries are only for requests that the application has
/// certainly not seen; they are bounded by a budget, not by a count, which would throttle exactly in a burst.
public struct TrafficPolicy: Sendable, Hashable {
  // Timeouts
  public var routeTimeoutSeconds = 15.0
  /// Above the caller's, so that it is the caller who decides.
  public var inboundTimeoutSeconds = 20.0
  public var connectTimeoutSeconds = 1.0
  /// Of a request's headers at the edge.
  public var headersTimeoutSeconds = 10.0
  /// Of listeners: above the 60 s of an AWS load balancer, which else sends into connections just closed.
  public var listenerIdleSeconds = 120.0
  /// Of connections between proxies: below the listener's, for the same reason.
  public var upstreamIdleSeconds = 60.0
  /// Of connections to the application: below the 5 s after which common servers close theirs.
  public var applicationIdleSeconds = 4.0

  // Retries
  /// Tries in all, the first included.
  public var tries = 2
  public var retryBackOffMinSeconds = 0.025
  public var retryBackOffMaxSeconds = 0.25
  public var retryBudgetPercent = 20.0
  public var retryConcurrencyMin = 3

  // Outlier ejection
  /// Answers in a row that say an endpoint fails; 503 of an application says only that it is busy.
  public var consecutiveFailures = 5
  /// Connects that failed, resets: how a node that vanished looks.
  public var consecutiveLocalFailures = 3
  public var ejectionIntervalSeconds = 1.0
  public var ejectionSeconds = 10.0
  public var ejectionSecondsMax = 60.0
  public var ejectionJitterSeconds = 5.0
  /// Below this share of healthy endpoints all are used. Ejection stops far above it.
  public var panicPercent = 25.0

  // Sizes
  /// Requests in flight that a cluster may have for each replica its service can grow to.
  public var concurrencyPerReplica = 256
  public var concurrencyMin = 1024
  /// To the one application beside a sidecar, which has limits of its own.
  public var inboundConcurrency = 8192
  public var bufferBytes = 32 * 1024
  public var backlog = 1024
  /// HTTP/2 streams a connection.
  public var streamsPerConnection = 100
  /// Endpoints compared for each request.
  public var leastRequestChoices = 3

  public init() {}

  /// How many percent of a service's endpoints may be ejected at once. Envoy's own 10 % is inert below 10 endpoints.
  /// One of two, one of three, then a third.
  public func ejectionPercentMax(replicas: Int) -> Int { replicas <= 2 ? 50 : 34 }

  /// Requests in flight that a cluster may have.
  public func concurrency(replicasMax: Int) -> Int { max(concurrencyMin, concurrencyPerReplica * replicasMax) }
}
