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
}
