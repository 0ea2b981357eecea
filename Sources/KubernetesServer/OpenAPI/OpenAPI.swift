import Kubernetes

/// The schemas of all kinds, as kubectl reads them for `explain` and for merging.
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
    nil
  }
}
