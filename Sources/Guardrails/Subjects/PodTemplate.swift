import Kubernetes

/// The pods that an object makes, or is.
struct PodTemplate: Sendable {
  let owner: CheckedObject
  /// To the pod's specification.
  let path: ObjectPath
  let spec: JSONValue
  let labels: Labels
  let containers: [Container]

  struct Container: Sendable {
    let json: JSONValue
    let path: ObjectPath
    let name: String
    /// Runs before the others, to its end.
    let isInit: Bool
    /// An init container that goes on running.
    let isSidecar: Bool

    func hit(_ message: String, at keys: String..., fix: Fix? = nil) -> Hit {
      Hit(message: "container \(name): \(message)", path: path.appending(keys), fix: fix)
    }
    func hit(_ message: String, at path: ObjectPath) -> Hit {
      Hit(message: "container \(name): \(message)", path: path)
    }
    /// A member of the container's security context that is to be set.
    func securityFix(_ key: String, _ value: String) -> Fix {
      json["securityContext"]?.objectValue == nil
        ? Fix(path: path, key: "securityContext", value: "{ \(key): \(value) }")
        : Fix(path: path.appending("securityContext"), key: key, value: value)
    }
  }

  /// Runs until it is told to stop, rather than to its end.
  var isService: Bool { !["Job", "CronJob"].contains(owner.kind) }

  /// Containers that run as long as the pod does.
  var running: [Container] { containers.filter { !$0.isInit } }

  func hit(_ message: String, at keys: String..., fix: Fix? = nil) -> Hit {
    Hit(message: message, path: path.appending(keys), fix: fix)
  }

  /// By kind, the way to what becomes a pod.
  private static let bases: [String: [String]] = {
    var bases: [String: [String]] = ["Pod": [], "CronJob": ["spec", "jobTemplate", "spec", "template"]]
    for kind in ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"] {
      bases[kind] = ["spec", "template"]
    }
    return bases
  }()

  static var kinds: [String] { bases.keys.sorted() }

  /// Nil for objects that make no pods.
  init?(of object: CheckedObject) {
    guard let base = Self.bases[object.kind] else { return nil }
    guard let spec = object.json[path: base + ["spec"]], spec.objectValue != nil else { return nil }
    owner = object
    path = ObjectPath(base + ["spec"])
    self.spec = spec
    labels = object.json[path: base + ["metadata", "labels"]].map(\.texts) ?? [:]
    var containers: [Container] = []
    for list in ["initContainers", "containers"] {
      for (index, json) in spec.items(list) {
        let name = json.text("name") ?? ""
        let isSidecar = list == "initContainers" && json.text("restartPolicy") == "Always"
        containers.append(
          Container(
            json: json, path: path.appending(list).element(index, name: name.isEmpty ? nil : name), name: name,
            isInit: list == "initContainers" && !isSidecar, isSidecar: isSidecar))
      }
    }
    self.containers = containers
  }
}
