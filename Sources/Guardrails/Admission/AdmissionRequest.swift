import Kubernetes

/// Why a request is no AdmissionReview that can be answered.
public struct UnreadableReview: Error, Sendable, CustomStringConvertible {
  public let description: String
}

/// What an API server asks before it stores an object (`admission.k8s.io/v1`,
/// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request).
struct AdmissionRequest {
  static let apiVersion = "admission.k8s.io/v1"

  let uid: String
  let operation: String
  let group: String
  let kind: String
  let subresource: String
  let user: UserInfo
  /// As it would be stored; nil for deletions.
  let object: JSONValue?
  /// As it is stored; nil for creations.
  let old: JSONValue?

  init(_ body: [UInt8]) throws(UnreadableReview) {
    func unreadable(_ text: String) -> UnreadableReview { UnreadableReview(description: text) }
    let review: JSONValue
    do { review = try JSONValue(parsing: body) } catch { throw unreadable("the body is not JSON: \(error)") }
    let version = review["apiVersion"]?.stringValue ?? ""
    guard review["kind"]?.stringValue == "AdmissionReview" else {
      throw unreadable("the body is no AdmissionReview: its kind is \(review["kind"]?.text ?? "missing")")
    }
    guard version == Self.apiVersion else {
      throw unreadable(
        "an AdmissionReview of \(version.isEmpty ? "no version" : version) cannot be answered; let "
          + "admissionReviewVersions be [v1]")
    }
    guard let request = review["request"], request.objectValue != nil else { throw unreadable("request is missing") }
    func text(_ path: String...) -> String { request[path: path]?.stringValue ?? "" }
    uid = text("uid")
    operation = text("operation")
    group = text("kind", "group")
    kind = text("kind", "kind")
    subresource = text("subResource")
    for (field, value) in [("uid", uid), ("operation", operation), ("kind.kind", kind)] where value.isEmpty {
      throw unreadable("request.\(field) is missing")
    }
    let groups = (request[path: ["userInfo", "groups"]]?.arrayValue ?? []).compactMap(\.stringValue)
    user = UserInfo(text("userInfo", "username"), groups: groups)
    object = request["object"].flatMap { $0.isNull ? nil : $0 }
    old = request["oldObject"].flatMap { $0.isNull ? nil : $0 }
    guard ["CREATE", "UPDATE"].contains(operation), subresource.isEmpty else { return }
    guard let found = object?["kind"]?.stringValue else {
      throw unreadable("request.object is missing, or is no object")
    }
    guard found == kind else { throw unreadable("request.object is a \(found), request.kind says \(kind)") }
  }
}

extension AdmissionRequest {
  private static let controlPlane: Set<String> = [
    "system:apiserver", "system:kube-controller-manager", "system:kube-scheduler",
  ]

  /// Whether the cluster's own parts ask: what they make follows from objects that were asked about before, such as
  /// pods, which do not have their workload's waivers.
  private var isOfControlPlane: Bool {
    Self.controlPlane.contains(user.name) || !Admission.controlPlaneGroups.isDisjoint(with: user.groups)
  }

  /// The object that rules look at; nil where there is nothing to look at, and so nothing to refuse.
  var subject: JSONValue? {
    guard ["CREATE", "UPDATE"].contains(operation), subresource.isEmpty, !isOfControlPlane, let object,
      GuardedKind.all.contains(where: { $0.group == group && $0.kind == kind })
    else { return nil }
    // On its way out: whoever takes a finalizer away must be able to.
    let isGoing = object[path: ["metadata", "deletionTimestamp"]].map { !$0.isNull } ?? false
    return isGoing ? nil : object
  }
}
