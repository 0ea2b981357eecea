import FoundationEssentials
import Kubernetes
import KubernetesServer
import Testing

/// The state file when things go wrong, and its copies.
@Suite struct StateTests {
  private static func cluster(_ names: String...) async throws -> String {
    let directory = TestServer.temporaryDirectory()
    try await fill(directory, names)
    // The last to let go of the file puts the log into it, and takes the log away.
    let deadline = ContinuousClock.now + .seconds(30)
    while FileManager.default.fileExists(atPath: "\(directory)/state.db-wal"), ContinuousClock.now < deadline {
      await Task.yield()
    }
    return directory
  }

  private static func fill(_ directory: String, _ names: [String]) async throws {
    let server = try await TestServer(directory: directory)
    for name in names { try await server.send(.post, Path.configMaps, Sample.configMap(name)) }
  }

  private static func names(_ directory: String) async throws -> [String] {
    try await TestServer(directory: directory).send(.get, Path.configMaps).names
  }

  /// Flips bytes where the mark stands, as a disk that rots does.
  private static func damage(_ directory: String, at mark: String) throws {
    let url = URL(filePath: "\(directory)/state.db")
    var bytes = [UInt8](try Data(contentsOf: url))
    let place = try #require(bytes.firstRange(of: Array(mark.utf8)))
    bytes[place.lowerBound] ^= 1
    try Data(bytes).write(to: url)
  }

  @Test func anObjectThatRottedIsNotServed() async throws {
    let directory = try await Self.cluster("whole", "rotten")
    try Self.damage(directory, at: "\"name\":\"rotten\"")
    let error = await #expect(throws: EmbeddedAPIServer.DamagedState.self) {
      _ = try await TestServer(directory: directory)
    }
    #expect("\(String(describing: error))".contains("snapshot restore"))
  }

  @Test func aFileThatIsNoDatabaseIsRefusedAndKept() async throws {
    // In a directory that no server of this process still lets go of.
    let directory = TestServer.temporaryDirectory()
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let garbage = Data("this was a database once, and is one no more".utf8)
    try garbage.write(to: URL(filePath: "\(directory)/state.db"))
    await #expect(throws: EmbeddedAPIServer.DamagedState.self) { _ = try await TestServer(directory: directory) }
    #expect(try Data(contentsOf: URL(filePath: "\(directory)/state.db")) == garbage)
  }

  @Test func aSnapshotOfARunningClusterPutsItBack() async throws {
    let directory = TestServer.temporaryDirectory()
    let file = TestServer.temporaryDirectory() + ".snapshot"
    do {
      let server = try await TestServer(directory: directory)
      try await server.send(.post, Path.configMaps, Sample.configMap("early"))
      try ClusterSnapshot.save(dataDirectory: directory, to: file)
      try await server.send(.post, Path.configMaps, Sample.configMap("late"))
      #expect(throws: ClusterSnapshot.Failure.self) { try ClusterSnapshot.restore(file, into: directory) }
    }
    let aside = try #require(try ClusterSnapshot.restore(file, into: directory))
    #expect(try await Self.names(directory) == ["early"])
    let other = TestServer.temporaryDirectory()
    try FileManager.default.moveItem(atPath: aside, toPath: other)
    #expect(try await Self.names(other) == ["early", "late"])
  }

  @Test func aSnapshotRestoresOverADamagedState() async throws {
    let directory = try await Self.cluster("kept")
    let file = TestServer.temporaryDirectory() + ".snapshot"
    try ClusterSnapshot.save(dataDirectory: directory, to: file)
    try Self.damage(directory, at: "\"name\":\"kept\"")
    // Neither is what is damaged saved over what is whole.
    #expect(throws: ClusterSnapshot.Failure.self) { try ClusterSnapshot.save(dataDirectory: directory, to: file) }
    _ = try ClusterSnapshot.restore(file, into: directory)
    #expect(try await Self.names(directory) == ["kept"])
  }

  @Test func whatIsNoSnapshotIsNotRestored() async throws {
    let directory = try await Self.cluster("kept")
    let file = TestServer.temporaryDirectory() + ".text"
    try Data("no snapshot".utf8).write(to: URL(filePath: file))
    #expect(throws: ClusterSnapshot.Failure.self) { try ClusterSnapshot.restore(file, into: directory) }
    #expect(throws: ClusterSnapshot.Failure.self) { try ClusterSnapshot.restore(file + ".missing", into: directory) }
    #expect(try await Self.names(directory) == ["kept"])
  }

  @Test func whatIsNestedTooDeeplyIsNotStored() async throws {
    let directory = TestServer.temporaryDirectory()
    do {
      let server = try await TestServer(directory: directory)
      let version: JSONValue = [
        "name": "v1", "served": true, "storage": true,
        "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
      ]
      try await server.send(
        .post, Path.definitions,
        [
          "metadata": ["name": "nests.example.com"],
          "spec": [
            "group": "example.com", "scope": "Namespaced", "versions": [version],
            "names": ["plural": "nests", "kind": "Nest"],
          ],
        ])
      let nests = "/apis/example.com/v1/namespaces/default/nests"
      func nest(_ name: String, _ levels: Int) -> JSONValue {
        ["metadata": ["name": .string(name)], "spec": (0..<levels).reduce(1) { inner, _ in ["in": inner] }]
      }
      #expect(try await server.send(.post, nests, nest("deep", 300)).status == 400)
      #expect(try await server.send(.post, nests, nest("shallow", 100)).status == 201)
    }
    let server = try await TestServer(directory: directory)
    #expect(try await server.send(.get, "/apis/example.com/v1/nests").names == ["shallow"])
  }
}
