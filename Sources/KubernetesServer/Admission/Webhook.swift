import FoundationEssentials
import Kubernetes

/// One webhook of a ValidatingWebhookConfiguration or MutatingWebhookConfiguration: which requests it is asked about, and
/// where it is (`admissionregistration.k8s.io/v1`).
struct Webhook: Sendable {
  enum Kind: Sendable { case validating, mutating }

  struct Rule: Sendable {
    var operations: [String]
    var groups: [String]
    var versions: [String]
    var resources: [String]
    /// `*`, `Cluster` or `Namespaced`
    var scope: String
  }

  /// Where it is.
  enum Place: Sendable, Hashable {
    case url(String)
    case service(NamespacedName, path: String, port: Int)
  }

  var kind: Kind
  var name: String
  var place: Place
  /// Certificates that its own must go back to, as PEM; empty for those that the system trusts.
  var authorities: [UInt8]
  var rules: [Rule]
  var namespaceSelector: LabelSelector
  var objectSelector: LabelSelector
  /// Whether requests for other versions of the same objects count, too.
  var matchesEquivalent: Bool
  /// Whether a request is refused when the webhook cannot be asked.
  var failsClosed: Bool
  var timeoutSeconds: Int64
  /// Asking about a dry run would change something.
  var hasSideEffects: Bool

  static let timeoutSecondsDefault: Int64 = 10

  /// - Parameter json: an element of `webhooks`, with its defaults or without.
  init?(json: JSONValue, kind: Kind) {
    guard let name = json["name"]?.stringValue, let config = json["clientConfig"], let place = Place(json: config)
    else { return nil }
    func texts(_ value: JSONValue?) -> [String] { (value?.arrayValue ?? []).compactMap(\.stringValue) }
    func selector(_ field: String) -> LabelSelector? {
      guard let value = json[field], !value.isNull else { return LabelSelector() }
      return try? LabelSelector(json: value)
    }
    guard let namespaceSelector = selector("namespaceSelector"), let objectSelector = selector("objectSelector") else {
      return nil
    }
    self.kind = kind
    self.name = name
    self.place = place
    authorities = config["caBundle"]?.stringValue.flatMap(Base64.decode) ?? []
    rules = (json["rules"]?.arrayValue ?? []).map { rule in
      Rule(
        operations: texts(rule["operations"]), groups: texts(rule["apiGroups"]), versions: texts(rule["apiVersions"]),
        resources: texts(rule["resources"]), scope: rule["scope"]?.stringValue ?? "*")
    }
    self.namespaceSelector = namespaceSelector
    self.objectSelector = objectSelector
    matchesEquivalent = json["matchPolicy"]?.stringValue != "Exact"
    failsClosed = json["failurePolicy"]?.stringValue != "Ignore"
    timeoutSeconds = json["timeoutSeconds"]?.integerValue ?? Self.timeoutSecondsDefault
    hasSideEffects = !["None", "NoneOnDryRun"].contains(json["sideEffects"]?.stringValue ?? "")
  }
}

extension Webhook.Place {
  private static let portDefault = 443

  /// The name that a service's certificate must have.
  static func host(of service: NamespacedName) -> String { "\(service.name).\(service.namespace).svc" }

  /// As messages tell of it.
  var address: String {
    switch self {
    case .url(let url): url
    case .service(let service, let path, let port):
      "https://\(Self.host(of: service)):\(port)\(path.hasPrefix("/") ? "" : "/")\(path)"
    }
  }

  init?(json: JSONValue) {
    if let url = json["url"]?.stringValue {
      self = .url(url)
    } else if let service = json["service"], let namespace = service["namespace"]?.stringValue,
      let name = service["name"]?.stringValue
    {
      self = .service(
        NamespacedName(namespace, name), path: service["path"]?.stringValue ?? "",
        port: service["port"]?.integerValue.map { Int($0) } ?? Self.portDefault)
    } else {
      return nil
    }
  }
}
