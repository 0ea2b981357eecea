import Kubernetes

/// Leave not to keep a rule for a time: `by news-backend until 2027-01-31: the vendor's image has no other user`.
///
/// It is written as an annotation `guardrails.sakigake.dev/RULE` of an object, or of a definition for all that it
/// becomes; a definition's `waivers` are rendered as such annotations.
public struct Waiver: Sendable, Hashable {
  public static let prefix = MicroserviceSpec.Waiver.prefix

  public var owner: String
  /// The last day, `2027-01-31`.
  public var until: String
  public var reason: String
  /// When that day is over, in UTC.
  var end: Timestamp

  static let notation = "write it as \"by OWNER until 2027-01-31: REASON\""

  /// - Returns: nil where an owner, a day or a reason is missing.
  init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let words = text[..<colon].split(separator: " ").map(String.init)
    let reason = text[text.index(after: colon)...].drop { $0 == " " }
    guard words.count == 4, words[0] == "by", words[2] == "until", reason.contains(where: \.isLetter),
      words[3].utf8.count == 10, let day = Timestamp(parsing: words[3] + "T00:00:00Z")
    else { return nil }
    owner = words[1]
    until = words[3]
    self.reason = String(reason)
    end = day + 86_400
  }
}
