import Kubernetes

/// StatefulSets, DaemonSets and what keeps their history (pkg/apis/apps/validation).
extension Findings {
  mutating func statefulSet(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let policy = spec["podManagementPolicy"]?.stringValue ?? ""
    if policy.isEmpty {
      required(field.child("podManagementPolicy"))
    } else if !["OrderedReady", "Parallel"].contains(policy) {
      invalid(field.child("podManagementPolicy"), policy, "must be 'OrderedReady' or 'Parallel'")
    }
    statefulStrategy(spec["updateStrategy"] ?? .null, field.child("updateStrategy"))
    let retention = field.child("persistentVolumeClaimRetentionPolicy")
    for key in ["whenDeleted", "whenScaled"] {
      oneOf(spec[path: ["persistentVolumeClaimRetentionPolicy", key]], ["Retain", "Delete"], retention.child(key))
    }
    atLeast(0, spec["replicas"], field.child("replicas"))
    atLeast(0, spec["minReadySeconds"], field.child("minReadySeconds"))
    atLeast(0, spec[path: ["ordinals", "start"]], field.child("ordinals").child("start"))
    podSelector(spec, field, kind: "statefulset")
    selects(spec, field)
    // The claims of the set are volumes, too, so that mounts are not checked against the template's own.
    labels(spec[path: ["template", "metadata", "labels"]], field.child("template").child("labels"))
    longRunning(spec, field, kind: "StatefulSet")
    guard let old = old?["spec"] else { return }
    func frozen(_ spec: JSONValue) -> JSONValue {
      var copy = spec
      for key in [
        "replicas", "template", "updateStrategy", "minReadySeconds", "ordinals", "persistentVolumeClaimRetentionPolicy",
        "revisionHistoryLimit",
      ] {
        copy[key] = nil
      }
      copy.editEach("volumeClaimTemplates") { $0["status"] = nil }
      return copy
    }
    if !SemanticEquality.equal(frozen(spec), frozen(old)) {
      forbidden(
        field,
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
          + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden")
    }
  }

  private mutating func statefulStrategy(_ strategy: JSONValue, _ field: Field) {
    let update = strategy["rollingUpdate"]?.nonNull
    switch strategy["type"]?.stringValue ?? "" {
    case "": required(field)
    case "OnDelete":
      guard let update else { return }
      invalid(
        field.child("rollingUpdate"),
        go: "apps.RollingUpdateStatefulSetStrategy{Partition:\(update["partition"]?.integerValue ?? 0), "
          + "MaxUnavailable:(*intstr.IntOrString)(nil)}", "only allowed for updateStrategy 'RollingUpdate'")
    case "RollingUpdate": atLeast(0, update?["partition"], field.child("rollingUpdate").child("partition"))
    case let type:
      invalid(
        field,
        go: "apps.StatefulSetUpdateStrategy{Type:\(JSONValue.string(type).text), "
          + "RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}", "must be 'RollingUpdate' or 'OnDelete'")
    }
  }

  mutating func daemonSet(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    podSelector(spec, field, kind: "daemonset", isRequired: false)
    selects(spec, field)
    podTemplate(spec["template"] ?? .null, field.child("template"))
    longRunning(spec, field, kind: "DaemonSet")
    atLeast(0, spec["minReadySeconds"], field.child("minReadySeconds"))
    daemonStrategy(spec["updateStrategy"] ?? .null, field.child("updateStrategy"))
    atLeast(0, spec["revisionHistoryLimit"], field.child("revisionHistoryLimit"))
    if let old = old?["spec"] { immutableSelector(spec, old: old, field) }
  }

  private mutating func daemonStrategy(_ strategy: JSONValue, _ field: Field) {
    switch strategy["type"]?.stringValue ?? "" {
    case "OnDelete": return
    case "RollingUpdate": break
    case let type:
      let text =
        "apps.DaemonSetUpdateStrategy{Type:\(JSONValue.string(type).text), RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}"
      return unsupported(field, go: text, ["RollingUpdate", "OnDelete"])
    }
    let at = field.child("rollingUpdate")
    guard let update = strategy["rollingUpdate"], !update.isNull else { return required(at) }
    countOrPercent(update["maxUnavailable"], at.child("maxUnavailable"), isAtMostAll: true)
    countOrPercent(update["maxSurge"], at.child("maxSurge"), isAtMostAll: true)
    switch (Self.isZero(update["maxUnavailable"]), Self.isZero(update["maxSurge"])) {
    case (false, false):
      invalid(
        at.child("maxSurge"), go: GoValue.intOrString(update["maxSurge"]),
        "may not be set when maxUnavailable is non-zero")
    case (true, true): required(at.child("maxUnavailable"), "cannot be 0 when maxSurge is 0")
    default: break
    }
  }

  /// The older kind, whose selector is labels only.
  mutating func replicationController(_ object: JSONValue) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    atLeast(0, spec["minReadySeconds"], field.child("minReadySeconds"))
    let selector = spec["selector"]?.objectValue ?? [:]
    if selector.isEmpty { required(field.child("selector")) }
    atLeast(0, spec["replicas"], field.child("replicas"))
    guard let template = spec["template"], !template.isNull else { return required(field.child("template")) }
    let labels = template[path: ["metadata", "labels"]]
    if !selector.allSatisfy({ labels?[$0.key] == $0.value }) {
      invalidLabels(
        field.child("template").child("metadata").child("labels"), labels, "`selector` does not match template `labels`"
      )
    }
    podTemplate(template, field.child("template"))
    longRunning(spec, field, kind: "ReplicationController")
  }

  mutating func controllerRevision(_ object: JSONValue, old: JSONValue?) {
    atLeast(0, object["revision"], Field("revision"))
    switch object["data"] {
    case nil, .null?: required(Field("data"), "data is mandatory")
    case .object?: break
    default: required(Field("data"), "data must be a valid JSON object")
    }
    if let old { immutable(object["data"], was: old["data"], Field("data")) }
  }

  // MARK: What workloads have in common

  /// The selector of a workload: it is there, and means something.
  mutating func podSelector(_ spec: JSONValue, _ field: Field, kind: String, isRequired: Bool = true) {
    guard let selector = spec["selector"], !selector.isNull else {
      if isRequired { required(field.child("selector")) }
      return
    }
    labelSelector(selector, field.child("selector"))
    if selector.isUnset("matchLabels"), selector.isUnset("matchExpressions") {
      invalid(field.child("selector"), go: GoValue.labelSelector(selector), "empty selector is invalid for \(kind)")
    }
  }

  mutating func immutableSelector(_ spec: JSONValue, old: JSONValue, _ field: Field) {
    guard !SemanticEquality.equal(spec["selector"], old["selector"]) else { return }
    invalid(field.child("selector"), go: GoValue.labelSelector(spec["selector"]), "field is immutable")
  }

  /// A template's labels and spec.
  mutating func podTemplate(_ template: JSONValue, _ field: Field) {
    labels(template[path: ["metadata", "labels"]], field.child("labels"))
    podSpec(template["spec"] ?? .null, field.child("spec"))
  }

  /// Pods that are there to stay.
  mutating func longRunning(_ spec: JSONValue, _ field: Field, kind: String) {
    let pod = spec[path: ["template", "spec"]] ?? .null
    let at = field.child("template").child("spec")
    if let policy = pod["restartPolicy"]?.stringValue, policy != "Always" {
      unsupported(at.child("restartPolicy"), .string(policy), ["Always"])
    }
    if pod["activeDeadlineSeconds"]?.integerValue != nil {
      forbidden(at.child("activeDeadlineSeconds"), "activeDeadlineSeconds in \(kind) is not Supported")
    }
  }
}
