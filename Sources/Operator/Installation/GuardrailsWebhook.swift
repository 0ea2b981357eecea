import Guardrails
import Kubernetes
import NIOSSL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What has a cluster's API servers ask the guardrails: a ValidatingWebhookConfiguration
/// (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/).
public struct GuardrailsWebhook: Sendable {
  public static let name = "sakigake-guardrails"

  /// What becomes of an object where nobody answers.
  public enum FailurePolicy: String, Sendable, CaseIterable {
    case ignore = "Ignore"
    case fail = "Fail"
  }

  /// Where the operator is asked.
  public enum Place: Sendable, Hashable {
    /// At its Service.
    case installed
    /// At an https URL without a path, for an operator outside of the cluster.
    case url(String)
  }

  /// The operator's namespace.
  public var namespace = PlatformSettings.namespace
  public var place = Place.installed
  public var failurePolicy = FailurePolicy.ignore
  /// 1 to 30.
  public var timeoutSeconds = 5
  /// Has the API servers leave out what the cluster's own parts make, most of all pods, without asking: with conditions
  /// that Kubernetes knows from 1.30 on.
  public var skipsControlPlane = false
  private let authorities: [UInt8]

  /// - Parameter authorities: the certificates, in PEM, that the operator's own goes back to.
  /// - Throws: `ServingError` where they are none, or a key is among them: what is printed is for all to read.
  public init(authorities: [UInt8]) throws {
    guard !String(decoding: authorities, as: UTF8.self).contains("PRIVATE KEY-----") else {
      throw ServingError(message: "it holds a private key; name a file that holds certificates only")
    }
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(authorities), !certificates.isEmpty else {
      throw ServingError(message: "it holds no certificate in PEM")
    }
    self.authorities = authorities
  }

  public var manifest: JSONValue {
    var client: JSONObject =
      switch place {
      case .url(let url): ["url": .string(url + AdmissionEndpoint.path)]
      case .installed:
        [
          "service": [
            "namespace": .string(namespace), "name": .string(Installation.name),
            "path": .string(AdmissionEndpoint.path), "port": Installation.serviceGuardrailsPort.json,
          ]
        ]
      }
    client["caBundle"] = .string(Data(authorities).base64EncodedString())
    // A cluster's own parts and those who answer must not wait for an answer.
    let others: JSONValue = [
      "key": "kubernetes.io/metadata.name", "operator": "NotIn",
      "values": .array(Set(["kube-node-lease", "kube-system", namespace]).sorted().map { .string($0) }),
    ]
    var webhook: JSONObject = [
      "name": "guardrails.sakigake.dev", "admissionReviewVersions": ["v1"], "sideEffects": "None",
      "matchPolicy": "Equivalent", "failurePolicy": .string(failurePolicy.rawValue),
      "timeoutSeconds": timeoutSeconds.json, "clientConfig": .object(client),
      "namespaceSelector": ["matchExpressions": [others]], "rules": .array(Self.rules),
    ]
    if skipsControlPlane { webhook["matchConditions"] = .array(Self.conditions) }
    return [
      "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
      "metadata": ["name": .string(Self.name), "labels": Installation.json(Installation.labels)],
      "webhooks": [.object(webhook)],
    ]
  }

  /// In CEL, as https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchconditions
  /// has one of them.
  private static var conditions: [JSONValue] {
    Admission.controlPlaneGroups.sorted().map { group in
      [
        "name": .string("not-of-\(group.replacing(":", with: "-"))"),
        "expression": .string("!(\"\(group)\" in request.userInfo.groups)"),
      ]
    }
  }

  private static var rules: [JSONValue] {
    let versions = Dictionary(grouping: GuardedKind.all) { [$0.group, $0.version] }
    return versions.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { version, kinds in
      [
        "apiGroups": [.string(version[0])], "apiVersions": [.string(version[1])], "operations": ["CREATE", "UPDATE"],
        "resources": .array(kinds.map(\.plural).sorted().map { .string($0) }), "scope": "*",
      ]
    }
  }
}
