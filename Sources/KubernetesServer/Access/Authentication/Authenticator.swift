import Kubernetes

/// What a connection and a request say of who is asking.
struct Credentials: Sendable {
  /// The `Authorization` header.
  var authorization: String?
  /// The client's certificate (DER), already verified against the server's own authority by the TLS layer.
  var clientCertificate: [UInt8]?
}

/// Finds out who asks. Called on an event loop: it must not block.
protocol Authenticator: Sendable {
  /// - Returns: nil where the credentials given are wrong (401); `UserInfo.anonymous` where none were given.
  func authenticate(_ credentials: Credentials) -> UserInfo?
}

extension APIError {
  static let unauthorized = APIError(code: 401, reason: "Unauthorized", message: "Unauthorized")
}
