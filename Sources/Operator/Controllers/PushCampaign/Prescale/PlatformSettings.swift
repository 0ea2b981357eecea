import Kubernetes
import KubernetesClient
import Logging

/// The platform's settings as the cluster carries them: ConfigMap `sakigake-platform` in the operator's namespace, key
/// `platform.json`.
public struct PlatformSettings: Sendable {
  public static let name = "sakigake-platform"
  public static let namespace = "sakigake-system"
  static let key = "platform.json"

  let client: KubernetesClient
  let namespace: String
  let logger: Logger

  /// Calls `use` with the settings, and again whenever they change; nil where there are none. Until cancelled.
  func follow(_ use: @Sendable (JSONValue?) async -> Void) async {
    var known: JSONValue??
    var failures = 0
    while !Task.isCancelled {
      do {
        let (maps, version) = try await client.list(
          ConfigMap.self, namespace: namespace, fieldSelector: "metadata.name=\(Self.name)")
        await take(maps.first { $0.metadata.name == Self.name }, &known, use)
        failures = 0
        let events = client.watch(
          .configMaps, namespace: namespace, from: version, fieldSelector: "metadata.name=\(Self.name)")
        for try await event in events where event.object[path: ["metadata", "name"]]?.stringValue == Self.name {
          await take(event.kind == .deleted ? nil : try ConfigMap(json: event.object), &known, use)
        }
        return
      } catch is CancellationError {
        return
      } catch {
        failures += 1
        if (error as? APIError)?.code == 404 {
          await take(nil, &known, use)
        } else if failures == 2 {
          logger.warning("the platform's settings cannot be followed", metadata: ["error": "\(error)"])
        }
        let pause = Backoff(first: .milliseconds(100), longest: .seconds(10)).delay(attempt: failures)
        do { try await client.clock.sleep(for: pause) } catch { return }
      }
    }
  }

  private func take(_ map: ConfigMap?, _ known: inout JSONValue??, _ use: (JSONValue?) async -> Void) async {
    let settings: JSONValue?
    do { settings = try map?.data[Self.key].map { try JSONValue(parsing: $0) } } catch {
      logger.error("\(namespace)/\(Self.name), \(Self.key) is not JSON", metadata: ["error": "\(error)"])
      // Better the settings before than none; at the start, none.
      guard known == nil else { return }
      settings = nil
    }
    if let known, known == settings { return }
    known = .some(settings)
    await use(settings)
  }
}
