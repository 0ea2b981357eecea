import Kubernetes

/// Why a request about pushes was refused, as its sender is told.
struct PushFailure: Error {
  var status: Int
  /// `malformed`, `unknownField`, `invalid`, `notFound`, `conflict`, `tooLarge` …
  var code: String
  var message: String
  var field: String?
  var headers: [(name: String, value: String)] = []
  /// The push as it is, where that helps.
  var push: JSONValue?

  init(
    _ status: Int, _ code: String, _ message: String, field: String? = nil,
    headers: [(name: String, value: String)] = [],
    push: JSONValue? = nil
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.field = field
    self.headers = headers
    self.push = push
  }

  /// A value that the format allows and the meaning does not.
  static func invalid(_ field: String, _ message: String) -> PushFailure {
    PushFailure(422, "invalid", "\(field): \(message)", field: field)
  }

  init(_ error: any Error) {
    switch error {
    case let failure as PushFailure: self = failure
    case let error as APIError:
      let status = (400...599).contains(error.code) ? error.code : 500
      self.init(
        status, error.reason.isEmpty ? "cluster" : error.reason.prefix(1).lowercased() + error.reason.dropFirst(),
        error.message)
    case is CancellationError: self.init(503, "stopping", "the operator is stopping; ask again")
    default: self.init(502, "cluster", "the cluster did not answer: \(error)")
    }
  }

  var response: APIResponse {
    var error: JSONObject = ["code": .string(code), "message": .string(message)]
    if let field { error["field"] = .string(field) }
    var body: JSONObject = ["error": .object(error)]
    if let push { body["push"] = push }
    return APIResponse(status: status, headers: headers, body: .bytes(JSONValue.object(body).bytes + [0x0A]))
  }
}
