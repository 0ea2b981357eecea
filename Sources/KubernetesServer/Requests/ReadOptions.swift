import Kubernetes

/// The query parameters of lists and watches, judged as ValidateListOptions does
/// (https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/internalversion/validation/validation.go).
struct ReadOptions: Sendable {
  enum Match: String, Sendable { case exact = "Exact", notOlderThan = "NotOlderThan" }

  /// Empty where the client does not say.
  var resourceVersion: String
  /// 0 where the client does not say, or takes any.
  var version: Int64
  var match: Match?
  /// 0 for no limit.
  var limit: Int
  var continueToken: String
  var sendsInitialEvents: Bool?
  var allowsBookmarks: Bool
  /// nil where the client leaves it to the server.
  var timeoutSeconds: Int?

  /// - Throws: 400 for numbers that are none, 422 for contradictions, 500 for a version that is no number, as upstream.
  init(_ request: APIRequest, isWatch: Bool) throws(APIError) {
    resourceVersion = request.query("resourceVersion") ?? ""
    continueToken = request.query("continue") ?? ""
    limit = try Self.number(request.query("limit")) ?? 0
    timeoutSeconds = try Self.number(request.query("timeoutSeconds"))
    allowsBookmarks = request.query("allowWatchBookmarks").map(Self.flag) ?? false
    sendsInitialEvents = request.query("sendInitialEvents").map(Self.flag)
    let matchText = request.query("resourceVersionMatch") ?? ""
    match = Match(rawValue: matchText)
    version = 0
    let causes =
      isWatch ? watchCauses(matchText: matchText) : listCauses(matchText: matchText)
    guard causes.isEmpty else {
      let type = ResourceType(group: "meta.k8s.io", version: "v1", plural: "listoptions", kind: "ListOptions")
      throw .invalid(type, "", causes)
    }
    version = try Self.version(resourceVersion, isPaged: limit > 0)
  }

  private func listCauses(matchText: String) -> [Validation.Cause] {
    var causes: [Validation.Cause] = []
    if !matchText.isEmpty {
      if resourceVersion.isEmpty {
        causes.append(Self.forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided"))
      }
      if !continueToken.isEmpty {
        causes.append(Self.forbidden("resourceVersionMatch is forbidden when continue is provided"))
      }
      if match == nil { causes.append(Self.unsupported(matchText, ["Exact", "NotOlderThan", ""])) }
      if match == .exact, resourceVersion == "0" {
        causes.append(Self.forbidden("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""))
      }
    }
    if sendsInitialEvents != nil {
      causes.append(Self.forbidden("sendInitialEvents is forbidden for list", field: "sendInitialEvents"))
    }
    return causes
  }

  private func watchCauses(matchText: String) -> [Validation.Cause] {
    var causes: [Validation.Cause] = []
    if sendsInitialEvents != nil, match != .notOlderThan {
      causes.append(Self.forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
    }
    guard !matchText.isEmpty else { return causes }
    if sendsInitialEvents == nil {
      causes.append(
        Self.forbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"))
    }
    if match != .notOlderThan { causes.append(Self.unsupported(matchText, ["NotOlderThan"])) }
    if !continueToken.isEmpty {
      causes.append(Self.forbidden("resourceVersionMatch is forbidden when continue is provided"))
    }
    return causes
  }

  private static func forbidden(_ message: String, field: String = "resourceVersionMatch") -> Validation.Cause {
    .init(reason: "FieldValueForbidden", message: "Forbidden: \(message)", field: field)
  }

  private static func unsupported(_ value: String, _ supported: [String]) -> Validation.Cause {
    let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
    return .init(
      reason: "FieldValueNotSupported", message: "Unsupported value: \"\(value)\": supported values: \(list)",
      field: "resourceVersionMatch")
  }

  /// A version as Go reads it: what is no number is the server's failure upstream, and a bad request in pages.
  static func version(_ text: String, isPaged: Bool = false) throws(APIError) -> Int64 {
    if text.isEmpty { return 0 }
    if let version = Int64(text), version >= 0 { return version }
    let message =
      "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax"
    throw isPaged
      ? .badRequest("invalid resource version: \(message)") : APIError(code: 500, reason: "", message: message)
  }

  private static func number(_ text: String?) throws(APIError) -> Int? {
    guard let text, !text.isEmpty else { return nil }
    guard let number = Int(text) else { throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax") }
    return max(0, number)
  }

  /// Anything but `false` and `0` counts as true.
  private static func flag(_ text: String) -> Bool { text.lowercased() != "false" && text != "0" }
}
