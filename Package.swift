// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where CI=true says so; a contributor's half-written line still builds.
let settings: [SwiftSetting] =
  [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
  + (Context.environment["CI"] == "true" ? [.treatAllWarnings(as: .error)] : [])

// Swift's libraries inside the program, and none of its symbols for others: it starts in 9 ms rather than 15, which is
// most of what `kustomize build` of a small overlay takes. Foundation's own needs have to be named.
let startsFast: [LinkerSetting] =
  [.unsafeFlags(["-static-stdlib", "-use-ld=lld", "-Xlinker", "--no-export-dynamic"], .when(platforms: [.linux]))]
  + ["_FoundationCShims", "_FoundationCollections", "CoreFoundation", "_FoundationICU", "stdc++"].map {
    .linkedLibrary($0, .when(platforms: [.linux]))
  }

func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

let package = Package(
  name: "sakigake",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "sakigake", targets: ["sakigake"]),
    .executable(name: "news-service", targets: ["NewsService"]),
    .executable(name: "client-example", targets: ["ClientExample"]),
    .executable(name: "fuzz", targets: ["fuzz"]),
    .library(name: "Kubernetes", targets: ["Kubernetes"]),
    .library(name: "KubernetesClient", targets: ["KubernetesClient"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
    .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    // Floor 0
    .target(name: "Kubernetes", swiftSettings: settings),

    // Floor 1: pure
    .target(name: "Autoscaling", dependencies: ["Kubernetes"], swiftSettings: settings),
    .target(name: "Workloads", dependencies: ["Kubernetes"], swiftSettings: settings),
    .target(
      name: "Definitions", dependencies: ["Kubernetes", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .target(name: "Guardrails", dependencies: ["Kubernetes", "Definitions"], swiftSettings: settings),
    .target(name: "Terraform", dependencies: ["Kubernetes"], swiftSettings: settings),
    .target(name: "Rendering", dependencies: ["Kubernetes", "Definitions", "Terraform"], swiftSettings: settings),
    .target(name: "Imports", dependencies: ["Kubernetes", "Definitions", "Terraform"], swiftSettings: settings),
    .target(
      name: "Kustomize", dependencies: ["Kubernetes", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),
    .target(
      name: "Mesh",
      dependencies: ["Kubernetes", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      swiftSettings: settings),

    // Floor 2: edges
    .target(
      name: "KubernetesClient",
      dependencies: [
        "Kubernetes", "ChildProcesses",
        .product(name: "Yams", package: "Yams"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOExtras", package: "swift-nio-extras"),
        .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
        .product(name: "NIOSOCKS", package: "swift-nio-extras"),
        nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"), nio("NIOWebSocket"),
      ], swiftSettings: settings),
    .target(
      name: "HTTPServing",
      dependencies: [
        "Kubernetes", "ZlibShim",
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        nio("NIOCore"), nio("NIOPosix"), nio("NIOTLS"), nio("NIOHTTP1"), nio("NIOWebSocket"),
      ], swiftSettings: settings),
    .target(name: "ZlibShim", linkerSettings: [.linkedLibrary("z")]),
    .target(
      name: "KubernetesServer",
      dependencies: [
        "Kubernetes", "HTTPServing", "SQLiteShim",
        .product(name: "Yams", package: "Yams"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        nio("NIOCore"), nio("NIOHTTP1"),
      ], swiftSettings: settings),
    .target(
      name: "EnvoyControlPlane",
      dependencies: [
        "Kubernetes", "Mesh",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], swiftSettings: settings),
    .target(name: "ChildProcesses", dependencies: ["SpawnShim"], swiftSettings: settings),
    .target(name: "SpawnShim"),
    .systemLibrary(name: "SQLiteShim", providers: [.apt(["libsqlite3-dev"])]),
    .target(
      name: "LocalCluster",
      dependencies: [
        "Kubernetes", "Autoscaling", "Workloads", "Mesh", "KubernetesServer", "KubernetesClient", "ChildProcesses",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"),
      ], swiftSettings: settings),
    .target(
      name: "APIBenchmark",
      dependencies: [
        "Kubernetes",
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        nio("NIOCore"), nio("NIOPosix"),
      ], swiftSettings: settings),
    .target(
      name: "Traffic",
      dependencies: [
        "Kubernetes",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"),
      ], swiftSettings: settings),

    .target(
      name: "Rehearsal", dependencies: ["Kubernetes", "Autoscaling", "Workloads", "Definitions", "Rendering"],
      swiftSettings: settings),

    // Floor 3
    .target(
      name: "Operator",
      dependencies: [
        "Kubernetes", "Autoscaling", "Definitions", "Guardrails", "HTTPServing", "KubernetesClient",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        nio("NIOCore"),
      ], swiftSettings: settings),

    // Floor 4
    .target(
      name: "SakigakeCommands",
      dependencies: [
        "Kubernetes", "Autoscaling", "Definitions", "Guardrails", "Rendering", "Mesh", "KubernetesClient",
        "KubernetesServer",
        "EnvoyControlPlane", "LocalCluster", "Traffic", "APIBenchmark", "Operator", "ChildProcesses", "Rehearsal",
        "Workloads", "Kustomize", "Imports", "Terraform",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "sakigake", dependencies: ["SakigakeCommands"], swiftSettings: settings, linkerSettings: startsFast),

    // The example fleet's one program
    .executableTarget(
      name: "NewsService",
      dependencies: [
        nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"),
      ], path: "examples/news/service", swiftSettings: settings),

    // What a user of the Kubernetes client writes
    .executableTarget(
      name: "ClientExample", dependencies: ["Kubernetes", "KubernetesClient"], path: "examples/client",
      swiftSettings: settings),

    // Tests, one target each; `HouseTests` keeps the house itself in order
    test("Kubernetes"),
    test("Autoscaling"),
    test("Workloads"),
    test("Definitions"),
    test("Guardrails", "Definitions", "Rendering"),
    test("Terraform"),
    test("Rendering", "Definitions", "Kustomize", "Mesh", "Terraform", "TerraformTesting"),
    test("Imports", "Definitions", "Rendering", "TerraformTesting"),
    test("Kustomize"),
    test("Mesh"),
    test("KubernetesClient", products: [nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"), nio("NIOWebSocket")]),
    test("KubernetesServer", "KubernetesClient", "HTTPServing"),
    test("HTTPServing", "ZlibShim", products: [nio("NIOCore"), nio("NIOPosix")]),
    test("EnvoyControlPlane"),
    test("ChildProcesses"),
    test("LocalCluster", "KubernetesClient", "KubernetesServer", "Autoscaling"),
    test("Traffic"),
    test("Rehearsal", "Autoscaling", "Definitions", "Rendering"),
    test(
      "Operator", "KubernetesClient", "KubernetesServer", "Autoscaling", "HTTPServing",
      products: [.product(name: "Logging", package: "swift-log")]),
    .testTarget(name: "HouseTests", swiftSettings: settings),

    // The real Terraform, and a cloud that is a process here, for tests of what is given to it
    .target(
      name: "TerraformTesting", dependencies: ["Kubernetes"], path: "Tests/TerraformTesting", swiftSettings: settings),

    // Fuzzers: a library, the program that runs them for long, and a short run of each among the tests
    .target(
      name: "Fuzzing",
      dependencies: [
        "Kubernetes", "Definitions", "Imports", "Kustomize", "KubernetesServer", "HTTPServing",
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        nio("NIOCore"), nio("NIOPosix"), nio("NIOConcurrencyHelpers"),
      ], path: "Tests/Fuzzing", swiftSettings: settings),
    .executableTarget(
      name: "fuzz",
      dependencies: ["Fuzzing", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Tests/FuzzCommand", swiftSettings: settings),
    .testTarget(
      name: "RobustnessTests", dependencies: ["Fuzzing", "HTTPServing", "Kubernetes", "KubernetesServer"],
      swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Kubernetes", "KubernetesClient", nio("NIOCore"), nio("NIOPosix"), nio("NIOTLS"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], exclude: ["Conformance/Clients"],
      swiftSettings: settings),
  ]
)

func test(_ target: String, _ others: String..., products: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: target + "Tests",
    dependencies: [.byName(name: target)]
      + Set(["Kubernetes"] + others).subtracting([target]).sorted().map { .byName(name: $0) } + products,
    exclude: ["Rendering": ["Goldens"], "Imports": ["Cloud"]][target] ?? [], swiftSettings: settings)
}

// `ONLY=AutoscalingTests swift test` builds one target and what it needs, without the rest.
if let only = Context.environment["ONLY"] {
  var wanted = Set(only.split(separator: ",").map(String.init))
  var grew = true
  while grew {
    grew = false
    for target in package.targets where wanted.contains(target.name) {
      for dependency in target.dependencies {
        switch dependency {
        case .byNameItem(let name, _), .targetItem(let name, _):
          if wanted.insert(name).inserted { grew = true }
        default: break
        }
      }
    }
  }
  package.targets.removeAll { !wanted.contains($0.name) }
  package.products.removeAll { product in
    let targets = (product as? Product.Executable)?.targets ?? (product as? Product.Library)?.targets ?? []
    return !wanted.isSuperset(of: targets)
  }
}
