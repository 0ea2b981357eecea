import Foundation

/// The program under test, and the project that it is from.
enum Sakigake {
  static let root: String = {
    var url = URL(filePath: #filePath)
    for _ in 0..<4 { url.deleteLastPathComponent() }
    return url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
  }()

  static var news: String { root + "/examples/news" }
  static var newsPlatform: String { news + "/platform.yaml" }

  /// Its path: from SAKIGAKE_BIN, or where a build of this package leaves it.
  static func path() throws -> String {
    let named = ProcessInfo.processInfo.environment["SAKIGAKE_BIN"].map { [$0] }
    let places = named ?? [".build/release", ".build-release/release", ".build/debug"].map { "\(root)/\($0)" }
    func holdsBoth(_ place: String) -> Bool {
      ["sakigake", "news-service"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(place)/\($0)") }
    }
    guard let place = places.first(where: holdsBoth) else {
      throw Shell.Failed(
        description:
          "sakigake and news-service are not in \(places.joined(separator: ", ")): build them, or set SAKIGAKE_BIN")
    }
    return place + "/sakigake"
  }

  /// Runs it with `arguments`, in the project's folder's stead with nothing that would make it find a cluster.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], within limit: Duration = .seconds(60)
  ) async throws -> Outcome {
    var all = ["KUBECONFIG": "/nonexistent/kubeconfig"]
    all.merge(environment) { $1 }
    return try await Shell.run([try path()] + arguments, environment: all, within: limit)
  }
}
