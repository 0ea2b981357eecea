import Crypto
import FoundationEssentials
import Kubernetes
import Synchronization

/// Issues and accepts the tokens of service accounts: those that end with a pod or after a while, and those that a Secret
/// keeps.
///
/// The claims are those of https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/. A token is
/// good for as long as what it is bound to exists: that is looked up with each request.
final class ServiceAccountTokens: Sendable {
  /// Who issues tokens, and whom they are for where nobody says otherwise.
  static let issuer = "https://kubernetes.default.svc.cluster.local"
  private static let secretIssuer = "kubernetes/serviceaccount"
  private static let secretPrefix = "kubernetes.io/serviceaccount/"
  /// Clocks may differ by this much.
  static let leewaySeconds = 60.0
  /// Tokens whose signature need not be checked again.
  static let verifiedMax = 1024
  static let tokenBytesMax = 16 << 10

  /// An object that a token ends with.
  struct BoundObject: Sendable, Hashable {
    /// `pod`, `secret` or `node`: as the claims name it.
    var claim: String
    var name: String
    var uid: String
  }

  struct Refusal: Error, Sendable {
    var message: String
    init(_ message: String) { self.message = message }
  }

  let key: TokenKey
  let audiences = [issuer]
  private let store: Store
  private let clock: @Sendable () -> Timestamp
  private let verified = Mutex<[SHA256Digest: JSONValue]>([:])

  init(key: TokenKey, store: Store, clock: @escaping @Sendable () -> Timestamp) {
    self.key = key
    self.store = store
    self.clock = clock
  }

  // MARK: Issuing

  /// - Parameter bound: the first is what the token ends with; others (a pod's node) are only told of.
  func token(
    for account: NamespacedName, uid: String, audiences: [String], from now: Timestamp, seconds: Int64,
    bound: [BoundObject]
  ) throws(APIError) -> String {
    let start = Int64(now.seconds)
    var kubernetes: JSONObject = ["namespace": .string(account.namespace)]
    for object in bound { kubernetes[object.claim] = ["name": .string(object.name), "uid": .string(object.uid)] }
    kubernetes["serviceaccount"] = ["name": .string(account.name), "uid": .string(uid)]
    return try key.token([
      "aud": .array(audiences.map(JSONValue.string)), "exp": .integer(start + seconds), "iat": .integer(start),
      "iss": .string(Self.issuer), "jti": .string(UniqueID.make()), "kubernetes.io": .object(kubernetes),
      "nbf": .integer(start), "sub": .string(UserInfo.serviceAccountName(account.namespace, account.name)),
    ])
  }

  /// The token of a Secret: good for as long as the Secret keeps it.
  func token(for account: NamespacedName, uid: String, secret: String) throws(APIError) -> String {
    try key.token([
      "iss": .string(Self.secretIssuer),
      "\(Self.secretPrefix)namespace": .string(account.namespace),
      "\(Self.secretPrefix)secret.name": .string(secret),
      "\(Self.secretPrefix)service-account.name": .string(account.name),
      "\(Self.secretPrefix)service-account.uid": .string(uid),
      "sub": .string(UserInfo.serviceAccountName(account.namespace, account.name)),
    ])
  }

  // MARK: Accepting

  /// - Returns: whose the token is, and for which of the audiences asked about it is meant.
  func authenticate(_ token: String, audiences: [String]) throws(Refusal) -> (user: UserInfo, audiences: [String]) {
    guard token.utf8.count <= Self.tokenBytesMax, let claims = verifiedClaims(token) else {
      throw Refusal("invalid bearer token")
    }
    switch claims["iss"]?.stringValue {
    case Self.issuer: return try bounded(claims, audiences)
    case Self.secretIssuer: return (try kept(claims, token), audiences)
    default: throw Refusal("invalid bearer token")
    }
  }

  private func verifiedClaims(_ token: String) -> JSONValue? {
    let digest = SHA256.hash(data: Array(token.utf8))
    if let known = verified.withLock({ $0[digest] }) { return known }
    guard let claims = key.claims(of: token) else { return nil }
    verified.withLock { verified in
      if verified.count >= Self.verifiedMax { verified.removeAll() }
      verified[digest] = claims
    }
    return claims
  }

  private func bounded(_ claims: JSONValue, _ wanted: [String]) throws(Refusal) -> (UserInfo, [String]) {
    let now = clock().seconds
    guard let end = claims["exp"]?.doubleValue, now <= end + Self.leewaySeconds else {
      throw Refusal("service account token has expired")
    }
    guard let start = claims["nbf"]?.doubleValue, now >= start - Self.leewaySeconds else {
      throw Refusal("service account token is not valid yet")
    }
    let given = (claims["aud"]?.arrayValue ?? []).compactMap(\.stringValue)
    let shared = wanted.filter(given.contains)
    guard !shared.isEmpty else {
      throw Refusal(
        "token audiences \(GoText.list(given)) is invalid for the target audiences \(GoText.list(wanted))")
    }
    let kubernetes = claims["kubernetes.io"] ?? .null
    let namespace = kubernetes["namespace"]?.stringValue ?? ""
    var user = try account(
      namespace, kubernetes["serviceaccount"]?["name"]?.stringValue ?? "",
      uid: kubernetes["serviceaccount"]?["uid"]?.stringValue ?? "")
    let extra = "authentication.kubernetes.io/"
    for (claim, resource, isNamespaced) in [
      ("pod", "pods", true), ("secret", "secrets", true), ("node", "nodes", false),
    ] {
      guard let object = kubernetes[claim] else { continue }
      let name = object["name"]?.stringValue ?? ""
      let uid = object["uid"]?.stringValue ?? ""
      // A pod's node is only told of; a token bound to the node itself ends with it.
      if claim != "node" || kubernetes["pod"] == nil {
        try exists(ObjectKey(resource: resource, namespace: isNamespaced ? namespace : "", name: name), uid: uid)
      }
      if claim == "secret" { continue }
      user.extra["\(extra)\(claim)-name"] = [name]
      user.extra["\(extra)\(claim)-uid"] = [uid]
    }
    if let identifier = claims["jti"]?.stringValue { user.extra["\(extra)credential-id"] = ["JTI=\(identifier)"] }
    return (user, shared)
  }

  /// A token that its Secret still holds.
  private func kept(_ claims: JSONValue, _ token: String) throws(Refusal) -> UserInfo {
    func claim(_ name: String) -> String { claims["\(Self.secretPrefix)\(name)"]?.stringValue ?? "" }
    let namespace = claim("namespace")
    let key = ObjectKey(resource: "secrets", namespace: namespace, name: claim("secret.name"))
    guard let secret = store.object(key), !secret.isTerminating, let value = try? secret.value(),
      value["data"]?["token"]?.stringValue == Base64.encode(Array(token.utf8))
    else { throw Refusal("service account token has been invalidated") }
    return try account(namespace, claim("service-account.name"), uid: claim("service-account.uid"))
  }

  private func account(_ namespace: String, _ name: String, uid: String) throws(Refusal) -> UserInfo {
    try exists(ObjectKey(resource: "serviceaccounts", namespace: namespace, name: name), uid: uid)
    return UserInfo(
      UserInfo.serviceAccountName(namespace, name), uid: uid,
      groups: UserInfo.serviceAccountGroups(namespace) + [UserInfo.authenticatedGroup])
  }

  /// An object on its way out is still there: its processes may end in order.
  private func exists(_ key: ObjectKey, uid: String) throws(Refusal) {
    guard let object = store.object(key), object.uid == uid else {
      throw Refusal("\(key.resource) \"\(key.name)\", which the token is bound to, is not there any more")
    }
  }
}
