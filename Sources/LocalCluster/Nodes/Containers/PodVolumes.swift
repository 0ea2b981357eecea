import Kubernetes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A pod's volumes as directories on this host: emptyDir, configMap, secret, downwardAPI, projected of those, hostPath,
/// and claims, each of which is a directory that outlives its pods.
///
/// Processes share the host's file system, so nothing appears at a container's `mountPath`. Instead each mount is named
/// in the environment: `SAKIGAKE_MOUNT_<VOLUME>` (upper case, other characters as `_`) holds the directory or, with a
/// `subPath`, the entry in it; `SAKIGAKE_SERVICEACCOUNT_DIR` is the one that would be at
/// `/var/run/secrets/kubernetes.io/serviceaccount`. Contents are those of the start; a ConfigMap that changes later is
/// not written again, but tokens are renewed.
package struct PodVolumes {
  /// Where the pod's volumes live, one directory each.
  var directory: String
  /// Where claims live, by namespace and name.
  var claims: String

  package init(directory: String, claims: String) {
    self.directory = directory
    self.claims = claims
  }

  /// Writes all volumes of the pod.
  /// - Throws: `ConfigurationError` for what is missing or unsupported, `FileError`.
  package func prepare(_ downward: DownwardAPI, from source: some ConfigurationSource) async throws {
    for volume in downward.pod.spec.volumes {
      let name = volume["name"]?.stringValue ?? ""
      guard Self.isSafe(name) else { throw ConfigurationError("volume \"\(name)\" has no usable name") }
      if volume["hostPath"] != nil { continue }
      if let claim = claimPath(of: volume, in: downward.pod.metadata.namespace) {
        try PrivateDirectory.create(claim)
        continue
      }
      let path = directory + "/" + name
      if volume["emptyDir"] == nil { PrivateDirectory.remove(path) }
      try PrivateDirectory.create(path)
      for file in try await files(of: volume, downward, source) {
        guard file.path.split(separator: "/").allSatisfy({ Self.isSafe(String($0)) }), !file.path.isEmpty else {
          throw ConfigurationError("volume \"\(name)\" has a file with the path \"\(file.path)\"")
        }
        let parent = file.path.split(separator: "/").dropLast().joined(separator: "/")
        if !parent.isEmpty { try PrivateDirectory.create(path + "/" + parent) }
        try PrivateDirectory.write(file.bytes, to: path + "/" + file.path, mode: file.mode)
      }
    }
  }

  /// The variables that tell a container where its mounts are.
  package func variables(for container: Container, of pod: Pod) -> [(name: String, value: String)] {
    container.volumeMounts.flatMap { mount -> [(name: String, value: String)] in
      guard let name = mount["name"]?.stringValue else { return [] }
      let volume = pod.spec.volumes.first { $0["name"]?.stringValue == name }
      var path =
        volume?["hostPath"]?["path"]?.stringValue ?? volume.flatMap { claimPath(of: $0, in: pod.metadata.namespace) }
        ?? directory + "/" + name
      if let sub = mount["subPath"]?.stringValue, !sub.isEmpty,
        sub.split(separator: "/").allSatisfy({ Self.isSafe(String($0)) })
      {
        path += "/" + sub
      }
      let letters = name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
      let variable = (name: "SAKIGAKE_MOUNT_" + String(letters), value: path)
      guard mount["mountPath"]?.stringValue == Self.serviceAccountPath else { return [variable] }
      return [variable, (name: "SAKIGAKE_SERVICEACCOUNT_DIR", value: path)]
    }
  }

  /// Nil for what is no claim, or names none that a path may have.
  private func claimPath(of volume: JSONValue, in namespace: String) -> String? {
    guard let name = volume["persistentVolumeClaim"]?["claimName"]?.stringValue, Self.isSafe(name),
      Self.isSafe(namespace)
    else { return nil }
    return "\(claims)/\(namespace)/\(name)"
  }

  private static let serviceAccountPath = "/var/run/secrets/kubernetes.io/serviceaccount"

  // MARK: Tokens

  /// Of tokens that do not say, in seconds.
  private static let tokenSecondsDefault: Int64 = 3600
  /// The part of a token's life after which nodes ask for a new one, as kubelet does.
  private static let renewalShare = 0.8

  /// Seconds after which the pod's tokens are due for renewal; nil where it has none.
  package static func renewalSeconds(of pod: Pod) -> Double? {
    tokens(of: pod).map { Double($0.source["expirationSeconds"]?.integerValue ?? tokenSecondsDefault) * renewalShare }
      .min()
  }

  /// Puts new tokens in the place of the old ones; who reads a file meanwhile sees one or the other.
  package func renewTokens(of pod: Pod, from source: some ConfigurationSource) async throws {
    for token in Self.tokens(of: pod) {
      for file in try await Self.files(ofToken: token.source, pod, source) where Self.isSafe(file.path) {
        try PrivateDirectory.replace("\(directory)/\(token.volume)/\(file.path)", with: file.bytes)
      }
    }
  }

  private static func tokens(of pod: Pod) -> [(volume: String, source: JSONValue)] {
    pod.spec.volumes.flatMap { volume in
      (volume["projected"]?["sources"]?.arrayValue ?? []).compactMap { part in
        part["serviceAccountToken"].map { (volume["name"]?.stringValue ?? "", $0) }
      }
    }
  }

  private static func files(ofToken source: JSONValue, _ pod: Pod, _ from: some ConfigurationSource) async throws
    -> [File]
  {
    let token = try await from.serviceAccountToken(
      for: pod, audience: source["audience"]?.stringValue ?? "",
      expirationSeconds: source["expirationSeconds"]?.integerValue ?? tokenSecondsDefault)
    return [File(path: source["path"]?.stringValue ?? "", bytes: Array(token.utf8), mode: 0o600)]
  }

  private static func isSafe(_ component: String) -> Bool {
    !component.isEmpty && component != "." && component != ".." && !component.contains("/") && !component.contains("\0")
  }

  private struct File {
    var path: String
    var bytes: [UInt8]
    var mode: mode_t
  }

  private func files(of volume: JSONValue, _ downward: DownwardAPI, _ source: some ConfigurationSource) async throws
    -> [File]
  {
    if volume["emptyDir"] != nil { return [] }
    if let projected = volume["projected"] {
      var files: [File] = []
      for part in projected["sources"]?.arrayValue ?? [] {
        files += try await self.files(ofSource: part, downward, source)
      }
      return files
    }
    return try await files(ofSource: volume, downward, source)
  }

  private func files(ofSource part: JSONValue, _ downward: DownwardAPI, _ source: some ConfigurationSource) async throws
    -> [File]
  {
    let namespace = downward.pod.metadata.namespace
    if let reference = part["configMap"] {
      let name = reference["name"]?.stringValue ?? ""
      guard let map = try await source.configMap(name, namespace: namespace) else {
        return try missing(reference, "configmap \"\(name)\" not found")
      }
      var data = map.data.mapValues { Array($0.utf8) }
      for (key, text) in map.binaryData { data[key] = try ContainerEnvironment.decoded(text, name) }
      return try pick(reference, data, mode: 0o644, "configmap \"\(name)\"")
    }
    if let reference = part["secret"] {
      let name = reference["secretName"]?.stringValue ?? reference["name"]?.stringValue ?? ""
      guard let secret = try await source.secret(name, namespace: namespace) else {
        return try missing(reference, "secret \"\(name)\" not found")
      }
      let data = try secret.data.mapValues { try ContainerEnvironment.decoded($0, name) }
      return try pick(reference, data, mode: 0o600, "secret \"\(name)\"").map { file in
        var file = file
        file.mode &= 0o700  // one user runs everything: others have no business here
        return file
      }
    }
    if let reference = part["downwardAPI"] {
      return try (reference["items"]?.arrayValue ?? []).map { item in
        let field = item["fieldRef"]?["fieldPath"]?.stringValue ?? ""
        guard let value = downward.field(field) else { throw ConfigurationError("unsupported fieldPath: \(field)") }
        return File(path: item["path"]?.stringValue ?? "", bytes: Array(value.utf8), mode: 0o644)
      }
    }
    if let token = part["serviceAccountToken"] { return try await Self.files(ofToken: token, downward.pod, source) }
    let kind = part.objectValue?.keys.first { $0 != "name" } ?? "nothing"
    throw ConfigurationError("process nodes have no volumes of the kind \(kind)")
  }

  private func missing(_ reference: JSONValue, _ message: String) throws -> [File] {
    if reference["optional"]?.boolValue == true { return [] }
    throw ConfigurationError(message)
  }

  private func pick(_ reference: JSONValue, _ data: [String: [UInt8]], mode: mode_t, _ what: String) throws -> [File] {
    let mode = reference["defaultMode"]?.integerValue.map { mode_t(truncatingIfNeeded: $0) & mode } ?? mode
    guard let items = reference["items"]?.arrayValue else {
      return data.sorted { $0.key < $1.key }.map { File(path: $0.key, bytes: $0.value, mode: mode) }
    }
    return try items.compactMap { item in
      let key = item["key"]?.stringValue ?? ""
      guard let bytes = data[key] else {
        if reference["optional"]?.boolValue == true { return nil }
        throw ConfigurationError("\(what) has no key \"\(key)\"")
      }
      return File(
        path: item["path"]?.stringValue ?? key, bytes: bytes,
        mode: item["mode"]?.integerValue.map { mode_t(truncatingIfNeeded: $0) & 0o777 } ?? mode)
    }
  }
}
