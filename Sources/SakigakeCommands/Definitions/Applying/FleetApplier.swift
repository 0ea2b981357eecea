import Kubernetes
import KubernetesClient
import Rendering

/// Applies rendered objects, and leaves alone what the prescaler holds up at the moment.
struct FleetApplier {
  static let manager = "sakigake"
  var client: KubernetesClient
  /// Knows the kinds that only a cluster knows.
  var discovery: Discovery
  /// Of objects that have none and whose kind has namespaces.
  var namespace: String
  var force = false
  var dryRun = false

  static func name(of object: JSONValue) -> String {
    let parts = (object["apiVersion"]?.stringValue ?? "").split(separator: "/")
    let group = parts.count > 1 ? ".\(parts[0])" : ""
    let kind = object["kind"]?.stringValue?.lowercased() ?? ""
    return "\(kind)\(group)/\(object[path: ["metadata", "name"]]?.stringValue ?? "")"
  }

  /// As kubectl names objects: `deployment.apps/articles`.
  static func name(_ name: String, of resource: ResourceType) -> String {
    "\(resource.singular)\(resource.group.isEmpty ? "" : "." + resource.group)/\(name)"
  }

  /// Applies objects in their order, the definitions of kinds before all others.
  func apply(_ objects: [JSONValue], done: (String) -> Void) async throws {
    let definitions = objects.filter(Self.definesAKind)
    var fresh = Set(definitions.map { [$0[path: ["spec", "group"]], $0[path: ["spec", "names", "kind"]]] })
    for object in definitions + objects.filter({ !Self.definesAKind($0) }) {
      if !dryRun, !fresh.isEmpty, fresh.remove([Self.group(of: object), object["kind"]]) != nil {
        try await awaitKind(of: object)
      }
      _ = try await applied(object)
      done(Self.name(of: object))
    }
  }

  private static func definesAKind(_ object: JSONValue) -> Bool {
    object["kind"] == "CustomResourceDefinition" && group(of: object) == "apiextensions.k8s.io"
  }

  private static func group(of object: JSONValue) -> JSONValue? {
    (object["apiVersion"]?.stringValue?.split(separator: "/").first).map { .string(String($0)) }
  }

  /// A kind that was defined a moment ago is served soon, and not at once.
  private func awaitKind(of object: JSONValue) async throws {
    let clock = ContinuousClock()
    let end = clock.now + Self.kindWait
    while clock.now < end {
      await discovery.forget()
      do {
        _ = try await discovery.resource(of: object)
        return
      } catch let error as APIError where error.isNotFound {
        try await clock.sleep(for: .milliseconds(300))
      }
    }
  }

  private static let kindWait = Duration.seconds(30)

  /// - Returns: the object as the cluster has it then, or would have it.
  func applied(_ object: JSONValue) async throws -> JSONValue {
    let resource = try await resource(of: object)
    var object = object
    if !resource.isNamespaced {
      object[path: ["metadata", "namespace"]] = nil
    } else if (object[path: ["metadata", "namespace"]]?.stringValue ?? "").isEmpty {
      object[path: ["metadata", "namespace"]] = .string(namespace)
    }
    do {
      return try await apply(object, resource)
    } catch let error as APIError where error.isNotFound && resource == .microservices {
      throw CommandFailure(
        .worldFailed, "error: the cluster has no Microservice kind: Sakigake is not installed there")
    } catch let error as APIError where error.isNotFound && RenderedKinds.brought.contains(resource) {
      throw CommandFailure(
        .worldFailed,
        "error: the cluster has no \(resource.kind) kind (\(resource.group)): install what brings it, or take it out of "
          + "the platform")
    }
  }

  /// What an object is called in requests: services' kinds are known, those of kustomizations the cluster knows.
  func resource(of object: JSONValue) async throws -> ResourceType {
    if let known = RenderedKinds.resource(of: object) { return known }
    do { return try await discovery.resource(of: object) } catch let error as APIError where error.isNotFound {
      throw CommandFailure(
        .worldFailed, "error: \(Self.name(of: object)): \(error.message); install what brings it, and apply again")
    }
  }

  private func apply(_ object: JSONValue, _ resource: ResourceType) async throws -> JSONValue {
    do {
      return try await client.apply(
        object, resource: resource, fieldManager: Self.manager, force: force, dryRun: dryRun)
    } catch let error as APIError where error.isConflict && resource == .horizontalPodAutoscalers && !force {
      guard error.message.contains("sakigake-prescaler") else { throw error }
      let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
      let namespace = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
      let live = try await client.get(HorizontalPodAutoscaler.self, name, namespace: namespace)
      let declared = live.metadata.annotations["sakigake.dev/min-replicas"].flatMap { Int($0) }
      let isHeld = declared.map { (live.spec.minReplicas ?? 1) > $0 } ?? true
      // While a push holds the minimum up it stays, and the prescaler gives back what the annotation, applied here,
      // declares; afterwards it is the definition's again.
      var rest = object
      if isHeld { rest[path: ["spec", "minReplicas"]] = nil }
      return try await client.apply(
        rest, resource: resource, fieldManager: Self.manager, force: !isHeld, dryRun: dryRun)
    }
  }
}
