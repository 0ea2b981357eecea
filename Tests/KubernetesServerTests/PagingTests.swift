import Kubernetes
import Testing

/// Lists in pages, of one moment, and of moments that are past.
@Suite struct PagingTests {
  private static func filled(_ count: Int, directory: String = TestServer.temporaryDirectory()) async throws
    -> TestServer
  {
    let server = try await TestServer(directory: directory)
    for index in 0..<count { try await server.send(.post, Path.configMaps, Sample.configMap(name(index))) }
    return server
  }

  private static func name(_ index: Int) -> String { "entry-\(1000 + index)" }

  private static func token(_ answer: TestServer.Answer) -> String {
    answer.value["metadata"]?["continue"]?.stringValue ?? ""
  }

  @Test func pagesShowTheMomentOfTheFirst() async throws {
    let server = try await Self.filled(25)
    let first = try await server.send(.get, Path.configMaps, query: [("limit", "10")])
    #expect(first.names == (0..<10).map(Self.name))
    // Every namespace has a map of its own with the authority's certificate, the last here.
    #expect(first.value[path: ["metadata", "remainingItemCount"]] == 16)
    try await server.send(.delete, "\(Path.configMaps)/\(Self.name(12))")
    try await server.send(.post, Path.configMaps, Sample.configMap("entry-1010-late"))
    try await server.patch("\(Path.configMaps)/\(Self.name(13))", .merge, ["data": ["key": "late"]])
    let second = try await server.send(
      .get, Path.configMaps, query: [("limit", "10"), ("continue", Self.token(first))])
    #expect(second.names == (10..<20).map(Self.name))
    #expect(second.value["items"]?.arrayValue?[3]["data"] == ["key": "value"])
    #expect(second.version == first.version)
    let third = try await server.send(
      .get, Path.configMaps, query: [("limit", "10"), ("continue", Self.token(second))])
    #expect(third.names == (20..<25).map(Self.name))
    #expect(Self.token(third).isEmpty)
  }

  @Test func anExpiredPageCanBeReadOnAsItIsNow() async throws {
    let directory = TestServer.temporaryDirectory()
    var token = ""
    do {
      let server = try await Self.filled(6, directory: directory)
      token = Self.token(try await server.send(.get, Path.configMaps, query: [("limit", "2")]))
      try await server.send(.delete, "\(Path.configMaps)/\(Self.name(3))")
    }
    // A server that was started anew knows no past.
    let server = try await TestServer(directory: directory)
    let gone = try await server.send(.get, Path.configMaps, query: [("limit", "2"), ("continue", token)])
    #expect(gone.status == 410)
    #expect(gone.reason == "Expired")
    let rest = try await server.send(.get, Path.configMaps, query: [("continue", Self.token(gone))])
    #expect(rest.names == [2, 4, 5].map(Self.name))
  }

  @Test func aPastVersionIsShownExactly() async throws {
    let server = try await Self.filled(3)
    let past = try await server.send(.get, Path.configMaps)
    try await server.send(.delete, "\(Path.configMaps)/\(Self.name(0))")
    try await server.patch("\(Path.configMaps)/\(Self.name(1))", .merge, ["data": ["key": "new"]])
    try await server.send(.post, Path.configMaps, Sample.configMap("later"))
    let exact = try await server.send(
      .get, Path.configMaps, query: [("resourceVersion", past.version), ("resourceVersionMatch", "Exact")])
    #expect(exact.value["items"] == past.value["items"])
    #expect(exact.version == past.version)
    // With a limit, a version is exact where the client does not say otherwise.
    let page = try await server.send(
      .get, Path.configMaps, query: [("resourceVersion", past.version), ("limit", "2")])
    #expect(page.names == [0, 1].map(Self.name))
    let newest = try await server.send(
      .get, Path.configMaps, query: [("resourceVersion", past.version), ("resourceVersionMatch", "NotOlderThan")])
    #expect(newest.names == [1, 2].map(Self.name) + ["later"])
    #expect(newest.version != past.version)
  }

  @Test func anyVersionIsAnsweredAsAWhole() async throws {
    let server = try await Self.filled(3)
    let all = try await server.send(.get, Path.configMaps, query: [("resourceVersion", "0"), ("limit", "1")])
    #expect(all.names.count == 3)
  }

  @Test(arguments: [
    [("resourceVersionMatch", "Exact")], [("resourceVersionMatch", "Exact"), ("resourceVersion", "0")],
    [("resourceVersionMatch", "Newest"), ("resourceVersion", "1")], [("sendInitialEvents", "true")],
    [("watch", "true"), ("sendInitialEvents", "true")],
    [("watch", "true"), ("resourceVersionMatch", "NotOlderThan")],
  ])
  func contradictionsAreInvalid(query: [(name: String, value: String)]) async throws {
    let server = try await TestServer()
    let answer = try await server.send(.get, Path.configMaps, query: query)
    #expect(answer.status == 422)
    #expect(answer.message.hasPrefix("ListOptions.meta.k8s.io \"\" is invalid: "))
  }

  @Test func numbersThatAreNoneAreRefused() async throws {
    let server = try await TestServer()
    #expect(try await server.send(.get, Path.configMaps, query: [("limit", "ten")]).status == 400)
    #expect(try await server.send(.get, Path.configMaps, query: [("continue", "ten")]).status == 400)
    // What is no version is the server's own failure, upstream.
    let version = try await server.send(.get, Path.configMaps, query: [("resourceVersion", "ten")])
    #expect(version.status == 500)
    #expect(version.message == #"resourceVersion: Invalid value: "ten": strconv.ParseUint: parsing "ten": invalid syntax"#)
  }

  @Test func longListsComeInPiecesThatMakeOneText() async throws {
    let server = try await Self.filled(200)
    let all = try await server.send(.get, Path.configMaps)
    #expect(all.names == (0..<200).map(Self.name))
    let table = try await server.send(
      .get, Path.configMaps, accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
    #expect(table.value["rows"]?.arrayValue?.count == 201)
    let selected = try await server.send(
      .get, Path.configMaps, query: [("fieldSelector", "metadata.name!=\(Self.name(7))")])
    #expect(selected.names.count == 199)
    let single = try await server.send(
      .get, "/api/v1/configmaps",
      query: [("fieldSelector", "metadata.name=\(Self.name(7)),metadata.namespace=default")])
    #expect(single.names == [Self.name(7)])
  }

  @Test func fewLargeObjectsComeInPiecesToo() async throws {
    let server = try await TestServer()
    for index in 0..<5 {
      let data: JSONValue = ["key": .string(String(repeating: "x", count: 100_000))]
      try await server.send(.post, Path.configMaps, Sample.configMap(Self.name(index), data: data))
    }
    #expect(try await server.send(.get, Path.configMaps).names == (0..<5).map(Self.name))
    #expect(try await server.send(.get, Path.configMaps, query: [("limit", "3")]).names == (0..<3).map(Self.name))
  }

  @Test func namespacesAreInTheOrderOfTheirKeys() async throws {
    let server = try await TestServer()
    for namespace in ["a", "a-b", "ab"] {
      try await server.send(.post, "/api/v1/namespaces", ["metadata": ["name": .string(namespace)]])
      try await server.send(.post, "/api/v1/namespaces/\(namespace)/configmaps", Sample.configMap("map"))
    }
    let named = (name: "fieldSelector", value: "metadata.name=map")
    let all = try await server.send(.get, "/api/v1/configmaps", query: [named])
    let namespaces = (all.value["items"]?.arrayValue ?? []).compactMap { $0["metadata"]?["namespace"]?.stringValue }
    // As etcd has `a-b/map` before `a/map`.
    #expect(namespaces.filter { $0.hasPrefix("a") } == ["a-b", "a", "ab"])
    #expect(try await server.send(.get, "/api/v1/namespaces/a/configmaps").names == ["map"])
    let first = try await server.send(.get, "/api/v1/configmaps", query: [named, ("limit", "1")])
    let second = try await server.send(
      .get, "/api/v1/configmaps", query: [named, ("limit", "1"), ("continue", Self.token(first))])
    #expect(second.value["items"]?.arrayValue?[0]["metadata"]?["namespace"] == "a")
  }
}
