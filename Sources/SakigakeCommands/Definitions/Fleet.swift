import ArgumentParser
import Definitions
import Guardrails
import Kubernetes
import KubernetesClient
import Rendering

/// Where definitions are, and for which environment they are meant: shared by `render` and `apply`.
struct DefinitionOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("filename")],
    help:
      "A microservice.yaml, or a directory that holds some, or a kustomization. May be given again.")
  var filename: [String] = ["."]

  @Option(help: "The platform.yaml. Where it is not given: the one in or above the first of the paths.")
  var platform: String?

  @Option(
    name: [.short, .customLong("environment")], help: "The environment whose settings are laid over the definitions.")
  var environment: String?

  @Option(help: "The image's tag. Where it is not given: the environment's.")
  var tag: String?

  @Option(name: [.short, .customLong("namespace")], help: "The namespace. Where it is not given: the platform's.")
  var namespace: String?

  var sources: Fleet.Sources {
    Fleet.Sources(
      paths: filename, platform: platform, environment: environment, tag: tag, namespace: namespace)
  }
}

/// A platform and its services, read and rendered.
struct Fleet {
  var platform: PlatformDefinition
  var services: [ServiceDefinition]
  /// By service: the files of its `config` directory.
  private(set) var configFiles: [String: [String: String]] = [:]
  /// What is built beside the services.
  private(set) var kustomizations: [BuiltKustomization] = []

  /// What has no effect on the platform.
  private var onPlatform: [Diagnostic] = []

  /// Where definitions are; nil takes what `DefinitionOptions` says of it.
  struct Sources {
    var paths: [String]
    var platform: String?
    var environment: String?
    var tag: String?
    var namespace: String?
  }

  init(_ options: DefinitionOptions, builds: Bool = false) throws { try self.init(options.sources, builds: builds) }

  /// - Parameters:
  ///   - judges: whether what the platform forbids, and a waiver of nothing, is an error; where not, others tell of it.
  ///   - builds: whether directories may hold kustomizations.
  /// - Throws: `InvalidDefinition` with everything that is wrong in all of the files, `KustomizeError`.
  init(_ options: Sources, judges: Bool = true, builds: Bool = false) throws {
    platform = try Self.platform(options)
    services = []
    var problems: [Diagnostic] = []
    let built = builds ? options.paths.filter(BuiltKustomization.isThere) : []
    for path in try options.paths.flatMap({ try Self.definitionPaths($0, mayHaveNone: built.contains($0)) }) {
      do {
        services += try ServiceDefinition.read(
          try Files.text(of: path), file: path, environment: options.environment, environments: platform.environments)
      } catch let invalid as InvalidDefinition {
        problems += invalid.diagnostics
      }
    }
    var first: [String: String] = [:]
    for service in services {
      let name = service.microservice.metadata.name
      if let other = first.updateValue(service.file, forKey: name) {
        problems.append(
          Diagnostic(at: service.namePlace, "\(name) is defined in \(other) too", remedy: "rename one")
        )
      }
    }
    let judgements = services.flatMap { service in
      judges
        ? service.judged(on: platform) + service.waiverComplaints(now: .now) : service.absences(on: platform)
    }
    problems += judgements.filter { $0.severity == .error }
    guard problems.isEmpty else { throw InvalidDefinition(problems) }
    onPlatform = judgements
    kustomizations = try built.map { try BuiltKustomization($0, below: platform.file) }
    for service in services where !service.microservice.spec.config.isEmpty {
      configFiles[service.microservice.metadata.name] = try Self.configFiles(of: service)
    }
  }

  /// The platform alone.
  static func platform(_ options: Sources) throws -> PlatformDefinition {
    let path = try platformPath(options)
    var platform = try PlatformDefinition.read(
      try Files.text(of: path), file: path, environment: options.environment)
    if let namespace = options.namespace { platform.namespace = namespace }
    if let tag = options.tag { platform.tag = tag }
    return platform
  }

  var warnings: [Diagnostic] {
    let known = Set(services.map(\.microservice.metadata.name))
    var warnings = platform.warnings + services.flatMap(\.warnings) + onPlatform
    warnings.sort { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
    // One service's own repository does not hold those that it calls.
    guard services.count > 1 else { return warnings }
    for service in services {
      let calls = zip(service.microservice.spec.calls, service.callPlaces)
      for (call, place) in calls where !known.contains(call.service) {
        warnings.append(
          Diagnostic(
            .warning, at: place,
            "\(service.microservice.metadata.name) calls \(call.service), which is not among these definitions"))
      }
    }
    return warnings
  }

  func tellWarnings() {
    warnings.forEach { Console.error($0.description) }
    kustomizations.flatMap(\.warnings).forEach { Console.error($0) }
  }

  /// - Returns: each service's objects, in the order of their names.
  func render() throws -> [(service: String, objects: [JSONValue])] {
    let renderer = ServiceRenderer(platform: platform, tag: platform.tag)
    return try services.sorted { $0.microservice.metadata.name < $1.microservice.metadata.name }.map { service in
      let name = service.microservice.metadata.name
      let source = service.source(path: RepositoryPath.of(service.file, below: platform.file))
      return (name, try renderer.render(service.microservice, configFiles: configFiles[name] ?? [:], source: source))
    }
  }

  /// What kustomizations hold, each one's objects in their order.
  func built() -> [(kustomization: BuiltKustomization, objects: [JSONValue])] {
    kustomizations.map { ($0, $0.objects(namespace: platform.namespace, below: platform.file)) }
  }

  /// All that is applied: the platform's, what kustomizations hold, and the services' objects.
  /// - Throws: `CommandFailure` where two of them are the same object.
  func everything(
    withPlatform: Bool = true
  ) throws -> (
    built: [(kustomization: BuiltKustomization, objects: [JSONValue])],
    rendered: [(service: String, objects: [JSONValue])], all: [JSONValue]
  ) {
    let (built, rendered) = (built(), try render())
    let all = (withPlatform ? platformObjects : []) + built.flatMap(\.objects) + rendered.flatMap(\.objects)
    guard !built.isEmpty else { return (built, rendered, all) }
    var sources: [String: String] = [:]
    for object in all {
      let namespace = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
      let source = object[path: ["metadata", "annotations", "sakigake.dev/source"]]?.stringValue ?? platform.file
      let title = FleetApplier.name(of: object)
      if let other = sources.updateValue(source, forKey: "\(namespace)/\(title)") {
        throw CommandFailure(.wrongInput, "\(source): error: \(title) comes from \(other) too; rename one")
      }
    }
    return (built, rendered, all)
  }

  /// What the platform itself is in a cluster.
  var platformObjects: [JSONValue] {
    PlatformRenderer(platform: platform).render(path: RepositoryPath.of(platform.file, below: platform.file))
  }

  private static func configFiles(of service: ServiceDefinition) throws -> [String: String] {
    let directory = parent(of: service.file) + "/" + service.microservice.spec.config
    guard Files.isDirectory(directory) else {
      throw CommandFailure(.wrongInput, "\(service.file): error: spec.config: \(directory) is not a directory")
    }
    var files: [String: String] = [:]
    for name in try Files.names(in: directory) where !Files.isDirectory(directory + "/" + name) {
      files[name] = try Files.text(of: directory + "/" + name)
    }
    guard files.values.reduce(0, { $0 + $1.utf8.count }) <= 1 << 20 else {
      throw CommandFailure(
        .wrongInput, "\(service.file): error: spec.config: \(directory) holds more than 1 MiB, a ConfigMap's limit")
    }
    return files
  }

  /// A file as it is; in a directory its own definition, or those of the directories in it.
  private static func definitionPaths(_ path: String, mayHaveNone: Bool) throws -> [String] {
    guard Files.isDirectory(path) else { return [path] }
    let own = path + "/microservice.yaml"
    if Files.exists(own) { return [own] }
    let inner = try Files.names(in: path).map { "\(path)/\($0)/microservice.yaml" }.filter(Files.exists)
    guard !inner.isEmpty || mayHaveNone else {
      throw CommandFailure(.wrongInput, "error: \(path): no microservice.yaml in it, nor in the directories in it")
    }
    return inner
  }

  private static func platformPath(_ options: Sources) throws -> String {
    if let path = options.platform { return path }
    let first = options.paths.first ?? "."
    if let found = PlatformFile.above(Files.isDirectory(first) ? first : parent(of: first)) { return found }
    throw CommandFailure(
      .wrongInput, "error: no platform.yaml in or above \(first); name it with --platform")
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// Where the platform of definitions is, unless it is named.
enum PlatformFile {
  private static let levels = 4

  /// The nearest one in a directory or above it.
  static func above(_ directory: String) -> String? {
    var directory = directory
    for _ in 0..<levels {
      let candidate = directory + "/platform.yaml"
      if Files.exists(candidate) { return candidate }
      directory += "/.."
    }
    return nil
  }
}
