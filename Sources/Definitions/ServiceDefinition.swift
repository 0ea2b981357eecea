public import Kubernetes

/// A `microservice.yaml`, read for one environment.
public struct ServiceDefinition: Sendable {
  public var microservice: Microservice
  public var file: String
  /// What is accepted but has no effect, or is probably not meant.
  public var warnings: [Diagnostic]

  /// Reads the services of a file; a file may hold several documents.
  /// - Parameter environment: whose overrides are laid over `spec`; a service need not know it.
  /// - Throws: `InvalidDefinition` with everything that is wrong in the file.
  public static func read(
    _ text: String, file: String, environment: String?
  ) throws(InvalidDefinition) -> [ServiceDefinition] {
    let documents = try SourceNode.documents(in: text, file: file)
    guard !documents.isEmpty else {
      throw InvalidDefinition([Diagnostic(file: file, line: 0, column: 0, "holds no definition")])
    }
    var services: [ServiceDefinition] = []
    for node in documents { services.append(try ServiceDefinition(node, file: file, environment: environment)) }
    return services
  }

  init(_ node: SourceNode, file: String, environment: String?) throws(InvalidDefinition) {
    self.file = file
    let document = try CheckedDocument(node, shape: MicroserviceShape.document, file: file, environment: environment)
    var errors = ServiceDefinition.contradictions(in: document)
    var service = Microservice()
    service.metadata.name = document.name
    for (key, field) in [("labels", \ObjectMeta.labels), ("annotations", \ObjectMeta.annotations)] {
      guard case .mapping(let members) = document.metadata[key]?.content else { continue }
      for member in members { service.metadata[keyPath: field][member.key] = member.value.json.stringValue ?? "" }
    }
    do {
      service.spec = try MicroserviceSpec(json: Self.normalized(document.spec))
    } catch {
      errors.append(
        Diagnostic(file: file, line: document.spec.line, column: document.spec.column, "spec.\(error.path): \(error.message)"))
    }
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
    if service.spec.health.isEmpty { service.spec.health = "/" }
    if service.spec.scale.min == 0 { service.spec.scale.min = min(2, max(1, service.spec.scale.max)) }
    if service.spec.scale.max == 0 { service.spec.scale.max = max(10, service.spec.scale.min) }
    microservice = service
    warnings = Self.withoutEffect(in: document)
  }

  /// The specification as the API keeps it: environment values as text, the planned share as a number.
  private static func normalized(_ spec: SourceNode) -> JSONValue {
    var json = spec.json
    if case .mapping(let members) = spec["env"]?.content {
      json["env"] = .object(
        JSONObject(
          members.map { member -> (String, JSONValue) in
            if case .scalar(_, let text) = member.value.content { return (member.key, .string(text)) }
            return (member.key, member.value.json)
          }))
    }
    if let share = json["capacity"]?["utilization"]?.stringValue.flatMap(Units.share) {
      json[path: ["capacity", "utilization"]] = .double(share)
    }
    for name in ["cpu", "memory"] {
      if case .scalar(_, let text) = spec["resources"]?[name]?.content { json[path: ["resources", name]] = .string(text) }
    }
    return json
  }

  /// What the shapes cannot say: fields that exclude or need one another.
  private static func contradictions(in document: CheckedDocument) -> [Diagnostic] {
    let spec = document.spec
    var found: [Diagnostic] = []
    func add(_ node: SourceNode, _ message: String, _ remedy: String) {
      found.append(Diagnostic(file: document.file, line: node.line, column: node.column, message, remedy: remedy))
    }
    let minimum = spec["scale"]?["min"]?.json.integerValue
    let maximum = spec["scale"]?["max"]?.json.integerValue
    if let minimum, let maximum, minimum > maximum {
      add(spec.nearest("scale", "min"), "spec.scale: min \(minimum) is above max \(maximum)", "lower min or raise max")
    }
    if case .sequence(let targets) = spec["scale"]?["on"]?.content {
      for target in targets {
        guard case .mapping(let members) = target.content, members.count != 1 else { continue }
        add(target, "spec.scale.on: one measure an entry", "write - { cpu: 60% } and - { requestsPerSecond: 120 } apart")
      }
    }
    if case .sequence(let calls) = spec["calls"]?.content {
      var seen: Set<String> = []
      for call in calls {
        let name = call.json.stringValue ?? call["service"]?.json.stringValue ?? ""
        if name == document.name { add(call, "spec.calls: \(name) calls itself", "remove it") }
        if !seen.insert(name).inserted { add(call, "spec.calls: \(name) is given twice", "remove one of the two") }
      }
    }
    if case .mapping(let members) = spec["env"]?.content {
      for member in members {
        guard case .mapping = member.value.content else { continue }
        let sources = ["secret", "config"].filter { member.value[$0] != nil }
        if sources.count != 1 {
          add(member.value, "spec.env.\(member.key): needs either a secret or a config, with a key", "write { secret: NAME, key: KEY }")
        }
      }
    }
    if spec["scale"]?["push"]?.json.boolValue == true, spec["capacity"] == nil {
      add(
        spec.nearest("scale", "push"), "spec.scale.push needs spec.capacity: what one pod serves is not known",
        "add capacity: { requestsPerSecond: N }, as measured at your objective")
    }
    return found
  }

  private static func withoutEffect(in document: CheckedDocument) -> [Diagnostic] {
    let unused = [
      ("release", "rolling updates are used; canary steps are kept in the Microservice object only"),
      ("permissions", "no IAM policy is rendered from it"),
    ]
    return unused.compactMap { name, effect in
      document.spec[name].map {
        Diagnostic(.warning, file: document.file, line: $0.line, column: $0.column, "spec.\(name) has no effect yet: \(effect)")
      }
    }
  }
}
