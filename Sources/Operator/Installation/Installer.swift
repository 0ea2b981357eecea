import Autoscaling
import Kubernetes
import KubernetesClient

/// Puts an `Installation` into a cluster, by server-side apply under one field manager: repeating it changes nothing.
public struct Installer: Sendable {
  public static let fieldManager = "sakigake-install"

  public enum Outcome: String, Sendable { case created, configured, unchanged }

  /// What became of one object.
  public struct Step: Sendable {
    /// As kubectl names it: `deployment.apps/sakigake-operator`.
    public var name: String
    public var outcome: Outcome
    /// As the server answered it, a Secret's values left out.
    public var object: JSONValue
    /// Nobody could check it: in a dry run its namespace is not there yet.
    public var isUnchecked = false
  }

  let client: KubernetesClient
  let installation: Installation

  public init(client: KubernetesClient, installation: Installation) {
    self.client = client
    self.installation = installation
  }

  /// As kubectl names an object.
  public static func name(of object: JSONValue) -> String {
    let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
    guard let kind = InstalledKind.of(object) else { return name }
    return "\(kind.singular)\(kind.group.isEmpty ? "" : "." + kind.group)/\(name)"
  }

  /// - Parameters:
  ///   - dryRun: asks the server to check everything and to keep nothing.
  ///   - done: told of each object in turn.
  /// - Throws: `APIError` where the server refuses; what was applied before it stays.
  public func install(dryRun: Bool, done: (Step) -> Void) async throws {
    for object in installation.objects {
      if InstalledKind.of(object) == .deployments { done(try await ensureToken(dryRun: dryRun)) }
      done(try await apply(object, dryRun: dryRun))
      if !dryRun, object["metadata"]?["name"]?.stringValue == ResourceType.pushCampaigns.qualifiedPlural {
        try await CustomResources.waitUntilServed(client)
      }
    }
  }

  private func apply(_ object: JSONValue, dryRun: Bool) async throws -> Step {
    guard let kind = InstalledKind.of(object) else {
      throw APIError.badRequest("\(Self.name(of: object)) is of no kind that is installed")
    }
    let name = Self.name(of: object)
    let before = try await current(object, kind)
    let after: JSONValue
    do {
      after = try await client.apply(
        object, resource: kind, fieldManager: Self.fieldManager, force: true, dryRun: dryRun)
    } catch let error as APIError where dryRun && kind.isNamespaced && error.isNotFound {
      return Step(name: name, outcome: .created, object: object, isUnchecked: true)
    }
    let outcome: Outcome = before.map { Self.essence($0) == Self.essence(after) ? .unchanged : .configured } ?? .created
    return Step(name: name, outcome: outcome, object: Self.essence(after))
  }

  private func current(_ object: JSONValue, _ kind: ResourceType) async throws -> JSONValue? {
    do {
      return try await client.get(
        kind, object[path: ["metadata", "name"]]?.stringValue ?? "",
        namespace: object[path: ["metadata", "namespace"]]?.stringValue ?? "")
    } catch let error as APIError where error.isNotFound { return nil }
  }

  /// What a write decides of an object.
  private static func essence(_ object: JSONValue) -> JSONValue {
    var essence = object.objectValue ?? [:]
    essence["status"] = nil
    var metadata = essence["metadata"]?.objectValue ?? [:]
    for key in ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"] { metadata[key] = nil }
    essence["metadata"] = .object(metadata)
    return .object(essence)
  }
}

// MARK: - The token

extension Installer {
  /// Made once, of 256 random bits; what is there is never touched, nor read.
  private func ensureToken(dryRun: Bool) async throws -> Step {
    let shown = installation.tokenSecretObject(nil)
    let name = Self.name(of: shown)
    if try await current(shown, .secrets) != nil { return Step(name: name, outcome: .unchanged, object: shown) }
    if !dryRun {
      do {
        _ = try await client.create(installation.tokenSecretObject(Self.makeToken()), resource: .secrets)
      } catch let error as APIError where error.isAlreadyExists {
        return Step(name: name, outcome: .unchanged, object: shown)
      }
    }
    return Step(name: name, outcome: .created, object: shown)
  }

  private static func makeToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The push API's token.
  /// - Throws: `APIError`; with code 404 where Sakigake is not installed, or the Secret holds none.
  public static func token(in namespace: String, _ client: KubernetesClient) async throws -> String {
    let secret = try await client.get(.secrets, Installation.tokenSecret, namespace: namespace)
    let encoded = secret["data"]?[Installation.tokenKey]?.stringValue ?? ""
    guard let bytes = Base64Text.decode(encoded), let token = String(validating: bytes, as: UTF8.self), !token.isEmpty
    else {
      throw APIError(
        code: 404, reason: "NotFound",
        message: "secret \(namespace)/\(Installation.tokenSecret) has no \"\(Installation.tokenKey)\"")
    }
    return token
  }
}

/// Base64 as Secrets carry it (RFC 4648, section 4).
enum Base64Text {
  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text.utf8 {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="): continue
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }
}

// MARK: - Readiness

extension Installer {
  /// Waits until every replica of the operator is available.
  /// - Parameter progress: told whenever something changed.
  /// - Throws: `APIError` with code 504 where that takes longer than `limit`, saying why its pods wait.
  public func waitUntilReady(atMost limit: Duration, progress: (String) -> Void) async throws {
    let elapsed = client.clock.stopwatch()
    var last = ""
    while true {
      let deployment = try await client.get(
        Deployment.self, Installation.name, namespace: installation.options.namespace)
      let wanted = deployment.spec.replicas ?? 1
      let status = deployment.status
      let isCurrent = status.observedGeneration >= deployment.metadata.generation
      if isCurrent, status.updatedReplicas >= wanted, status.availableReplicas >= wanted {
        return progress("\(wanted) of \(wanted) operator pods are ready")
      }
      let text = "\(isCurrent ? min(status.availableReplicas, wanted) : 0) of \(wanted) operator pods are ready"
      if text != last { progress(text) }
      last = text
      guard elapsed() < limit else {
        throw APIError(code: 504, reason: "Timeout", message: "\(text) after \(limit)\(try await reasons())")
      }
      try await client.clock.sleep(for: .milliseconds(500))
    }
  }

  /// What its pods say of why they wait.
  private func reasons() async throws -> String {
    let pods = try await client.list(
      Pod.self, namespace: installation.options.namespace,
      labelSelector: "app.kubernetes.io/name=\(Installation.name)"
    ).items
    let reasons = pods.filter { !$0.isReady }.prefix(3).map { pod in
      let waiting = pod.status.containerStatuses.compactMap { $0.state.waiting }.first
      let unscheduled = pod.status.conditions["PodScheduled"].flatMap { $0.isTrue ? nil : $0.message }
      let why = unscheduled ?? waiting.map { "\($0.reason) \($0.message)" } ?? pod.status.phase
      return "\n  \(pod.metadata.name): \(why)"
    }
    return reasons.joined()
  }
}
