import Kubernetes

extension Findings {
  private static let nodeOperators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]
  private static let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

  mutating func toleration(_ toleration: JSONValue, _ field: Field) {
    let key = toleration["key"]?.stringValue ?? ""
    let op = toleration["operator"]?.stringValue ?? ""
    let value = toleration["value"]?.stringValue ?? ""
    let effect = toleration["effect"]?.stringValue ?? ""
    if !key.isEmpty, let problem = Names.qualified(key) { invalid(field.child("key"), key, problem) }
    if key.isEmpty, op != "Exists" {
      invalid(
        field.child("operator"), op,
        "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
    }
    oneOf(toleration["operator"], ["Equal", "Exists"], field.child("operator"))
    if op == "Exists", !value.isEmpty {
      invalid(field.child("operator"), value, "value must be empty when `operator` is 'Exists'")
    }
    if toleration["tolerationSeconds"]?.integerValue != nil, effect != "NoExecute" {
      invalid(field.child("effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
    }
    oneOf(toleration["effect"], Self.effects, field.child("effect"))
  }

  mutating func taints(_ taints: JSONValue?, _ field: Field) {
    var seen: Set<String> = []
    for (index, taint) in (taints?.arrayValue ?? []).enumerated() {
      let at = field.at(index)
      let key = taint["key"]?.stringValue ?? ""
      if let problem = Names.qualified(key) { invalid(at.child("key"), key, problem) }
      if let value = taint["value"]?.stringValue, let problem = Names.labelValue(value) {
        invalid(at.child("value"), value, problem)
      }
      oneOf(taint["effect"], Self.effects, at.child("effect"), isRequired: true)
      if !seen.insert("\(key):\(taint["effect"]?.stringValue ?? "")").inserted {
        duplicate(
          at,
          go: GoValue.record("core.Taint", taint, [("Key", "key"), ("Value", "value"), ("Effect", "effect")]).dropLast()
            + ", TimeAdded:<nil>}: taints must be unique by key and effect pair")
      }
    }
  }

  mutating func affinity(_ affinity: JSONValue, _ field: Field) {
    let required = "requiredDuringSchedulingIgnoredDuringExecution"
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
    if let node = affinity["nodeAffinity"] {
      let at = field.child("nodeAffinity")
      if let selector = node[required] {
        let terms = selector["nodeSelectorTerms"]?.arrayValue ?? []
        let termsField = at.child(required).child("nodeSelectorTerms")
        if terms.isEmpty { self.required(termsField, "must have at least one node selector term") }
        for (index, term) in terms.enumerated() { nodeTerm(term, termsField.at(index)) }
      }
      for (index, term) in (node[preferred]?.arrayValue ?? []).enumerated() {
        weight(term["weight"], at.child(preferred).at(index).child("weight"))
        nodeTerm(term["preference"] ?? .null, at.child(preferred).at(index).child("preference"))
      }
    }
    for key in ["podAffinity", "podAntiAffinity"] {
      guard let pod = affinity[key] else { continue }
      for (index, term) in (pod[required]?.arrayValue ?? []).enumerated() {
        podTerm(term, field.child(key).child(required).at(index))
      }
      for (index, term) in (pod[preferred]?.arrayValue ?? []).enumerated() {
        let at = field.child(key).child(preferred).at(index)
        weight(term["weight"], at.child("weight"))
        podTerm(term["podAffinityTerm"] ?? .null, at.child("podAffinityTerm"))
      }
    }
  }

  private mutating func weight(_ value: JSONValue?, _ field: Field) {
    if !(1...100).contains(value?.integerValue ?? 0) { invalid(field, value ?? 0, "must be in the range 1-100") }
  }

  private mutating func nodeTerm(_ term: JSONValue, _ field: Field) {
    for (index, expression) in (term["matchExpressions"]?.arrayValue ?? []).enumerated() {
      requirement(expression, field.child("matchExpressions").at(index), operators: Self.nodeOperators)
    }
  }

  private mutating func podTerm(_ term: JSONValue, _ field: Field) {
    labelSelector(term["labelSelector"], field.child("labelSelector"))
    let key = term["topologyKey"]?.stringValue ?? ""
    if key.isEmpty {
      required(field.child("topologyKey"), "can not be empty")
    }
    if let problem = Names.qualified(key) { invalid(field.child("topologyKey"), key, problem) }
  }

  mutating func topologySpread(_ constraints: [JSONValue], _ field: Field) {
    var seen: Set<String> = []
    for (index, constraint) in constraints.enumerated() {
      let at = field.at(index)
      if constraint["maxSkew"]?.integerValue ?? 0 <= 0 {
        invalid(at.child("maxSkew"), constraint["maxSkew"] ?? 0, "must be greater than zero")
      }
      let key = constraint["topologyKey"]?.stringValue ?? ""
      if key.isEmpty {
        required(at.child("topologyKey"), "can not be empty")
      } else if let problem = Names.qualified(key) {
        invalid(at.child("topologyKey"), key, problem)
      }
      oneOf(
        constraint["whenUnsatisfiable"], ["DoNotSchedule", "ScheduleAnyway"], at.child("whenUnsatisfiable"),
        isRequired: true)
      labelSelector(constraint["labelSelector"], at.child("labelSelector"))
      let pair = "{\(key), \(constraint["whenUnsatisfiable"]?.stringValue ?? "")}"
      if !seen.insert(pair).inserted { duplicate(at.child("{topologyKey, whenUnsatisfiable}"), .string(pair)) }
    }
  }
}
