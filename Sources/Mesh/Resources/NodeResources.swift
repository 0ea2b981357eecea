/// All that one proxy should have: what its stream is held against.
public struct NodeResources: Sendable, Equatable {
  public var clusters: [String: EncodedResource] = [:]
  /// By the name of their cluster: an EDS cluster and its endpoints share it.
  public var endpoints: [String: EncodedResource] = [:]
  public var listeners: [String: EncodedResource] = [:]
  public var routes: [String: EncodedResource] = [:]

  public init() {}

  public subscript(kind: ResourceKind) -> [String: EncodedResource] {
    get {
      switch kind {
      case .cluster: clusters
      case .endpoints: endpoints
      case .listener: listeners
      case .route: routes
      }
    }
    set {
      switch kind {
      case .cluster: clusters = newValue
      case .endpoints: endpoints = newValue
      case .listener: listeners = newValue
      case .route: routes = newValue
      }
    }
  }
}
