import Kubernetes

/// GET of a collection, in pages where the client wants them.
extension APIService {
  func list(_ scope: RequestScope) throws(APIError) -> APIResponse {
    let form = try ResponseForm.negotiate(scope.request.accept)
    let options = try ReadOptions(scope.request, isWatch: false)
    let selection = try Selection(scope.request, namespace: scope.namespace, resource: scope.resource)
    let source: ListSource
    switch try listSource(scope, options) {
    case .found(let found): source = found
    case .expired(let answer): return answer
    }
    var range = selection.range(in: source.objects)
    if let start = source.start { range = range.from(start.namespace, start.name) }
    var metadata: JSONObject = ["resourceVersion": .string(String(source.version))]
    // As upstream, which answers version 0 from its cache, as a whole.
    let limit = options.resourceVersion == "0" ? 0 : options.limit
    if limit > 0 {
      let (page, rest) = Self.page(of: range, selection, limit: limit)
      if let rest, let last = page.last {
        pages.keep(source.objects, of: scope.resource.key, at: source.version, now: .now)
        metadata["continue"] = .string(
          ListPosition(version: source.version, after: last).token(isAcross: scope.namespace.isEmpty))
        if !selection.isSelective { metadata["remainingItemCount"] = .integer(Int64(rest.count)) }
      }
      return listResponse(ListBody(objects: page.makeIterator(), count: page.count, selection: nil), form, metadata, scope)
    }
    let body = ListBody(objects: range, count: range.count, selection: selection)
    return listResponse(body, form, metadata, scope)
  }

  private func listResponse(
    _ body: ListBody, _ form: ResponseForm, _ metadata: JSONObject, _ scope: RequestScope
  ) -> APIResponse {
    let (head, writer) = listForm(form, metadata, scope)
    body.begin(head, writer)
    return APIResponse(status: 200, body: body.whole().map { .bytes($0) } ?? .pulled(body))
  }

  /// What stands before the objects, and how each is written.
  private func listForm(
    _ form: ResponseForm, _ metadata: JSONObject, _ scope: RequestScope
  ) -> (head: [UInt8], write: ListBody.Writer) {
    func head(_ kind: String, _ version: String) -> [UInt8] {
      let text = JSONValue.object(metadata).text
      return Array("{\"kind\":\"\(kind)\",\"apiVersion\":\"\(version)\",\"metadata\":\(text),\"items\":[".utf8)
    }
    let resource = scope.resource
    switch form {
    case .object:
      return (
        head(scope.type.kind + "List", scope.type.apiVersion),
        { object, bytes in bytes.append(contentsOf: resource.presentation(of: object)) }
      )
    case .partialMetadata:
      return (
        head("PartialObjectMetadataList", "meta.k8s.io/v1"),
        { object, bytes in
          guard let value = try? object.value() else { return }
          bytes.append(contentsOf: Self.partialMetadata(value).bytes)
        }
      )
    case .table:
      let rows = TablePrinter.Rows(
        resource: scope.type, columns: resource.custom?.columns, now: scope.now,
        includeObject: scope.request.query("includeObject") ?? "Metadata")
      // Rows are a table's last member.
      return (
        table([], scope, metadata: metadata).bytes.dropLast(2),
        { object, bytes in
          guard let value = try? JSONValue(parsing: resource.presentation(of: object)) else { return }
          bytes.append(contentsOf: rows.row(value).bytes)
        }
      )
    }
  }

  /// - Returns: up to `limit` objects that match, and the range after them where one more matches.
  private static func page(
    of range: ObjectRange, _ selection: Selection, limit: Int
  ) -> (page: [StoredObject], rest: ObjectRange?) {
    var rest = range
    var page: [StoredObject] = []
    while page.count < limit {
      guard let object = rest.next() else { return (page, nil) }
      if !selection.isSelective || selection.matches(object) { page.append(object) }
    }
    // Only what the client would get is worth another page.
    let remaining = rest
    while let object = rest.next() {
      if !selection.isSelective || selection.matches(object) { return (page, remaining) }
    }
    return (page, nil)
  }
}

/// The state that a list shows.
private struct ListSource {
  var objects: ObjectSequence
  var version: Int64
  var start: ListPosition?

  enum Outcome {
    case found(ListSource)
    case expired(APIResponse)
  }
}

/// Which state that is
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list).
extension APIService {
  private func listSource(_ scope: RequestScope, _ options: ReadOptions) throws(APIError) -> ListSource.Outcome {
    let snapshot = store.snapshot(scope.resource.key)
    let newest = ListSource(objects: snapshot.objects, version: snapshot.version)
    if !options.continueToken.isEmpty { return try continued(scope, options, newest) }
    try checkNotFuture(options.version, newest: snapshot.version)
    // A version with a limit and without a word on how it is meant is exact.
    let isExact = options.match == .exact || (options.match == nil && options.limit > 0)
    guard isExact, options.version > 0 else { return .found(newest) }
    guard let objects = objects(scope.resource.key, at: options.version, newest) else {
      throw APIError(
        code: 410, reason: "Expired", message: "The resourceVersion for the provided list is too old.")
    }
    return .found(ListSource(objects: objects, version: options.version))
  }

  private func continued(
    _ scope: RequestScope, _ options: ReadOptions, _ newest: ListSource
  ) throws(APIError) -> ListSource.Outcome {
    guard options.resourceVersion.isEmpty else {
      throw .badRequest("specifying resource version is not allowed when using continue")
    }
    var start = try ListPosition(
      token: options.continueToken, namespace: scope.namespace, isNamespaced: scope.type.isNamespaced)
    if start.version == ListPosition.newest {
      return .found(ListSource(objects: newest.objects, version: newest.version, start: start))
    }
    try checkNotFuture(start.version, newest: newest.version)
    if let objects = objects(scope.resource.key, at: start.version, newest) {
      return .found(ListSource(objects: objects, version: start.version, start: start))
    }
    start.version = ListPosition.newest
    return .expired(Self.expired(start.token(isAcross: scope.namespace.isEmpty)))
  }

  private func objects(_ resource: String, at version: Int64, _ newest: ListSource) -> ObjectSequence? {
    if version == newest.version { return newest.objects }
    return pages.objects(of: resource, at: version, now: .now) ?? store.objects(resource, at: version)
  }

  /// The rest of an expired list can still be had, as it is now.
  private static func expired(_ token: String) -> APIResponse {
    let error = APIError(
      code: 410, reason: "Expired",
      message: "The provided continue parameter is too old to display a consistent list result. You can start a new "
        + "list without the continue parameter, or use the continue token in this response to retrieve the remainder "
        + "of the results. Continuing with the provided token results in an inconsistent list - objects that were "
        + "created, modified, or deleted between the time the first chunk was returned and now may show up in the "
        + "list.")
    var status = error.status
    status["metadata"] = ["continue": .string(token)]
    return APIResponse(status, status: error.code)
  }

  func checkNotFuture(_ version: Int64, newest: Int64) throws(APIError) {
    guard version > newest else { return }
    throw APIError(
      code: 504, reason: "Timeout", message: "Timeout: Too large resource version: \(version), current: \(newest)",
      details: [
        "causes": [["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]],
        "retryAfterSeconds": 1,
      ])
  }
}
