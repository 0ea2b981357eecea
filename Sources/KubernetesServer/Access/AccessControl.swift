import Kubernetes

/// What the server knows of who asks and who may do what.
struct AccessControl: Sendable {
  let authenticator: RequestAuthenticator
  let authorizer: Authorizer
  let tokens: ServiceAccountTokens
  /// The certificate that clients trust, as PEM.
  let rootCertificate: String

  /// - Parameter directory: `pki/` of the data directory.
  init(
    directory: String, administrator: BearerToken, rootCertificate: String, store: Store,
    clock: @escaping @Sendable () -> Timestamp
  ) throws {
    tokens = ServiceAccountTokens(key: try TokenKey(path: directory + "/sa.key"), store: store, clock: clock)
    authenticator = RequestAuthenticator(
      administrator: administrator, accounts: tokens, certificates: ClientCertificates(clock: clock))
    authorizer = Authorizer(store: store)
    self.rootCertificate = rootCertificate
  }
}

/// What every request passes before anything is done for it.
extension APIService {
  /// Lets a request in, as the user whom it comes from or passes for.
  /// - Throws: 403 where that user may not do what is asked.
  func entered(_ request: APIRequest) throws(APIError) -> APIRequest {
    var request = request
    if let wanted = try Impersonation(request.headers) {
      for needed in wanted.requests { try access.authorizer.require(request.user, needed) }
      request.user = wanted.impersonated
    }
    if !request.user.isMaster { try access.authorizer.require(request.user, AccessRequest(request)) }
    return request
  }
}
