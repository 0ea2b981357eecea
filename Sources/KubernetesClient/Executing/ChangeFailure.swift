import Kubernetes

/// A change that could not be made, and why.
public struct ChangeFailure: Error, Sendable, CustomStringConvertible {
  public var change: Change
  public var error: any Error

  public init(change: Change, error: any Error) {
    self.change = change
    self.error = error
  }

  /// The server's refusal, where that is what it was.
  public var refusal: APIError? { error as? APIError }
  /// The object is gone, exists already or was changed by somebody else: the next look at the cluster settles it.
  public var isRace: Bool { refusal.map { $0.isNotFound || $0.isAlreadyExists || $0.isConflict } ?? false }
  public var description: String { "\(change.summary): \(error)" }
}

extension Change {
  /// What is to be done, in a few words: for logs.
  public var summary: String {
    switch self {
    case .create(let object): "create \(Self.name(object))"
    case .update(let object, let subresource): "update \(subresource.map { "\($0) of " } ?? "")\(Self.name(object))"
    case .patch(let target, _, _, let subresource, _): "patch \(subresource.map { "\($0) of " } ?? "")\(target)"
    case .delete(let target, _, _): "delete \(target)"
    case .evict(let pod): "evict pod \(pod)"
    case .bind(let pod, let node): "bind pod \(pod) to \(node)"
    case .resizeNodeGroup(let group, let size): "resize node group \(group) to \(size)"
    case .terminateNode(let node): "terminate node \(node)"
    case .record(let note): "record \(note.reason) about \(note.about.kind) \(note.about.name)"
    }
  }

  private static func name(_ object: JSONValue) -> String {
    let (namespace, name) = KubernetesClient.identity(of: object)
    return "\(object["kind"]?.stringValue ?? "object") \(NamespacedName(namespace, name))"
  }
}
