import Kubernetes

/// Services that are asked before objects are stored (pkg/apis/admissionregistration/validation).
extension Findings {
  mutating func webhooks(_ object: JSONValue) {
    var names: Set<String> = []
    for (index, webhook) in (object["webhooks"]?.arrayValue ?? []).enumerated() {
      let at = Field("webhooks").at(index)
      let name = webhook["name"]?.stringValue ?? ""
      if name.isEmpty {
        required(at.child("name"))
      } else if name.split(separator: ".", omittingEmptySubsequences: false).count < 3 {
        invalid(at.child("name"), name, "should be a domain with at least three segments separated by dots")
      } else if let problem = Names.subdomain(name) {
        invalid(at.child("name"), name, problem)
      }
      if !names.insert(name).inserted { duplicate(at.child("name"), .string(name)) }
      webhookItself(webhook, at)
    }
  }

  private mutating func webhookItself(_ webhook: JSONValue, _ field: Field) {
    let versions = (webhook["admissionReviewVersions"]?.arrayValue ?? []).compactMap(\.stringValue)
    let at = field.child("admissionReviewVersions")
    if versions.isEmpty {
      required(at, "must specify one of v1, v1beta1")
    } else if !versions.contains(where: ["v1", "v1beta1"].contains) {
      invalid(at, go: GoValue.texts(webhook["admissionReviewVersions"]), "must include at least one of v1, v1beta1")
    }
    for (index, rule) in (webhook["rules"]?.arrayValue ?? []).enumerated() {
      operations(rule, field.child("rules").at(index))
    }
    oneOf(webhook["failurePolicy"], ["Fail", "Ignore"], field.child("failurePolicy"))
    oneOf(webhook["matchPolicy"], ["Equivalent", "Exact"], field.child("matchPolicy"))
    if webhook.isUnset("sideEffects") {
      required(field.child("sideEffects"), "must specify one of None, NoneOnDryRun")
    } else {
      oneOf(webhook["sideEffects"], ["None", "NoneOnDryRun"], field.child("sideEffects"))
    }
    if let seconds = webhook["timeoutSeconds"]?.integerValue, !(1...30).contains(seconds) {
      invalid(
        field.child("timeoutSeconds"), .integer(seconds),
        "the timeout value must be between 1 and 30 seconds")
    }
    oneOf(webhook["reinvocationPolicy"], ["IfNeeded", "Never"], field.child("reinvocationPolicy"))
    if !webhook.isUnset("matchConditions") {
      forbidden(
        field.child("matchConditions"), "this server does not evaluate CEL; such a webhook needs a real cluster")
    }
    for key in ["namespaceSelector", "objectSelector"] { labelSelector(webhook[key], field.child(key)) }
    webhookClient(webhook["clientConfig"] ?? .null, field.child("clientConfig"))
  }

  /// Where a service is: exactly one of a URL and a service of the cluster.
  mutating func webhookClient(_ client: JSONValue, _ field: Field) {
    let url = client["url"]?.stringValue
    let service = client["service"]?.nonNull
    switch (url, service) {
    case (nil, nil), (.some, .some): required(field, "exactly one of url or service is required")
    case (let url?, nil):
      if !url.hasPrefix("https://") {
        invalid(
          field.child("url"), String(url.prefix { $0 != ":" }),
          "'https' is the only allowed URL scheme; desired format: https://host[/path]")
      }
    case (nil, let service?):
      for key in ["name", "namespace"] where service.isUnset(key) { required(field.child("service").child(key)) }
      port(service["port"] ?? 443, field.child("service").child("port"))
    }
  }

  private mutating func operations(_ rule: JSONValue, _ field: Field) {
    for key in ["apiGroups", "apiVersions", "resources"] where rule.isUnset(key) { required(field.child(key)) }
    let operations = (rule["operations"]?.arrayValue ?? []).compactMap(\.stringValue)
    if operations.isEmpty { required(field.child("operations")) }
    let known = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"]
    for (index, operation) in operations.enumerated() where !known.contains(operation) {
      unsupported(field.child("operations").at(index), .string(operation), known)
    }
    for key in ["apiGroups", "apiVersions", "operations"] {
      let values = (rule[key]?.arrayValue ?? []).compactMap(\.stringValue)
      if values.count > 1, values.contains("*") {
        invalid(
          field.child(key), rule[key], "if '*' is present, must not specify other \(Self.plurals[key] ?? key)")
      }
    }
    oneOf(rule["scope"], ["*", "Cluster", "Namespaced"], field.child("scope"))
  }

  private static let plurals = ["apiGroups": "API groups", "apiVersions": "API versions"]
}
