import Kubernetes

/// What looks like a secret. One too many is a Secret more to make; one too few would be in a repository for ever.
package enum SecretSigns {
  /// - Parameter name: of the member or the variable that has the value.
  package static func isSecret(_ value: JSONValue, named name: String) -> Bool {
    switch value {
    case .null, .bool: return false
    case .string(let text):
      if text.isEmpty { return false }
      return isSecretName(name) && !isMeasure(name) && !isPath(text, named: name) || isSecretText(text, named: name)
    case .integer, .double: return isSecretName(name) && !isMeasure(name)
    case .array(let elements):
      return isSecretName(name) && !elements.isEmpty || elements.contains { hasSecret($0, named: name) }
    case .object: return false
    }
  }

  /// Whether anything in a value is a secret.
  static func hasSecret(_ value: JSONValue, named name: String) -> Bool {
    guard case .object(let members) = value else { return isSecret(value, named: name) }
    return members.contains { isSecretText($0.key, named: "") || hasSecret($0.value, named: $0.key) || isVault(name) }
  }

  /// Whether all that is in an object of this name is secret, whatever its members are called.
  static func isVault(_ name: String) -> Bool {
    let letters = squeezed(name)
    return ["secret", "secrets", "credentials", "passwords", "tokens", "privatekeys", "apikeys", "encrypted"]
      .contains { letters.hasSuffix($0) }
  }

  private static let parts = [
    "password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "privatekey", "apikey",
    "accesskey",
    "licensekey", "licencekey", "encryptionkey", "signingkey", "masterkey", "sharedkey", "authkey", "sshkey",
    "certificatekey", "sslkey", "tlskey", "secretkey", "storagekey", "accountkey", "keybase", "bearer", "webhook",
    "authorization",
    "connectionstring",
  ]
  private static let wholeWords: Set<String> = ["pwd", "pw", "pass", "salt", "pepper", "pin", "otp", "hmac", "jwt"]
  /// Last words of names that tell of a secret rather than hold it.
  private static let measures: Set<String> = [
    "ttl", "timeout", "seconds", "minutes", "hours", "days", "length", "size", "expiry", "expires", "expiration",
    "enabled", "count", "max", "min", "algorithm", "type", "header", "required", "limit", "retries",
  ]

  private static func isSecretName(_ name: String) -> Bool {
    let letters = squeezed(name)
    return parts.contains { letters.contains($0) } || words(name).contains { wholeWords.contains($0) } || isVault(name)
  }

  private static func isMeasure(_ name: String) -> Bool { words(name).last.map(measures.contains) ?? false }

  /// `password_file: /run/secrets/db` says where a secret is.
  private static func isPath(_ text: String, named name: String) -> Bool {
    text.hasPrefix("/") && words(name).last.map { ["file", "path", "dir", "directory"].contains($0) } ?? false
  }

  /// Beginnings of tokens that say whose they are.
  private static let prefixes = [
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-",
    "sk_live_", "sk_test_", "rk_live_", "sk-", "AIza", "SG.", "eyJ", "npm_", "dop_v1_", "shpat_", "key-", "AKIA",
    "ASIA",
  ]

  static func isSecretText(_ text: String, named name: String) -> Bool {
    if text.contains("-----BEGIN") || text.contains("hooks.slack.com/") { return true }
    if hasUserAndPassword(text) { return true }
    let lowered = text.lowercased()
    if ["password=", "passwd=", "pwd=", "accountkey=", "secret=", "token=", "api_key=", "apikey=", "access_key="]
      .contains(
        where: { lowered.contains($0) })
    {
      return true
    }
    if words(name).contains("dsn"), text.contains("@") { return true }
    if prefixes.contains(where: { text.hasPrefix($0) }), text.utf8.count >= 16, !text.contains(" ") { return true }
    return isRandom(text, named: name)
  }

  /// `scheme://user:password@host`, `user:password@tcp(host)`.
  private static func hasUserAndPassword(_ text: String) -> Bool {
    for part in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      guard let at = part.lastIndex(of: "@") else { continue }
      let before = part[..<at]
      if let scheme = before.range(of: "://") {
        if before[scheme.upperBound...].contains(":") { return true }
      } else if before.contains(":"), !before.hasPrefix("git@"), !before.hasPrefix("mailto:") {
        return true
      }
    }
    return false
  }

  /// Letters and digits in a row such as nobody would type.
  private static func isRandom(_ text: String, named name: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 16, bytes.allSatisfy({ isAlphanumeric($0) || "+/=_-.".utf8.contains($0) }) else {
      return false
    }
    let digits = bytes.filter { (0x30...0x39).contains($0) }.count
    let letters = bytes.count { isLetter($0) }
    guard digits >= 2, letters >= 2 else { return false }
    // Names that end with "key" and the like are enough for a short one.
    if words(name).last == "key" { return true }
    let plain = ["revision", "sha", "commit", "digest", "checksum", "version", "hash", "etag", "arn", "path", "host"]
    if words(name).contains(where: plain.contains) || text.contains("/") || text.contains(".") { return false }
    let isHexadecimal = bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
    if isHexadecimal, bytes.count >= 32 { return true }
    let isMixed = bytes.contains { (0x41...0x5A).contains($0) } && bytes.contains { (0x61...0x7A).contains($0) }
    return isMixed && bytes.count >= 20
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) }

  private static func squeezed(_ name: String) -> String {
    String(decoding: name.lowercased().utf8.filter(isAlphanumeric), as: UTF8.self)
  }

  /// `dbPassword`, `DB_PASSWORD` and `db-password` are db and password.
  private static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for scalar in name.unicodeScalars {
      let isUpper = ("A"..."Z").contains(scalar)
      if isUpper && wasLower || !(scalar.isASCII && isAlphanumeric(UInt8(truncatingIfNeeded: scalar.value))) {
        if !word.isEmpty { words.append(word.lowercased()) }
        word = ""
      }
      wasLower = !isUpper
      if scalar.isASCII, isAlphanumeric(UInt8(truncatingIfNeeded: scalar.value)) { word.unicodeScalars.append(scalar) }
    }
    if !word.isEmpty { words.append(word.lowercased()) }
    return words
  }
}

extension Substring {
  /// The first place of a text; the standard library alone has it only with regular expressions.
  fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}
