import Kubernetes

/// Answers in the form that the client asked for.
extension APIService {
  func response(
    _ result: ObjectResult, _ scope: RequestScope, status: Int = 200, warnings: [String] = []
  ) throws(APIError) -> APIResponse {
    let form = try ResponseForm.negotiate(scope.request.accept)
    let bytes: [UInt8]
    switch (form, result) {
    case (.object, .stored(let object)): bytes = scope.resource.presentation(of: object)
    case (.object, .computed(let value)): bytes = value.bytes
    case (.table, _):
      bytes = table([try result.value()], scope, metadata: Self.listMetadata(of: try result.value())).bytes
    case (.partialMetadata, _): bytes = Self.partialMetadata(try result.value()).bytes
    }
    return APIResponse(status: status, headers: warnings.map(Self.warning), body: .bytes(bytes))
  }

  /// RFC 7234's `Warning` with code 299, as kubectl prints it.
  static func warning(_ text: String) -> (name: String, value: String) {
    let escaped = text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
    return ("Warning", "299 - \"\(String(escaped))\"")
  }

  func table(_ objects: [JSONValue], _ scope: RequestScope, metadata: JSONObject) -> JSONValue {
    TablePrinter.table(
      objects, resource: scope.type, columns: scope.resource.custom?.columns, now: scope.now,
      includeObject: scope.request.query("includeObject") ?? "Metadata", listMetadata: metadata)
  }

  static func partialMetadata(_ object: JSONValue) -> JSONValue {
    ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] ?? [:]]
  }

  private static func listMetadata(of object: JSONValue) -> JSONObject {
    object["metadata"]?["resourceVersion"].map { ["resourceVersion": $0] } ?? [:]
  }

  /// What a watch writes its events with.
  func watchEncoder(_ scope: RequestScope) throws(APIError) -> any WatchEncoder {
    switch try ResponseForm.negotiate(scope.request.accept) {
    case .object: return PlainEncoder(resource: scope.resource)
    case .table:
      let type = scope.type
      let columns = scope.resource.custom?.columns
      let includeObject = scope.request.query("includeObject") ?? "Metadata"
      let clock = self.clock
      return TransformingEncoder(
        resource: scope.resource, form: "table \(includeObject) \(type.apiVersion)", made: encodedEvents,
        transform: { object in
          TablePrinter.row(object, resource: type, columns: columns, now: clock(), includeObject: includeObject)
        },
        emptyTransform: { metadata in
          TablePrinter.table(
            [], resource: type, columns: columns, now: clock(), listMetadata: metadata.objectValue ?? [:])
        })
    case .partialMetadata:
      return TransformingEncoder(
        resource: scope.resource, form: "metadata", made: encodedEvents, transform: Self.partialMetadata,
        emptyTransform: { ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": $0] })
    }
  }
}
