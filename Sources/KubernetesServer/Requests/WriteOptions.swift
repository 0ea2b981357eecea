import Kubernetes

/// The query parameters that all writes share.
struct WriteOptions: Sendable {
  enum FieldValidation: String, Sendable { case ignore = "Ignore", warn = "Warn", strict = "Strict" }
  var isDryRun: Bool
  var fieldManager: String
  var isForced: Bool
  var fieldValidation: FieldValidation
  /// Paths of fields that the body has twice, which is one more thing that field validation is about.
  var duplicates: [String] = []

  static let fieldManagerLengthMax = 128

  /// - Throws: 400 where a parameter has no meaning.
  init(_ request: APIRequest) throws(APIError) {
    let dryRun = request.query.filter { $0.name == "dryRun" && !$0.value.isEmpty }
    guard dryRun.allSatisfy({ $0.value == "All" }) else {
      throw .badRequest("dryRun: Unsupported value: supported values: \"All\"")
    }
    isDryRun = !dryRun.isEmpty
    fieldManager = request.query("fieldManager") ?? ""
    guard fieldManager.utf8.count <= Self.fieldManagerLengthMax else {
      throw .badRequest("fieldManager: may not be more than \(Self.fieldManagerLengthMax) bytes")
    }
    isForced = ["true", "1"].contains(request.query("force") ?? "")
    // As upstream, where a request does not say.
    let validation = request.query("fieldValidation") ?? ""
    guard let validation = validation.isEmpty ? .warn : FieldValidation(rawValue: validation) else {
      throw .invalid(
        ResourceType(group: "meta.k8s.io", plural: "", kind: Self.kind(of: request.method)), "",
        [
          .init(
            reason: "FieldValueNotSupported",
            message: "Unsupported value: \"\(validation)\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
            field: "fieldValidation")
        ])
    }
    fieldValidation = validation
  }

  /// What the parameters of a method are called as an object of their own.
  private static func kind(of method: APIRequest.Method) -> String {
    switch method {
    case .put: "UpdateOptions"
    case .patch: "PatchOptions"
    default: "CreateOptions"
    }
  }

  /// The manager that `managedFields` names where the client gave none.
  var manager: String { fieldManager.isEmpty ? "unknown" : fieldManager }
}
