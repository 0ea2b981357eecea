import Kubernetes

/// GET with `watch=true`.
extension APIService {
  /// Seconds that a watch lasts where the client does not say; spread, so that not all reconnect at once.
  static let watchSecondsDefault = 1800.0...3600.0

  func watch(_ scope: RequestScope) throws(APIError) -> APIResponse {
    let request = scope.request
    var selection = try Selection(request, namespace: scope.namespace, resource: scope.resource)
    if let name = scope.path.name {
      selection.fields.append(.init("metadata.name", name))
    }
    let encoder = try watchEncoder(scope)
    let text = request.query("resourceVersion") ?? ""
    guard let version = text.isEmpty ? 0 : Int64(text) else {
      throw .badRequest("resourceVersion: Invalid value: \"\(text)\"")
    }
    let wantsInitialEvents = request.query("sendInitialEvents") == "true"
    let allowsBookmarks = request.query("allowWatchBookmarks") == "true"
    if wantsInitialEvents, request.query("resourceVersionMatch") != "NotOlderThan" {
      throw .badRequest("resourceVersionMatch: Required value: must be NotOlderThan where sendInitialEvents is set")
    }
    let sendsInitialEvents = wantsInitialEvents || (version == 0 && request.query("sendInitialEvents") != "false")
    let parameters = WatchSession.Parameters(
      resource: scope.resource.key, selection: selection,
      marksInitialEnd: wantsInitialEvents && allowsBookmarks, allowsBookmarks: allowsBookmarks,
      timeoutSeconds: request.query("timeoutSeconds").flatMap(Double.init).flatMap { $0 > 0 && $0 <= 86_400 ? $0 : nil }
        ?? Double.random(in: Self.watchSecondsDefault))

    let snapshot = store.snapshot(scope.resource.key)
    try checkNotFuture(version, newest: snapshot.version)
    let session: WatchSession
    if sendsInitialEvents || version == 0 {
      session = WatchSession(
        store: store, parameters: parameters, encoder: encoder, snapshot: sendsInitialEvents ? snapshot : nil,
        position: snapshot.position, version: snapshot.version)
    } else {
      guard let position = store.position(in: scope.resource.key, after: version) else {
        // An ended watch tells its client more surely than a refused one, as kube-apiserver does it.
        var bytes: [UInt8] = []
        encoder.error(WatchSession.expired(version), into: &bytes)
        return APIResponse(status: 200, body: .stream(Self.stream(of: bytes)))
      }
      session = WatchSession(
        store: store, parameters: parameters, encoder: encoder, snapshot: nil, position: position, version: version)
    }
    return APIResponse(status: 200, body: .stream(AsyncThrowingStream(unfolding: { await session.next() })))
  }

  private static func stream(of bytes: [UInt8]) -> AsyncThrowingStream<[UInt8], any Error> {
    AsyncThrowingStream { continuation in
      continuation.yield(bytes)
      continuation.finish()
    }
  }
}
