import Kubernetes

/// The query parameters that all writes share.
struct WriteOptions: Sendable {
  enum FieldValidation: String, Sendable { case ignore = "Ignore", warn = "Warn", strict = "Strict" }
  var isDryRun: Bool
  /// As the request names it; empty where it does not.
  var fieldManager: String
  private let agent: String
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
    agent = Self.agent(request.header("user-agent") ?? "")
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

  /// Where the client gave no name, its program counts as the manager that `managedFields` names.
  func author(_ subresource: String?, _ now: Timestamp) -> Apply.Author {
    Apply.Author(manager: fieldManager.isEmpty ? agent : fieldManager, subresource: subresource, now: now)
  }

  /// The name of a program in its `User-Agent`: what stands before the first slash, as far as it can be printed.
  private static func agent(_ header: String) -> String {
    let name = header.unicodeScalars.prefix { $0 != "/" }.filter { $0.properties.generalCategory != .control }
    var agent = ""
    for scalar in name {
      guard agent.utf8.count + String(scalar).utf8.count <= fieldManagerLengthMax else { break }
      agent.unicodeScalars.append(scalar)
    }
    return agent
  }
}
