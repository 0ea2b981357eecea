import Kubernetes

/// What texts themselves give away.
extension SecretSigns {
  /// Beginnings of tokens that say whose they are.
  private static let prefixes = [
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-",
    "sk_live_", "sk_test_", "rk_live_", "sk-", "AIza", "SG.", "eyJ", "npm_", "dop_v1_", "shpat_", "key-", "AKIA",
    "ASIA",
  ]
  private static let tokenLettersMin = 16

  /// What stands before a secret in addresses and strings of settings.
  private static let settings = [
    "password=", "passwd=", "pwd=", "accountkey=", "secret=", "token=", "api_key=", "apikey=", "access_key=",
    "?key=", "&key=", "?sig=", "&sig=", "signature=", "bearer ", "authorization: ",
  ]

  /// Whether a text is one, or has one among settings in it.
  static func isSecretText(_ text: String, named name: String) -> Bool {
    isSecretWords(text, named: name) || isSecretFile(text, named: name)
  }

  static func isSecretWords(_ text: String, named name: String) -> Bool {
    if text.contains("-----BEGIN") || text.contains("hooks.slack.com/") { return true }
    if hasUserAndPassword(text) { return true }
    let lowered = text.lowercased()
    if settings.contains(where: lowered.contains) { return true }
    if words(name).contains("dsn"), text.contains("@") { return true }
    return text.split(whereSeparator: { $0.isWhitespace || "\"',;()".contains($0) }).contains { part in
      let part = String(part)
      let isKnown = prefixes.contains { part.hasPrefix($0) } && part.utf8.count >= tokenLettersMin
      return isKnown || isRandom(part, named: name)
        || isRandom(String(part.split(separator: "=").last ?? ""), named: name)
    }
  }

  /// Whether a line of settings looks like one: `password = a`, `"password": "a"`, `<password>a`, `requirepass a`.
  static func isSecretFile(_ text: String, named name: String = "") -> Bool {
    text.split(whereSeparator: { $0.isNewline || ",{};".contains($0) }).contains { line in
      var parts = line.split(maxSplits: 1, whereSeparator: { "=:>".contains($0) }).map(String.init)
      if parts.count == 1 {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.count == 2 { parts = words }
      }
      let value = parts.count == 2 ? parts[1].filter { !$0.isWhitespace && !"\"'[".contains($0) } : ""
      return parts.count == 2 && isSecretValue(value, named: parts[0]) || isSecretWords(String(line), named: name)
    }
  }

  /// `scheme://user:password@host`, `https://token@host`, `user:password@tcp(host)`.
  private static func hasUserAndPassword(_ text: String) -> Bool {
    for part in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      guard let at = part.lastIndex(of: "@") else { continue }
      let before = part[..<at]
      if let scheme = before.firstRange(of: "://") {
        let user = before[scheme.upperBound...]
        if user.contains(":") || !user.contains("/") && !user.isEmpty && before.hasPrefix("http") { return true }
      } else if before.contains(":"), !before.hasPrefix("git@"), !before.hasPrefix("mailto:") {
        return true
      }
    }
    return false
  }

  private static let plain = [
    "revision", "sha", "commit", "digest", "checksum", "version", "hash", "etag", "arn", "path", "host",
  ]

  /// Letters and digits in a row such as nobody would type.
  private static func isRandom(_ text: String, named name: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= tokenLettersMin, bytes.allSatisfy({ isAlphanumeric($0) || "+/=_-.".utf8.contains($0) }) else {
      return false
    }
    let digits = bytes.count { (0x30...0x39).contains($0) }
    let letters = bytes.count { isLetter($0) }
    guard digits >= 1, letters >= 2 else { return false }
    // Names that end with "key" and the like are enough for a short one.
    if digits >= 2, words(name).last == "key" { return true }
    if words(name).contains(where: plain.contains) || text.contains(".") { return false }
    let isMixed = bytes.contains { (0x41...0x5A).contains($0) } && bytes.contains { (0x61...0x7A).contains($0) }
    // Of AWS, and of base 64: a path begins with a slash, or has words between its slashes.
    if text.contains("/") || text.contains("+") {
      return isMixed && bytes.count >= 20 && bytes[0] != UInt8(ascii: "/") && changes(in: bytes) >= 0.28
    }
    guard digits >= 2 else { return false }
    let isHexadecimal = bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
    if isHexadecimal, bytes.count >= 32 { return true }
    if isMixed { return bytes.count >= 20 }
    return digits >= 4 && bytes.count >= 20 && bytes.allSatisfy(isAlphanumeric) && changes(in: bytes) >= 0.35
  }

  /// How often small letters, large ones and digits take turns, as a share: 0.6 where they are drawn by lot.
  private static func changes(in bytes: [UInt8]) -> Double {
    func kind(_ byte: UInt8) -> Int {
      isLetter(byte) ? (byte & 0x20 == 0 ? 0 : 1) : (0x30...0x39).contains(byte) ? 2 : 3
    }
    let count = zip(bytes, bytes.dropFirst()).count { kind($0) != kind($1) && kind($0) != 3 && kind($1) != 3 }
    return Double(count) / Double(max(1, bytes.count - 1))
  }
}
