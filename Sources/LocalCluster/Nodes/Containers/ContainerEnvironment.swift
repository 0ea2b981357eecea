import Kubernetes

/// Why a container cannot be configured: reported as `CreateContainerConfigError` and tried again.
package struct ConfigurationError: Error, CustomStringConvertible {
  package var description: String
  init(_ description: String) { self.description = description }
}

/// Reads what containers refer to: ConfigMaps and Secrets, and the tokens of their service account.
package protocol ConfigurationSource: Sendable {
  /// - Returns: nil where there is none of that name.
  func configMap(_ name: String, namespace: String) async throws -> ConfigMap?
  func secret(_ name: String, namespace: String) async throws -> Secret?
  /// A new token of the pod's service account, which ends with the pod.
  /// - Parameter audience: empty for the API server.
  func serviceAccountToken(for pod: Pod, audience: String, expirationSeconds: Int64) async throws -> String
}

/// A container's environment, in the order and with the precedence of Kubernetes: what the node gives, then `envFrom`,
/// then `env`. Variables that name a cluster's services are not made: the mesh takes their place.
package struct ContainerEnvironment {
  package private(set) var values: [String: String]
  private(set) var names: [String]

  /// - Parameter given: of lowest precedence.
  package init(given: [(name: String, value: String)]) {
    values = [:]
    names = []
    for variable in given { set(variable.name, variable.value) }
  }

  package var ordered: [(name: String, value: String)] { names.map { (name: $0, value: values[$0] ?? "") } }

  private mutating func set(_ name: String, _ value: String) {
    if values.updateValue(value, forKey: name) == nil { names.append(name) }
  }

  /// - Throws: `ConfigurationError`, or what `source` throws.
  package mutating func add(_ container: Container, _ downward: DownwardAPI, from source: some ConfigurationSource)
    async throws
  {
    let namespace = downward.pod.metadata.namespace
    for entry in container.envFrom {
      let prefix = entry["prefix"]?.stringValue ?? ""
      for (key, value) in try await Self.map(entry, namespace, source).sorted(by: { $0.key < $1.key }) {
        set(prefix + key, value)
      }
    }
    for variable in container.env {
      guard let reference = variable.valueFrom else {
        set(variable.name, VariableExpansion.expand(variable.value, values))
        continue
      }
      if let value = try await Self.value(reference, container, downward, source) { set(variable.name, value) }
    }
  }

  private static func map(_ entry: JSONValue, _ namespace: String, _ source: some ConfigurationSource) async throws
    -> [String: String]
  {
    if let reference = entry["configMapRef"] {
      let name = reference["name"]?.stringValue ?? ""
      guard let map = try await source.configMap(name, namespace: namespace) else {
        if reference["optional"]?.boolValue == true { return [:] }
        throw ConfigurationError("configmap \"\(name)\" not found")
      }
      return map.data
    }
    if let reference = entry["secretRef"] {
      let name = reference["name"]?.stringValue ?? ""
      guard let secret = try await source.secret(name, namespace: namespace) else {
        if reference["optional"]?.boolValue == true { return [:] }
        throw ConfigurationError("secret \"\(name)\" not found")
      }
      return try secret.data.mapValues { String(decoding: try Self.decoded($0, name), as: UTF8.self) }
    }
    throw ConfigurationError("envFrom has neither configMapRef nor secretRef")
  }

  private static func value(
    _ reference: JSONValue, _ container: Container, _ downward: DownwardAPI, _ source: some ConfigurationSource
  ) async throws -> String? {
    let namespace = downward.pod.metadata.namespace
    if let path = reference["fieldRef"]?["fieldPath"]?.stringValue {
      guard let value = downward.field(path) else { throw ConfigurationError("unsupported fieldPath: \(path)") }
      return value
    }
    if let resource = reference["resourceFieldRef"] {
      guard let value = downward.resource(resource, of: container) else {
        throw ConfigurationError("unsupported container resource: \(resource["resource"]?.stringValue ?? "")")
      }
      return value
    }
    if let key = reference["configMapKeyRef"] {
      let name = key["name"]?.stringValue ?? ""
      if let value = try await source.configMap(name, namespace: namespace)?.data[key["key"]?.stringValue ?? ""] {
        return value
      }
      return try missing(key, "configmap \"\(name)\"")
    }
    if let key = reference["secretKeyRef"] {
      let name = key["name"]?.stringValue ?? ""
      if let text = try await source.secret(name, namespace: namespace)?.data[key["key"]?.stringValue ?? ""] {
        return String(decoding: try decoded(text, name), as: UTF8.self)
      }
      return try missing(key, "secret \"\(name)\"")
    }
    throw ConfigurationError("valueFrom has no source that process nodes know")
  }

  private static func missing(_ key: JSONValue, _ what: String) throws -> String? {
    if key["optional"]?.boolValue == true { return nil }
    throw ConfigurationError("couldn't find key \(key["key"]?.stringValue ?? "") in \(what)")
  }

  static func decoded(_ base64: String, _ secret: String) throws -> [UInt8] {
    guard let bytes = Base64Text.decode(base64) else { throw ConfigurationError("secret \"\(secret)\" is not base64") }
    return bytes
  }
}

/// RFC 4648 base64 with padding, as Secrets hold their data.
enum Base64Text {
  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text.utf8 {
      let value: UInt32
      switch byte {
      case 0x41...0x5A: value = UInt32(byte - 0x41)
      case 0x61...0x7A: value = UInt32(byte - 0x61 + 26)
      case 0x30...0x39: value = UInt32(byte - 0x30 + 52)
      case 0x2B: value = 62
      case 0x2F: value = 63
      case 0x3D:
        padding += 1
        continue
      case 0x0A, 0x0D: continue
      default: return nil
      }
      guard padding == 0 else { return nil }
      bits = bits << 6 | value
      count += 1
      if count % 4 == 0 {
        bytes += [UInt8(bits >> 16 & 0xFF), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)]
        bits = 0
      }
    }
    switch count % 4 {
    case 0: break
    case 2: bytes.append(UInt8(bits >> 4 & 0xFF))
    case 3: bytes += [UInt8(bits >> 10 & 0xFF), UInt8(bits >> 2 & 0xFF)]
    default: return nil
    }
    return (count + padding) % 4 == 0 ? bytes : nil
  }
}
