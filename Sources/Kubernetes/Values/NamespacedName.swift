/// Where a namespaced object lives; `namespace` is empty for cluster-wide objects.
public struct NamespacedName: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var namespace: String
  public var name: String

  public init(_ namespace: String, _ name: String) {
    self.namespace = namespace
    self.name = name
  }

  public static func < (left: NamespacedName, right: NamespacedName) -> Bool {
    left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
  }

  public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}
