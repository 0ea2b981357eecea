import Kubernetes

/// POST of `token` to a service account: `kubectl create token`, and what nodes ask for on behalf of their pods.
extension APIService {
  private static let tokenType = ResourceType(
    group: "authentication.k8s.io", plural: "tokenrequests", kind: "TokenRequest")
  static let tokenSecondsDefault: Int64 = 3600
  private static let tokenSecondsMin: Int64 = 600

  func requestToken(_ scope: RequestScope) async throws -> APIResponse {
    let options = try WriteOptions(scope.request)
    var body = try RequestBody.decode(scope.request)
    guard case .object = body else { throw APIError.badRequest("the object provided is not a TokenRequest") }
    let account = NamespacedName(scope.namespace, try scope.name())
    let stored = try existing(scope)
    _ = try await reviewSubresource(scope, "token", kind: Self.tokenType, body, options)
    let asked = (body["spec"]?["audiences"]?.arrayValue ?? []).compactMap(\.stringValue)
    let audiences = asked.isEmpty ? access.tokens.audiences : asked
    let seconds = body["spec"]?["expirationSeconds"]?.integerValue ?? Self.tokenSecondsDefault
    try Self.checkPeriod(seconds)
    let bound = try boundObjects(body["spec"]?["boundObjectRef"] ?? .null, account)
    let token = try access.tokens.token(
      for: account, uid: stored.uid, audiences: audiences, from: scope.now, seconds: seconds, bound: bound)
    body["kind"] = "TokenRequest"
    body["apiVersion"] = .string(Self.tokenType.apiVersion)
    body["metadata"] = [
      "name": .string(account.name), "namespace": .string(account.namespace), "creationTimestamp": scope.now.json,
    ]
    body["spec"] = [
      "audiences": .array(audiences.map(JSONValue.string)), "expirationSeconds": .integer(seconds),
      "boundObjectRef": body["spec"]?["boundObjectRef"] ?? .null,
    ]
    let end = Timestamp(nanoseconds: (Int64(scope.now.seconds) + seconds) * 1_000_000_000)
    body["status"] = ["token": .string(options.isDryRun ? "" : token), "expirationTimestamp": end.json]
    return APIResponse(body, status: 201)
  }

  private static func checkPeriod(_ seconds: Int64) throws(APIError) {
    let problem: String
    if seconds < tokenSecondsMin {
      problem = "may not specify a duration less than 10 minutes"
    } else if seconds > 1 << 32 {
      problem = "may not specify a duration larger than 2^32 seconds"
    } else {
      return
    }
    throw .invalid(tokenType, "", "spec.expirationSeconds", "Invalid value: \(seconds): \(problem)")
  }

  /// What the token is to end with, and for a pod its node.
  private func boundObjects(_ reference: JSONValue, _ account: NamespacedName) throws(APIError)
    -> [ServiceAccountTokens.BoundObject]
  {
    guard case .object = reference else { return [] }
    let kind = reference["kind"]?.stringValue ?? ""
    let kinds: [String: ResourceType] = ["Pod": .pods, "Secret": .secrets, "Node": .nodes]
    guard let type = kinds[kind], ["", "v1"].contains(reference["apiVersion"]?.stringValue ?? "") else {
      throw .badRequest("cannot bind token for serviceaccount \"\(account.name)\" to kind \"\(kind)\"")
    }
    let name = reference["name"]?.stringValue ?? ""
    let namespace = type.isNamespaced ? account.namespace : ""
    guard let object = store.object(ObjectKey(resource: type.plural, namespace: namespace, name: name)) else {
      throw .notFound(type, name)
    }
    if let uid = reference["uid"]?.stringValue, !uid.isEmpty, uid != object.uid {
      throw .conflict(
        type, name,
        "the UID in the bound object reference (\(uid)) does not match the UID in record. "
          + "The object might have been deleted and then recreated")
    }
    let bound = ServiceAccountTokens.BoundObject(claim: kind.lowercased(), name: name, uid: object.uid)
    guard kind == "Pod" else { return [bound] }
    let spec = try object.value()["spec"]
    guard spec?["serviceAccountName"]?.stringValue ?? Self.defaultAccount == account.name else {
      throw .badRequest(
        "cannot bind token for serviceaccount \"\(account.name)\" to pod running with different serviceaccount name.")
    }
    let node = spec?["nodeName"]?.stringValue ?? ""
    guard let running = store.object(ObjectKey(resource: "nodes", namespace: "", name: node)) else { return [bound] }
    return [.init(claim: "node", name: node, uid: running.uid), bound]
  }
}
