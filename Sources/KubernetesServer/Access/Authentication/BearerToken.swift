import Kubernetes

/// The secret that the administrator's requests carry.
struct BearerToken: Sendable {
  let text: String
  /// Whom a request with this token comes from.
  static let user = UserInfo.master("sakigake-admin")

  /// Reads the token of a data directory, or makes one of 256 random bits.
  init(path: String) throws {
    if let kept = try PrivateFile.read(path), kept.utf8.count >= 64 {
      text = kept
    } else {
      var generator = SystemRandomNumberGenerator()
      text = (0..<4).map { _ in UniqueID.hexadecimal(generator.next()) }.joined()
      try PrivateFile.write(text, to: path)
    }
  }

  /// The token of an `Authorization` header; nil where there is none, or the header is of another scheme.
  static func bearer(in authorization: String?) -> String? {
    guard let authorization, authorization.utf8.count > 7, authorization.prefix(7).lowercased() == "bearer " else {
      return nil
    }
    return String(authorization.dropFirst(7).drop { $0 == " " })
  }

  /// Whether a token is this one; takes the same time wherever the first difference is.
  func accepts(_ token: String) -> Bool {
    let given = token.utf8
    let expected = text.utf8
    guard given.count == expected.count else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(given, expected) { difference |= left ^ right }
    return difference == 0
  }
}
