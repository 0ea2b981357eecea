import SwiftProtobuf

/// Makes the clusters of a proxy.
enum Clusters {
  /// What a service's cluster depends on. Its endpoints are not in it: replacing a cluster drops its connections, so
  /// it must not change while a service scales.
  struct Capacity: Hashable {
    /// Replicas that the service has at least, or has now where nobody declared a minimum.
    var replicasMin: Int
    /// Replicas that the service may grow to.
    var replicasMax: Int
  }

  /// The cluster of a called service, whose endpoints come by EDS under the same name.
  static func service(_ name: String, _ capacity: Capacity, _ policy: TrafficPolicy) -> Cluster {
    .with {
      $0.name = name
      $0.type = .eds
      $0.edsClusterConfig.edsConfig = .aggregated
      $0.connectTimeout = .init(policy.connectTimeoutSeconds)
      $0.perConnectionBufferLimitBytes = .init(count: policy.bufferBytes)
      $0.lbPolicy = .leastRequest
      $0.leastRequestLbConfig.choiceCount = .init(count: policy.leastRequestChoices)
      $0.commonLbConfig.healthyPanicThreshold = .init(policy.panicPercent)
      $0.circuitBreakers = circuitBreakers(policy.concurrency(replicasMax: capacity.replicasMax), policy)
      $0.outlierDetection = outlierDetection(replicas: capacity.replicasMin, policy)
      $0.upstreamConnectionOptions.tcpKeepalive = .with {
        // A peer that vanished without a word is noticed after 20 s, not after the kernel's two hours.
        $0.keepaliveTime = 10
        $0.keepaliveInterval = 5
        $0.keepaliveProbes = 2
      }
      $0.setHTTP1(idleSeconds: policy.upstreamIdleSeconds, failure: outlierFailure)
    }
  }

  /// The application beside a sidecar.
  static func application(_ name: String, host: String, port: Int, _ policy: TrafficPolicy) -> Cluster {
    .with {
      $0.name = name
      $0.type = .static
      $0.loadAssignment = Endpoints.assignment(name, [Endpoints.Target(address: host, port: port)])
      $0.connectTimeout = .init(policy.connectTimeoutSeconds)
      $0.perConnectionBufferLimitBytes = .init(count: policy.bufferBytes)
      $0.circuitBreakers = circuitBreakers(policy.inboundConcurrency, policy)
      $0.setHTTP1(idleSeconds: policy.applicationIdleSeconds)
    }
  }

  private static func circuitBreakers(_ concurrency: Int, _ policy: TrafficPolicy)
    -> Envoy_Config_Cluster_V3_CircuitBreakers
  {
    .with {
      $0.thresholds = [
        .with {
          $0.maxConnections = .init(count: concurrency)
          $0.maxPendingRequests = .init(count: concurrency)
          $0.maxRequests = .init(count: concurrency)
          $0.retryBudget.budgetPercent = .init(policy.retryBudgetPercent)
          $0.retryBudget.minRetryConcurrency = .init(count: policy.retryConcurrencyMin)
        }
      ]
    }
  }

  /// What counts against an endpoint: a sidecar that says it could not reach its application, and 5xx other than 503. An
  /// application that answers 503 is there and busy: to eject it would give its share of an overload to the others.
  private static let outlierFailure = Envoy_Config_Common_Matcher_V3_MatchPredicate.with {
    func answer(_ header: Envoy_Config_Route_V3_HeaderMatcher) -> Envoy_Config_Common_Matcher_V3_MatchPredicate {
      .with { $0.httpResponseHeadersMatch.headers = [header] }
    }
    func status(_ codes: Range<Int64>) -> Envoy_Config_Common_Matcher_V3_MatchPredicate {
      answer(
        .with {
          $0.name = ":status"
          $0.rangeMatch = .with { ($0.start, $0.end) = (codes.lowerBound, codes.upperBound) }
        })
    }
    let unreached = answer(
      .with {
        $0.name = Routes.unreachedHeader
        $0.presentMatch = true
      })
    $0.orMatch.rules = [unreached, status(500..<503), status(504..<600)]
  }

  private static func outlierDetection(replicas: Int, _ policy: TrafficPolicy)
    -> Envoy_Config_Cluster_V3_OutlierDetection
  {
    .with {
      $0.consecutive5Xx = .init(count: policy.consecutiveFailures)
      $0.splitExternalLocalOriginErrors = true
      $0.consecutiveLocalOriginFailure = .init(count: policy.consecutiveLocalFailures)
      $0.interval = .init(policy.ejectionIntervalSeconds)
      $0.baseEjectionTime = .init(policy.ejectionSeconds)
      $0.maxEjectionTime = .init(policy.ejectionSecondsMax)
      $0.maxEjectionTimeJitter = .init(policy.ejectionJitterSeconds)
      $0.maxEjectionPercent = .init(count: policy.ejectionPercentMax(replicas: replicas))
      // Statistics over endpoints eject whoever is slowest in an overload: what counts is failing in a row.
      $0.enforcingSuccessRate = 0
      $0.enforcingLocalOriginSuccessRate = 0
    }
  }
}

extension Cluster {
  /// - Parameter failure: which answers outlier detection counts as failures; nil for all 5xx.
  fileprivate mutating func setHTTP1(
    idleSeconds: Double, failure: Envoy_Config_Common_Matcher_V3_MatchPredicate? = nil
  ) {
    let options = Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions.with {
      $0.commonHTTPProtocolOptions.idleTimeout = .init(idleSeconds)
      $0.explicitHTTPConfig.httpProtocolOptions = .init()
      if let failure { $0.outlierDetection.errorMatcher = failure }
    }
    typedExtensionProtocolOptions = ["envoy.extensions.upstreams.http.v3.HttpProtocolOptions": .init(packing: options)]
  }
}
