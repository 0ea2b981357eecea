import SwiftProtobuf

/// Makes the route tables of a proxy: one virtual host that takes every name.
enum Routes {
  /// Set by a sidecar on answers of its own that say that the application never saw the request; a caller's proxy may
  /// then try another endpoint, whatever the method. Taken off before the caller sees it.
  static let unreachedHeader = "x-sakigake-unreached"

  static func toService(_ name: String, cluster: String, host: String?, _ policy: TrafficPolicy) -> RouteConfiguration {
    table(name) {
      $0.responseHeadersToRemove = [unreachedHeader]
      $0.routes = [
        .with {
          $0.match.prefix = "/"
          $0.route.cluster = cluster
          $0.route.timeout = .init(policy.routeTimeoutSeconds)
          $0.route.retryPolicy = retryPolicy(policy)
          if let host { $0.route.hostRewriteLiteral = host }
        }
      ]
    }
  }

  /// To the application: health checks by a cluster of their own, so that they do not count as load.
  static func toApplication(healthPath: String, _ policy: TrafficPolicy) -> RouteConfiguration {
    table(SidecarNames.inbound) {
      if !healthPath.isEmpty {
        $0.routes.append(
          .with {
            $0.match.path = healthPath
            $0.route.cluster = SidecarNames.inboundHealth
            $0.route.timeout = .init(policy.inboundTimeoutSeconds)
          })
      }
      $0.routes.append(
        .with {
          $0.match.prefix = "/"
          $0.route.cluster = SidecarNames.inbound
          $0.route.timeout = .init(policy.inboundTimeoutSeconds)
        })
    }
  }

  private static func table(
    _ name: String, _ build: (inout Envoy_Config_Route_V3_VirtualHost) -> Void
  ) -> RouteConfiguration {
    .with {
      $0.name = name
      // Order, not refusal, keeps routes and clusters together: a refused table would leave a proxy with the old one.
      $0.validateClusters = false
      $0.virtualHosts = [
        .with {
          $0.name = name
          $0.domains = ["*"]
          build(&$0)
        }
      ]
    }
  }

  private static func retryPolicy(_ policy: TrafficPolicy) -> Envoy_Config_Route_V3_RetryPolicy {
    .with {
      $0.retryOn = "connect-failure,refused-stream,reset-before-request,retriable-headers"
      $0.numRetries = .init(count: max(0, policy.tries - 1))
      $0.retriableHeaders = [
        .with {
          $0.name = unreachedHeader
          $0.presentMatch = true
        }
      ]
      $0.retryHostPredicate = [
        .with {
          $0.name = "envoy.retry_host_predicates.previous_hosts"
          $0.typedConfig = .init(packing: Envoy_Extensions_Retry_Host_PreviousHosts_V3_PreviousHostsPredicate())
        }
      ]
      $0.hostSelectionRetryMaxAttempts = 5
      $0.retryBackOff.baseInterval = .init(policy.retryBackOffMinSeconds)
      $0.retryBackOff.maxInterval = .init(policy.retryBackOffMaxSeconds)
    }
  }
}
