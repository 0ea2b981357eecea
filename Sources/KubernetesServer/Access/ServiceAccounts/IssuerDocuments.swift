import Kubernetes

/// What others need to check the tokens of service accounts: OpenID Connect discovery, and the public key.
extension APIService {
  func issuerDocument(_ path: String) -> APIResponse? {
    switch path {
    case "/.well-known/openid-configuration", "/.well-known/openid-configuration/":
      var response = APIResponse([
        "issuer": .string(ServiceAccountTokens.issuer),
        "jwks_uri": .string("\(ServiceAccountTokens.issuer)/openid/v1/jwks"), "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
      ])
      response.headers.append(("Cache-Control", "public, max-age=3600"))
      return response
    case "/openid/v1/jwks", "/openid/v1/jwks/":
      var response = APIResponse(access.tokens.key.keySet)
      response.contentType = "application/jwk-set+json"
      response.headers.append(("Cache-Control", "public, max-age=3600"))
      return response
    default: return nil
    }
  }
}
