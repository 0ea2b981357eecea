import Kubernetes

/// The path of a request for a resource, taken apart.
struct ResourcePath: Equatable, Sendable {
  var group: String
  var version: String
  var namespace = ""
  var plural: String
  var name: String?
  var subresource: String?

  /// Whether a path is of a resource, and not of a group's or a version's description.
  static func isBelowVersion(_ path: String) -> Bool {
    let slashes = path.utf8.lazy.filter { $0 == UInt8(ascii: "/") }.count
    return path.hasPrefix("/api/") ? slashes > 2 : path.hasPrefix("/apis/") && slashes > 3
  }

  /// - Returns: nil where the path is not below `/api/V` or `/apis/G/V`.
  init?(_ path: String) {
    var parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)[...]
    switch parts.popFirst() {
    case "api":
      guard let version = parts.popFirst() else { return nil }
      group = ""
      self.version = version
    case "apis":
      guard let group = parts.popFirst(), let version = parts.popFirst() else { return nil }
      self.group = group
      self.version = version
    default: return nil
    }
    // `namespaces/x/status` is a subresource of the namespace; `namespaces/x/pods` is a collection in it.
    if parts.first == "namespaces", parts.count >= 3, !["status", "finalize"].contains(parts[parts.startIndex + 2]) {
      namespace = parts[parts.startIndex + 1]
      parts = parts.dropFirst(2)
    }
    guard let plural = parts.popFirst() else { return nil }
    self.plural = plural
    name = parts.popFirst()
    subresource = parts.popFirst()
    guard parts.isEmpty else { return nil }
  }
}
