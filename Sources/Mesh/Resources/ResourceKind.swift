/// The kinds of resources that a proxy asks for, in the order in which they must be there.
public enum ResourceKind: Int, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  case cluster, endpoints, listener, route

  /// What `Any` calls the message, and what a discovery request names.
  public var typeURL: String {
    switch self {
    case .cluster: "type.googleapis.com/envoy.config.cluster.v3.Cluster"
    case .endpoints: "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"
    case .listener: "type.googleapis.com/envoy.config.listener.v3.Listener"
    case .route: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"
    }
  }

  /// Nil for a type that this mesh does not serve.
  public init?(typeURL: String) {
    guard let kind = ResourceKind.allCases.first(where: { $0.typeURL == typeURL }) else { return nil }
    self = kind
  }

  /// Whether an empty first subscription means all of them (the legacy wildcard of CDS and LDS).
  var hasLegacyWildcard: Bool { self == .cluster || self == .listener }

  public static func < (left: ResourceKind, right: ResourceKind) -> Bool { left.rawValue < right.rawValue }

  public var description: String {
    switch self {
    case .cluster: "cluster"
    case .endpoints: "endpoints"
    case .listener: "listener"
    case .route: "route"
    }
  }
}
