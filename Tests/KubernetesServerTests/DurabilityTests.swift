import FoundationEssentials
import Kubernetes
import KubernetesServer
import Testing

@Suite struct DurabilityTests {
  @Test func everyAcknowledgedWriteIsThereAfterReopening() async throws {
    let directory = TestServer.temporaryDirectory()
    var version = ""
    do {
      let server = try await TestServer(directory: directory)
      try await server.send(.post, Path.configMaps, Sample.configMap("kept"))
      try await server.send(.post, Path.configMaps, Sample.configMap("gone"))
      version = try await server.patch("\(Path.configMaps)/kept", .merge, ["data": ["key": "changed"]]).version
      try await server.send(.delete, "\(Path.configMaps)/gone")
    }
    let server = try await TestServer(directory: directory)
    let kept = try await server.send(.get, "\(Path.configMaps)/kept")
    #expect(kept.value["data"] == ["key": "changed"])
    #expect(kept.version == version)
    #expect(try await server.send(.get, "\(Path.configMaps)/gone").status == 404)
    let next = try await server.send(.post, Path.configMaps, Sample.configMap("next")).version
    #expect(Int(next) ?? 0 > Int(version) ?? 0, "versions go on where they were")
  }

  /// What a killed process leaves is the file and its log as they are at that moment: copied under a running server,
  /// while writers are at work, they hold all that was acknowledged before.
  @Test func everyAcknowledgedWriteIsInTheFilesThatAKillLeaves() async throws {
    let server = try await TestServer()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<100 {
        group.addTask { try await server.send(.post, Path.configMaps, Sample.configMap("entry-\(index)")) }
      }
      try await group.waitForAll()
    }
    let copy = TestServer.temporaryDirectory()
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    for name in ["state.db", "state.db-wal"] {
      try FileManager.default.copyItem(atPath: "\(server.directory)/\(name)", toPath: "\(copy)/\(name)")
    }
    let reopened = try await TestServer(directory: copy)
    #expect(try await reopened.send(.get, Path.configMaps).names.count == 100)
  }

  @Test func aDataDirectoryHasOneServerAtATime() async throws {
    let server = try await TestServer()
    await #expect(throws: (any Error).self) { try await TestServer(directory: server.directory) }
  }

  @Test func theTokenAndKeysAreKeptAndPrivate() async throws {
    let directory = TestServer.temporaryDirectory()
    func contents() throws -> [String: Data] {
      var contents: [String: Data] = [:]
      for name in ["token", "pki/ca.crt", "pki/ca.key", "state.db"] {
        if name != "state.db" { contents[name] = try Data(contentsOf: URL(filePath: "\(directory)/\(name)")) }
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
        #expect(attributes[.posixPermissions].map { "\($0)" } == "\(0o600)")
      }
      return contents
    }
    var first: [String: Data] = [:]
    do {
      _ = try await TestServer(directory: directory)
      first = try contents()
    }
    _ = try await TestServer(directory: directory)
    #expect(try contents() == first)
  }
}
