import Mesh

/// What happened between the control plane and a proxy.
public enum MeshEvent: Sendable, CustomStringConvertible {
  case connected(ProxyNode)
  case disconnected(ProxyNode)
  /// The proxy has taken an answer into use.
  case accepted(ProxyNode, ResourceKind, version: String)
  /// The proxy refused an answer; what it had before stays in use.
  case rejected(ProxyNode, DiscoveryRejection)
  /// A stream was turned away, and why.
  case refused(reason: String)

  /// Whether somebody should look at it.
  public var isWarning: Bool {
    switch self {
    case .rejected, .refused: true
    case .connected, .disconnected, .accepted: false
    }
  }

  public var description: String {
    switch self {
    case .connected(let node): "\(node) connected"
    case .disconnected(let node): "\(node) disconnected"
    case .accepted(let node, let kind, let version): "\(node) accepted \(kind) \(version)"
    case .rejected(let node, let rejection): "\(node): \(rejection)"
    case .refused(let reason): "stream refused: \(reason)"
    }
  }
}

/// A connected proxy, as the control plane knows it.
public struct ProxyStatus: Sendable {
  public var node: ProxyNode
  /// Whether it has accepted all that it should have.
  public var isSettled: Bool
  /// The latest refusal of each kind on this stream, until something of that kind is accepted again.
  public var rejections: [DiscoveryRejection]
}
