import Kubernetes

/// A request on its way to the store, as admission sees it.
struct AdmissionQuestion: Sendable {
  enum Operation: String, Sendable { case create = "CREATE", update = "UPDATE", delete = "DELETE", connect = "CONNECT" }

  var operation: Operation
  var user: UserInfo
  var resource: ResourceType
  /// Empty for the object itself.
  var subresource = ""
  /// The group, version and kind of `object`, where a subresource speaks of another kind.
  var kind: ResourceType
  var namespace: String
  var name: String
  /// As it will be stored; nil for deletions.
  var object: JSONValue?
  /// As it is stored; nil for creations.
  var old: JSONValue?
  /// `CreateOptions`, `UpdateOptions` or `DeleteOptions`.
  var options: JSONValue
  var isDryRun: Bool
  /// The same objects in other versions of their API.
  var equivalents: [ResourceType] = []
}

/// A webhook that is to be asked, and the version of the API in which.
struct WebhookMatch: Sendable {
  var webhook: Webhook
  var resource: ResourceType
}

extension AdmissionQuestion {
  /// In which version of the API a webhook is to be asked about this; nil where it is not.
  func match(_ webhook: Webhook, namespaceLabels: (String) -> Labels) -> WebhookMatch? {
    guard matches(webhook.objectSelector), let matched = matchedResource(webhook) else { return nil }
    if webhook.namespaceSelector.isEmpty { return WebhookMatch(webhook: webhook, resource: matched) }
    if resource == .namespaces {
      guard webhook.namespaceSelector.matches(Self.labels(object ?? old)) else { return nil }
    } else if !namespace.isEmpty {
      guard webhook.namespaceSelector.matches(namespaceLabels(namespace)) else { return nil }
    }
    return WebhookMatch(webhook: webhook, resource: matched)
  }

  private func matches(_ selector: LabelSelector) -> Bool {
    selector.isEmpty || [object, old].contains { $0.map { selector.matches(Self.labels($0)) } ?? false }
  }

  private static func labels(_ object: JSONValue?) -> Labels { Labels(object: object?["metadata"]?["labels"]) }

  private func matchedResource(_ webhook: Webhook) -> ResourceType? {
    if webhook.rules.contains(where: { matches($0, resource) }) { return resource }
    guard webhook.matchesEquivalent else { return nil }
    return equivalents.first { other in webhook.rules.contains { matches($0, other) } }
  }

  private func matches(_ rule: Webhook.Rule, _ resource: ResourceType) -> Bool {
    func has(_ texts: [String], _ wanted: String) -> Bool { texts.contains { $0 == "*" || $0 == wanted } }
    let isNamespaced = resource.isNamespaced
    return has(rule.operations, operation.rawValue) && has(rule.groups, resource.group)
      && has(rule.versions, resource.version)
      && (rule.scope == "*" || rule.scope.isEmpty || (rule.scope == "Namespaced") == isNamespaced)
      && rule.resources.contains { covers($0, resource.plural) }
  }

  /// `pods`, `pods/*`, `*/scale`, `*` (which leaves subresources out), `*/*`
  private func covers(_ pattern: String, _ plural: String) -> Bool {
    let parts = pattern.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let wanted = parts.count > 1 ? parts[1] : ""
    return (parts[0] == "*" || parts[0] == plural) && (wanted == "*" || wanted == subresource)
  }
}
