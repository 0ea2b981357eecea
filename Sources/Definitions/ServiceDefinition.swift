public import Kubernetes

/// A `microservice.yaml`, read for one environment.
public struct ServiceDefinition: Sendable {
  public var microservice: Microservice
  public var file: String
  /// What is accepted but has no effect, or is probably not meant.
  public var warnings: [Diagnostic]
  /// Where its name stands, and each of its calls, in their order.
  public var namePlace: SourcePlace
  public var callPlaces: [SourcePlace]
  /// As it was written, with its environment laid over it: where things stand.
  package let spec: SourceNode
  private let metadata: SourceNode

  /// Reads the services of a file; a file may hold several documents.
  /// - Parameters:
  ///   - environment: whose overrides are laid over `spec`; a service need not know it.
  ///   - environments: those that the platform has; overrides for any other are an error, since they would never be
  ///     used. Nil does not check them.
  /// - Throws: `InvalidDefinition` with everything that is wrong in the file.
  public static func read(
    _ text: String, file: String, environment: String?, environments: [String]? = nil
  ) throws(InvalidDefinition) -> [ServiceDefinition] {
    let documents = try SourceNode.documents(in: text, file: file)
    guard !documents.isEmpty else {
      throw InvalidDefinition([
        Diagnostic(
          file: file, line: 0, column: 0, "holds no definition",
          remedy: "begin with apiVersion, kind, metadata and spec")
      ])
    }
    var services: [ServiceDefinition] = []
    var errors: [Diagnostic] = []
    for node in documents {
      if let environments { errors += unknownEnvironments(in: node, known: environments, file: file) }
      do throws(InvalidDefinition) {
        let service = try ServiceDefinition(node, file: file, environment: environment)
        let name = service.microservice.metadata.name
        if services.contains(where: { $0.microservice.metadata.name == name }) {
          errors.append(
            Diagnostic(
              file: file, line: node.line, column: node.column, "service \"\(name)\" is defined twice",
              remedy: "rename one of the two"))
        }
        services.append(service)
      } catch { errors += error.diagnostics }
    }
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
    return services
  }

  private init(_ node: SourceNode, file: String, environment: String?) throws(InvalidDefinition) {
    self.file = file
    let document = try CheckedDocument(node, shape: MicroserviceShape.document, file: file, environment: environment)
    var errors = document.contradictions
    var service = Microservice()
    service.metadata.name = document.name
    for (key, field) in [("labels", \ObjectMeta.labels), ("annotations", \ObjectMeta.annotations)] {
      guard case .mapping(let members) = document.metadata[key]?.content else { continue }
      for member in members { service.metadata[keyPath: field][member.key] = member.value.json.stringValue ?? "" }
    }
    do {
      service.spec = try MicroserviceSpec(json: Self.normalized(document))
    } catch {
      errors.append(
        Diagnostic(
          file: file, line: document.spec.line, column: document.spec.column, "spec.\(error.path): \(error.message)"))
    }
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
    Self.fillDefaults(of: &service.spec)
    microservice = service
    warnings = document.warnings
    spec = document.spec
    metadata = document.metadata
    namePlace = (document.metadata["name"] ?? document.metadata).place(in: file)
    callPlaces = (document.spec["calls"]?.elements ?? []).map { $0.place(in: file) }
  }

  private static func fillDefaults(of spec: inout MicroserviceSpec) {
    if spec.health.isEmpty { spec.health = ServiceDefaults.health }
    fill(&spec.resources, ServiceDefaults.cpu, ServiceDefaults.memory)
    spec.containers = spec.containers.mapValues { container in
      var container = container
      fill(&container.resources, ServiceDefaults.sidecarCPU, ServiceDefaults.sidecarMemory)
      return container
    }
    spec.jobs = spec.jobs.mapValues(Self.filled)
    spec.cron = spec.cron.mapValues { scheduled in
      var scheduled = scheduled
      scheduled.job = filled(scheduled.job)
      return scheduled
    }
    // Two, so that one may go; fewer only where no more are allowed.
    if spec.scale.min == 0 { spec.scale.min = spec.scale.max == 1 ? 1 : 2 }
    if spec.scale.max == 0 { spec.scale.max = max(10, spec.scale.min) }
  }

  private static func filled(_ job: MicroserviceSpec.Job) -> MicroserviceSpec.Job {
    var job = job
    fill(&job.resources, ServiceDefaults.cpu, ServiceDefaults.memory)
    return job
  }

  private static func fill(_ resources: inout ResourceList, _ cpu: String, _ memory: String) {
    for (name, text) in [("cpu", cpu), ("memory", memory)] where resources[name] == nil {
      resources[name] = Quantity(parsing: text)
    }
  }

  /// Shares that the API keeps as numbers, by their paths in the specification.
  package static let keptAsNumbers = [["capacity", "utilization"]]

  /// The specification as the API keeps it.
  private static func normalized(_ document: CheckedDocument) -> JSONValue {
    var json = document.spec.json(as: document.specShape)
    for path in keptAsNumbers {
      if let share = json[path: path]?.stringValue.flatMap(Units.share) { json[path: path] = .double(share) }
    }
    return json
  }

  /// Where a part of the specification stands, or the nearest one above it that is there.
  public func place(of path: String...) -> SourcePlace { spec.nearest(path).place(in: file) }

  /// Where an annotation stands; the nearest place above it where there is none of that key.
  package func annotationPlace(_ key: String) -> SourcePlace {
    guard let member = metadata["annotations"]?.members.first(where: { $0.key == key }) else {
      return metadata.nearest("annotations").place(in: file)
    }
    return SourcePlace(file: file, line: member.keyLine, column: member.keyColumn)
  }

  private static func unknownEnvironments(in node: SourceNode, known: [String], file: String) -> [Diagnostic] {
    guard case .mapping(let members)? = node["environments"]?.content else { return [] }
    return members.filter { !known.contains($0.key) }.map { member in
      Diagnostic(
        file: file, line: member.keyLine, column: member.keyColumn, "the platform has no environment \"\(member.key)\"",
        remedy: Diagnostic.nearest(to: member.key, in: known))
    }
  }
}
