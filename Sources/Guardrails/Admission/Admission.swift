public import Definitions
public import Kubernetes

/// The rules as an answer to an API server that asks whether an object may be stored.
///
/// One object is looked at, so that rules which need others to tell, such as whether a Service finds its pods, are left
/// to `sakigake check`. What an update leaves as it was is no reason to refuse it: only a warning.
public struct Admission: Sendable {
  /// Of whom nothing is judged: the cluster's controllers and its nodes.
  public static let controlPlaneGroups: Set<String> = ["system:nodes", "system:serviceaccounts:kube-system"]

  private let settings: PlatformDefinition.Guardrails?
  private let now: Timestamp

  /// - Parameter settings: how strict the platform is; nil where there is none: any owner may waive a rule then.
  public init(settings: PlatformDefinition.Guardrails?, now: Timestamp) {
    self.settings = settings
    self.now = now
  }

  /// - Parameter body: an AdmissionReview, in JSON.
  /// - Throws: `UnreadableReview` where it is none of version v1.
  public func answer(to body: [UInt8]) throws(UnreadableReview) -> AdmissionAnswer {
    let request = try AdmissionRequest(body)
    guard let subject = request.subject else { return AdmissionAnswer(uid: request.uid, findings: [], before: []) }
    return AdmissionAnswer(
      uid: request.uid, findings: findings(subject),
      before: request.operation == "UPDATE" ? request.old.map(findings) ?? [] : [])
  }

  private func findings(_ json: JSONValue) -> [Finding] {
    let object = CheckedObject(json, from: .place(SourcePlace(file: "", line: 0, column: 0)))
    return Inspection(object: object, settings: settings, now: now).findings(Rule.ofOneObject)
  }
}
