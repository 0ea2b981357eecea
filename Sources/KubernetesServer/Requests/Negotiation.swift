import Kubernetes

/// The form in which an answer is wanted, from the Accept header.
enum ResponseForm: Sendable, Equatable {
  case object
  case table
  case partialMetadata

  /// - Throws: 406 where JSON is not among what the client takes.
  static func negotiate(_ accept: String) throws(APIError) -> ResponseForm {
    if accept.isEmpty || accept == "application/json" { return .object }
    for choice in accept.split(separator: ",") {
      let parts = choice.split(separator: ";").map { $0.filter { $0 != " " } }
      switch parts.first ?? "" {
      case "application/json": break
      case "*/*", "application/*": return .object
      default: continue
      }
      let parameters = parts.dropFirst()
      guard let form = parameters.first(where: { $0.hasPrefix("as=") }) else { return .object }
      guard parameters.contains("g=meta.k8s.io"), parameters.contains("v=v1") else { continue }
      switch form {
      case "as=Table": return .table
      case "as=PartialObjectMetadata", "as=PartialObjectMetadataList": return .partialMetadata
      default: continue
      }
    }
    throw APIError(
      code: 406, reason: "NotAcceptable",
      message:
        "only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io")
  }
}
