/// One thing to do, as data. Executors turn changes into requests; decisions only make them.
public enum Change: Sendable, Hashable {
  case create(JSONValue)
  /// A whole object with the resourceVersion it was read at: refused with a conflict when somebody was faster.
  case update(JSONValue, subresource: String? = nil)
  case patch(Target, PatchType, JSONValue, subresource: String? = nil, fieldManager: String? = nil)
  case delete(Target, uid: String? = nil, gracePeriodSeconds: Int? = nil)
  /// Through the Eviction API, which respects disruption budgets.
  case evict(NamespacedName)
  case bind(pod: NamespacedName, node: String)
  case resizeNodeGroup(String, to: Int)
  case terminateNode(String)
  case record(EventNote)

  public struct Target: Sendable, Hashable, CustomStringConvertible {
    public var resource: ResourceType
    public var namespace: String
    public var name: String

    public init(_ resource: ResourceType, namespace: String = "", name: String) {
      self.resource = resource
      self.namespace = namespace
      self.name = name
    }
    public init<Object: KubernetesObject>(_ object: Object) {
      self.init(Object.resource, namespace: object.metadata.namespace, name: object.metadata.name)
    }
    public var description: String { "\(resource.qualifiedPlural) \(NamespacedName(namespace, name))" }
  }

  /// An Event to be recorded: why something was done. Equal notes are counted, not repeated.
  public struct EventNote: Sendable, Hashable {
    public var about: ObjectReference
    public var isWarning: Bool
    public var reason: String
    public var message: String
    public var component: String

    public init(about: ObjectReference, isWarning: Bool = false, reason: String, message: String, component: String) {
      self.about = about
      self.isWarning = isWarning
      self.reason = reason
      self.message = message
      self.component = component
    }
  }
}

/// How a patch is to be read.
public enum PatchType: String, Sendable, Hashable {
  case json = "application/json-patch+json"
  case merge = "application/merge-patch+json"
  case strategic = "application/strategic-merge-patch+json"
  case apply = "application/apply-patch+yaml"
}

/// A decision about a cluster: pure, so that what was rehearsed is what runs.
public protocol Decision: Sendable {
  /// - Parameters:
  ///   - view: the cluster as last seen.
  ///   - now: the moment, given by the caller.
  /// - Returns: what to do, in order; nothing when all is as it should be.
  mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change]
}
