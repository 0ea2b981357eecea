import SwiftProtobuf

/// Makes the listeners of a proxy: each one HTTP connection manager with a router.
enum Listeners {
  /// In front of the application; its one route table comes with it.
  static func inbound(host: String, healthPath: String, _ policy: TrafficPolicy) -> Listener {
    listener(SidecarNames.inbound, host, MeshPorts.inbound, .inbound, policy) {
      $0.statPrefix = SidecarNames.inbound
      $0.routeConfig = Routes.toApplication(healthPath: healthPath, policy)
      $0.serverHeaderTransformation = .passThrough
      $0.localReplyConfig.mappers = [unreached]
    }
  }

  /// In front of a called service.
  static func outbound(_ service: String, host: String, port: Int, _ policy: TrafficPolicy) -> Listener {
    let name = SidecarNames.outbound(service)
    return listener(name, host, port, .outbound, policy) {
      $0.statPrefix = name
      $0.rds = routes(name)
      $0.serverHeaderTransformation = .passThrough
    }
  }

  /// On a node port, for clients that nobody vouches for.
  static func edge(_ name: String, host: String, port: Int, _ policy: TrafficPolicy) -> Listener {
    listener(name, host, port, .outbound, policy) {
      $0.statPrefix = EdgeNames.statPrefix
      $0.rds = routes(name)
      $0.useRemoteAddress = true
      $0.normalizePath = true
      $0.mergeSlashes = true
      $0.pathWithEscapedSlashesAction = .keepUnchanged
      $0.requestHeadersTimeout = .init(policy.headersTimeoutSeconds)
    }
  }

  private static func listener(
    _ name: String, _ host: String, _ port: Int, _ direction: Envoy_Config_Core_V3_TrafficDirection,
    _ policy: TrafficPolicy,
    _ build: (inout HttpConnectionManager) -> Void
  ) -> Listener {
    let manager = HttpConnectionManager.with {
      $0.commonHTTPProtocolOptions.idleTimeout = .init(policy.listenerIdleSeconds)
      $0.http2ProtocolOptions.maxConcurrentStreams = .init(count: policy.streamsPerConnection)
      $0.http2ProtocolOptions.initialStreamWindowSize = .init(count: 64 * 1024)
      $0.http2ProtocolOptions.initialConnectionWindowSize = .init(count: 1024 * 1024)
      $0.httpFilters = [
        .with {
          $0.name = "envoy.filters.http.router"
          $0.typedConfig = .init(packing: Envoy_Extensions_Filters_Http_Router_V3_Router())
        }
      ]
      build(&$0)
    }
    return .with {
      $0.name = name
      $0.address = Address(host, port)
      $0.trafficDirection = direction
      $0.perConnectionBufferLimitBytes = .init(count: policy.bufferBytes)
      $0.tcpBacklogSize = .init(count: policy.backlog)
      // With it two proxies would quietly share a port, and each get a part of the other's traffic.
      $0.enableReusePort = false
      $0.filterChains = [
        .with {
          $0.filters = [
            .with {
              $0.name = "envoy.filters.network.http_connection_manager"
              $0.typedConfig = .init(packing: manager)
            }
          ]
        }
      ]
    }
  }

  private static func routes(_ name: String) -> Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_Rds {
    .with {
      $0.routeConfigName = name
      $0.configSource = .aggregated
    }
  }

  /// Answers of the sidecar itself to requests that never left it: no connection (UF), no room (UO), no host (UH).
  private static var unreached: Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_ResponseMapper {
    .with {
      $0.filter.responseFlagFilter.flags = ["UF", "UO", "UH"]
      $0.headersToAdd = [
        .with {
          $0.header.key = Routes.unreachedHeader
          $0.header.value = "1"
          $0.appendAction = .overwriteIfExistsOrAdd
        }
      ]
    }
  }
}
