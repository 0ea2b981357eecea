import Kubernetes

/// What the server serves, told in the forms that clients ask for: which groups, versions, resources and subresources.
package enum Discovery {
  /// - Parameters:
  ///   - path: without the query.
  ///   - accept: the request's Accept header; it chooses between the legacy and the aggregated documents.
  ///   - resources: the built-in kinds.
  ///   - customResources: the kinds that definitions declare, one for each served version.
  /// - Returns: nil where the path is not one of discovery.
  package static func document(
    path: String, accept: String, resources: [ResourceType], customResources: [ResourceType] = []
  ) -> APIResponse? {
    nil
  }
}
