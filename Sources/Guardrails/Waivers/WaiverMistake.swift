import Definitions
import Kubernetes

/// Why a waiver does not count.
struct WaiverMistake {
  /// The field of a definition's waiver that is wrong.
  enum Field: String { case rule, owner, reason, expires }

  let rule: String
  let field: Field
  let message: String
  let remedy: String

  /// Nil where the waiver counts.
  /// - Parameter settings: nil where there is no platform: any owner may waive then.
  init?(_ text: String, of rule: String, _ settings: PlatformDefinition.Guardrails?, _ now: Timestamp) {
    self.rule = rule
    guard let known = Rule.byID[rule] else {
      field = .rule
      message = "there is no rule \"\(rule)\""
      remedy = rule.nearest(in: Rule.all.map(\.id)).map { "did you mean \($0)?" } ?? "sakigake check --rules lists them"
      return
    }
    if case .built = known.check {
      (field, message, remedy) = (.rule, "\(rule) cannot be waived", "set it right")
      return
    }
    guard let waiver = Waiver(text) else {
      (field, message, remedy) = (.reason, "a waiver needs an owner, a last day and a reason", Waiver.notation)
      return
    }
    if let owners = settings?.waivers, !owners.contains(waiver.owner) {
      field = .owner
      message = "\(waiver.owner) may waive no rule here"
      remedy = owners.isEmpty ? "the platform lets nobody" : "those who may: \(owners.joined(separator: ", "))"
      return
    }
    guard waiver.end <= now else { return nil }
    field = .expires
    message = "the waiver ended on \(waiver.until)"
    remedy = "keep the rule, or have it waived anew"
  }

  func finding(_ object: String, _ path: String, at place: SourcePlace) -> Finding {
    Finding(
      rule: Rule.waiver.id, severity: .error, place: place, object: object, path: path, message: "\(rule): \(message)",
      remedy: remedy)
  }
}

extension CheckedObject {
  /// What its annotations waive, by rule.
  var waivers: [String: String] {
    var found: [String: String] = [:]
    for member in json[path: ["metadata", "annotations"]]?.objectValue ?? [:] where member.key.hasPrefix(Waiver.prefix)
    {
      found[String(member.key.dropFirst(Waiver.prefix.count))] = member.value.stringValue ?? ""
    }
    return found
  }
}

extension ServiceDefinition {
  /// What a definition waives, by rule: in its specification or, as all objects may, in its annotations.
  var waivers: [String: String] {
    var found: [String: String] = [:]
    for (key, value) in microservice.metadata.annotations where key.hasPrefix(Waiver.prefix) {
      found[String(key.dropFirst(Waiver.prefix.count))] = value
    }
    for waiver in microservice.spec.waivers { found[waiver.rule] = waiver.text }
    return found
  }

  func mistakenWaivers(_ settings: PlatformDefinition.Guardrails?, _ now: Timestamp) -> [WaiverMistake] {
    waivers.sorted { $0.key < $1.key }.compactMap { WaiverMistake($0.value, of: $0.key, settings, now) }
  }

  func place(of mistake: WaiverMistake) -> SourcePlace {
    if let index = microservice.spec.waivers.firstIndex(where: { $0.rule == mistake.rule }) {
      return place(at: ObjectPath("waivers").element(index).appending(mistake.field.rawValue))
    }
    return annotationPlace(Waiver.prefix + mistake.rule)
  }

  /// What is wrong with a definition's own waivers, for those who render it: a rule that there is not, and as a warning
  /// a waiver that is over. Whether the platform lets its owner waive anything is told with all that it forbids.
  public func waiverComplaints(now: Timestamp) -> [Diagnostic] {
    mistakenWaivers(nil, now).filter { [.rule, .expires].contains($0.field) }.map { mistake in
      Diagnostic(
        mistake.field == .rule ? .error : .warning, at: place(of: mistake), "\(mistake.rule): \(mistake.message)",
        remedy: mistake.remedy)
    }
  }
}
