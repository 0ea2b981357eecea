import Kubernetes
import KubernetesClient

/// What was sent and what was acknowledged, object by object; each object is written by one writer, one request at a
/// time, so that a kill leaves at most one request about it open.
actor WriteLedger {
  /// What an object may look like.
  enum Content: Sendable, Equatable {
    case absent
    case present(JSONValue)
  }

  struct Entry: Sendable {
    var acknowledged = Content.absent
    /// Of the last acknowledged write.
    var version: Int64 = 0
    var uid: String?
    /// What the request that got no answer would have made of it.
    var open: Content?
  }

  struct Totals: Sendable, CustomStringConvertible {
    var acknowledged = 0
    var open = 0
    /// Of those without an answer, the ones that were kept all the same.
    var kept = 0
    var description: String { "\(acknowledged) writes acknowledged, \(open) cut off, of which \(kept) were kept" }
  }

  private(set) var totals = Totals()
  private var entries: [String: Entry] = [:]
  private var newestVersion: Int64 = 0
  private var writesBeforeKill = 0
  private var kill: @Sendable () -> Void = {}

  func begin(killAfter writes: Int, _ kill: @escaping @Sendable () -> Void) {
    writesBeforeKill = writes
    self.kill = kill
  }

  func entry(_ name: String) -> Entry { entries[name] ?? Entry() }

  func sending(_ name: String, _ content: Content) { entries[name, default: Entry()].open = content }

  /// - Throws: where the server gave a version that is not newer than all before of the same object.
  func acknowledged(_ name: String, version: Int64?, uid: String?) throws {
    guard var entry = entries[name], let content = entry.open else { return }
    if let version {
      guard version > entry.version else { throw Lost("\(name) went from version \(entry.version) to \(version)") }
      entry.version = version
      newestVersion = max(newestVersion, version)
    }
    entry.acknowledged = content
    entry.open = nil
    if content == .absent { entry.uid = nil } else if let uid { entry.uid = uid }
    entries[name] = entry
    totals.acknowledged += 1
    writesBeforeKill -= 1
    if writesBeforeKill == 0 { kill() }
  }

  /// The server refused the request: nothing came of it.
  func refused(_ name: String) { entries[name]?.open = nil }

  /// Compares all objects that the server has with what it must and may have; what is there becomes what must be.
  func verify(against transport: any KubernetesTransport, _ watched: WatchedVersions, _ place: String) async throws {
    let list = try await DurabilityWriter.list(transport)
    let listVersion = Int64(list["metadata"]?["resourceVersion"]?.stringValue ?? "") ?? 0
    guard listVersion >= newestVersion, listVersion >= watched.newest else {
      throw Lost("\(place): the server is at version \(listVersion), before \(max(newestVersion, watched.newest))")
    }
    var found: [String: JSONValue] = [:]
    for item in list["items"]?.arrayValue ?? [] {
      let name = item[path: ["metadata", "name"]]?.stringValue ?? ""
      guard name.hasPrefix(DurabilityWriter.namePrefix) else { continue }
      guard entries[name] != nil else { throw Lost("\(place): nobody made \(name)") }
      found[name] = item
    }
    for name in entries.keys { try settle(name, found[name], place) }
    for (name, version) in watched.versions {
      let kept = found[name]?[path: ["metadata", "resourceVersion"]]?.stringValue.flatMap { Int64($0) }
      guard kept.map({ $0 >= version }) ?? true else {
        throw Lost("\(place): a watch showed version \(version) of \(name), which is at \(kept ?? 0)")
      }
    }
  }

  private func settle(_ name: String, _ item: JSONValue?, _ place: String) throws {
    guard var entry = entries[name] else { return }
    let now = item.map { Content.present($0["data"] ?? .null) } ?? .absent
    if let data = item?["data"], !DurabilityWriter.isWhole(data) {
      throw Lost("\(place): \(name) is half written: \(data.text)")
    }
    let wasKept = entry.open != nil && now == entry.open
    guard wasKept || now == entry.acknowledged else {
      throw Lost(
        "\(place): \(name) is \(now), acknowledged was \(entry.acknowledged), open \(String(describing: entry.open))")
    }
    let version = item?[path: ["metadata", "resourceVersion"]]?.stringValue.flatMap { Int64($0) } ?? 0
    let uid = item?[path: ["metadata", "uid"]]?.stringValue
    if item != nil, !wasKept || entry.open == entry.acknowledged {
      guard version >= entry.version else { throw Lost("\(place): \(name) is back at version \(version)") }
    }
    if !wasKept, item != nil, let known = entry.uid, known != uid {
      throw Lost("\(place): \(name) is another object now")
    }
    if entry.open != nil {
      totals.open += 1
      if wasKept { totals.kept += 1 }
    }
    entry.acknowledged = now
    entry.open = nil
    entry.uid = uid
    entry.version = max(entry.version, version)
    entries[name] = entry
  }
}

/// Something acknowledged or shown that is not there any more.
struct Lost: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
