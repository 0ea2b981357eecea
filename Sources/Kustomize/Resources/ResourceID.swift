/// Group, version and kind.
struct GVK: Hashable, Sendable {
  var group = ""
  var version = ""
  var kind = ""

  init(group: String = "", version: String = "", kind: String = "") {
    self.group = group
    self.version = version
    self.kind = kind
  }

  init(apiVersion: String, kind: String) {
    if let slash = apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")) {
      group = String(apiVersion[..<slash])
      version = String(apiVersion[apiVersion.utf8.index(after: slash)...])
    } else {
      version = apiVersion
    }
    self.kind = kind
  }

  var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// Whether a selector, whose empty parts match everything, selects this.
  func isSelected(by selector: GVK) -> Bool {
    (selector.kind.isEmpty || kind == selector.kind) && (selector.group.isEmpty || group == selector.group)
      && (selector.version.isEmpty || version == selector.version)
  }

  /// As kustomize's messages name it: `Deployment.v1.apps`.
  var text: String {
    [kind.isEmpty ? "[noKind]" : kind, version.isEmpty ? "[noVer]" : version, group.isEmpty ? "[noGrp]" : group]
      .joined(separator: ".")
  }

  /// The order of field specifications, which is that of the legacy sort.
  struct SortKey: Comparable {
    private let rank: Int
    private let text: String

    init(_ gvk: GVK) {
      rank = KindRanks.standard.rank(gvk.kind)
      text = gvk.sortText
    }

    static func < (left: SortKey, right: SortKey) -> Bool {
      left.rank != right.rank ? left.rank < right.rank : left.text < right.text
    }
  }

  var sortText: String {
    [group.isEmpty ? "~G" : group, version.isEmpty ? "~V" : version, kind.isEmpty ? "~K" : kind].joined(separator: "_")
  }
}

/// What tells one resource from another.
struct ResourceID: Hashable, Sendable {
  var gvk: GVK
  var name: String
  /// As it is written; empty where it is not.
  var namespace: String
  var isClusterScoped = false

  /// Stands for the namespace of what has none.
  static let noNamespace = "_non_namespaceable_"

  var effectiveNamespace: String {
    isClusterScoped ? Self.noNamespace : namespace.isEmpty || namespace == "default" ? "default" : namespace
  }

  /// The same for all IDs that are one to kustomize.
  var key: Key { Key(gvk: gvk, name: name, namespace: effectiveNamespace) }

  struct Key: Hashable, Sendable {
    var gvk: GVK
    var name: String
    var namespace: String
  }

  /// Whether a selector, whose empty parts match everything, selects this.
  func isSelected(by selector: ResourceID) -> Bool {
    (selector.name.isEmpty || selector.name == name)
      && (selector.namespace.isEmpty || selector.effectiveNamespace == effectiveNamespace)
      && gvk.isSelected(by: selector.gvk)
  }

  /// As kustomize's messages name it: `Deployment.v1.apps/web.default`.
  var text: String {
    "\(gvk.text)/\(name.isEmpty ? "[noName]" : name).\(namespace.isEmpty ? "[noNs]" : namespace)"
  }
}

/// In what order kinds stand: first those that others need, last those that get in others' way.
struct KindRanks: Sendable {
  private let ranks: [String: Int]

  init(first: [String], last: [String]) {
    var ranks: [String: Int] = [:]
    for (index, kind) in first.enumerated() { ranks[kind] = index - first.count }
    for (index, kind) in last.enumerated() { ranks[kind] = index + 1 }
    self.ranks = ranks
  }

  func rank(_ kind: String) -> Int { ranks[kind] ?? 0 }

  /// kustomize's legacy order (api/internal/builtins/SortOrderTransformer.go).
  static let standard = KindRanks(
    first: [
      "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount", "PodSecurityPolicy",
      "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ConfigMap", "Secret", "Endpoints", "Service",
      "LimitRange", "PriorityClass", "PersistentVolume", "PersistentVolumeClaim", "Deployment", "StatefulSet",
      "CronJob",
      "PodDisruptionBudget",
    ], last: ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"])
}
