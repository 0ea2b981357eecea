import Kubernetes
import SwiftProtobuf

/// Who a proxy says it is: the `node` of its bootstrap, read.
public struct ProxyNode: Sendable, Hashable, CustomStringConvertible {
  public enum Role: Sendable, Hashable {
    /// Beside an application. Called services are served on `meshAddress`, the application on `podIP`.
    case sidecar(podIP: String, meshAddress: String)
    /// In front of the node ports, which it serves on `listenAddress`.
    case edge(listenAddress: String)
  }
  public var id: String
  /// The service of a sidecar.
  public var cluster: String
  public var role: Role

  public init(id: String, cluster: String, role: Role) {
    self.id = id
    self.cluster = cluster
    self.role = role
  }

  /// The pod of a sidecar: its id is `namespace/name`.
  public var pod: NamespacedName? {
    guard case .sidecar = role, let slash = id.firstIndex(of: "/") else { return nil }
    return NamespacedName(String(id[..<slash]), String(id[id.index(after: slash)...]))
  }

  public var description: String { id }
}

/// Why a proxy cannot be served.
public struct ProxyNodeError: Error, Equatable, CustomStringConvertible {
  public var description: String
}

extension ProxyNode {
  /// - Throws: `ProxyNodeError` naming what the bootstrap's `node` lacks.
  package init(_ node: Envoy_Config_Core_V3_Node) throws(ProxyNodeError) {
    func text(_ key: String) -> String { node.metadata.fields[key]?.stringValue ?? "" }
    func address(_ key: String, otherwise: String = "") throws(ProxyNodeError) -> String {
      let value = text(key).isEmpty ? otherwise : text(key)
      guard !value.isEmpty, value.utf8.allSatisfy({ Self.addressBytes.contains($0) }) else {
        throw ProxyNodeError(description: "node \"\(node.id)\": metadata.\(key) must be an IP address, is \"\(value)\"")
      }
      return value
    }
    if text("role") == "edge" {
      self.init(id: node.id, cluster: node.cluster, role: .edge(listenAddress: try address("listenAddress")))
      return
    }
    self.init(
      id: node.id, cluster: node.cluster,
      role: .sidecar(podIP: try address("podIP"), meshAddress: try address("meshAddress", otherwise: "127.0.0.1")))
    guard let pod, !pod.namespace.isEmpty, !pod.name.isEmpty, !pod.name.utf8.contains(UInt8(ascii: "/")) else {
      throw ProxyNodeError(description: "node \"\(node.id)\": a sidecar's id is namespace/pod")
    }
    guard !cluster.isEmpty else {
      throw ProxyNodeError(description: "node \"\(node.id)\": a sidecar's cluster is its service")
    }
  }

  private static let addressBytes = Set("0123456789abcdefABCDEF.:".utf8)
}
