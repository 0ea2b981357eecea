import Kubernetes

/// Questions about access that are answered at once and stored nowhere: who am I, whose token is this, who may do what.
extension APIService {
  /// The kinds by their plural names; `local…` is asked in a namespace, the others of the whole cluster.
  static let reviews: [ResourceType] = [
    ResourceType(
      group: "authentication.k8s.io", plural: "selfsubjectreviews", kind: "SelfSubjectReview", isNamespaced: false),
    ResourceType(group: "authentication.k8s.io", plural: "tokenreviews", kind: "TokenReview", isNamespaced: false),
    ResourceType(
      group: "authorization.k8s.io", plural: "localsubjectaccessreviews", kind: "LocalSubjectAccessReview"),
    ResourceType(
      group: "authorization.k8s.io", plural: "selfsubjectaccessreviews", kind: "SelfSubjectAccessReview",
      isNamespaced: false),
    ResourceType(
      group: "authorization.k8s.io", plural: "selfsubjectrulesreviews", kind: "SelfSubjectRulesReview",
      isNamespaced: false),
    ResourceType(
      group: "authorization.k8s.io", plural: "subjectaccessreviews", kind: "SubjectAccessReview", isNamespaced: false),
  ]

  func review(_ request: APIRequest, _ path: ResourcePath) throws(APIError) -> APIResponse {
    guard let type = Self.reviews.first(where: { $0.group == path.group && $0.plural == path.plural }),
      path.version == "v1", path.name == nil, type.isNamespaced == !path.namespace.isEmpty
    else { throw .unknownPath }
    guard request.method == .post else { throw .methodNotAllowed(request.method) }
    _ = try WriteOptions(request)
    let body = try RequestBody.decode(request)
    if let kind = body["kind"]?.stringValue, kind != type.kind {
      throw .badRequest("the kind in the data (\(kind)) does not match the expected kind (\(type.kind))")
    }
    let spec = body["spec"] ?? [:]
    var answer: JSONObject = [
      "kind": .string(type.kind), "apiVersion": .string(type.apiVersion),
      "metadata": ["creationTimestamp": type.kind == "SelfSubjectReview" ? clock().json : .null],
    ]
    if type.kind != "SelfSubjectReview" { answer["spec"] = spec }
    answer["status"] =
      switch type.kind {
      case "SelfSubjectReview": ["userInfo": request.user.json]
      case "TokenReview": try tokenReview(spec)
      case "SelfSubjectRulesReview": try rulesReview(spec, request.user)
      case "SelfSubjectAccessReview": try accessReview(spec, of: request.user, namespace: nil)
      default: try accessReview(spec, of: nil, namespace: type.isNamespaced ? path.namespace : nil)
      }
    return APIResponse(.object(answer), status: 201)
  }

  // MARK: Tokens

  private func tokenReview(_ spec: JSONValue) throws(APIError) -> JSONValue {
    guard let token = spec["token"]?.stringValue, !token.isEmpty else {
      throw .badRequest("token is required for TokenReview in authentication")
    }
    let asked = (spec["audiences"]?.arrayValue ?? []).compactMap(\.stringValue)
    let wanted = asked.isEmpty ? access.tokens.audiences : asked
    if access.authenticator.administrator.accepts(token) {
      let shared = wanted.filter(access.tokens.audiences.contains)
      guard !shared.isEmpty else { return ["user": [:], "error": "the token is not meant for these audiences"] }
      return Self.authenticated(BearerToken.user, shared)
    }
    do throws(ServiceAccountTokens.Refusal) {
      let (user, audiences) = try access.tokens.authenticate(token, audiences: wanted)
      return Self.authenticated(user, audiences)
    } catch {
      return ["user": [:], "error": .string(error.message)]
    }
  }

  private static func authenticated(_ user: UserInfo, _ audiences: [String]) -> JSONValue {
    ["authenticated": true, "user": user.json, "audiences": .array(audiences.map(JSONValue.string))]
  }

  // MARK: Access

  /// - Parameters:
  ///   - user: who asks about himself; nil where the spec names somebody.
  ///   - namespace: to which the question is limited.
  private func accessReview(_ spec: JSONValue, of user: UserInfo?, namespace: String?) throws(APIError) -> JSONValue {
    let resource = spec["resourceAttributes"] ?? .null
    let path = spec["nonResourceAttributes"] ?? .null
    var problems: [Validation.Cause] = []
    if namespace != nil, !path.isNull {
      problems.append(Self.problem("spec.nonResourceAttributes", "disallowed on this kind of request"))
    }
    if resource.isNull == path.isNull {
      problems.append(
        Self.problem(
          "spec.resourceAttributes", "exactly one of nonResourceAttributes or resourceAttributes must be specified"))
    }
    let asked = user ?? UserInfo(reviewed: spec)
    if user == nil, asked.name.isEmpty, asked.groups.isEmpty {
      problems.append(Self.problem("spec.user", "at least one of user or group must be specified"))
    }
    if let namespace, resource["namespace"]?.stringValue ?? "" != namespace {
      problems.append(Self.problem("spec.resourceAttributes.namespace", "must match metadata.namespace"))
    }
    guard problems.isEmpty else { throw .invalidReview(problems) }
    let decision = access.authorizer.decide(asked, AccessRequest(resource: resource, path: path))
    var status: JSONObject = ["allowed": .bool(decision.isAllowed)]
    if !decision.reason.isEmpty { status["reason"] = .string(decision.reason) }
    return .object(status)
  }

  private static func problem(_ field: String, _ message: String) -> Validation.Cause {
    .init(reason: "FieldValueInvalid", message: "Invalid value: \(message)", field: field)
  }

  private func rulesReview(_ spec: JSONValue, _ user: UserInfo) throws(APIError) -> JSONValue {
    guard let namespace = spec["namespace"]?.stringValue, !namespace.isEmpty else {
      throw .badRequest("no namespace on request")
    }
    let (rules, failure) = access.authorizer.index.rules(of: user, in: namespace)
    var status: JSONObject = [
      "resourceRules": .array(rules.filter { !$0.resources.isEmpty }.map(\.json)),
      "nonResourceRules": .array(rules.filter { !$0.nonResourceURLs.isEmpty }.map(\.json)), "incomplete": false,
    ]
    if !failure.isEmpty { status["evaluationError"] = .string(failure) }
    return .object(status)
  }
}

extension AccessRequest {
  /// - Parameters: a review's `resourceAttributes` or `nonResourceAttributes`, the other one null.
  fileprivate init(resource: JSONValue, path: JSONValue) {
    func text(_ value: JSONValue, _ field: String) -> String { value[field]?.stringValue ?? "" }
    guard resource.isNull else {
      self.init(
        text(resource, "verb"),
        Resource(
          group: text(resource, "group"), version: text(resource, "version"), plural: text(resource, "resource"),
          subresource: text(resource, "subresource"), namespace: text(resource, "namespace"),
          name: text(resource, "name")))
      return
    }
    self.init(text(path, "verb"), .path(text(path, "path")))
  }
}

extension UserInfo {
  /// Whom a SubjectAccessReview asks about.
  fileprivate init(reviewed spec: JSONValue) {
    self.init(
      spec["user"]?.stringValue ?? "", uid: spec["uid"]?.stringValue ?? "",
      groups: (spec["groups"]?.arrayValue ?? []).compactMap(\.stringValue))
    for member in spec["extra"]?.objectValue ?? [:] {
      extra[member.key.lowercased()] = (member.value.arrayValue ?? []).compactMap(\.stringValue)
    }
  }
}

extension APIError {
  /// A review is no stored object, so kube-apiserver names neither kind nor name.
  fileprivate static func invalidReview(_ causes: [Validation.Cause]) -> APIError {
    let texts = causes.map { "\($0.field): \($0.message)" }
    return APIError(
      code: 422, reason: "Invalid",
      message: " \"\" is invalid: \(texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]")",
      details: [
        "causes": .array(
          causes.map { ["reason": .string($0.reason), "message": .string($0.message), "field": .string($0.field)] })
      ])
  }
}
