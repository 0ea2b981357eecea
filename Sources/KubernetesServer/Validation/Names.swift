/// The syntax of names, label keys and label values; each function says what is wrong, or nil.
///
/// Rules: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and …/labels/.
enum Names {
  /// RFC 1123 label: at most 63 characters.
  static func label(_ text: String) -> String? {
    if text.utf8.count > 63 { return "must be no more than 63 characters" }
    if isLabel(text.utf8[...]) { return nil }
    return
      "a lowercase RFC 1123 label has lower case letters, digits and '-', and begins and ends with a letter or digit"
  }

  /// RFC 1035 label: as above, beginning with a letter.
  static func serviceLabel(_ text: String) -> String? {
    if text.utf8.count > 63 { return "must be no more than 63 characters" }
    if isLabel(text.utf8[...]), let first = text.utf8.first, isLower(first) { return nil }
    return
      "a DNS-1035 label has lower case letters, digits and '-', begins with a letter and ends with a letter or digit"
  }

  /// RFC 1123 subdomain: labels joined by dots, at most 253 characters.
  static func subdomain(_ text: String) -> String? {
    if text.utf8.count > 253 { return "must be no more than 253 characters" }
    if text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel) {
      return nil
    }
    return "a lowercase RFC 1123 subdomain has lower case letters, digits, '-' and '.', "
      + "and begins and ends with a letter or digit"
  }

  /// The key of a label, an annotation, a taint or a resource: `name` or `example.com/name`.
  static func qualified(_ text: String) -> String? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 2 { return "a qualified name has at most one '/', between a DNS subdomain and a name" }
    if parts.count == 2 {
      if parts[0].isEmpty { return "prefix part must be non-empty" }
      if let problem = subdomain(String(parts[0])) { return "prefix part \(problem)" }
    }
    let name = parts[parts.count - 1]
    if name.isEmpty { return "name part must be non-empty" }
    if name.utf8.count > 63 { return "name part must be no more than 63 characters" }
    if isWord(name.utf8) { return nil }
    return "name part has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit"
  }

  static func labelValue(_ text: String) -> String? {
    if text.utf8.count > 63 { return "must be no more than 63 characters" }
    if text.isEmpty || isWord(text.utf8[...]) { return nil }
    return
      "a valid label is empty, or has letters, digits, '-', '_' and '.', and begins and ends with a letter or digit"
  }

  /// The name of a container's port: an IANA service name, at most 15 characters.
  static func portName(_ text: String) -> String? {
    if text.utf8.count > 15 { return "must be no more than 15 characters" }
    if !isLabel(text.utf8[...]) {
      return "must have only lower case letters, digits and '-', and begin and end with neither '-'"
    }
    if !text.utf8.contains(where: isLower) { return "must contain at least one letter (a-z)" }
    if text.contains("--") { return "must not contain consecutive hyphens" }
    return nil
  }

  /// A key of a ConfigMap or a Secret: also the name of a file.
  static func dataKey(_ text: String) -> String? {
    if text.utf8.count > 253 { return "must be no more than 253 characters" }
    if text.isEmpty || !text.utf8.allSatisfy({ isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }) {
      return "a valid config key has letters, digits, '-', '_' and '.'"
    }
    if text == "." || text.hasPrefix("..") { return "must not be '.' nor begin with '..'" }
    return nil
  }

  /// The name of an environment variable: printable, without '='.
  static func environmentVariable(_ text: String) -> String? {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") }) { return nil }
    return "a valid environment variable name has only printable ASCII characters other than '='"
  }

  private static func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte) || isDigit(byte) || (byte >= 0x41 && byte <= 0x5A)
  }

  private static func isLabel(_ bytes: Substring.UTF8View) -> Bool {
    guard let first = bytes.first, let last = bytes.last, first != 0x2D, last != 0x2D else { return false }
    return bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == 0x2D }
  }

  private static func isWord(_ bytes: Substring.UTF8View) -> Bool {
    guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last) else {
      return false
    }
    return bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
  }
}
