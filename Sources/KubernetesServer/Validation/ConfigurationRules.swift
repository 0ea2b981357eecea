import Kubernetes

extension Findings {
  /// All values of one ConfigMap or Secret together, in bytes.
  private static let dataLimit = 1024 * 1024

  mutating func configMap(_ object: JSONValue, old: JSONValue?) {
    data(object, keys: ["data", "binaryData"], base64: ["binaryData"])
    let both = Set(object["data"]?.objectValue?.keys ?? []).intersection(object["binaryData"]?.objectValue?.keys ?? [])
    for key in both.sorted() { invalid(Field("data").key(key), key, "duplicate of key present in binaryData") }
    unchanged(object, old: old, keys: ["data", "binaryData"])
  }

  mutating func secret(_ object: JSONValue, old: JSONValue?) {
    data(object, keys: ["data"], base64: ["data"])
    if let old { immutable(object["type"], was: old["type"], Field("type")) }
    secretKeys(object)
    unchanged(object, old: old, keys: ["data"])
  }

  /// What secrets of the well-known types must hold.
  private mutating func secretKeys(_ object: JSONValue) {
    let data = object["data"]?.objectValue ?? [:]
    func missing(_ keys: [String]) -> [String] { keys.filter { data[$0] == nil } }
    switch object["type"]?.stringValue {
    case "kubernetes.io/tls": for key in missing(["tls.crt", "tls.key"]) { required(Field("data").key(key)) }
    case "kubernetes.io/dockerconfigjson":
      for key in missing([".dockerconfigjson"]) { required(Field("data").key(key)) }
    case "kubernetes.io/dockercfg": for key in missing([".dockercfg"]) { required(Field("data").key(key)) }
    case "kubernetes.io/ssh-auth":
      if data["ssh-privatekey"]?.stringValue ?? "" == "" { required(Field("data").key("ssh-privatekey")) }
    case "kubernetes.io/basic-auth":
      if missing(["username", "password"]).count == 2 {
        for key in ["username", "password"] { required(Field("data").key(key)) }
      }
    case "kubernetes.io/service-account-token":
      let key = "kubernetes.io/service-account.name"
      if object[path: ["metadata", "annotations", key]]?.stringValue ?? "" == "" {
        required(Field("metadata.annotations").key(key))
      }
    default: break
    }
  }

  private mutating func data(_ object: JSONValue, keys: [String], base64: Set<String>) {
    var size = 0
    for key in keys {
      for member in object[key]?.objectValue ?? [:] {
        let field = Field(key).key(member.key)
        if let problem = Names.dataKey(member.key) { invalid(field, member.key, problem) }
        guard let text = member.value.stringValue else {
          invalid(field, member.value, "must be a string")
          continue
        }
        size += text.utf8.count
        // The value itself may be secret, so it is not repeated.
        if base64.contains(key), !Base64.isValid(text) { invalid(field, "", "must be base64") }
      }
    }
    if size > Self.dataLimit { tooLong(Field(""), Self.dataLimit) }
  }

  /// What is marked immutable stays as it is, the mark included.
  private mutating func unchanged(_ object: JSONValue, old: JSONValue?, keys: [String]) {
    guard let old, old["immutable"]?.boolValue == true else { return }
    if object["immutable"]?.boolValue != true {
      forbidden(Field("immutable"), "field is immutable when `immutable` is set")
    }
    for key in keys where !SemanticEquality.equal(object[key], old[key]) {
      forbidden(Field(key), "field is immutable when `immutable` is set")
    }
  }

  mutating func lease(_ object: JSONValue) {
    let field = Field("spec")
    if let seconds = object[path: ["spec", "leaseDurationSeconds"]]?.integerValue, seconds <= 0 {
      invalid(field.child("leaseDurationSeconds"), .integer(seconds), "must be greater than 0")
    }
    atLeast(0, object[path: ["spec", "leaseTransitions"]], field.child("leaseTransitions"))
  }
}
