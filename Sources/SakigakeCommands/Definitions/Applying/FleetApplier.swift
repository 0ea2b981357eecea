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
    for object in objects.filter(Self.definesAKind) + objects.filter({ !Self.definesAKind($0) }) {
      _ = try await applied(object)
      if !dryRun, Self.definesAKind(object) { try await awaitKind(of: object) }
      done(Self.name(of: object))
    }
  }

  static func definesAKind(_ object: JSONValue) -> Bool {
    object["kind"] == "CustomResourceDefinition"
      && object["apiVersion"]?.stringValue?.hasPrefix("apiextensions.k8s.io/") == true
  }

  /// A kind that was defined a moment ago is served soon, and not at once. Where it is not, its objects say so.
  private func awaitKind(of definition: JSONValue) async throws {
    guard let group = definition[path: ["spec", "group"]]?.stringValue,
      let kind = definition[path: ["spec", "names", "kind"]]?.stringValue,
      let version = definition[path: ["spec", "versions"]]?.arrayValue?.first(where: { $0["served"] == true }),
      let name = version["name"]?.stringValue
    else { return }
    let clock = ContinuousClock()
    let end = clock.now + Self.servedWithin
    while clock.now < end {
      do {
        _ = try await discovery.resource(kind: kind, apiVersion: "\(group)/\(name)")
        return
      } catch let error as APIError where error.isNotFound {
        await discovery.forget()
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  private static let servedWithin = Duration.seconds(30)

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
