import Kubernetes
import KubernetesClient
import Rendering

/// The objects of services in a cluster: those that carry Sakigake's label, a service's and its owner's.
struct OwnedObjects {
  var client: KubernetesClient
  var namespace: String

  struct Owned {
    var resource: ResourceType
    var name: String
    var uid: String
    var owner: String

    var target: Change.Target
    var description: String { FleetApplier.name(name, of: resource) }
  }

  /// - Returns: the objects of a service, in the order in which they are deleted: what was applied last goes first.
  func of(_ service: String) async throws -> [Owned] {
    var found: [Owned] = []
    for resource in RenderedKinds.ofServices.reversed() {
      let items: [JSONValue]
      do {
        items = try await client.list(
          resource, namespace: namespace,
          labelSelector: "\(WellKnown.managedBy)=sakigake,\(WellKnown.service)=\(service)"
        ).items
      } catch let error as APIError where error.isNotFound {
        // A kind that the cluster does not have.
        continue
      }
      found += items.map { item in
        let name = item[path: ["metadata", "name"]]?.stringValue ?? ""
        return Owned(
          resource: resource, name: name, uid: item[path: ["metadata", "uid"]]?.stringValue ?? "",
          owner: item[path: ["metadata", "labels", "sakigake.dev/owner"]]?.stringValue ?? "",
          target: Change.Target(resource, namespace: namespace, name: name))
      }
    }
    return found
  }

  /// Deletes this very object, and whatever is its own, in the background.
  func delete(_ object: Owned) async throws {
    do {
      try await client.delete(object.target, uid: object.uid, propagation: .background)
    } catch let error as APIError where error.isNotFound || error.isConflict {
      // Gone already, or another one of the same name by now.
    }
  }
}

/// What a service once had and has no more.
struct Pruning {
  var owned: OwnedObjects
  var isDryRun = false

  /// Deletes what carries the labels of a service and its owner, and is not among `kept`. Volumes stay, for what they
  /// hold cannot be rendered again, and so does what another owner has.
  func prune(_ service: String, owner: String, kept: Set<String>, told: (String) -> Void) async throws {
    for object in try await owned.of(service) where !kept.contains(object.description) {
      if object.owner != owner {
        told("\(object.description) left alone: its owner is \"\(object.owner)\"")
      } else if object.resource == .persistentVolumeClaims {
        told("\(object.description) left alone: it holds data; delete it by hand")
      } else {
        if !isDryRun { try await owned.delete(object) }
        told("\(object.description) pruned\(isDryRun ? " (server dry run)" : "")")
      }
    }
  }
}
