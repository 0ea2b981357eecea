import Kubernetes
import KubernetesClient

/// What a watch over all the lives of the server has shown: the newest version of each object that was not deleted.
struct WatchedVersions: Sendable {
  private(set) var versions: [String: Int64] = [:]
  /// The version that the watch goes on from; 0 before the first.
  private(set) var newest: Int64 = 0
  private(set) var events = 0

  /// Goes on from where it was until the server is gone; starts anew with a list where that is too old, as clients do.
  /// - Throws: `Lost` where versions go back, or an object changes that was not there.
  func followed(over transport: any KubernetesTransport) async throws -> WatchedVersions {
    var watched = self
    do {
      if watched.newest == 0 { try await watched.startAnew(transport) }
      while true { try await watched.follow(transport) }
    } catch is TransportError {
      return watched
    }
  }

  private mutating func startAnew(_ transport: any KubernetesTransport) async throws {
    let list = try await DurabilityWriter.list(transport)
    let version = Int64(list["metadata"]?["resourceVersion"]?.stringValue ?? "") ?? 0
    guard version >= newest else { throw Lost("the list is of version \(version), before \(newest)") }
    newest = version
    versions = [:]
    for item in list["items"]?.arrayValue ?? [] { note(item) }
  }

  private mutating func follow(_ transport: any KubernetesTransport) async throws {
    let response = try await transport.send(
      APIRequest(
        .get, "/api/v1/namespaces/default/configmaps",
        query: [("watch", "true"), ("resourceVersion", String(newest)), ("allowWatchBookmarks", "true")]))
    guard response.status == 200, case .stream(let stream) = response.body else {
      guard response.status == 410 else { throw Lost("the watch was answered with \(response.status)") }
      return try await startAnew(transport)
    }
    var pending: [UInt8] = []
    for try await bytes in stream {
      pending += bytes
      while let end = pending.firstIndex(of: 0x0A) {
        let line = Array(pending[..<end])
        pending.removeSubrange(...end)
        guard try take(try JSONValue(parsing: line)) else { return try await startAnew(transport) }
      }
    }
  }

  /// - Returns: false where the watch is told that its version is too old.
  private mutating func take(_ event: JSONValue) throws -> Bool {
    guard let type = event["type"]?.stringValue, let object = event["object"] else {
      throw Lost("an event is \(event.text)")
    }
    if type == "ERROR" {
      guard object["code"]?.integerValue == 410 else { throw Lost("the watch was told \(object.text)") }
      return false
    }
    let version = object[path: ["metadata", "resourceVersion"]]?.stringValue.flatMap { Int64($0) } ?? 0
    guard version >= newest, type == "BOOKMARK" || version > newest else {
      throw Lost("an event of version \(version) came after \(newest)")
    }
    newest = version
    events += 1
    if type == "DELETED" {
      versions[object[path: ["metadata", "name"]]?.stringValue ?? ""] = nil
    } else if type != "BOOKMARK" {
      note(object)
    }
    return true
  }

  private mutating func note(_ object: JSONValue) {
    guard let name = object[path: ["metadata", "name"]]?.stringValue, name.hasPrefix(DurabilityWriter.namePrefix) else {
      return
    }
    versions[name] = object[path: ["metadata", "resourceVersion"]]?.stringValue.flatMap { Int64($0) } ?? 0
  }
}
