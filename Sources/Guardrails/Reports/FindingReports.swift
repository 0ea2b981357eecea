import Definitions
public import Kubernetes

extension Finding {
  /// `web.yaml:12:9: error: Deployment/web: container app: is privileged; remove … [privileged]`.
  public var line: String {
    let mark = waiver.map { "waived by \($0.owner) until \($0.until)" } ?? severity.rawValue
    let remedy = waiver.map { "; \($0.reason)" } ?? (self.remedy.isEmpty ? "" : "; \(self.remedy)")
    return "\(position): \(mark): \(object): \(message)\(remedy) [\(rule)]"
  }

  private var position: String { place.line > 0 ? "\(place.file):\(place.line):\(place.column)" : place.file }

  public var json: JSONValue {
    var object: JSONObject = [
      "rule": .string(rule), "severity": .string(severity.rawValue), "file": .string(place.file),
      "line": .integer(Int64(place.line)), "column": .integer(Int64(place.column)), "object": .string(self.object),
      "path": .string(path), "message": .string(message), "remedy": .string(remedy),
    ]
    if let waiver {
      object["waiver"] = [
        "owner": .string(waiver.owner), "until": .string(waiver.until), "reason": .string(waiver.reason),
      ]
    }
    return .object(object)
  }

  /// A command of a GitHub Actions log, which becomes a mark at the line
  /// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
  public var workflowCommand: String {
    let level = severity == .info || waiver != nil ? "notice" : severity.rawValue
    func data(_ text: String) -> String {
      text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
    func property(_ text: String) -> String { data(text).replacing(":", with: "%3A").replacing(",", with: "%2C") }
    let place = "file=\(property(place.file)),line=\(max(1, place.line)),col=\(max(1, place.column))"
    return "::\(level) \(place),title=\(property(rule))::\(data("\(object): \(message); \(remedy)"))"
  }
}

/// Findings in the format of static analysis results, for whatever shows them
/// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
public enum SARIF {
  public static func log(_ findings: [Finding], version: String) -> JSONValue {
    let used = Set(findings.map(\.rule))
    let rules = Rule.all.filter { used.contains($0.id) }
    let index = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($0.element.id, $0.offset) })
    let driver: JSONValue = [
      "name": "sakigake", "version": .string(version), "rules": .array(rules.map(description)),
    ]
    let run: JSONValue = [
      "tool": ["driver": driver], "columnKind": "unicodeCodePoints",
      "results": .array(findings.map { result($0, index) }),
    ]
    return [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run],
    ]
  }

  private static func description(_ rule: Rule) -> JSONValue {
    [
      "id": .string(rule.id), "shortDescription": ["text": .string(rule.subject)],
      "fullDescription": ["text": .string(rule.reason)], "help": ["text": .string(rule.remedy)],
      "defaultConfiguration": ["level": .string(level(rule.severity ?? .warning))],
    ]
  }

  private static func level(_ severity: Rule.Severity) -> String { severity == .info ? "note" : severity.rawValue }

  private static func result(_ finding: Finding, _ index: [String: Int]) -> JSONValue {
    let region: JSONValue = [
      "startLine": .integer(Int64(max(1, finding.place.line))),
      "startColumn": .integer(Int64(max(1, finding.place.column))),
    ]
    var result: JSONObject = [
      "ruleId": .string(finding.rule), "ruleIndex": .integer(Int64(index[finding.rule] ?? -1)),
      "level": .string(level(finding.severity)),
      "message": ["text": .string("\(finding.object): \(finding.message); \(finding.remedy)")],
      "locations": [
        ["physicalLocation": ["artifactLocation": ["uri": .string(uri(finding.place.file))], "region": region]]
      ],
      // The line may move; what is wrong with which object stays the same.
      "partialFingerprints": ["finding/v1": .string("\(finding.rule):\(finding.object):\(finding.path)")],
    ]
    if let waiver = finding.waiver {
      result["suppressions"] = [
        ["kind": "inSource", "status": "accepted", "justification": .string("\(waiver.owner): \(waiver.reason)")]
      ]
    }
    return .object(result)
  }

  /// RFC 3986: what a path may hold as it is.
  private static func uri(_ path: String) -> String {
    var text = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      let letter = Character(UnicodeScalar(byte))
      if letter.isASCII, letter.isLetter || letter.isNumber || "-._~/".contains(letter) {
        text.append(letter)
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        text += "%" + (hex.count == 1 ? "0" + hex : hex)
      }
    }
    return text
  }
}
