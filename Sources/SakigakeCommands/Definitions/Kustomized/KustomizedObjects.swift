import Kubernetes
import KubernetesClient

/// What a kustomization has in a cluster: objects that carry its label.
struct KustomizedObjects {
  var client: KubernetesClient
  var discovery: Discovery
  /// Of objects that have none and whose kind has namespaces.
  var namespace: String
  var isDryRun = false

  private var mark: String { isDryRun ? " (dry run)" : "" }

  /// Deletes what is built, the last object first; what does not carry the label was not applied here, and stays.
  func delete(_ objects: [JSONValue], of kustomization: String, volumes: Bool, told: (String) -> Void) async throws {
    var found = 0
    for object in objects.reversed() {
      let resource: ResourceType
      do { resource = try await discovery.resource(of: object) } catch let error as APIError where error.isNotFound {
        // A kind that the cluster does not have.
        continue
      }
      let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
      let written = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
      let title = FleetApplier.name(of: object)
      let live: JSONValue
      do {
        live = try await client.get(
          resource, name, namespace: !resource.isNamespaced ? "" : written.isEmpty ? namespace : written)
      } catch let error as APIError where error.isNotFound { continue }
      found += 1
      if live[path: ["metadata", "labels", BuiltKustomization.label]] != .string(kustomization) {
        told("\(title) left alone: it is not labeled \(BuiltKustomization.label)=\(kustomization)")
      } else if resource == .persistentVolumeClaims, !volumes {
        told("\(title) left alone: it holds data; --volumes deletes it")
      } else {
        try await delete(live, resource)
        told("\(title) deleted\(mark)")
      }
    }
    if found == 0 { Console.error("Nothing of \(kustomization) is in the cluster.") }
  }

  /// Kinds whose objects are looked for, besides those that are built.
  private static let prunable: [ResourceType] = [
    .configMaps, .secrets, .serviceAccounts, .services, .persistentVolumeClaims, .deployments, .statefulSets,
    .daemonSets, .jobs, .cronJobs, .horizontalPodAutoscalers, .podDisruptionBudgets, .ingresses, .networkPolicies,
    .roles, .roleBindings,
  ]

  /// Deletes what carries the label and is built no more, in the namespaces that objects are built for.
  func prune(_ objects: [JSONValue], of kustomization: String, told: (String) -> Void) async throws {
    let kept = Set(objects.map(key))
    var kinds = Self.prunable
    for object in objects {
      let resource: ResourceType
      do { resource = try await discovery.resource(of: object) } catch let error as APIError where error.isNotFound {
        continue
      }
      if !kinds.contains(where: { $0.kind == resource.kind && $0.group == resource.group }) { kinds.append(resource) }
    }
    let namespaces = Set(objects.compactMap { $0[path: ["metadata", "namespace"]]?.stringValue } + [namespace]).sorted()
    for resource in kinds.reversed() {
      for namespace in resource.isNamespaced ? namespaces : [""] {
        for object in try await labeled(kustomization, resource, namespace)
        where !kept.contains(key(of: object)) && !Self.isOwned(object) {
          let title = FleetApplier.name(of: object)
          if resource == .persistentVolumeClaims {
            told("\(title) left alone: it holds data; delete it by hand")
          } else {
            try await delete(object, resource)
            told("\(title) pruned\(isDryRun ? " (server dry run)" : "")")
          }
        }
      }
    }
  }

  private func labeled(
    _ kustomization: String, _ resource: ResourceType, _ namespace: String
  ) async throws -> [JSONValue] {
    do {
      return try await client.list(
        resource, namespace: namespace, labelSelector: "\(BuiltKustomization.label)=\(kustomization)"
      ).items.map { item in
        // The elements of a list do not say what they are.
        var object = item
        object["apiVersion"] = .string(resource.apiVersion)
        object["kind"] = .string(resource.kind)
        return object
      }
    } catch let error as APIError where error.isNotFound {
      return []
    }
  }

  /// Whether another object's life decides on this one's: what a Deployment made carries its labels.
  private static func isOwned(_ object: JSONValue) -> Bool {
    object[path: ["metadata", "ownerReferences"]]?.arrayValue?.isEmpty == false
  }

  private func key(of object: JSONValue) -> String {
    let written = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
    let group = (object["apiVersion"]?.stringValue ?? "").split(separator: "/").dropLast().joined()
    return [
      group, object["kind"]?.stringValue ?? "", written.isEmpty ? namespace : written,
      object[path: ["metadata", "name"]]?.stringValue ?? "",
    ].joined(separator: "/")
  }

  private func delete(_ live: JSONValue, _ resource: ResourceType) async throws {
    if isDryRun { return }
    let name = live[path: ["metadata", "name"]]?.stringValue ?? ""
    let namespace = live[path: ["metadata", "namespace"]]?.stringValue ?? ""
    do {
      try await client.delete(
        Change.Target(resource, namespace: resource.isNamespaced ? namespace : "", name: name),
        uid: live[path: ["metadata", "uid"]]?.stringValue ?? "", propagation: .background)
    } catch let error as APIError where error.isNotFound || error.isConflict {
      // Gone already, or another one of the same name by now.
    }
  }
}
