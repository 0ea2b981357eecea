import Crypto
import FoundationEssentials
import Kubernetes

/// The key that signs the tokens of service accounts: JSON web tokens with ES256 (RFC 7515, RFC 7518), kept in
/// `pki/sa.key`.
struct TokenKey: Sendable {
  /// Names the key in a token's header: the digest of the public key, as kube-apiserver makes it.
  let identifier: String
  private let key: P256.Signing.PrivateKey
  private let header: String

  init(path: String) throws {
    if let text = try PrivateFile.read(path) {
      key = try P256.Signing.PrivateKey(pemRepresentation: text)
    } else {
      key = P256.Signing.PrivateKey()
      try PrivateFile.write(key.pemRepresentation + "\n", to: path)
    }
    identifier = Base64.encodeForURL(Array(SHA256.hash(data: key.publicKey.derRepresentation)))
    let header: JSONValue = ["alg": "ES256", "kid": .string(identifier)]
    self.header = Base64.encodeForURL(header.bytes)
  }

  func token(_ claims: JSONValue) throws(APIError) -> String {
    let signed = "\(header).\(Base64.encodeForURL(claims.bytes))"
    do {
      let signature = try key.signature(for: Array(signed.utf8))
      return "\(signed).\(Base64.encodeForURL(Array(signature.rawRepresentation)))"
    } catch {
      throw APIError(code: 500, reason: "InternalError", message: "Internal error occurred: the token cannot be signed")
    }
  }

  /// The claims of a token that this key signed; nil for any other text. Its times are not looked at.
  func claims(of token: String) -> JSONValue? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let head = Base64.decodeForURL(parts[0]), let body = Base64.decodeForURL(parts[1]),
      let signature = Base64.decodeForURL(parts[2]), let header = try? JSONValue(parsing: head),
      header["alg"]?.stringValue == "ES256", header["kid"]?.stringValue ?? identifier == identifier,
      let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature),
      key.publicKey.isValidSignature(signature, for: Array("\(parts[0]).\(parts[1])".utf8))
    else { return nil }
    return try? JSONValue(parsing: body)
  }

  /// The public key as a JSON web key set (RFC 7517).
  var keySet: JSONValue {
    let point = Array(key.publicKey.rawRepresentation)
    return [
      "keys": [
        [
          "use": "sig", "kty": "EC", "kid": .string(identifier), "crv": "P-256", "alg": "ES256",
          "x": .string(Base64.encodeForURL(Array(point.prefix(32)))),
          "y": .string(Base64.encodeForURL(Array(point.suffix(32)))),
        ]
      ]
    ]
  }
}
