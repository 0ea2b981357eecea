/// A request to a Kubernetes API, whatever carries it: HTTPS to a real cluster, or a function call to the embedded one.
public struct APIRequest: Sendable {
  public enum Method: String, Sendable {
    case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
  }
  public var method: Method
  /// Without the query: `/api/v1/namespaces/default/pods`.
  public var path: String
  /// In order, not percent-encoded.
  public var query: [(name: String, value: String)]
  public var contentType: String
  public var accept: String
  public var body: [UInt8]
  /// Who asks, after authentication.
  public var user: UserInfo
  /// Headers that a handler may want beside those above, lower-case names: `user-agent`, `accept-encoding`,
  /// `sec-websocket-protocol`, `impersonate-user` …
  public var headers: [(name: String, value: String)] = []

  public init(
    _ method: Method, _ path: String, query: [(name: String, value: String)] = [],
    contentType: String = "application/json",
    accept: String = "application/json", body: [UInt8] = [], user: UserInfo = UserInfo()
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.contentType = contentType
    self.accept = accept
    self.body = body
    self.user = user
  }

  /// The first value of a query parameter.
  public func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// The first value of a header, by its lower-case name.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

public struct APIResponse: Sendable {
  public enum Body: Sendable {
    case bytes([UInt8])
    /// A watch or a followed log: ends when the server ends it; stop iterating to hang up.
    case stream(AsyncThrowingStream<[UInt8], any Error>)
    /// The same, taken by its connection when it can send more.
    case pulled(any PulledBody)
    /// The exchange becomes two-way (exec, attach, port-forward): runs with the other side until it returns.
    case channels(@Sendable (any ChannelStream) async -> Void)
    /// The exchange becomes a port-forward whose client opens a stream for each connection of its own.
    case ports(PortConnector)
  }
  public var status: Int
  public var contentType: String
  /// Other headers, such as `Warning` and `Retry-After`.
  public var headers: [(name: String, value: String)]
  public var body: Body

  public init(
    status: Int, contentType: String = "application/json", headers: [(name: String, value: String)] = [], body: Body
  ) {
    self.status = status
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }
}

extension APIResponse {
  /// A failure as the API tells it: its `Status`, and `Retry-After` where it names the seconds.
  public init(_ error: APIError) {
    var headers: [(name: String, value: String)] = []
    if let seconds = error.details?["retryAfterSeconds"]?.integerValue {
      headers.append(("Retry-After", String(seconds)))
    }
    self.init(status: error.code, headers: headers, body: .bytes(error.status.bytes))
  }
}

/// `metav1.Status` of a failed request, as an error.
public struct APIError: Error, Sendable, Equatable, CustomStringConvertible {
  public var code: Int
  /// `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`, `Expired`, `TooManyRequests` …; empty where the
  /// server has no word for what went wrong.
  public var reason: String
  public var message: String
  /// `details`, where there are: name, kind, causes, retryAfterSeconds.
  public var details: JSONValue?

  public init(code: Int, reason: String, message: String, details: JSONValue? = nil) {
    self.code = code
    self.reason = reason
    self.message = message
    self.details = details
  }

  public init?(status: JSONValue) {
    guard status["kind"]?.stringValue == "Status" else { return nil }
    self.init(
      code: Int(status["code"]?.integerValue ?? 500), reason: status["reason"]?.stringValue ?? "",
      message: status["message"]?.stringValue ?? "", details: status["details"])
  }

  public var status: JSONValue {
    var object: JSONObject = [
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
    ]
    if !reason.isEmpty { object["reason"] = .string(reason) }
    object["details"] = details
    object["code"] = .integer(Int64(code))
    return .object(object)
  }

  public var description: String { message.isEmpty ? "\(code) \(reason)" : message }

  public static func notFound(_ resource: ResourceType, _ name: String) -> APIError {
    APIError(
      code: 404, reason: "NotFound", message: "\(resource.qualifiedPlural) \"\(name)\" not found",
      details: ["name": .string(name), "group": .string(resource.group), "kind": .string(resource.plural)])
  }
  public static func badRequest(_ message: String) -> APIError {
    APIError(code: 400, reason: "BadRequest", message: message)
  }
  /// As kube-apiserver words it.
  public static func bodyTooLarge(bytesMax: Int) -> APIError {
    APIError(
      code: 413, reason: "RequestEntityTooLarge", message: "Request entity too large: limit is \(bytesMax)")
  }
  public var isNotFound: Bool { code == 404 }
  public var isConflict: Bool { reason == "Conflict" }
  public var isAlreadyExists: Bool { reason == "AlreadyExists" }
}
