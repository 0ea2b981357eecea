/// The syntax of names, label keys and label values; each function says what is wrong, or nil.
///
/// Rules and words: apimachinery's `util/validation`, which clients match on.
enum Names {
  /// RFC 1123 label: at most 63 characters.
  static func label(_ text: String) -> String? {
    if text.utf8.count > 63 { return tooLong(63) }
    if isLabel(text.utf8[...]) { return nil }
    // A name with dots is told what it would be right as, as upstream does it.
    if subdomain(text) == nil { return "must not contain dots" }
    return "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and "
      + "end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
      + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  }

  /// RFC 1035 label: as above, beginning with a letter.
  static func serviceLabel(_ text: String) -> String? {
    if text.utf8.count > 63 { return tooLong(63) }
    if isLabel(text.utf8[...]), let first = text.utf8.first, isLower(first) { return nil }
    return "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
      + "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation "
      + "is '[a-z]([-a-z0-9]*[a-z0-9])?')"
  }

  /// RFC 1123 subdomain: labels joined by dots, at most 253 characters.
  static func subdomain(_ text: String) -> String? {
    if text.utf8.count > 253 { return tooLong(253) }
    if text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel) {
      return nil
    }
    return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
      + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
      + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
  }

  /// A host name whose first label may be `*`.
  static func wildcardSubdomain(_ text: String) -> String? {
    if text.utf8.count > 253 { return tooLong(253) }
    if text.hasPrefix("*."), subdomain(String(text.dropFirst(2))) == nil { return nil }
    return
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of "
      + "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', "
      + "regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
  }

  /// A segment of a path: the names of roles.
  static func pathSegment(_ text: String) -> String? {
    if text == "." || text == ".." { return "may not be '\(text)'" }
    for part in ["/", "%"] where text.contains(part) { return "may not contain '\(part)'" }
    return nil
  }

  /// The key of a label, an annotation, a taint or a resource: `name` or `example.com/name`.
  static func qualified(_ text: String) -> String? {
    let form =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
      + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
      + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 2 {
      return "a qualified name \(form) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
    }
    if parts.count == 2 {
      if parts[0].isEmpty { return "prefix part must be non-empty" }
      if let problem = subdomain(String(parts[0])) { return "prefix part \(problem)" }
    }
    let name = parts[parts.count - 1]
    if name.isEmpty { return "name part must be non-empty" }
    if name.utf8.count > 63 { return "name part \(tooLong(63))" }
    return isWord(name.utf8) ? nil : "name part \(form)"
  }

  static func labelValue(_ text: String) -> String? {
    if text.utf8.count > 63 { return tooLong(63) }
    if text.isEmpty || isWord(text.utf8[...]) { return nil }
    return
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
      + "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
      + "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
  }

  /// The name of a container's port: an IANA service name, at most 15 characters.
  static func portName(_ text: String) -> String? {
    if text.utf8.count > 15 { return tooLong(15) }
    if !text.utf8.allSatisfy({ isLower($0) || isDigit($0) || $0 == 0x2D }) {
      return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
    }
    if !text.utf8.contains(where: isLower) { return "must contain at least one letter (a-z)" }
    if text.contains("--") { return "must not contain consecutive hyphens" }
    if text.hasPrefix("-") || text.hasSuffix("-") { return "must not begin or end with a hyphen" }
    return nil
  }

  /// A key of a ConfigMap or a Secret: also the name of a file.
  static func dataKey(_ text: String) -> String? {
    if text.utf8.count > 253 { return tooLong(253) }
    if text.isEmpty || !text.utf8.allSatisfy({ isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }) {
      return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
        + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
    }
    if text == "." { return "must not be '.'" }
    if text == ".." { return "must not be '..'" }
    return text.hasPrefix("..") ? "must not start with '..'" : nil
  }

  /// The name of an environment variable: printable, without '='.
  static func environmentVariable(_ text: String) -> String? {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") }) { return nil }
    return "a valid environment variable name must consist only of printable ASCII characters other than '='"
  }

  private static func tooLong(_ limit: Int) -> String { "must be no more than \(limit) characters" }

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
