import HTTPServing
import Kubernetes

/// Whom a request wants to pass for: the `Impersonate-…` headers of `kubectl --as`.
///
/// Rules: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
struct Impersonation: Sendable, Equatable {
  var user = ""
  var uid = ""
  var groups: [String] = []
  /// In the order of the headers.
  var extra: [(key: String, value: String)] = []

  private static let prefix = "impersonate-"
  private static let extraPrefix = "impersonate-extra-"

  /// - Returns: nil where no such header is there.
  /// - Throws: 500 where no user is named, as kube-apiserver answers that.
  init?(_ headers: [(name: String, value: String)]) throws(APIError) {
    var isAsked = false
    for header in headers where header.name.hasPrefix(Self.prefix) && !header.value.isEmpty {
      isAsked = true
      switch header.name {
      case "impersonate-user": user = header.value
      case "impersonate-uid": uid = header.value
      case "impersonate-group": groups.append(header.value)
      default:
        guard header.name.hasPrefix(Self.extraPrefix) else { continue }
        let key = header.name.dropFirst(Self.extraPrefix.count)
        extra.append((PercentCoding.decode(key)?.lowercased() ?? String(key), header.value))
      }
    }
    guard isAsked else { return nil }
    guard !user.isEmpty else {
      throw APIError(
        code: 500, reason: "InternalError",
        message: "Internal error occurred: requested impersonation of groups, a uid or extra values "
          + "without impersonating a user")
    }
  }

  /// What the real user needs to be allowed, one by one.
  var requests: [AccessRequest] {
    var needed: [AccessRequest.Resource] = []
    if let account = UserInfo.serviceAccount(named: user) {
      needed.append(.init(version: "v1", plural: "serviceaccounts", namespace: account.namespace, name: account.name))
    } else {
      needed.append(.init(version: "v1", plural: "users", name: user))
    }
    for group in groups { needed.append(.init(version: "v1", plural: "groups", name: group)) }
    let authentication = "authentication.k8s.io"
    for (key, value) in extra {
      needed.append(
        .init(group: authentication, version: "v1", plural: "userextras", subresource: key, name: value))
    }
    if !uid.isEmpty { needed.append(.init(group: authentication, version: "v1", plural: "uids", name: uid)) }
    return needed.map { AccessRequest("impersonate", $0) }
  }

  /// The user that the request comes from as far as everybody behind is concerned.
  var impersonated: UserInfo {
    var result = UserInfo(user, uid: uid, groups: groups)
    if groups.isEmpty, let account = UserInfo.serviceAccount(named: user) {
      result.groups = UserInfo.serviceAccountGroups(account.namespace)
    }
    let isAnonymous = user == UserInfo.anonymous.name
    let membership = isAnonymous ? UserInfo.unauthenticatedGroup : UserInfo.authenticatedGroup
    let hasMembership = result.groups.contains {
      $0 == membership || (!isAnonymous && $0 == UserInfo.unauthenticatedGroup)
    }
    if !hasMembership { result.groups.append(membership) }
    for (key, value) in extra { result.extra[key, default: []].append(value) }
    return result
  }

  static func == (left: Self, right: Self) -> Bool {
    left.user == right.user && left.uid == right.uid && left.groups == right.groups
      && left.extra.elementsEqual(right.extra) { $0.key == $1.key && $0.value == $1.value }
  }
}
