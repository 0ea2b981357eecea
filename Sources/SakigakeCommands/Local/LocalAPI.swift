import KubernetesServer

/// The embedded API server alone: for programs that bring their own controllers, and for measurements.
struct LocalAPI: Sendable {
  var dataDirectory: String
  /// 0 takes any free one.
  var port: Int
  var durability = EmbeddedAPIServer.Durability.powerCut

  /// Serves as long as `body` runs.
  /// - Parameter body: gets the port.
  func run(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    let server = try await EmbeddedAPIServer(.init(dataDirectory: dataDirectory, port: port, durability: durability), providers: .init())
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await server.run() }
      group.addTask {
        let bound = await server.boundPort
        // 0 says that serving failed, which the other task tells better.
        if bound > 0 { try await body(bound) }
      }
      try await group.next()
    }
  }
}
