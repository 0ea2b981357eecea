import Foundation
import Testing

/// The house: which of our targets each may import. An import that goes up, or sideways where it may not, fails here.
struct ImportsTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// From the ground up. A target may import those of its own row that stand before it in `sideways`, and all below.
  static let floors: [[String]] = [
    ["Kubernetes", "SpawnShim", "SQLiteShim", "ZlibShim"],
    [
      "Autoscaling", "Workloads", "Definitions", "Guardrails", "Terraform", "Rendering", "Mesh", "Kustomize", "Imports",
    ],
    [
      "HTTPServing", "KubernetesClient", "KubernetesServer", "EnvoyControlPlane", "ChildProcesses", "LocalCluster",
      "Traffic", "APIBenchmark", "Rehearsal",
    ],
    ["Operator"],
    ["SakigakeCommands", "sakigake"],
  ]

  /// Imports within a floor that the design states.
  static let sideways: [String: Set<String>] = [
    "Guardrails": ["Definitions"], "Rendering": ["Definitions", "Terraform"], "Mesh": ["Definitions"],
    "Imports": ["Definitions", "Terraform"],
    "KubernetesServer": ["HTTPServing"],
    "LocalCluster": ["KubernetesClient", "KubernetesServer", "ChildProcesses"],
    "KubernetesClient": ["ChildProcesses"],
    "sakigake": ["SakigakeCommands"],
  ]

  /// Pure targets: no network, no files, no clock.
  static let pure: Set<String> = [
    "Kubernetes", "Autoscaling", "Workloads", "Definitions", "Guardrails", "Terraform", "Rendering", "Mesh",
    "Kustomize", "Imports", "Rehearsal",
  ]
  static let impureModules: Set<String> = [
    "Foundation", "FoundationNetworking", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOHTTP2", "HTTPServing",
    "AsyncHTTPClient", "SQLiteShim",
    "Dispatch", "GRPCCore",
  ]

  static func imports(of target: String) throws -> [(file: String, module: String)] {
    let folder = root.appending(path: "Sources/\(target)")
    let files =
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return try files.filter { $0.pathExtension == "swift" }.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line -> (String, String)? in
        var words = line.split(separator: " ").map(String.init)
        while let first = words.first, first != "import",
          first.hasPrefix("@") || ["public", "package", "internal", "private"].contains(first)
        {
          words.removeFirst()
        }
        guard words.first == "import", words.count >= 2 else { return nil }
        let module =
          words.count > 2 && ["struct", "class", "enum", "func", "protocol"].contains(words[1]) ? words[2] : words[1]
        return (file.lastPathComponent, String(module.split(separator: ".")[0]))
      }
    }
  }

  @Test func noImportGoesUp() throws {
    let level = Dictionary(
      uniqueKeysWithValues: Self.floors.enumerated().flatMap { floor, names in names.map { ($0, floor) } })
    var seen = 0
    for (target, floor) in level where !target.hasSuffix("Shim") {
      for (file, module) in try Self.imports(of: target) {
        guard let other = level[module], module != target else { continue }
        seen += 1
        let isAllowed = other < floor || Self.sideways[target]?.contains(module) == true
        #expect(isAllowed, "\(target)/\(file) imports \(module), which is not below it")
      }
    }
    #expect(seen > 50, "the imports were not found at all")
  }

  @Test func everyTargetHasAFloor() throws {
    let known = Set(Self.floors.flatMap { $0 })
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path())
    for folder in folders where !folder.hasPrefix(".") {
      #expect(known.contains(folder), "\(folder) stands on no floor")
    }
  }

  @Test func pureTargetsReadNoClockAndNoFile() throws {
    for target in Self.pure {
      let imports = try Self.imports(of: target)
      for (file, module) in imports {
        // Where there are no FoundationEssentials (macOS), Foundation stands in for them.
        if module == "Foundation", imports.contains(where: { $0 == (file, "FoundationEssentials") }) { continue }
        #expect(!Self.impureModules.contains(module), "\(target)/\(file) imports \(module)")
      }
    }
  }
}
