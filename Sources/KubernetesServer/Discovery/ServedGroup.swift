import Kubernetes

/// A resource as discovery tells of it.
struct ServedResource: Sendable {
  /// A path below one object, which may speak of another kind: `scale` of a Deployment is an autoscaling/v1 Scale.
  struct Subresource: Sendable {
    var name: String
    var group: String
    var version: String
    var kind: String
    var verbs: [String]
  }

  var type: ResourceType
  var verbs: [String]
  var subresources: [Subresource] = []

  init(_ type: ResourceType, verbs: [String]? = nil) {
    self.type = type
    self.verbs = verbs ?? Self.verbs(of: type)
    subresources = type.subresources.map { Self.subresource($0, of: type) }
  }

  /// Everything that is stored can be watched; namespaces are deleted one by one only.
  private static func verbs(of type: ResourceType) -> [String] {
    let all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
    return type == .namespaces ? all.filter { $0 != "deletecollection" } : all
  }

  /// The kinds of the parameters of two-way exchanges.
  private static let connections = [
    "attach": "PodAttachOptions", "exec": "PodExecOptions", "portforward": "PodPortForwardOptions",
  ]

  private static func subresource(_ name: String, of type: ResourceType) -> Subresource {
    switch name {
    case "scale":
      Subresource(name: name, group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"])
    case "binding": Subresource(name: name, group: "", version: "v1", kind: "Binding", verbs: ["create"])
    case "eviction": Subresource(name: name, group: "policy", version: "v1", kind: "Eviction", verbs: ["create"])
    case "token":
      Subresource(name: name, group: "authentication.k8s.io", version: "v1", kind: "TokenRequest", verbs: ["create"])
    case "attach", "exec", "portforward":
      Subresource(name: name, group: "", version: "v1", kind: Self.connections[name] ?? "", verbs: ["create", "get"])
    case "log": Subresource(name: name, group: type.group, version: type.version, kind: type.kind, verbs: ["get"])
    case "finalize":
      Subresource(name: name, group: type.group, version: type.version, kind: type.kind, verbs: ["update"])
    default:
      Subresource(
        name: name, group: type.group, version: type.version, kind: type.kind, verbs: ["get", "patch", "update"])
    }
  }
}

/// A group with its versions, the preferred one first.
struct ServedGroup: Sendable {
  var name: String
  var versions: [(name: String, resources: [ServedResource])]

  /// Groups in the order in which their first resource is given; the core group has the empty name.
  static func groups(of resources: [ServedResource]) -> [ServedGroup] {
    var groups: [ServedGroup] = []
    for resource in resources {
      let type = resource.type
      let group = groups.firstIndex { $0.name == type.group } ?? groups.endIndex
      if group == groups.endIndex { groups.append(ServedGroup(name: type.group, versions: [])) }
      if let version = groups[group].versions.firstIndex(where: { $0.name == type.version }) {
        groups[group].versions[version].resources.append(resource)
      } else {
        groups[group].versions.append((type.version, [resource]))
      }
    }
    for index in groups.indices {
      groups[index].versions.sort { APIVersionOrder.precedes($0.name, $1.name) }
      for version in groups[index].versions.indices {
        groups[index].versions[version].resources.sort { $0.type.plural < $1.type.plural }
      }
    }
    return groups
  }
}

/// Which of two API versions clients should prefer: stable over beta over alpha, then the higher number.
enum APIVersionOrder {
  static func precedes(_ left: String, _ right: String) -> Bool {
    switch (parse(left), parse(right)) {
    case (let left?, let right?): left > right
    case (.some, nil): true
    case (nil, .some): false
    case (nil, nil): left < right
    }
  }

  private static func parse(_ text: String) -> (stability: Int, major: Int, minor: Int)? {
    guard text.hasPrefix("v") else { return nil }
    let rest = text.dropFirst()
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard let major = Int(digits) else { return nil }
    let suffix = rest.dropFirst(digits.count)
    if suffix.isEmpty { return (2, major, 0) }
    if suffix.hasPrefix("beta"), let minor = Int(suffix.dropFirst(4)) { return (1, major, minor) }
    if suffix.hasPrefix("alpha"), let minor = Int(suffix.dropFirst(5)) { return (0, major, minor) }
    return nil
  }
}
