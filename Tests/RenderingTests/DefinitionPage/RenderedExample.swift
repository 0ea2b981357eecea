import Definitions
import Foundation
import Kubernetes
import Kustomize
import Mesh
import Rendering
import Terraform

/// The example `comments` for production, and all that it becomes.
struct RenderedExample {
  static let directory = Fixtures.packageRoot.appending(path: "examples/comments")
  static let environment = "production"

  /// The definition as it is written.
  let text: String
  let service: ServiceDefinition
  let objects: [JSONValue]
  /// What its sidecar has once the mesh has told it everything, but for the addresses of pods, which come and go.
  let envoy: JSONValue
  let terraform: TerraformDocument

  static func text() throws -> String {
    try String(contentsOf: directory.appending(path: "microservice.yaml"), encoding: .utf8)
  }

  /// - Parameter placed: whether objects say where they are from, as those that `sakigake render` prints do.
  init(_ text: String, placed: Bool) throws {
    self.text = text
    let platform = try PlatformDefinition.read(
      try String(contentsOf: Self.directory.appending(path: "platform.yaml"), encoding: .utf8), file: "platform.yaml",
      environment: Self.environment)
    service = try ServiceDefinition.read(
      text, file: "microservice.yaml", environment: Self.environment, environments: platform.environments)[0]
    objects = try ServiceRenderer(platform: platform, tag: "v1").render(
      service.microservice,
      configFiles: service.microservice.spec.config.isEmpty ? [:] : try Self.configFiles(),
      source: placed ? service.source(path: "microservice.yaml") : nil)
    envoy = try Self.envoy(service.microservice, objects, namespace: platform.namespace)
    terraform = try ServiceTerraform(service, on: platform).document
  }

  private static func configFiles() throws -> [String: String] {
    let folder = directory.appending(path: "config")
    var files: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      files[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    return files
  }

  private static func envoy(_ service: Microservice, _ objects: [JSONValue], namespace: String) throws -> JSONValue {
    var view = ClusterView()
    var service = service
    service.metadata.namespace = namespace
    view.microservices[service.key] = service
    for json in objects where json["kind"] == "Service" {
      let object = try Service(json: json)
      view.services[object.key] = object
    }
    var mesh = MeshState()
    _ = mesh.update(view)
    let node = ProxyNode(
      id: "\(namespace)/\(service.metadata.name)-5d8f9c-x2x4a", cluster: service.metadata.name,
      role: .sidecar(podIP: "10.0.3.4", meshAddress: "127.0.0.1"))
    return try StaticBootstrap.json(of: node, mesh.resources(for: node) ?? NodeResources())
  }

  // MARK: As texts

  var manifests: String { Self.yaml(objects) }
  var envoyText: String { Self.yaml([envoy]) }

  static func yaml(_ values: [JSONValue]) -> String { String(decoding: YAMLWriter.documents(values), as: UTF8.self) }

  func object(_ kind: String, _ name: String? = nil) -> JSONValue? {
    objects.first {
      $0["kind"]?.stringValue == kind && (name == nil || $0[path: ["metadata", "name"]]?.stringValue == name)
    }
  }

  /// The resources of Terraform, each a line `TYPE.NAME`.
  var resources: [String] {
    (terraform.json["resource"]?.objectValue ?? [:]).flatMap { type in
      (type.value.objectValue ?? [:]).map { "\(type.key).\($0.key)" }
    }
  }
}

extension String {
  var lineCount: Int { utf8.count { $0 == 0x0A } }

  /// Lines, each as often as it is there.
  var countedLines: [Substring: Int] {
    split(separator: "\n").reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// How many of its lines another text lacks.
  func lines(beyond other: String) -> Int {
    let others = other.countedLines
    return countedLines.reduce(0) { $0 + max(0, $1.value - others[$1.key, default: 0]) }
  }
}
