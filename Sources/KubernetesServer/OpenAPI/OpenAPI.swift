import Kubernetes

/// The schemas of all kinds, as kubectl reads them for `explain`, for merging, and to see what a request may say.
///
/// Documents are JSON, which is what kubectl asks of `/openapi/v3`; `/openapi/v2` is there in protobuf, too, for
/// clients older than v3. Those of the built-in kinds are written once.
package enum OpenAPI {
  /// - Parameters:
  ///   - path: without the query.
  ///   - accept: the request's Accept header.
  ///   - resources: the built-in kinds.
  ///   - definitions: the CustomResourceDefinition objects.
  /// - Returns: nil where the path is not under `/openapi`.
  package static func document(
    path: String, accept: String, resources: [ResourceType], definitions: [JSONValue] = []
  ) -> APIResponse? {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.first == "openapi", parts.count >= 2 else { return nil }
    guard acceptsJSON(accept) else {
      guard parts == ["openapi", "v2"], SwaggerProtobuf.isAccepted(accept) else { return notAcceptable }
      let swagger = SwaggerDocument.make(resources: resources, definitions: definitions)
      return APIResponse(
        status: 200, contentType: SwaggerProtobuf.mediaType, body: .bytes(SwaggerProtobuf.encode(swagger)))
    }
    switch (parts[1], parts.count) {
    case ("v2", 2): return response(Document(SwaggerDocument.make(resources: resources, definitions: definitions)))
    case ("v3", 2): return response(index(resources: resources, definitions: definitions))
    case ("v3", _):
      let key = parts.dropFirst(2).joined(separator: "/")
      if let document = builtIn(resources)[key] { return response(document) }
      return CustomDocuments.make(definitions).first { $0.key == key }.map { response($0.document) }
    default: return nil
    }
  }

  private static let builtInDocuments = GroupDocument.all(resources: ResourceType.builtIn)

  private static func builtIn(_ resources: [ResourceType]) -> [String: Document] {
    resources == ResourceType.builtIn ? builtInDocuments : GroupDocument.all(resources: resources)
  }

  /// Where the document of each group and version is; the hash changes when it does, so that clients may keep a copy.
  private static func index(resources: [ResourceType], definitions: [JSONValue]) -> Document {
    let documents =
      builtIn(resources).map { ($0.key, $0.value) } + CustomDocuments.make(definitions).map { ($0.key, $0.document) }
    let paths = documents.sorted { $0.0 < $1.0 }.map { key, document in
      (key, ["serverRelativeURL": .string("/openapi/v3/\(key)?hash=\(document.hash)")] as JSONValue)
    }
    return Document(["paths": .object(JSONObject(paths))])
  }

  private static func acceptsJSON(_ accept: String) -> Bool {
    if accept.isEmpty { return true }
    return accept.split(separator: ",").contains { media in
      let type = media.split(separator: ";").first.map { $0.filter { $0 != " " } } ?? ""
      return ["application/json", "application/*", "*/*"].contains(type)
    }
  }

  private static let notAcceptable = APIResponse(
    status: 406,
    body: .bytes(
      APIError(
        code: 406, reason: "NotAcceptable", message: "only application/json is offered for OpenAPI documents"
      ).status.bytes))

  private static func response(_ document: Document) -> APIResponse {
    APIResponse(status: 200, headers: [("ETag", "\"\(document.hash)\"")], body: .bytes(document.bytes))
  }

  /// A document as it is sent, with a hash of its bytes.
  struct Document: Sendable {
    var bytes: [UInt8]
    var hash: String

    init(_ value: JSONValue) {
      bytes = value.bytes
      hash = FNV1a(bytes).digits.uppercased()
    }
  }
}
