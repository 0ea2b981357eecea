import Kubernetes

/// Which objects of a collection are wanted, and as of when (`metav1.ListOptions`).
public struct ListOptions: Sendable, Hashable {
  /// How `resourceVersion` is meant.
  public enum Match: String, Sendable { case exact = "Exact", notOlderThan = "NotOlderThan" }

  public var labelSelector = ""
  public var fieldSelector = ""
  /// Empty for the newest state; `0` for any, from the server's cache.
  public var resourceVersion = ""
  public var resourceVersionMatch: Match?
  /// Objects in a page; 0 asks for all at once. client-go's pager has the same default.
  public var pageItems = 500

  public init(
    labelSelector: String = "", fieldSelector: String = "", resourceVersion: String = "",
    resourceVersionMatch: Match? = nil, pageItems: Int = 500
  ) {
    self.labelSelector = labelSelector
    self.fieldSelector = fieldSelector
    self.resourceVersion = resourceVersion
    self.resourceVersionMatch = resourceVersionMatch
    self.pageItems = pageItems
  }

  var selectors: [(name: String, value: String)] {
    var query: [(name: String, value: String)] = []
    if !labelSelector.isEmpty { query.append(("labelSelector", labelSelector)) }
    if !fieldSelector.isEmpty { query.append(("fieldSelector", fieldSelector)) }
    return query
  }

  var versions: [(name: String, value: String)] {
    var query: [(name: String, value: String)] = []
    if !resourceVersion.isEmpty { query.append(("resourceVersion", resourceVersion)) }
    if let resourceVersionMatch { query.append(("resourceVersionMatch", resourceVersionMatch.rawValue)) }
    return query
  }
}
