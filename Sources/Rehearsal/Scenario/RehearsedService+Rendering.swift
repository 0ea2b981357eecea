public import Kubernetes
public import Rendering

extension RehearsedService {
  /// A service as `sakigake apply` would render and apply it.
  /// - Throws: `ServiceRenderer.Failure`, also where what was rendered is not what a service needs.
  public init(
    _ microservice: Microservice, by renderer: ServiceRenderer, configFiles: [String: String] = [:],
    behavior: PodBehavior
  ) throws(ServiceRenderer.Failure) {
    let objects = try renderer.render(microservice, configFiles: configFiles)
    func object<Object: KubernetesObject>(_ type: Object.Type) throws(ServiceRenderer.Failure) -> Object? {
      guard let json = objects.first(where: { $0["kind"]?.stringValue == Object.resource.kind }) else { return nil }
      do throws(FieldError) { return try Object(json: json) } catch {
        throw ServiceRenderer.Failure(description: "\(microservice.metadata.name): \(Object.resource.kind): \(error)")
      }
    }
    guard let applied = try object(Microservice.self), let deployment = try object(Deployment.self),
      let autoscaler = try object(HorizontalPodAutoscaler.self)
    else {
      throw ServiceRenderer.Failure(description: "\(microservice.metadata.name): rendered without its objects")
    }
    self.init(
      microservice: applied, deployment: deployment, autoscaler: autoscaler,
      disruptionBudget: try object(PodDisruptionBudget.self), behavior: behavior)
  }
}
