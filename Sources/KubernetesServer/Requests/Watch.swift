import Kubernetes

/// GET with `watch=true`.
extension APIService {
  /// Seconds that a watch lasts where the client does not say; spread, so that not all reconnect at once.
  static let watchSecondsDefault = 1800.0...3600.0
  static let watchSecondsMax = 86_400.0

  func watch(_ scope: RequestScope) throws(APIError) -> APIResponse {
    let options = try ReadOptions(scope.request, isWatch: true)
    var selection = try Selection(scope.request, namespace: scope.namespace, resource: scope.resource)
    if let name = scope.path.name { selection.restrict(toName: name) }
    let encoder = try watchEncoder(scope)
    let wantsInitialEvents = options.sendsInitialEvents == true
    let parameters = WatchStream.Parameters(
      resource: scope.resource.key, selection: selection,
      marksInitialEnd: wantsInitialEvents && options.allowsBookmarks, allowsBookmarks: options.allowsBookmarks,
      timeoutSeconds: options.timeoutSeconds.flatMap { $0 > 0 ? min(Double($0), Self.watchSecondsMax) : nil }
        ?? Double.random(in: Self.watchSecondsDefault))

    let snapshot = store.snapshot(scope.resource.key)
    // Without a version a watch begins with what is there.
    let sendsInitialEvents = options.sendsInitialEvents ?? (options.version == 0)
    var start = (position: snapshot.position, version: snapshot.version)
    // A version that is yet to come has nothing before it: the watch waits for what is next.
    if !sendsInitialEvents, options.version > 0, options.version < snapshot.version {
      guard let position = store.position(in: scope.resource.key, after: options.version) else {
        // An ended watch tells its client more surely than a refused one, as kube-apiserver does it.
        var bytes: [UInt8] = []
        let completeAfter = store.completeAfter(in: scope.resource.key)
        encoder.error(WatchStream.expired(options.version, completeAfter: completeAfter), into: &bytes)
        return APIResponse(status: 200, body: .stream(Self.stream(of: bytes)))
      }
      start = (position, options.version)
    }
    if sendsInitialEvents { try checkNotFuture(options.version, newest: snapshot.version) }
    let stream = WatchStream(
      store: store, clock: watchClock, parameters: parameters, encoder: encoder,
      snapshot: sendsInitialEvents ? snapshot : nil, position: start.position, version: start.version)
    return APIResponse(status: 200, body: .pulled(stream))
  }

  private static func stream(of bytes: [UInt8]) -> AsyncThrowingStream<[UInt8], any Error> {
    AsyncThrowingStream { continuation in
      continuation.yield(bytes)
      continuation.finish()
    }
  }
}
