import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a client shows of itself. Never printed.
struct Credential: Sendable, Equatable {
  /// The value of the `Authorization` header.
  var authorization: String?
  var certificate: ClientCertificate?
}

/// A certificate chain and its key, both PEM.
struct ClientCertificate: Sendable, Hashable {
  var chain: [UInt8]
  var key: [UInt8]
}

/// Where a client has its credential from.
protocol CredentialSource: Sendable {
  func credential() async throws -> Credential
  /// After a 401: another credential than `refused`, where there is one; nil where asking again is in vain.
  func renewed(after refused: Credential) async throws -> Credential?
}

/// What a kubeconfig has in it: a token, a password, a certificate, or nothing.
struct FixedCredential: CredentialSource {
  var fixed: Credential
  func credential() async throws -> Credential { fixed }
  func renewed(after refused: Credential) async throws -> Credential? { nil }
}

/// A token from a file that is replaced from time to time, as a pod's service account token is.
///
/// Read again every minute and after a 401; while it cannot be read, the last token stands, as in client-go.
final class TokenFile: CredentialSource {
  private struct Cached { var token: String; var readAt: ContinuousClock.Instant }
  private static let rereadAfter = Duration.seconds(60)

  private let path: String
  private let certificate: ClientCertificate?
  private let cached: Mutex<Cached?>

  /// - Parameter token: stands until the file can be read.
  init(path: String, token: String?, certificate: ClientCertificate?) {
    self.path = path
    self.certificate = certificate
    cached = Mutex(token.map { Cached(token: $0, readAt: ContinuousClock.now - Self.rereadAfter) })
  }

  func credential() async throws -> Credential { try credential(freshFor: Self.rereadAfter) }

  func renewed(after refused: Credential) async throws -> Credential? {
    let read = try credential(freshFor: .zero)
    return read == refused ? nil : read
  }

  private func credential(freshFor limit: Duration) throws -> Credential {
    try cached.withLock { cached in
      let now = ContinuousClock.now
      if let cached, now - cached.readAt < limit { return credential(of: cached.token) }
      do {
        let token = try SmallFile.text(path, what: "the token file")
        guard !token.isEmpty else { throw KubeconfigError("the token file \(path) is empty") }
        cached = Cached(token: token, readAt: now)
        return credential(of: token)
      } catch {
        guard let cached else { throw error }
        return credential(of: cached.token)
      }
    }
  }

  private func credential(of token: String) -> Credential {
    Credential(authorization: "Bearer \(token)", certificate: certificate)
  }
}

extension Kubeconfig.User {
  /// The one way in which this user signs in. A token, a password or a certificate leaves an exec plugin unused, as in
  /// client-go.
  func credentials(cluster: ExecPlugin.ClusterInfo) -> any CredentialSource {
    var certificate: ClientCertificate?
    if let clientCertificate, let clientKey {
      certificate = ClientCertificate(chain: clientCertificate, key: clientKey)
    }
    if let tokenFile { return TokenFile(path: tokenFile, token: token, certificate: certificate) }
    if let token {
      return FixedCredential(fixed: Credential(authorization: "Bearer \(token)", certificate: certificate))
    }
    if let username {
      let pair = Data("\(username):\(password ?? "")".utf8).base64EncodedString()
      return FixedCredential(fixed: Credential(authorization: "Basic \(pair)", certificate: certificate))
    }
    if certificate == nil, let exec { return ExecCredentials(plugin: exec, cluster: cluster) }
    return FixedCredential(fixed: Credential(authorization: nil, certificate: certificate))
  }
}
