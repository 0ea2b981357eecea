import FoundationEssentials
import Kubernetes

/// GET of a collection, in pages where the client wants them.
extension APIService {
  func list(_ scope: RequestScope) throws(APIError) -> APIResponse {
    let form = try ResponseForm.negotiate(scope.request.accept)
    let selection = try Selection(scope.request, namespace: scope.namespace, resource: scope.resource)
    let snapshot = store.snapshot(scope.resource.key)
    let continued = try ListPosition(scope.request)
    try checkVersion(scope, snapshot: snapshot, continued: continued)

    var rest = Collection.range(of: snapshot.objects, namespace: scope.namespace)
    if let continued {
      let start = Collection.position(in: snapshot.objects, continued.namespace, continued.name)
      rest = start < rest.endIndex ? rest[max(start, rest.startIndex)...] : []
    }
    let limit = scope.request.query("limit").flatMap { Int($0) } ?? 0
    var page: [StoredObject] = []
    if !selection.isSelective && limit <= 0 {
      page = Array(rest)
      rest = []
    } else {
      while let object = rest.first, limit <= 0 || page.count < limit {
        if selection.matches(object) { page.append(object) }
        rest = rest.dropFirst()
      }
      // Only what the client would get is worth another page.
      if selection.isSelective { rest = rest.drop { !selection.matches($0) } }
    }
    let version = continued?.version ?? snapshot.version
    var metadata: JSONObject = ["resourceVersion": .string(String(version))]
    if let next = rest.first {
      metadata["continue"] = .string(
        ListPosition(version: version, namespace: next.key.namespace, name: next.key.name).token)
      if !selection.isSelective { metadata["remainingItemCount"] = .integer(Int64(rest.count)) }
    }
    return APIResponse(status: 200, body: .bytes(try listBytes(page, scope, form, metadata)))
  }

  private func listBytes(
    _ objects: [StoredObject], _ scope: RequestScope, _ form: ResponseForm, _ metadata: JSONObject
  ) throws(APIError) -> [UInt8] {
    var values: [JSONValue] = []
    if form != .object {
      values.reserveCapacity(objects.count)
      for object in objects { values.append(try object.value()) }
    }
    let kind: String
    let version: String
    switch form {
    case .table: return table(values, scope, metadata: metadata).bytes
    case .partialMetadata: (kind, version) = ("PartialObjectMetadataList", "meta.k8s.io/v1")
    case .object: (kind, version) = (scope.type.kind + "List", scope.type.apiVersion)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(objects.reduce(256) { $0 + $1.bytes.count + 1 })
    bytes.append(contentsOf: "{\"kind\":\"\(kind)\",\"apiVersion\":\"\(version)\",\"metadata\":".utf8)
    bytes.append(contentsOf: JSONValue.object(metadata).bytes)
    bytes.append(contentsOf: ",\"items\":[".utf8)
    for (index, object) in objects.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(
        contentsOf: form == .object
          ? scope.resource.presentation(of: object) : Self.partialMetadata(values[index]).bytes)
    }
    bytes.append(contentsOf: "]}".utf8)
    return bytes
  }

  /// Lists show the newest state; a client may ask for one that is at least as new as a version it knows.
  private func checkVersion(
    _ scope: RequestScope, snapshot: Store.Snapshot, continued: ListPosition?
  ) throws(APIError) {
    if let continued {
      // A watch from the version of the first page must still be possible.
      guard store.position(in: scope.resource.key, after: continued.version) != nil else {
        throw APIError(
          code: 410, reason: "Expired",
          message: "The provided continue parameter is too old to display a consistent list result.")
      }
      return
    }
    guard let text = scope.request.query("resourceVersion"), !text.isEmpty, text != "0" else { return }
    guard let version = Int64(text) else { throw .badRequest("resourceVersion: Invalid value: \"\(text)\"") }
    try checkNotFuture(version, newest: snapshot.version)
    if scope.request.query("resourceVersionMatch") == "Exact", version != snapshot.version {
      throw WatchSession.expired(version)
    }
  }

  func checkNotFuture(_ version: Int64, newest: Int64) throws(APIError) {
    guard version > newest else { return }
    throw APIError(
      code: 504, reason: "Timeout", message: "Too large resource version: \(version), current: \(newest)",
      details: [
        "retryAfterSeconds": 1,
        "causes": [["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]],
      ])
  }
}

/// Where the next page starts, as clients carry it in `continue`.
struct ListPosition: Sendable, Equatable {
  /// Of the first page: what a watch after the last one goes on from.
  var version: Int64
  var namespace: String
  var name: String

  init(version: Int64, namespace: String, name: String) {
    self.version = version
    self.namespace = namespace
    self.name = name
  }

  init?(_ request: APIRequest) throws(APIError) {
    guard let token = request.query("continue"), !token.isEmpty else { return nil }
    guard let data = Data(base64Encoded: token), let value = try? JSONValue(parsing: [UInt8](data)),
      let version = value["version"]?.integerValue, let namespace = value["namespace"]?.stringValue,
      let name = value["name"]?.stringValue
    else { throw .badRequest("continue key is not valid") }
    self.init(version: version, namespace: namespace, name: name)
  }

  var token: String {
    let value: JSONValue = ["version": .integer(version), "namespace": .string(namespace), "name": .string(name)]
    return Data(value.bytes).base64EncodedString()
  }
}
