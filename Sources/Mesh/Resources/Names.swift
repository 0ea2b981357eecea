/// The ports that every sidecar uses.
public enum MeshPorts {
  /// On the pod's address: requests to the application.
  public static let inbound = 15006
  /// On the mesh address: the first called service by name; the next ones follow.
  public static let outboundFirst = 15100
  public static let outboundLast = 15999
  /// On the mesh address: Envoy's own administration.
  public static let admin = 15000
}

/// What a sidecar's listeners, clusters and statistics are called.
public enum SidecarNames {
  public static let inbound = "inbound"
  public static let inboundHealth = "inbound_health"
  public static let outboundPrefix = "outbound_"
  public static func outbound(_ service: String) -> String { outboundPrefix + service }
}

/// What the edge's listeners and statistics are called.
public enum EdgeNames {
  public static let statPrefix = "edge"
  public static func listener(port: Int) -> String { "edge_\(port)" }
}
