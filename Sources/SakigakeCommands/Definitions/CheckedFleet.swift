import Definitions
import Guardrails
import Kubernetes
import Rendering

/// A fleet and what it becomes, for the guardrails: what a platform forbids is a finding here, not the end.
struct CheckedFleet {
  private var fleet: Fleet

  /// - Throws: `InvalidDefinition` where a definition cannot be read at all.
  init(_ options: DefinitionOptions) throws {
    fleet = try Fleet(options.sources, judges: false, builds: true)
    // The tag comes with a deployment, which nobody has asked for yet.
    if fleet.platform.tag.isEmpty { fleet.platform.tag = "unreleased" }
  }

  func inspection(now: Timestamp) throws -> Inspection {
    let services = Dictionary(
      fleet.services.map { ($0.microservice.metadata.name, $0) }, uniquingKeysWith: { first, _ in first })
    let objects = try fleet.render().flatMap { rendered in
      rendered.objects.map { object in
        CheckedObject(
          object, from: services[rendered.service].map { .definition($0) } ?? .place(fleet.platform.place()))
      }
    }
    let built = fleet.kustomizations.flatMap { $0.checked() }
    return Inspection(objects: objects + built, services: fleet.services, platform: fleet.platform, now: now)
  }
}
