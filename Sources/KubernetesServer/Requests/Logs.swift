import Kubernetes

/// What a client wants of a container's log: `corev1.PodLogOptions`.
public struct LogOptions: Sendable, Hashable {
  /// Go on as lines are written.
  public var follow = false
  /// Of the container's last run before this one.
  public var previous = false
  /// Each line starts with its time, RFC 3339 with nanoseconds.
  public var timestamps = false
  /// At most this many lines from the end.
  public var tailLines: Int?
  /// Nothing older than this.
  public var since: Timestamp?
  /// At most this many bytes.
  public var limitBytes: Int?

  public init() {}
}

/// GET of `log`.
extension APIService {
  func log(_ scope: RequestScope) async throws -> APIResponse {
    let pod = try Self.decode(Pod.self, try existing(scope))
    let container = try Self.container(scope.request.query("container"), of: pod)
    let options = try Self.logOptions(scope)
    let body = try await providers.logs(pod.key, container, options)
    return APIResponse(status: 200, contentType: "text/plain", body: body)
  }

  static func container(_ name: String?, of pod: Pod) throws(APIError) -> String {
    let names = pod.spec.containers.map(\.name)
    let starters = pod.spec.initContainers.map(\.name)
    guard let name, !name.isEmpty else {
      if names.count == 1 { return names[0] }
      var message =
        "a container name must be specified for pod \(pod.metadata.name), "
        + "choose one of: [\(names.joined(separator: " "))]"
      if !starters.isEmpty { message += " or one of the init containers: [\(starters.joined(separator: " "))]" }
      throw .badRequest(message)
    }
    guard (names + starters).contains(name) else {
      throw .badRequest("container \(name) is not valid for pod \(pod.metadata.name)")
    }
    return name
  }

  private static func logOptions(_ scope: RequestScope) throws(APIError) -> LogOptions {
    let request = scope.request
    func flag(_ name: String) -> Bool { ["true", "1"].contains(request.query(name) ?? "") }
    func number(_ name: String, atLeast least: Int) throws(APIError) -> Int? {
      guard let text = request.query(name), !text.isEmpty else { return nil }
      guard let value = Int(text), value >= least else {
        throw APIError(
          code: 422, reason: "Invalid",
          message:
            "PodLogOptions \"\" is invalid: \(name): Invalid value: \(text): must be greater than or equal to \(least)")
      }
      return value
    }
    var options = LogOptions()
    options.follow = flag("follow")
    options.previous = flag("previous")
    options.timestamps = flag("timestamps")
    options.tailLines = try number("tailLines", atLeast: 0)
    options.limitBytes = try number("limitBytes", atLeast: 1)
    if let seconds = try number("sinceSeconds", atLeast: 1) { options.since = scope.now - Double(seconds) }
    if let text = request.query("sinceTime"), !text.isEmpty {
      guard let since = Timestamp(parsing: text) else { throw .badRequest("sinceTime: \"\(text)\" is not a time") }
      options.since = since
    }
    return options
  }
}
