import Kubernetes
import SwiftProtobuf

/// A snapshot of a proxy's resources as one static bootstrap: routes and endpoints in their places, every route held
/// against the clusters. `envoy --mode validate` then judges it without a control plane.
public enum StaticBootstrap {
  /// - Throws: when the bytes of a resource are not those of its kind.
  public static func json(of node: ProxyNode, _ resources: NodeResources) throws -> JSONValue {
    let bootstrap = try Envoy_Config_Bootstrap_V3_Bootstrap.with {
      $0.node.id = node.id
      $0.node.cluster = node.cluster
      $0.staticResources.clusters = try sorted(resources.clusters).map { try cluster($0, resources) }
      $0.staticResources.listeners = try sorted(resources.listeners).map { try listener($0, resources) }
    }
    register
    return try JSONValue(parsing: try bootstrap.jsonString())
  }

  private static func sorted(_ resources: [String: EncodedResource]) -> [EncodedResource] {
    resources.values.sorted { $0.name < $1.name }
  }

  private static func cluster(_ resource: EncodedResource, _ resources: NodeResources) throws -> Cluster {
    var cluster = try Cluster(serializedBytes: resource.bytes)
    guard cluster.type == .eds else { return cluster }
    cluster.type = .static
    cluster.clearEdsClusterConfig()
    if let endpoints = resources.endpoints[resource.name] {
      cluster.loadAssignment = try ClusterLoadAssignment(serializedBytes: endpoints.bytes)
    } else {
      cluster.loadAssignment.clusterName = resource.name
    }
    return cluster
  }

  private static func listener(_ resource: EncodedResource, _ resources: NodeResources) throws -> Listener {
    var listener = try Listener(serializedBytes: resource.bytes)
    for chain in listener.filterChains.indices {
      for filter in listener.filterChains[chain].filters.indices {
        var manager = try HttpConnectionManager(
          unpackingAny: listener.filterChains[chain].filters[filter].typedConfig)
        if case .rds(let rds) = manager.routeSpecifier, let table = resources.routes[rds.routeConfigName] {
          manager.routeConfig = try RouteConfiguration(serializedBytes: table.bytes)
        }
        manager.routeConfig.validateClusters = true
        listener.filterChains[chain].filters[filter].typedConfig = .init(packing: manager)
      }
    }
    return listener
  }

  /// JSON writes an `Any` as the message in it, which it must know.
  private static let register: Void = {
    Google_Protobuf_Any.register(messageType: HttpConnectionManager.self)
    Google_Protobuf_Any.register(messageType: Envoy_Extensions_Filters_Http_Router_V3_Router.self)
    Google_Protobuf_Any.register(messageType: Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions.self)
    Google_Protobuf_Any.register(messageType: Envoy_Extensions_Retry_Host_PreviousHosts_V3_PreviousHostsPredicate.self)
  }()
}
