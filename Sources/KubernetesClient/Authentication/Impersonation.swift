/// Whom a request is to be made as, by somebody who may: `as`, `as-uid`, `as-groups` and `as-user-extra` of a kubeconfig.
public struct Impersonation: Sendable, Hashable {
  public var user: String
  public var uid: String
  public var groups: [String]
  public var extra: [String: [String]]

  public init(user: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
    self.user = user
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }

  /// As the API server reads them (Kubernetes, user impersonation).
  var headers: [(name: String, value: String)] {
    var headers = [(name: "Impersonate-User", value: user)]
    if !uid.isEmpty { headers.append(("Impersonate-Uid", uid)) }
    for group in groups { headers.append(("Impersonate-Group", group)) }
    for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
      for value in values { headers.append(("Impersonate-Extra-\(PercentEncoding.headerKey(key))", value)) }
    }
    return headers
  }
}
