import Testing

/// Gives a suite one cluster, shared by its tests, and takes it down after the last of them.
struct ClusterTrait: SuiteTrait, TestScoping {
  var options: [String]
  var prepare: @Sendable (Cluster) async throws -> Void

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await Cluster.with(options) { cluster in
      try await prepare(cluster)
      try await Cluster.$shared.withValue(cluster) { try await function() }
    }
  }
}

extension Trait where Self == ClusterTrait {
  static func cluster(
    _ options: [String], prepare: @escaping @Sendable (Cluster) async throws -> Void = { _ in }
  ) -> Self {
    Self(options: options, prepare: prepare)
  }
}
