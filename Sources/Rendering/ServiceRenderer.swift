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

  /// - Parameters:
  ///   - configFiles: the files of `spec.config` by name, where the service has one.
  ///   - source: where the definition stands; objects tell it as their annotation `sakigake.dev/source`.
  /// - Returns: the objects in the order in which they are to be applied.
  public func render(
    _ service: Microservice, configFiles: [String: String] = [:], source: ServiceSource? = nil
  ) throws(Failure) -> [JSONValue] {
    try checkTag(for: service)
    try Self.check(configFiles, of: service)
    let manifests = ServiceManifests(
      platform: platform, tag: tag, service: service, configFiles: configFiles, source: source)
    var objects: [JSONValue] = []
    for object in manifests.objects { objects.append(try Self.extended(object, of: service)) }
    return objects
  }

  /// An object with the service's own patch of its kind.
  private static func extended(_ object: JSONValue, of service: Microservice) throws(Failure) -> JSONValue {
    guard let kind = object["kind"]?.stringValue, let patch = service.spec.extend[kind] else { return object }
    do throws(PatchError) {
      return try object.applying(
        strategicPatch: patch, apiVersion: object["apiVersion"]?.stringValue ?? "", kind: kind)
    } catch {
      throw Failure(description: "\(service.metadata.name): spec.extend.\(kind): \(error)")
    }
  }

  private func checkTag(for service: Microservice) throws(Failure) {
    let name = service.metadata.name
    guard !tag.isEmpty else {
      throw Failure(description: "\(name): no image tag; give --tag, or set tag in the platform's environment")
    }
    guard tag.isImageTag else {
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
}
