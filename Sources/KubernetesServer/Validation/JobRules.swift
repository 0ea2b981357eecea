import Kubernetes

/// Work that ends (pkg/apis/batch/validation).
extension Findings {
  private static let parallelismForIndexedMax: Int64 = 100_000
  private static let failureRulesMax = 20

  mutating func job(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    jobSpec(spec, field)
    if let selector = spec["selector"], !selector.isNull {
      labelSelector(selector, field.child("selector"))
    } else {
      required(field.child("selector"))
    }
    selects(spec, field)
    guard let old = old?["spec"] else { return }
    completions(spec, old: old, field.child("completions"))
    for key in ["selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"]
    {
      immutable(spec[key], was: old[key], field.child(key))
    }
    jobTemplate(object, old: old, field.child("template"))
  }

  /// A job that is suspended and has not begun may still be told where its pods run.
  private mutating func jobTemplate(_ object: JSONValue, old: JSONValue, _ field: Field) {
    let template = object[path: ["spec", "template"]]
    let mayBePlaced =
      old["suspend"]?.boolValue == true && (object[path: ["status", "startTime"]].map { $0.isNull } ?? true)
    func frozen(_ template: JSONValue?) -> JSONValue? {
      guard mayBePlaced, var copy = template else { return template }
      copy.edit("metadata") {
        $0["labels"] = nil
        $0["annotations"] = nil
      }
      copy.edit("spec") { spec in
        for key in ["nodeSelector", "tolerations", "affinity", "schedulingGates"] { spec[key] = nil }
      }
      return copy
    }
    if !SemanticEquality.equal(frozen(template), frozen(old["template"])) {
      invalid(field, template, "field is immutable")
    }
  }

  private mutating func completions(_ spec: JSONValue, old: JSONValue, _ field: Field) {
    if SemanticEquality.equal(spec["completions"], old["completions"]) { return }
    guard spec["completionMode"] == "Indexed" else {
      return invalid(field, spec["completions"], "field is immutable")
    }
    if spec["completions"] != spec["parallelism"] {
      invalid(field, spec["completions"], "can only be modified in tandem with spec.parallelism")
    }
  }

  /// Whether a template has the labels that the selector asks for.
  mutating func selects(_ spec: JSONValue, _ field: Field) {
    let labels = spec[path: ["template", "metadata", "labels"]]
    let given = spec["selector"]?.nonNull
    let parsed = given.flatMap { try? LabelSelector(json: $0) }
    let lacksValues = (given?["matchExpressions"]?.arrayValue ?? []).contains {
      ["In", "NotIn"].contains($0["operator"]) && $0.isUnset("values")
    }
    if given != nil, parsed == nil || lacksValues {
      return invalid(field.child("selector"), go: GoValue.labelSelector(given), "invalid label selector")
    }
    // No selector selects nothing.
    if parsed?.matches(Self.strings(labels ?? [:])) != true {
      invalidLabels(
        field.child("template").child("metadata").child("labels"), labels, "`selector` does not match template `labels`"
      )
    }
  }

  mutating func jobSpec(_ spec: JSONValue, _ field: Field) {
    for key in [
      "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
      "backoffLimitPerIndex", "maxFailedIndexes",
    ] {
      atLeast(0, spec[key], field.child(key))
    }
    oneOf(spec["completionMode"], ["NonIndexed", "Indexed"], field.child("completionMode"))
    let isIndexed = spec["completionMode"] == "Indexed"
    if isIndexed { indexedJob(spec, field) }
    for key in ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"] {
      guard !isIndexed, let value = spec[key], !value.isNull else { continue }
      invalid(field.child(key), value, "requires indexed completion mode")
    }
    if spec["maxFailedIndexes"]?.integerValue != nil, spec["backoffLimitPerIndex"]?.integerValue == nil {
      required(field.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified")
    }
    if let policy = spec["podFailurePolicy"], !policy.isNull {
      failurePolicy(policy, spec, field.child("podFailurePolicy"))
    }
    let replacements = spec.isUnset("podFailurePolicy") ? ["Failed", "TerminatingOrFailed"] : ["Failed"]
    oneOf(spec["podReplacementPolicy"], replacements, field.child("podReplacementPolicy"))
    let template = field.child("template")
    podTemplate(spec["template"] ?? .null, template)
    let policy = spec[path: ["template", "spec", "restartPolicy"]]?.stringValue ?? ""
    let at = template.child("spec").child("restartPolicy")
    if policy == "Always" || policy.isEmpty {
      required(at, "valid values: \"OnFailure\", \"Never\"")
    } else if policy != "OnFailure", policy != "Never" {
      unsupported(at, .string(policy), ["OnFailure", "Never"])
    } else if !spec.isUnset("podFailurePolicy"), policy != "Never" {
      invalid(at, policy, "only \"Never\" is supported when podFailurePolicy is specified")
    }
  }

  private mutating func indexedJob(_ spec: JSONValue, _ field: Field) {
    let completions = spec["completions"]?.integerValue
    if completions == nil { required(field.child("completions"), "when completion mode is Indexed") }
    if let parallelism = spec["parallelism"]?.integerValue, parallelism > Self.parallelismForIndexedMax {
      invalid(
        field.child("parallelism"), .integer(parallelism),
        "must be less than or equal to \(Self.parallelismForIndexedMax) when completion mode is Indexed")
    }
    if let limit = spec["maxFailedIndexes"]?.integerValue, let completions, limit > completions {
      invalid(field.child("maxFailedIndexes"), .integer(limit), "must be less than or equal to completions")
    }
    guard let policy = spec["successPolicy"], !policy.isNull else { return }
    let rules = policy["rules"]?.arrayValue ?? []
    let at = field.child("successPolicy").child("rules")
    if rules.isEmpty { required(at, "at least one rules must be specified when the successPolicy is specified") }
    if rules.count > Self.failureRulesMax { tooMany(at, rules.count, Self.failureRulesMax) }
    for (index, rule) in rules.enumerated() where rule.isUnset("succeededIndexes") && rule["succeededCount"] == nil {
      required(at.at(index), "at least one of succeededCount or succeededIndexes must be specified")
    }
  }

  private mutating func failurePolicy(_ policy: JSONValue, _ spec: JSONValue, _ field: Field) {
    let rules = policy["rules"]?.arrayValue ?? []
    if rules.count > Self.failureRulesMax { tooMany(field.child("rules"), rules.count, Self.failureRulesMax) }
    for (index, rule) in rules.enumerated() {
      let at = field.child("rules").at(index)
      let actions = ["Count", "FailIndex", "FailJob", "Ignore"]
      if rule.isUnset("action") {
        required(at.child("action"), "valid values: [\(actions.map { "\"\($0)\"" }.joined(separator: " "))]")
      } else if rule["action"] == "FailIndex" {
        if spec["backoffLimitPerIndex"]?.integerValue == nil {
          invalid(at.child("action"), rule["action"], "requires the backoffLimitPerIndex to be set")
        }
      } else {
        oneOf(rule["action"], actions, at.child("action"))
      }
      let codes = rule["onExitCodes"]?.nonNull
      if let codes { exitCodes(codes, at.child("onExitCodes")) }
      let hasConditions = !rule.isUnset("onPodConditions")
      if codes != nil, hasConditions {
        invalidOmitted(at, "specifying both OnExitCodes and OnPodConditions is not supported")
      } else if codes == nil, !hasConditions {
        invalidOmitted(at, "specifying one of OnExitCodes and OnPodConditions is required")
      }
    }
  }

  private mutating func exitCodes(_ codes: JSONValue, _ field: Field) {
    oneOf(codes["operator"], ["In", "NotIn"], field.child("operator"), isRequired: true)
    let values = (codes["values"]?.arrayValue ?? []).compactMap(\.integerValue)
    if values.isEmpty { invalid(field.child("values"), codes["values"], "at least one value is required") }
    var seen: Set<Int64> = []
    for (index, value) in values.enumerated() {
      let at = field.child("values").at(index)
      if value == 0, codes["operator"] == "In" { invalid(at, .integer(0), "must not be 0 for the In operator") }
      if !seen.insert(value).inserted { duplicate(at, .integer(value)) }
    }
    if values != values.sorted() { invalid(field.child("values"), codes["values"], "must be ordered") }
  }

  /// Names of jobs that a schedule makes have eleven characters more.
  private static let cronNameMax = 52

  mutating func cronJob(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let schedule = spec["schedule"]?.stringValue ?? ""
    if schedule.isEmpty {
      required(field.child("schedule"))
    } else {
      if let problem = CronSchedule.problem(schedule) { invalid(field.child("schedule"), schedule, problem) }
      if schedule.contains("TZ"), old?[path: ["spec", "schedule"]]?.stringValue?.contains("TZ") != true {
        invalid(
          field.child("schedule"), schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
      }
    }
    atLeast(0, spec["startingDeadlineSeconds"], field.child("startingDeadlineSeconds"))
    if let zone = spec["timeZone"]?.stringValue { timeZone(zone, field.child("timeZone")) }
    oneOf(
      spec["concurrencyPolicy"], ["Allow", "Forbid", "Replace"], field.child("concurrencyPolicy"), isRequired: true)
    let template = spec["jobTemplate"] ?? .null
    jobSpec(template["spec"] ?? .null, field.child("jobTemplate").child("spec"))
    let manual = template[path: ["spec", "manualSelector"]]?.boolValue == true
    if manual {
      unsupported(
        field.child("jobTemplate").child("spec").child("manualSelector"), true, ["nil", "false"])
    }
    for key in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] { atLeast(0, spec[key], field.child(key)) }
    let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
    if old == nil, name.utf8.count > Self.cronNameMax {
      invalid(Field("metadata.name"), name, "must be no more than \(Self.cronNameMax) characters")
    }
  }

  private mutating func timeZone(_ zone: String, _ field: Field) {
    if zone.isEmpty { return invalid(field, zone, "timeZone must be nil or non-empty string") }
    let isName = zone.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part != "." && part != ".." && !part.hasPrefix("-")
        && part.utf8.allSatisfy { byte in
          UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || [UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
        }
    }
    if !isName { return invalid(field, zone, "unknown time zone \(zone)") }
    if zone.lowercased() == "local" {
      invalid(field, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
    }
  }
}
