public import Definitions
public import Kubernetes

/// The objects that a platform has of its own, besides its services'.
public struct PlatformRenderer: Sendable {
  public let platform: PlatformDefinition

  public init(platform: PlatformDefinition) { self.platform = platform }

  /// - Parameter path: the platform's file, from the root of its repository; nil where nobody is to be told.
  public func render(path: String? = nil) -> [JSONValue] {
    [platform.settings] + quota(path)
  }

  private func quota(_ path: String?) -> [JSONValue] {
    let most = platform.quotas.namespace
    var hard: JSONObject = [:]
    if let pods = most.pods { hard["pods"] = .string(String(pods)) }
    if let cpu = most.cpu { hard["requests.cpu"] = cpu.json }
    if let memory = most.memory { hard["requests.memory"] = memory.json }
    if let storage = most.storage { hard["requests.storage"] = storage.json }
    guard !hard.isEmpty else { return [] }
    var metadata: JSONObject = [
      "name": "sakigake", "namespace": .string(platform.namespace), "labels": [WellKnown.managedBy: "sakigake"],
    ]
    if let path {
      metadata["annotations"] = [
        "sakigake.dev/source": .string("\(path):\(platform.place(of: "quotas", "namespace").line)")
      ]
    }
    return [
      ["apiVersion": "v1", "kind": "ResourceQuota", "metadata": .object(metadata), "spec": ["hard": .object(hard)]]
    ]
  }
}
