import Kubernetes

/// `admission.k8s.io/v1` AdmissionReview: what a webhook is asked, and what it says.
struct AdmissionReview: Sendable {
  static let apiVersion = "admission.k8s.io/v1"

  let uid: String
  let body: [UInt8]

  /// - Parameter resource: the version of the API in which the webhook wants to be asked.
  init(_ question: AdmissionQuestion, as resource: ResourceType, uid: String) {
    self.uid = uid
    // Another version of a resource differs in nothing but its name.
    let isConverted = resource.apiVersion != question.resource.apiVersion
    func converted(_ object: JSONValue?) -> JSONValue {
      guard var object, isConverted else { return object ?? .null }
      object["apiVersion"] = .string(resource.apiVersion)
      return object
    }
    var request: JSONObject = [
      "uid": .string(uid),
      "kind": Self.kind(isConverted ? resource : question.kind),
      "resource": Self.resource(resource),
    ]
    if !question.subresource.isEmpty { request["subResource"] = .string(question.subresource) }
    request["requestKind"] = Self.kind(question.kind)
    request["requestResource"] = Self.resource(question.resource)
    if !question.subresource.isEmpty { request["requestSubResource"] = .string(question.subresource) }
    if !question.name.isEmpty { request["name"] = .string(question.name) }
    if !question.namespace.isEmpty { request["namespace"] = .string(question.namespace) }
    request["operation"] = .string(question.operation.rawValue)
    request["userInfo"] = question.user.json
    request["object"] = converted(question.object)
    request["oldObject"] = converted(question.old)
    request["dryRun"] = .bool(question.isDryRun)
    request["options"] = question.options
    let review: JSONValue = [
      "kind": "AdmissionReview", "apiVersion": .string(Self.apiVersion), "request": .object(request),
    ]
    body = review.bytes
  }

  private static func kind(_ type: ResourceType) -> JSONValue {
    ["group": .string(type.group), "version": .string(type.version), "kind": .string(type.kind)]
  }

  private static func resource(_ type: ResourceType) -> JSONValue {
    ["group": .string(type.group), "version": .string(type.version), "resource": .string(type.plural)]
  }
}

/// What a webhook said.
struct AdmissionVerdict: Sendable {
  var isAllowed: Bool
  /// `result` of a refusal: a Status, or parts of one.
  var status: JSONValue
  var warnings: [String]
  /// A JSON patch, as text.
  var patch: [UInt8]?

  /// Characters that are kept of a warning.
  static let warningLengthMax = 256
  static let warningsMax = 16

  /// - Throws: where the answer is none to this question.
  init(_ body: [UInt8], to review: AdmissionReview) throws(WebhookFailure) {
    guard let answer = try? JSONValue(parsing: body) else { throw WebhookFailure("the answer is not JSON") }
    let version = answer["apiVersion"]?.stringValue ?? ""
    let kind = answer["kind"]?.stringValue ?? ""
    guard version == AdmissionReview.apiVersion, kind == "AdmissionReview" else {
      throw WebhookFailure(
        "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got \(version), Kind=\(kind)")
    }
    guard let response = answer["response"], case .object = response else {
      throw WebhookFailure("webhook response was absent")
    }
    let uid = response["uid"]?.stringValue ?? ""
    guard uid == review.uid else { throw WebhookFailure("expected response.uid=\"\(review.uid)\", got \"\(uid)\"") }
    isAllowed = response["allowed"]?.boolValue ?? false
    status = response["status"] ?? .null
    warnings = (response["warnings"]?.arrayValue ?? []).prefix(Self.warningsMax).compactMap(\.stringValue)
      .map { String($0.prefix(Self.warningLengthMax)) }
    guard let text = response["patch"]?.stringValue, !text.isEmpty else { return }
    guard response["patchType"]?.stringValue == "JSONPatch" else {
      throw WebhookFailure("webhook returned response.patch but not the patch type JSONPatch")
    }
    guard let bytes = Base64.decode(text) else { throw WebhookFailure("response.patch is not base64") }
    patch = bytes
  }

  /// The refusal as the client gets it, with the code and the words that the webhook gave.
  func refusal(by webhook: String) -> APIError {
    let reason = status["reason"]?.stringValue ?? ""
    let message = status["message"]?.stringValue ?? ""
    let given = status["code"]?.integerValue ?? 0
    let why = message.isEmpty ? reason : message
    let details = status["details"]
    return APIError(
      code: (400...599).contains(given) ? Int(given) : 400, reason: reason,
      message: "admission webhook \"\(webhook)\" denied the request"
        + (why.isEmpty ? " without explanation" : ": \(why)"),
      details: details?.objectValue == nil ? nil : details)
  }
}

/// Why a webhook could not be asked.
struct WebhookFailure: Error, Sendable, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }

  /// What the client is told where the webhook's `failurePolicy` is `Fail`.
  func refusal(by webhook: String) -> APIError {
    let text = "failed calling webhook \"\(webhook)\": \(description)"
    return APIError(
      code: 500, reason: "InternalError", message: "Internal error occurred: \(text)",
      details: ["causes": [["message": .string(text)]]])
  }
}
