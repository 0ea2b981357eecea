import Kubernetes

/// Which part of a container's log is wanted (`PodLogOptions`).
public struct PodLogOptions: Sendable, Hashable {
  /// Empty where the pod has only one.
  public var container = ""
  /// Goes on until the container ends.
  public var follow = false
  /// Of the container before the last restart.
  public var previous = false
  /// Each line begins with when it was written.
  public var timestamps = false
  /// Only the last lines.
  public var tailLines: Int?
  /// Only what was written in the last so many seconds.
  public var sinceSeconds: Int?
  public var sinceTime: Timestamp?
  public var limitBytes: Int?

  public init() {}

  var query: [(name: String, value: String)] {
    var query: [(name: String, value: String)] = []
    if !container.isEmpty { query.append(("container", container)) }
    if follow { query.append(("follow", "true")) }
    if previous { query.append(("previous", "true")) }
    if timestamps { query.append(("timestamps", "true")) }
    if let tailLines { query.append(("tailLines", String(tailLines))) }
    if let sinceSeconds { query.append(("sinceSeconds", String(sinceSeconds))) }
    if let sinceTime { query.append(("sinceTime", sinceTime.rfc3339)) }
    if let limitBytes { query.append(("limitBytes", String(limitBytes))) }
    return query
  }
}

extension KubernetesClient {
  /// What a container wrote, as bytes, as they come.
  public func logs(of pod: NamespacedName, _ options: PodLogOptions = PodLogOptions())
    async throws -> AsyncThrowingStream<[UInt8], any Error>
  {
    let path = try ResourceType.pods.checkedPath(namespace: pod.namespace, name: pod.name, subresource: "log")
    return try await respond(APIRequest(.get, path, query: options.query, accept: "*/*")).chunks()
  }

  /// What a container wrote, line by line without the line breaks; a line longer than 1 MiB comes in parts.
  public func logLines(of pod: NamespacedName, _ options: PodLogOptions = PodLogOptions())
    async throws -> AsyncThrowingStream<String, any Error>
  {
    let lines = LogLines(try await logs(of: pod, options))
    return AsyncThrowingStream { try await lines.next() }
  }
}

/// Cuts a log into lines as they are asked for.
private actor LogLines {
  static let lineBytesMax = 1 << 20

  private var chunks: AsyncThrowingStream<[UInt8], any Error>
  private var rest: ArraySlice<UInt8> = []
  private var hasEnded = false

  init(_ chunks: AsyncThrowingStream<[UInt8], any Error>) { self.chunks = chunks }

  func next() async throws -> String? {
    var searched = 0
    while true {
      if let end = rest.dropFirst(searched).firstIndex(of: 0x0A) {
        let line = rest[..<end]
        rest = rest[(end + 1)...]
        return String(decoding: line, as: UTF8.self)
      }
      if rest.count >= Self.lineBytesMax || (hasEnded && !rest.isEmpty) {
        let part = rest.prefix(Self.lineBytesMax)
        rest = rest.dropFirst(part.count)
        return String(decoding: part, as: UTF8.self)
      }
      if hasEnded { return nil }
      searched = rest.count
      var iterator = chunks.makeAsyncIterator()
      guard let chunk = try await iterator.next(isolation: self) else {
        hasEnded = true
        continue
      }
      rest = ArraySlice(rest + chunk)
    }
  }
}
