import Definitions
import Kubernetes

extension CustomResources {
  static let microserviceColumns = [
    column("Owner", "string", ".spec.owner", "The team that answers for it"),
    column("Image", "string", ".spec.image", "Its repository in the platform's registry"),
    column("Min", "integer", ".spec.scale.min", "Fewest replicas"),
    column("Max", "integer", ".spec.scale.max", "Most replicas"),
    column("Push", "boolean", ".spec.scale.push", "Whether pushes drive it"),
    age,
  ]

  /// Of the fields that `microservice.yaml` has.
  static let microserviceSchema = SchemaPart.root(
    "A service as its developers define it; what the operator reads.", required: ["spec"],
    [
      "spec": FileFormat.microservice.resourceSchema,
      "status": SchemaPart.free("What was measured of it"),
    ])
}
