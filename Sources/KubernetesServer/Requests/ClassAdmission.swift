import Kubernetes
import Synchronization

/// The classes of pods that there are: which number each stands for.
///
/// Read anew after a class changed, so that creating a pod reads none of them.
final class PriorityClasses: Sendable {
  /// Classes that every cluster has, and only the system's own may be like.
  static let system: [String: Int64] = [
    "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000,
  ]

  struct Priority: Sendable, Equatable {
    var name: String
    var value: Int64
    var preemptionPolicy: String
  }

  private struct Cached: Sendable {
    var version: Int64 = -1
    var classes: [String: Priority] = [:]
    /// What pods have that name no class.
    var fallback = Priority(name: "", value: 0, preemptionPolicy: "PreemptLowerPriority")
  }

  private let store: Store
  private let cached = Mutex(Cached())

  init(store: Store) { self.store = store }

  /// The priority of a class; nil where there is no such class. The empty name stands for the default.
  func priority(of name: String) -> Priority? {
    let key = ResourceType.priorityClasses.qualifiedPlural
    let version = store.version(of: key)
    return cached.withLock { cached in
      if cached.version != version { cached = Self.read(store.snapshot(key), version) }
      return name.isEmpty ? cached.fallback : cached.classes[name]
    }
  }

  private static func read(_ snapshot: Store.Snapshot, _ version: Int64) -> Cached {
    var result = Cached(version: version)
    var isGlobal = false
    for object in snapshot.objects {
      guard let value = try? object.value() else { continue }
      let priority = Priority(
        name: object.key.name, value: value["value"]?.integerValue ?? 0,
        preemptionPolicy: value["preemptionPolicy"]?.stringValue ?? "PreemptLowerPriority")
      result.classes[priority.name] = priority
      // Of several defaults the lowest counts.
      if value["globalDefault"]?.boolValue == true, !isGlobal || priority.value < result.fallback.value {
        result.fallback = priority
        isGlobal = true
      }
    }
    return result
  }
}

/// What upstream's admission plugins fill in from classes: `Priority`, `DefaultStorageClass`, `DefaultIngressClass`.
extension APIService {
  func admitClasses(_ object: inout JSONValue, _ scope: RequestScope) throws(APIError) {
    switch scope.resource.key {
    case "pods": try admitPriority(&object, scope)
    case "persistentvolumeclaims":
      guard object["spec"]?["storageClassName"] == nil,
        object[path: ["metadata", "annotations", "volume.beta.kubernetes.io/storage-class"]] == nil,
        let name = defaultClass(.storageClasses, annotation: "storageclass.kubernetes.io/is-default-class")
      else { return }
      object.edit("spec") { $0["storageClassName"] = .string(name) }
    case "ingresses.networking.k8s.io":
      guard object["spec"]?["ingressClassName"] == nil,
        object[path: ["metadata", "annotations", "kubernetes.io/ingress.class"]] == nil,
        let name = defaultClass(.ingressClasses, annotation: "ingressclass.kubernetes.io/is-default-class")
      else { return }
      object.edit("spec") { $0["ingressClassName"] = .string(name) }
    default: break
    }
  }

  private func admitPriority(_ pod: inout JSONValue, _ scope: RequestScope) throws(APIError) {
    let podName = pod["metadata"]?["name"]?.stringValue ?? ""
    let name = pod["spec"]?["priorityClassName"]?.stringValue ?? ""
    guard let priority = priorities.priority(of: name) else {
      throw .forbidden(scope.type, podName, "no PriorityClass with name \(name) was found")
    }
    if let given = pod["spec"]?["priority"]?.integerValue, given != priority.value {
      throw .forbidden(
        scope.type, podName,
        "the integer value of priority (\(given)) must not be provided in pod spec; priority admission controller "
          + "computed \(priority.value) from the given PriorityClass name")
    }
    if let given = pod["spec"]?["preemptionPolicy"]?.stringValue, given != priority.preemptionPolicy {
      throw .forbidden(
        scope.type, podName,
        "the string value of PreemptionPolicy (\(given)) must not be provided in pod spec; priority admission "
          + "controller computed \(priority.preemptionPolicy) from the given PriorityClass name")
    }
    pod.edit("spec") { spec in
      if !priority.name.isEmpty { spec["priorityClassName"] = .string(priority.name) }
      spec["priority"] = .integer(priority.value)
      spec["preemptionPolicy"] = .string(priority.preemptionPolicy)
    }
  }

  /// The newest class that is marked as the default.
  private func defaultClass(_ type: ResourceType, annotation: String) -> String? {
    store.snapshot(type.qualifiedPlural).objects.compactMap { object -> (name: String, created: String)? in
      guard let value = try? object.value(), value[path: ["metadata", "annotations", annotation]] == "true" else {
        return nil
      }
      return (object.key.name, value[path: ["metadata", "creationTimestamp"]]?.stringValue ?? "")
    }.max { ($0.created, $1.name) < ($1.created, $0.name) }?.name
  }
}
