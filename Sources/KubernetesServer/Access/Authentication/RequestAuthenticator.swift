import Kubernetes

/// All the ways in which somebody can say who he is: a client certificate, the administrator's token, the token of a
/// service account.
struct RequestAuthenticator: Authenticator {
  var administrator: BearerToken
  var accounts: ServiceAccountTokens
  var certificates: ClientCertificates

  func authenticate(_ credentials: Credentials) -> UserInfo? {
    if let certificate = credentials.clientCertificate, let user = certificates.user(of: certificate) { return user }
    guard let token = BearerToken.bearer(in: credentials.authorization) else { return .anonymous }
    return user(of: token)
  }

  /// - Returns: nil where the token is nobody's.
  func user(of token: String) -> UserInfo? {
    if administrator.accepts(token) { return BearerToken.user }
    return try? accounts.authenticate(token, audiences: accounts.audiences).user
  }
}
