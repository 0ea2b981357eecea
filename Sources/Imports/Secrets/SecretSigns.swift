import Kubernetes

/// What looks like a secret. One too many is a Secret more to make; one too few would be in a repository for ever.
package enum SecretSigns {
  /// - Parameter name: of the member or the variable that has the value.
  package static func isSecret(_ value: JSONValue, named name: String) -> Bool {
    switch value {
    case .null, .bool: return false
    case .string(let text): return isSecretValue(text, named: name) || isSecretFile(text, named: name)
    case .integer, .double: return isSecretName(name) && !isMeasure(name)
    case .array(let elements):
      return isSecretName(name) && !elements.isEmpty || elements.contains { hasSecret($0, named: name) }
    case .object: return false
    }
  }

  /// Whether a text is one by its name, or by itself.
  static func isSecretValue(_ text: String, named name: String) -> Bool {
    if text.isEmpty { return false }
    return isSecretName(name) && !isMeasure(name) && !isPath(text, named: name) || isKey(text, named: name)
      || isSecretWords(text, named: name)
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
    "authorization", "requirepass", "masterauth", "connectionstring",
  ]
  private static let wholeWords: Set<String> = ["pwd", "pw", "pass", "salt", "pepper", "pin", "otp", "hmac", "jwt"]
  private static let keyLettersMin = 6
  /// Last words of names that tell of a secret rather than hold it.
  private static let measures: Set<String> = [
    "ttl", "timeout", "seconds", "minutes", "hours", "days", "length", "size", "expiry", "expires", "expiration",
    "enabled", "count", "max", "min", "algorithm", "type", "header", "required", "limit", "retries",
  ]

  private static func isSecretName(_ name: String) -> Bool {
    let letters = squeezed(name)
    return parts.contains { letters.contains($0) } || words(name).contains { wholeWords.contains($0) } || isVault(name)
  }

  /// What is called a key is one where it is called nothing else, or where it holds more than words.
  private static func isKey(_ text: String, named name: String) -> Bool {
    let words = words(name)
    guard words.last == "key" || words.last == "keys", text.utf8.count >= keyLettersMin, !text.contains(" ") else {
      return false
    }
    let isWords = text.utf8.allSatisfy { isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    return words.count == 1 || !isWords && text.utf8.contains { (0x30...0x39).contains($0) } && !text.contains("/")
  }

  private static func isMeasure(_ name: String) -> Bool { words(name).last.map(measures.contains) ?? false }

  /// `password_file: /run/secrets/db` says where a secret is.
  private static func isPath(_ text: String, named name: String) -> Bool {
    text.hasPrefix("/") && words(name).last.map { ["file", "path", "dir", "directory"].contains($0) } ?? false
  }

  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) }

  private static func squeezed(_ name: String) -> String {
    String(decoding: name.lowercased().utf8.filter(isAlphanumeric), as: UTF8.self)
  }

  /// `dbPassword`, `DB_PASSWORD` and `db-password` are db and password.
  static func words(_ name: String) -> [String] {
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
