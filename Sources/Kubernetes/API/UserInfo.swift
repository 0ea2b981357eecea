/// Who a request comes from, as `authentication.k8s.io/v1` UserInfo: what authentication found, and what authorization,
/// admission and `kubectl auth whoami` are told.
public struct UserInfo: Sendable, Hashable {
  public var name: String
  public var uid: String
  public var groups: [String]
  public var extra: [String: [String]]

  public init(_ name: String = "", uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
    self.name = name
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }

  /// The group whom everything is allowed.
  public static let mastersGroup = "system:masters"
  public static let authenticatedGroup = "system:authenticated"
  public static let unauthenticatedGroup = "system:unauthenticated"
  public static let anonymous = UserInfo("system:anonymous", groups: [unauthenticatedGroup])

  /// A part of the platform itself, for which everything is allowed.
  public static func master(_ name: String) -> UserInfo {
    UserInfo(name, groups: [mastersGroup, authenticatedGroup])
  }

  public var isMaster: Bool { groups.contains(Self.mastersGroup) }
}

extension UserInfo {
  public static let serviceAccountsGroup = "system:serviceaccounts"
  private static let serviceAccountPrefix = "system:serviceaccount:"

  /// The user name of a service account.
  public static func serviceAccountName(_ namespace: String, _ name: String) -> String {
    "\(serviceAccountPrefix)\(namespace):\(name)"
  }

  /// The groups of every service account of a namespace.
  public static func serviceAccountGroups(_ namespace: String) -> [String] {
    [serviceAccountsGroup, "\(serviceAccountsGroup):\(namespace)"]
  }

  /// The service account that a user name stands for; nil for other users.
  public static func serviceAccount(named name: String) -> NamespacedName? {
    guard name.hasPrefix(serviceAccountPrefix) else { return nil }
    let parts = name.dropFirst(serviceAccountPrefix.count).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return NamespacedName(String(parts[0]), String(parts[1]))
  }

  /// `authentication.k8s.io/v1` UserInfo.
  public var json: JSONValue {
    var object: JSONObject = ["username": .string(name)]
    if !uid.isEmpty { object["uid"] = .string(uid) }
    if !groups.isEmpty { object["groups"] = .array(groups.map(JSONValue.string)) }
    if !extra.isEmpty {
      object["extra"] = .object(
        JSONObject(extra.sorted { $0.key < $1.key }.map { ($0.key, .array($0.value.map(JSONValue.string))) }))
    }
    return .object(object)
  }
}
