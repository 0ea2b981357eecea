import Definitions
import Foundation
import Kubernetes
import Rendering
import Testing

import Imports

/// What is rendered, imported again, is rendered to the same objects.
///
/// Beside the definition that was applied with it, every byte is the same. Without it, these are not in any object, and
/// are lost: `capacity`, `scale.push`, `perRequest` of calls, `permissions`, `alerts`, `rightsize`, where `secrets` come
/// from, `when` of jobs, and which of the tags were the platform's; all other objects are the same.
struct RenderingRoundTripTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let platform = """
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: news }
    spec:
      registry: registry.example.com/news
      namespace: news
      tags: { team: platform }
      ingress: { from: [0.0.0.0/0] }
    """

  /// A definition and the files of its configuration.
  struct Service {
    var definition: ServiceDefinition
    var files: [String: String] = [:]
  }

  static func platform(_ text: String = platform, _ environment: String? = nil) throws -> PlatformDefinition {
    try PlatformDefinition.read(text, file: "platform.yaml", environment: environment)
  }

  static func rendered(_ services: [Service], on platform: PlatformDefinition) throws -> [JSONValue] {
    let renderer = ServiceRenderer(platform: platform, tag: "v1")
    return try services.flatMap { try renderer.render($0.definition.microservice, configFiles: $0.files) }
  }

  /// The services of an import, in their order.
  static func services(_ result: ImportResult) throws -> [Service] {
    let definitions = result.files.filter { $0.path.hasSuffix("microservice.yaml") }
    return try definitions.flatMap { file -> [Service] in
      let directory = file.path.dropLast("microservice.yaml".count) + "config/"
      let files = result.files.filter { $0.path.hasPrefix(directory) }.map {
        (String($0.path.dropFirst(directory.count)), $0.text)
      }
      return try ServiceDefinition.read(file.text, file: file.path, environment: nil).map {
        Service(definition: $0, files: Dictionary(files, uniquingKeysWith: { $1 }))
      }
    }
  }

  static func imported(_ objects: [JSONValue]) throws -> ImportResult {
    let text = objects.map(\.text).joined(separator: "\n---\n")
    return try ManifestImport.read(
      [ImportSource(name: "rendered.yaml", text: text)], .init(registry: "registry.example.com/news"))
  }

  static func expectSame(_ services: [Service], on platform: PlatformDefinition, _ what: String) throws {
    let objects = try rendered(services, on: platform)
    let whole = try imported(objects)
    #expect(whole.notCarried.isEmpty && whole.secrets.isEmpty, "\(what): \(whole.report)")
    let again = try rendered(try self.services(whole), on: platform)
    #expect(again == objects, "\(what): \(difference(objects, again))")
    // Without the definition that was applied.
    func others(_ objects: [JSONValue]) -> [JSONValue] { objects.filter { $0["kind"] != "Microservice" } }
    let parts = try imported(others(objects))
    #expect(parts.notCarried.isEmpty, "\(what): \(parts.report)")
    let told = try rendered(try self.services(parts), on: platform)
    #expect(others(told) == others(objects), "\(what): \(difference(others(objects), others(told)))")
  }

  static func difference(_ old: [JSONValue], _ new: [JSONValue]) -> String {
    guard old.count == new.count else {
      return "\(old.map { $0["kind"]?.stringValue ?? "" }) became \(new.map { $0["kind"]?.stringValue ?? "" })"
    }
    guard let pair = zip(old, new).first(where: { $0 != $1 }) else { return "nothing" }
    let lines = zip(
      pair.0.prettyText.split(separator: "\n"), pair.1.prettyText.split(separator: "\n")
    ).first { $0 != $1 }
    return "\(pair.0["kind"]?.stringValue ?? ""): \(lines.map { "\($0) became \($1)" } ?? "its end")"
  }

  @Test(arguments: ["production", "local"]) func theExamples(_ environment: String) throws {
    let news = Self.root.appending(path: "examples/news")
    let text = try String(contentsOf: news.appending(path: "platform.yaml"), encoding: .utf8)
      .replacing("registry: local", with: "registry: registry.example.com/news")
    let platform = try Self.platform(text, environment)
    let services = try ["articles", "gateway", "ranking", "users"].flatMap { name in
      let file = news.appending(path: "\(name)/microservice.yaml")
      return try ServiceDefinition.read(
        try String(contentsOf: file, encoding: .utf8), file: "\(name)/microservice.yaml", environment: environment)
    }.map { Service(definition: $0) }
    #expect(services.count == 4)
    try Self.expectSame(services, on: platform, environment)
  }

  /// With every field, beside the definition that was applied.
  @Test(arguments: ["minimal", "complete", "whole"]) func theGoldens(_ name: String) throws {
    let file = Self.root.appending(path: "Tests/RenderingTests/Goldens/\(name).output.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let result = try ManifestImport.read([ImportSource(name: "golden.yaml", text: text)])
    #expect(result.notCarried.isEmpty, "\(result.report)")
    let service = try #require(try Self.services(result).first)
    let applied = try text.split(separator: "---\n").map { try JSONValue(parsing: String($0)) }.first {
      $0["kind"] == "Microservice"
    }
    let again = try Self.rendered([service], on: try Self.platform()).first { $0["kind"] == "Microservice" }
    #expect(again?["spec"] == applied?["spec"], "\(Self.difference([applied ?? [:]], [again ?? [:]]))")
  }

  @Test func servicesByChance() throws {
    var random = SplitMix64(state: 4711)
    let platform = try Self.platform()
    for number in 0..<300 {
      let count = Int(random.next() % 3) + 1
      let services = try (0..<count).map { try RandomService.make("s\($0)", &random) }
      try Self.expectSame(services, on: platform, "case \(number)")
    }
  }
}

/// A definition of what stands in objects, drawn by lot.
private enum RandomService {
  private static let texts = [
    "a: b", "yes", "0x10", "# x", "$$(X)", "", "1.5", "null", "- a", "two\nlines\n", "a \"b\" 'c'", "é ☃", " x ", "@a",
    "{a}", "08", "1e3", "~", "tab\tx", "\u{2028}",
  ]

  static func make(
    _ name: String, _ random: inout SplitMix64
  ) throws -> RenderingRoundTripTests.Service {
    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    func often() -> Bool { below(2) == 0 }
    func pick(_ values: [JSONValue]) -> JSONValue { values[below(values.count)] }
    func text() -> JSONValue { .string(texts[below(texts.count)]) }
    var spec: JSONObject = [
      "owner": pick(["news", "shop-1"]), "image": pick(["web", "tools/web"]), "port": pick([80, 3000, 8080]),
    ]
    if often() { spec["health"] = pick(["/healthz", "/a/b?c=d"]) }
    if often() { spec["resources"] = ["cpu": pick(["100m", "2"]), "memory": pick(["64Mi", "1Gi"])] }
    func word() -> JSONValue { .string("a\(texts[below(texts.count)])") }
    if often() { spec["command"] = [word(), word()] }
    if often() { spec["args"] = [word()] }
    var variables = JSONObject()
    for variable in ["A", "LEVEL", "lower", "N_1"] where often() { variables[variable] = text() }
    if often() { variables["DB"] = ["secret": "db", "key": "url"] }
    if often() { variables["MAP"] = ["config": "other", "key": "url"] }
    if !variables.isEmpty { spec["env"] = .object(variables) }
    if often() { spec["calls"] = pick([["x"], ["x", "y-z"]]) }
    if often() { spec["expose"] = pick([["nodePort": 30080], [:], ["host": "a.example.com", "path": "/a"]]) }
    spec["scale"] = pick([
      ["min": 1, "max": 1], ["min": 2, "max": 9, "on": [["cpu": "55%"], ["memory": "80%"]]],
      ["min": 3, "max": 40, "on": [["requestsPerSecond": 28.5]]],
      ["min": 3, "max": 40, "on": [["external": "q", "labels": ["a": "b"], "perPod": 30]]],
    ])
    if often() { spec["spot"] = pick(["never", "only"]) }
    if often() {
      spec["volumes"] = [
        "tmp": ["mount": "/tmp", "size": "1Gi"], "fast": ["mount": "/f", "size": "8Mi", "memory": true],
      ]
    }
    if often() { spec["secrets"] = ["tls": ["mount": "/tls"]] }
    if often() {
      spec["network"] = [
        "from": ["namespace/monitoring", "10.0.0.0/8"], "to": ["namespace/db:5432", "10.1.0.0/16:6379"],
        "egress": ["api.example.com", "*.example.org:8443"],
      ]
    }
    if often() {
      spec["cron"] = [
        "digest": ["schedule": pick(["0 7 * * *", "*/5 * * * *"]), "zone": "Asia/Tokyo", "args": [word(), "digest"]],
        "other": ["schedule": "@hourly", "command": ["x"], "env": ["A": text()], "retries": 0, "suspended": true],
      ]
    }
    if often() { spec["jobs"] = ["migrate": ["command": ["m"], "env": ["LOCK": "1"], "deadline": "600s"]] }
    var files: [String: String] = [:]
    if often() {
      spec["config"] = "config/"
      files = ["app.ini": "size = 3\n", "b.json": "{}\n"]
    }
    let document: JSONValue = [
      "apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": ["name": .string(name)],
      "spec": .object(spec),
    ]
    let read = try ServiceDefinition.read(document.text, file: "\(name).yaml", environment: nil)
    return .init(definition: read[0], files: files)
  }
}
