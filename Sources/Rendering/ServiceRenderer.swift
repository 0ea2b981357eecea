public import Definitions
public import Kubernetes

/// Turns a service's definition into the objects that run it.
///
/// Pure: the files of a `config` directory are read by the caller. Nothing is decided later: what is rendered is what
/// runs; the operator only moves replica minima and weights, under its own field managers.
public struct ServiceRenderer: Sendable {
  public let platform: PlatformDefinition
  /// The image's tag: it comes with the deployment, not with the definition.
  public let tag: String

  public init(platform: PlatformDefinition, tag: String) {
    self.platform = platform
    self.tag = tag
  }

  public struct Failure: Error, Sendable, CustomStringConvertible {
    public var description: String

    public init(description: String) { self.description = description }
  }

  /// - Parameter configFiles: the files of `spec.config` by name, where the service has one.
  /// - Returns: the objects in the order in which they are to be applied.
  public func render(_ service: Microservice, configFiles: [String: String] = [:]) throws(Failure) -> [JSONValue] {
    try checkTag(for: service)
    try Self.check(configFiles, of: service)
    var objects: [JSONValue] = []
    let config = configMap(of: service, files: configFiles)
    if let config { objects.append(config) }
    objects.append(definition(of: service))
    objects.append(serviceAccount(of: service))
    objects.append(clusterService(of: service))
    objects.append(deployment(of: service, configMap: config?[path: ["metadata", "name"]]?.stringValue))
    objects.append(autoscaler(of: service))
    objects.append(disruptionBudget(of: service))
    return objects
  }

  private func checkTag(for service: Microservice) throws(Failure) {
    let name = service.metadata.name
    guard !tag.isEmpty else {
      throw Failure(description: "\(name): no image tag; give --tag, or set tag in the platform's environment")
    }
    // As the OCI distribution specification has it.
    let isTag = tag.utf8.count <= 128 && !tag.hasPrefix(".") && !tag.hasPrefix("-") && tag.allSatisfy(Self.isFileLetter)
    guard isTag else {
      throw Failure(description: "\(name): \"\(tag)\" is no image tag; use letters, digits, -, _ and ., at most 128")
    }
  }

  /// A ConfigMap's limits, before the cluster refuses it.
  private static func check(_ configFiles: [String: String], of service: Microservice) throws(Failure) {
    for name in configFiles.keys.sorted() where name.isEmpty || name.utf8.count > 253 || !name.allSatisfy(isFileLetter)
    {
      throw Failure(
        description:
          "\(service.metadata.name): spec.config: a file cannot be named \"\(name)\"; use letters, digits, -, _ and .")
    }
    let bytes = configFiles.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    guard bytes <= configBytesMax else {
      throw Failure(
        description: "\(service.metadata.name): spec.config holds \(bytes) bytes; a ConfigMap holds \(configBytesMax)")
    }
  }

  private static let configBytesMax = 1 << 20

  private static func isFileLetter(_ letter: Character) -> Bool {
    letter.isASCII && (letter.isLetter || letter.isNumber || "-_.".contains(letter))
  }

  func metadata(_ name: String, of service: Microservice, annotations: JSONObject = [:]) -> JSONValue {
    var object: JSONObject = [
      "name": .string(name), "namespace": .string(platform.namespace), "labels": .object(labels(of: service)),
    ]
    var all = annotations
    for (key, value) in service.metadata.annotations.sorted(by: { $0.key < $1.key }) { all[key] = .string(value) }
    if !all.isEmpty { object["annotations"] = .object(all) }
    return .object(object)
  }

  func labels(of service: Microservice) -> JSONObject {
    let name = service.metadata.name
    var labels: JSONObject = [
      WellKnown.appName: .string(name), WellKnown.managedBy: "sakigake", WellKnown.service: .string(name),
    ]
    if !service.spec.owner.isEmpty { labels["sakigake.dev/owner"] = .string(service.spec.owner) }
    for (key, value) in platform.tags.sorted(by: { $0.key < $1.key }) {
      labels["sakigake.dev/tag-\(key)"] = .string(value)
    }
    for (key, value) in service.metadata.labels.sorted(by: { $0.key < $1.key }) { labels[key] = .string(value) }
    return labels
  }

  func selector(of service: Microservice) -> JSONValue { [WellKnown.service: .string(service.metadata.name)] }

  /// The definition itself, from which the operator reads calls, capacity and pushes.
  private func definition(of service: Microservice) -> JSONValue {
    [
      "apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": metadata(service.metadata.name, of: service),
      "spec": service.spec.json,
    ]
  }

  private func serviceAccount(of service: Microservice) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(service.metadata.name, of: service),
      "automountServiceAccountToken": false,
    ]
  }

  /// A new content is a new name, so that a change of configuration is a rollout like any other.
  private func configMap(of service: Microservice, files: [String: String]) -> JSONValue? {
    guard !files.isEmpty else { return nil }
    let data = JSONObject(files.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    let name = "\(service.metadata.name)-config-\(ContentHash.of(.object(data)))"
    return [
      "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(name, of: service), "immutable": true,
      "data": .object(data),
    ]
  }

  private func clusterService(of service: Microservice) -> JSONValue {
    var port: JSONObject = [
      "name": "http", "port": 80, "protocol": "TCP",
      // By number: older clusters do not look for named ports in sidecars.
      "targetPort": .integer(Int64(Self.meshPort)),
      "appProtocol": "http",
    ]
    if let nodePort = service.spec.expose?.nodePort, nodePort > 0 { port["nodePort"] = .integer(Int64(nodePort)) }
    return [
      "apiVersion": "v1", "kind": "Service", "metadata": metadata(service.metadata.name, of: service),
      "spec": [
        "type": service.spec.expose == nil ? "ClusterIP" : "NodePort", "selector": selector(of: service),
        "ports": [.object(port)],
      ],
    ]
  }

  /// A quarter of the pods may be moved at once, rounded up; a single pod may be moved too, or its node never ends.
  private func disruptionBudget(of service: Microservice) -> JSONValue {
    [
      "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
      "metadata": metadata(service.metadata.name, of: service),
      "spec": [
        "maxUnavailable": service.spec.scale.min > 1 ? "25%" : 1, "selector": ["matchLabels": selector(of: service)],
      ],
    ]
  }

  private func autoscaler(of service: Microservice) -> JSONValue {
    let scale = service.spec.scale
    let targets = scale.on.isEmpty ? [["cpu": "70%"]] : scale.on
    return [
      "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
      "metadata": metadata(
        service.metadata.name, of: service,
        annotations: ["sakigake.dev/min-replicas": .string(String(scale.min))]),
      "spec": [
        "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(service.metadata.name)],
        "minReplicas": .integer(Int64(scale.min)), "maxReplicas": .integer(Int64(scale.max)),
        "metrics": .array(targets.compactMap(metric)),
      ],
    ]
  }

  private func metric(_ target: JSONValue) -> JSONValue? {
    for resource in ["cpu", "memory"] {
      if let share = target[resource]?.stringValue.flatMap(Units.share) {
        return [
          "type": "Resource",
          "resource": [
            "name": .string(resource),
            "target": ["type": "Utilization", "averageUtilization": .integer(Int64((share * 100).rounded()))],
          ],
        ]
      }
    }
    guard let rate = target["requestsPerSecond"]?.doubleValue else { return nil }
    return [
      "type": "Pods",
      "pods": [
        "metric": ["name": "requests_per_second"],
        "target": [
          "type": "AverageValue", "averageValue": .string(Quantity(milli: Int64((rate * 1000).rounded())).description),
        ],
      ],
    ]
  }
}

/// A short name for a content: FNV-1a over its JSON, ten letters.
enum ContentHash {
  static func of(_ value: JSONValue) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in value.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let alphabet = Array("bcdfghjkmnpqrstvwxz2456789".unicodeScalars)
    var text = ""
    for _ in 0..<10 {
      text.unicodeScalars.append(alphabet[Int(hash % UInt64(alphabet.count))])
      hash /= UInt64(alphabet.count)
    }
    return text
  }
}
