import Kubernetes

/// Limits of namespaces, and classes of pods (pkg/apis/core/validation, pkg/apis/scheduling/validation).
extension Findings {
  mutating func limitRange(_ object: JSONValue) {
    var types: Set<String> = []
    for (index, item) in (object[path: ["spec", "limits"]]?.arrayValue ?? []).enumerated() {
      let at = Field("spec.limits").at(index)
      let type = item["type"]?.stringValue ?? ""
      if let problem = Names.qualified(type) { invalid(at.child("type"), type, problem) }
      if !types.insert(type).inserted { duplicate(at.child("type"), .string(type)) }
      if type == "Pod" {
        for key in ["default", "defaultRequest"] where !item.isUnset(key) {
          forbidden(at.child(key), "may not be specified when `type` is 'Pod'")
        }
      }
      if type == "PersistentVolumeClaim", item[path: ["min", "storage"]] == nil, item[path: ["max", "storage"]] == nil {
        required(
          at.child("limits"), "either minimum or maximum storage value is required, but neither was provided")
      }
      limits(item, at)
    }
  }

  /// Each is within the next: what there must be, what is asked for, what there may be.
  private mutating func limits(_ item: JSONValue, _ field: Field) {
    func amounts(_ key: String) -> [String: Quantity] {
      var result: [String: Quantity] = [:]
      for member in item[key]?.objectValue ?? [:] { result[member.key] = try? Quantity(json: member.value) }
      return result
    }
    let (least, most) = (amounts("min"), amounts("max"))
    let (asked, limit) = (amounts("defaultRequest"), amounts("default"))
    let ratios = amounts("maxLimitRequestRatio")
    let names = [least, most, asked, limit, ratios].reduce(into: Set<String>()) { $0.formUnion($1.keys) }
    for name in names.sorted() {
      if let problem = Names.qualified(name) { invalid(field.child("max").key(name), name, problem) }
      let pairs: [(String, Quantity?, String, Quantity?, shown: String)] = [
        ("min value", least[name], "max value", most[name], "min"),
        ("min value", least[name], "default request value", asked[name], "defaultRequest"),
        ("default request value", asked[name], "max value", most[name], "defaultRequest"),
        ("default request value", asked[name], "default limit value", limit[name], "defaultRequest"),
        ("min value", least[name], "default value", limit[name], "default"),
        ("default value", limit[name], "max value", most[name], "default"),
      ]
      for (smallName, small, largeName, large, key) in pairs {
        guard let small, let large, small > large else { continue }
        invalid(
          field.child(key).key(name), (key == "defaultRequest" ? asked[name] : small)?.json,
          "\(smallName) \(small) is greater than \(largeName) \(large)")
      }
      if let ratio = ratios[name], ratio < Quantity(1) {
        invalid(field.child("maxLimitRequestRatio").key(name), ratio.json, "ratio \(ratio) is less than 1")
      }
    }
  }

  private static let scopes = [
    "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating",
  ]

  mutating func resourceQuota(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    for member in spec[path: ["hard"]]?.objectValue ?? [:] {
      let at = field.child("hard").key(member.key)
      if let problem = Names.qualified(member.key) { invalid(at, member.key, problem) }
      if !member.key.contains("/"), !Self.isQuotaResource(member.key) {
        invalid(at, go: member.key, "must be a standard resource for quota")
        invalid(at, go: member.key, "must be a standard resource type or fully qualified")
      }
      guard let amount = try? Quantity(json: member.value) else { continue }
      if amount < .zero { invalid(at, member.value, "must be greater than or equal to 0") }
      if !member.key.contains("cpu"), !member.key.contains("memory"), !member.key.contains("storage"),
        amount.milliValue % 1000 != 0
      {
        invalid(at, member.value, "must be an integer")
      }
    }
    let scopes = (spec["scopes"]?.arrayValue ?? []).compactMap(\.stringValue)
    for scope in scopes where !Self.scopes.contains(scope) {
      invalid(
        field.child("scopes"), go: GoValue.texts(spec["scopes"], type: "core.ResourceQuotaScope"), "unsupported scope")
    }
    for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]]
    where pair.allSatisfy(scopes.contains) {
      invalid(field.child("scopes"), spec["scopes"], "conflicting scopes")
    }
    guard let old else { return }
    let before = (old[path: ["spec", "scopes"]]?.arrayValue ?? []).compactMap(\.stringValue)
    if Set(before) != Set(scopes) {
      invalid(
        field.child("scopes"), go: GoValue.texts(spec["scopes"], type: "core.ResourceQuotaScope"), "field is immutable")
    }
  }

  private static func isQuotaResource(_ name: String) -> Bool {
    let standard: Set<String> = [
      "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage",
      "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
      "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps",
      "services.nodeports", "services.loadbalancers",
    ]
    return standard.contains(name) || name.hasPrefix("hugepages-") || name.hasPrefix("requests.hugepages-")
  }

  /// Above it are the classes of the system.
  private static let priorityMax: Int64 = 1_000_000_000

  mutating func priorityClass(_ object: JSONValue, old: JSONValue?) {
    let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
    let value = object["value"]?.integerValue ?? 0
    if name.hasPrefix("system-") {
      if PriorityClasses.system[name] != value {
        forbidden(
          Field("metadata.name"),
          "priority class names with 'system-' prefix are reserved for system use only. error: \(name) is not a known "
            + "system priority class")
      }
    } else if value > Self.priorityMax {
      forbidden(
        Field("value"), "maximum allowed value of a user defined priority is \(Self.priorityMax)")
    }
    oneOf(object["preemptionPolicy"], ["PreemptLowerPriority", "Never"], Field("preemptionPolicy"))
    guard let old else { return }
    if old["value"]?.integerValue ?? 0 != value { forbidden(Field("value"), "may not be changed in an update.") }
    if !SemanticEquality.equal(object["preemptionPolicy"], old["preemptionPolicy"]) {
      invalid(Field("preemptionPolicy"), object["preemptionPolicy"], "field is immutable")
    }
  }

  mutating func runtimeClass(_ object: JSONValue, old: JSONValue?) {
    let handler = object["handler"]?.stringValue ?? ""
    if let problem = Names.label(handler) { invalid(Field("handler"), handler, problem) }
    labels(object[path: ["scheduling", "nodeSelector"]], Field("scheduling.nodeSelector"))
    for (index, toleration) in (object[path: ["scheduling", "tolerations"]]?.arrayValue ?? []).enumerated() {
      self.toleration(toleration, Field("scheduling.tolerations").at(index))
    }
    if let old { immutable(object["handler"], was: old["handler"], Field("handler")) }
  }
}
