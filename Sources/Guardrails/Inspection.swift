public import Definitions
public import Kubernetes

/// Objects and definitions held against the rules.
///
/// ```swift
/// let objects = try CheckedObject.manifests(in: text, file: "web.yaml")
/// let findings = Inspection(objects: objects, now: now).findings()
/// ```
public struct Inspection: Sendable {
  let objects: [CheckedObject]
  let services: [ServiceDefinition]
  let platform: PlatformDefinition?
  /// How strictly rules are kept and who may waive them; without a platform any owner may.
  let settings: PlatformDefinition.Guardrails?
  /// Waivers end.
  let now: Timestamp

  public init(
    objects: [CheckedObject], services: [ServiceDefinition] = [], platform: PlatformDefinition? = nil, now: Timestamp
  ) {
    self.objects = objects
    self.services = services
    self.platform = platform
    settings = platform?.guardrails
    self.now = now
  }

  /// One object, where nothing is known of the platform but its settings.
  init(object: CheckedObject, settings: PlatformDefinition.Guardrails?, now: Timestamp) {
    objects = [object]
    services = []
    platform = nil
    self.settings = settings
    self.now = now
  }

  /// What is not kept, in the order of files and lines; what was waived is among it, and marked.
  public func findings(_ rules: [Rule] = Rule.all) -> [Finding] {
    let set = ObjectSet(objects, platform: platform)
    var found: [Finding] = []
    for rule in rules {
      guard let severity = severity(of: rule) else { continue }
      var told: Set<SourcePlace> = []
      func add(_ hits: [Hit], _ object: CheckedObject) {
        for hit in hits {
          let finding = finding(rule, severity, hit, object)
          // One field of a definition is in several objects.
          if case .definition = object.origin, !told.insert(finding.place).inserted { continue }
          found.append(finding)
        }
      }
      switch rule.check {
      case .container(let check):
        for pod in set.pods { for container in pod.containers { add(check(container, pod), pod.owner) } }
      case .pod(let check):
        for pod in set.pods { add(check(pod, set), pod.owner) }
      case .object(let kinds, let check):
        let subjects = kinds.isEmpty ? objects : kinds.flatMap(set.all)
        for object in subjects { add(check(object, set), object) }
      case .service(let check):
        guard let platform else { continue }
        for service in services { found += check(service, platform).map { finding(rule, severity, $0, service) } }
      case .built: continue
      }
    }
    found += mistakenWaivers() + unknownRules()
    return Self.inOrder(found)
  }

  /// Nil for a rule that is off.
  private func severity(of rule: Rule) -> Rule.Severity? {
    switch settings?.severities[rule.id] {
    case .error: .error
    case .warning: .warning
    case .off: nil
    case nil: rule.severity
    }
  }

  private func finding(_ rule: Rule, _ severity: Rule.Severity, _ hit: Hit, _ object: CheckedObject) -> Finding {
    var finding = Finding(
      rule: rule.id, severity: severity, place: object.place(of: hit.path, section: rule.section), object: object.title,
      path: hit.path.description, message: hit.message, remedy: rule.remedy)
    finding.waiver = waiver(of: rule.id, object.annotation(Waiver.prefix + rule.id))
    if let fix = hit.fix { finding.repair = object.repair(fix) }
    return finding
  }

  private func finding(
    _ rule: Rule, _ severity: Rule.Severity, _ diagnostic: Diagnostic, _ service: ServiceDefinition
  ) -> Finding {
    let place = SourcePlace(file: diagnostic.file, line: diagnostic.line, column: diagnostic.column)
    var finding = Finding(
      rule: rule.id, severity: severity, place: place, object: "Microservice/\(service.microservice.metadata.name)",
      path: "", message: diagnostic.message, remedy: diagnostic.remedy.isEmpty ? rule.remedy : diagnostic.remedy)
    finding.waiver = waiver(of: rule.id, service.waivers[rule.id])
    return finding
  }

  // MARK: Waivers

  private func waiver(of rule: String, _ text: String?) -> Waiver? {
    guard let text, WaiverMistake(text, of: rule, settings, now) == nil else { return nil }
    return Waiver(text)
  }

  private func mistakenWaivers() -> [Finding] {
    var found: [Finding] = []
    for object in objects {
      let written = object.waivers
      if written.isEmpty { continue }
      // Told where people wrote them, below; what is left is of a patch.
      var own: [String: String] = [:]
      if case .definition(let service) = object.origin { own = service.waivers }
      for (rule, text) in written where own[rule] != text {
        let path = ObjectPath("metadata", "annotations", Waiver.prefix + rule)
        guard let mistake = WaiverMistake(text, of: rule, settings, now) else { continue }
        found.append(mistake.finding(object.title, path.description, at: object.place(of: path, section: [])))
      }
    }
    for service in services {
      for mistake in service.mistakenWaivers(settings, now) {
        found.append(
          mistake.finding("Microservice/\(service.microservice.metadata.name)", "", at: service.place(of: mistake)))
      }
    }
    return found
  }

  private func unknownRules() -> [Finding] {
    guard let platform else { return [] }
    return platform.guardrails.severities.keys.filter { Rule.byID[$0] == nil }.sorted().map { id in
      Finding(
        rule: Rule.setting.id, severity: .warning, place: platform.place(of: "guardrails", "rules", id),
        object: "Platform/\(platform.name)", path: "spec.guardrails.rules", message: "there is no rule \"\(id)\"",
        remedy: id.nearest(in: Rule.all.map(\.id)).map { "did you mean \($0)?" } ?? Rule.setting.remedy)
    }
  }

  /// By file and line; what several objects of one definition have in common is told once.
  private static func inOrder(_ findings: [Finding]) -> [Finding] {
    struct Same: Hashable {
      var place: SourcePlace
      var rule: String
      var message: String
    }
    var seen: Set<Same> = []
    return findings.filter { seen.insert(Same(place: $0.place, rule: $0.rule, message: $0.message)).inserted }
      .sorted {
        ($0.place.file, $0.place.line, $0.place.column, $0.rule, $0.message)
          < ($1.place.file, $1.place.line, $1.place.column, $1.rule, $1.message)
      }
  }
}
