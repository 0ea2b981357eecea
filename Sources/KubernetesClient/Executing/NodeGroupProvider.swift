import Kubernetes

/// The part of a cloud that grows and shrinks sets of nodes.
public protocol NodeGroupProvider: Sendable {
  func groups() async -> [String: NodeGroup]
  /// - Throws: where the group does not exist or the size is beyond its bounds.
  func resize(_ group: String, to size: Int) async throws
  /// Ends the node's machine and makes its group one smaller.
  func terminate(node: String) async throws
}
