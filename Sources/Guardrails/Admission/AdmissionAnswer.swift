public import Kubernetes

/// Whether an object may be stored, and what its author is told.
public struct AdmissionAnswer: Sendable {
  public let uid: String
  /// Errors that make it refused.
  public let refusals: [Finding]
  /// Errors of an update that were there before.
  public let standing: [Finding]
  public let advice: [Finding]
  public let waived: [Finding]

  public var isAllowed: Bool { refusals.isEmpty }

  /// - Parameter before: of the object as it is stored; asked for only where there are errors.
  init(uid: String, findings: [Finding], before: @autoclosure () -> [Finding]) {
    self.uid = uid
    waived = findings.filter { $0.waiver != nil }
    let errors = findings.filter { $0.waiver == nil && $0.severity == .error }
    let known = errors.isEmpty ? [] : Set(before().filter { $0.waiver == nil }.map(Same.init))
    refusals = errors.filter { !known.contains(Same($0)) }
    standing = errors.filter { known.contains(Same($0)) }
    advice = findings.filter { $0.waiver == nil && $0.severity == .warning }
  }

  /// What makes a finding the same as one before.
  private struct Same: Hashable {
    var rule: String
    var path: String
    var message: String

    init(_ finding: Finding) { (rule, path, message) = (finding.rule, finding.path, finding.message) }
  }
}

extension AdmissionAnswer {
  /// Refusals told at once; further ones are counted.
  private static let refusalsMax = 20
  private static let refusalLettersMax = 1000

  /// What a person reads who is refused; empty where nobody is.
  public var message: String {
    guard let first = refusals.first else { return "" }
    let rules = Set(refusals.map(\.rule)).count
    var text = "\(first.object) breaks \(rules == 1 ? "a rule" : "\(rules) rules") of the guardrails"
    for finding in refusals.prefix(Self.refusalsMax) {
      text +=
        "\n* " + "\(finding.rule): \(finding.path): \(finding.message)".inOneLine(lettersMax: Self.refusalLettersMax)
      if let reason = Rule.byID[finding.rule]?.reason { text += "\n    why: \(reason)" }
      if !finding.remedy.isEmpty {
        text += "\n    do:  " + finding.remedy.inOneLine(lettersMax: Self.refusalLettersMax)
      }
    }
    if refusals.count > Self.refusalsMax { text += "\n* and \(refusals.count - Self.refusalsMax) more" }
    return text
  }

  /// An API server cuts warnings at 256 characters where they are more than 4096 together, and drops what is beyond
  /// (`warning.go` of its endpoints; https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response):
  /// so many of so many never are.
  package static let warningsMax = 16
  package static let warningLettersMax = 255

  public var warnings: [String] {
    var lines =
      standing.map { "as before: \($0.advice)" } + advice.map(\.advice)
    if lines.count > Self.warningsMax {
      let told = Self.warningsMax - 1
      lines[told] = "and \(lines.count - told) more; `sakigake check --manifests` tells all of them"
      lines.removeLast(lines.count - Self.warningsMax)
    }
    return lines.map { $0.inOneLine(lettersMax: Self.warningLettersMax) }
  }

  /// The whole AdmissionReview.
  public var json: JSONValue {
    var response: JSONObject = ["uid": .string(uid), "allowed": .bool(isAllowed)]
    if !isAllowed {
      response["status"] = [
        "metadata": [:], "status": "Failure", "reason": "Forbidden", "code": 403, "message": .string(message),
      ]
    }
    let warnings = warnings
    if !warnings.isEmpty { response["warnings"] = .array(warnings.map { .string($0) }) }
    if !waived.isEmpty {
      let told = waived.compactMap { finding in
        finding.waiver.map { "\(finding.rule) by \($0.owner) until \($0.until): \($0.reason)" }
      }
      let text = Set(told).sorted().joined(separator: "; ")
      response["auditAnnotations"] = ["waived": .string(text.inOneLine(lettersMax: Self.refusalLettersMax))]
    }
    return [
      "apiVersion": .string(AdmissionRequest.apiVersion), "kind": "AdmissionReview", "response": .object(response),
    ]
  }
}

extension Finding {
  fileprivate var advice: String {
    "\(object): \(message)\(remedy.isEmpty ? "" : "; \(remedy)") [\(rule)]"
  }
}

extension String {
  /// Control characters as blanks, which a header takes no others of, and no more letters (Unicode scalars) than may be.
  fileprivate func inOneLine(lettersMax: Int) -> String {
    var text = String.UnicodeScalarView()
    for (index, letter) in unicodeScalars.enumerated() {
      guard index < lettersMax - 1 || unicodeScalars.count <= lettersMax else {
        text.append("…")
        break
      }
      text.append(letter.properties.generalCategory == .control ? " " : letter)
    }
    return String(text)
  }
}
