import Kubernetes

/// `metav1.DeleteOptions`, from the body or the query.
struct DeleteOptions: Sendable {
  enum Propagation: String, Sendable { case background = "Background", foreground = "Foreground", orphan = "Orphan" }
  var gracePeriodSeconds: Int64?
  var uid: String?
  var resourceVersion: String?
  var propagation: Propagation?
  var isDryRun = false

  init() {}

  init(_ request: APIRequest) throws(APIError) {
    isDryRun = try WriteOptions(request).isDryRun
    if let text = request.query("gracePeriodSeconds") {
      guard let seconds = Int64(text), seconds >= 0 else {
        throw .badRequest("gracePeriodSeconds: Invalid value: \"\(text)\"")
      }
      gracePeriodSeconds = seconds
    }
    try read(propagation: request.query("propagationPolicy"))
    if ["true", "1"].contains(request.query("orphanDependents") ?? "") { propagation = .orphan }
    if !request.body.isEmpty { try read(try RequestBody.decode(request)) }
  }

  mutating func read(_ body: JSONValue) throws(APIError) {
    if let seconds = body["gracePeriodSeconds"]?.integerValue { gracePeriodSeconds = max(0, seconds) }
    uid = body["preconditions"]?["uid"]?.stringValue ?? uid
    resourceVersion = body["preconditions"]?["resourceVersion"]?.stringValue ?? resourceVersion
    try read(propagation: body["propagationPolicy"]?.stringValue)
    if body["orphanDependents"]?.boolValue == true { propagation = .orphan }
    if let dryRun = body["dryRun"]?.arrayValue, !dryRun.isEmpty { isDryRun = true }
  }

  private mutating func read(propagation text: String?) throws(APIError) {
    guard let text, !text.isEmpty else { return }
    guard let value = Propagation(rawValue: text) else {
      throw .badRequest(
        "propagationPolicy: Unsupported value: \"\(text)\": "
          + "supported values: \"Background\", \"Foreground\", \"Orphan\""
      )
    }
    propagation = value
  }
}
