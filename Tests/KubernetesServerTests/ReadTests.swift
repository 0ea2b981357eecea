import Kubernetes
import KubernetesServer
import Testing

@Suite struct ListTests {
  @Test func pagesCoverTheListOnce() async throws {
    let server = try await TestServer()
    for index in 10..<25 { try await server.send(.post, Path.configMaps, Sample.configMap("c\(index)")) }
    var names: [String] = []
    var token = ""
    var versions: Set<String> = []
    repeat {
      let page = try await server.send(.get, Path.configMaps, query: [("limit", "4"), ("continue", token)])
      names += page.names
      versions.insert(page.version)
      token = page.value["metadata"]?["continue"]?.stringValue ?? ""
      #expect(page.names.count == 4 || token.isEmpty)
      // Somebody writes between two pages.
      try await server.send(.post, Path.configMaps, Sample.configMap("b\(names.count)"))
    } while !token.isEmpty
    #expect(names == (10..<25).map { "c\($0)" })
    #expect(versions.count == 1, "all pages carry the version from which a watch goes on")
    #expect(try await server.send(.get, Path.configMaps, query: [("continue", "%%%")]).status == 400)
  }

  /// Few objects are answered in one piece, however large that is.
  @Test func fewLargeObjectsAreListed() async throws {
    let server = try await TestServer()
    let large = JSONValue.string(String(repeating: "x", count: 8 << 10))
    for index in 10..<50 {
      try await server.send(.post, Path.configMaps, Sample.configMap("c\(index)", data: ["key": large]))
    }
    #expect(try await server.send(.get, Path.configMaps).names == (10..<50).map { "c\($0)" })
  }

  @Test func selectorsSelect() async throws {
    let server = try await TestServer()
    for (name, tier) in [("a", "web"), ("b", "db"), ("c", "")] {
      try await server.send(
        .post, Path.configMaps, Sample.configMap(name, labels: tier.isEmpty ? [:] : ["tier": .string(tier)]))
    }
    for (selector, expected) in [
      ("tier=web", ["a"]), ("tier==web", ["a"]), ("tier!=web", ["b", "c"]), ("tier in (web, db)", ["a", "b"]),
      ("tier notin (web)", ["b", "c"]), ("tier", ["a", "b"]), ("!tier", ["c"]), ("tier,tier!=db", ["a"]),
    ] {
      let found = try await server.send(.get, Path.configMaps, query: [("labelSelector", selector)]).names
      #expect(found == expected, "\(selector)")
    }
    #expect(try await server.send(.get, Path.configMaps, query: [("labelSelector", "=x")]).status == 400)
    #expect(try await server.send(.get, Path.configMaps, query: [("fieldSelector", "metadata.name=b")]).names == ["b"])
    #expect(try await server.send(.get, Path.configMaps, query: [("fieldSelector", "data.key=b")]).status == 400)
  }

  @Test func tablesAndMetadataAreForms() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    let table = try await server.send(
      .get, Path.configMaps, query: [("fieldSelector", "metadata.name=a")],
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
    #expect(table.value["kind"] == "Table" && table.value["rows"]?.arrayValue?.count == 1)
    let partial = try await server.send(
      .get, Path.configMaps, accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
    #expect(partial.value["kind"] == "PartialObjectMetadataList")
    #expect(partial.value["items"]?.arrayValue?.first?["data"] == nil)
    let preferred = try await server.send(
      .get, Path.configMaps, accept: "application/vnd.kubernetes.protobuf,application/json")
    #expect(preferred.value["kind"] == "ConfigMapList")
  }
}

@Suite struct WatchTests {
  @Test func aWatchWithoutAVersionStartsWithWhatIsThere() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    let watch = try await server.watch(Path.configMaps)
    #expect(try await watch.next() == "ADDED a")
    try await server.send(.post, Path.configMaps, Sample.configMap("b"))
    #expect(try await watch.next() == "ADDED b")
    try await server.patch("\(Path.configMaps)/b", .merge, ["data": ["key": "new"]])
    #expect(try await watch.next() == "MODIFIED b")
    try await server.send(.delete, "\(Path.configMaps)/b")
    #expect(try await watch.next() == "DELETED b")
  }

  @Test func aWatchGoesOnFromAVersion() async throws {
    let server = try await TestServer()
    let first = try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    try await server.send(.post, Path.configMaps, Sample.configMap("b"))
    try await server.send(.delete, "\(Path.configMaps)/a")
    let watch = try await server.watch(Path.configMaps, query: [("resourceVersion", first.version)])
    #expect(try await watch.next() == "ADDED b")
    #expect(try await watch.next() == "DELETED a")
  }

  @Test func aSelectorSeesObjectsEnterAndLeave() async throws {
    let server = try await TestServer()
    let watch = try await server.watch(Path.configMaps, query: [("labelSelector", "tier=web")])
    try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    try await server.patch("\(Path.configMaps)/a", .merge, ["metadata": ["labels": ["tier": "web"]]])
    #expect(try await watch.next() == "ADDED a")
    try await server.patch("\(Path.configMaps)/a", .merge, ["metadata": ["labels": ["tier": "db"]]])
    #expect(try await watch.next() == "DELETED a")
  }

  @Test func whatLeavesIsShownAsItWasLastSeen() async throws {
    let server = try await TestServer()
    let watch = try await server.watch(Path.configMaps, query: [("labelSelector", "tier=web")])
    try await server.send(.post, Path.configMaps, Sample.configMap("a", labels: ["tier": "web"]))
    _ = try await watch.next()
    let change: JSONValue = ["metadata": ["labels": ["tier": "db"]], "data": ["key": "new"]]
    let left = try await server.patch("\(Path.configMaps)/a", .merge, change)
    let event = try await watch.nextEvent()
    #expect(event?["type"] == "DELETED")
    #expect(event?[path: ["object", "metadata", "labels"]] == ["tier": "web"])
    #expect(event?[path: ["object", "data"]] == ["key": "value"])
    #expect(event?[path: ["object", "metadata", "resourceVersion"]] == .string(left.version))
  }

  @Test func aWatchOfANamespaceSeesNoOther() async throws {
    let server = try await TestServer()
    try await server.send(.post, "/api/v1/namespaces", ["metadata": ["name": "other"]])
    let watch = try await server.watch(Path.configMaps)
    let everywhere = try await server.watch("/api/v1/configmaps")
    try await server.send(.post, "/api/v1/namespaces/other/configmaps", Sample.configMap("b"))
    try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    #expect(try await watch.next() == "ADDED a")
    #expect(try await everywhere.next() == "ADDED b")
  }

  @Test func manyWatchesSeeOneWrite() async throws {
    let server = try await TestServer()
    var watches: [TestWatch] = []
    for _ in 0..<200 { watches.append(try await server.watch(Path.configMaps)) }
    try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    for watch in watches { #expect(try await watch.next() == "ADDED a") }
  }

  @Test func initialEventsEndWithABookmark() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    let watch = try await server.watch(
      Path.configMaps,
      query: [
        ("sendInitialEvents", "true"), ("allowWatchBookmarks", "true"), ("resourceVersionMatch", "NotOlderThan"),
      ])
    #expect(try await watch.next() == "ADDED a")
    let end = try await watch.nextEvent()
    #expect(end?["type"] == "BOOKMARK")
    #expect(end?[path: ["object", "metadata", "annotations", "k8s.io/initial-events-end"]] == "true")
  }

  @Test func aForgottenVersionIsGone() async throws {
    let directory = TestServer.temporaryDirectory()
    var version = ""
    do {
      let server = try await TestServer(directory: directory)
      version = try await server.send(.post, Path.configMaps, Sample.configMap("a")).version
      try await server.send(.post, Path.configMaps, Sample.configMap("b"))
    }
    let server = try await TestServer(directory: directory)
    let watch = try await server.watch(Path.configMaps, query: [("resourceVersion", version)])
    #expect(try await watch.next() == "ERROR 410")
    #expect(try await watch.next() == "end")
    let future = try await server.send(.get, Path.configMaps, query: [("resourceVersion", "999999")])
    #expect(future.status == 504)
  }

  @Test func aWatchEndsInTime() async throws {
    let server = try await TestServer()
    let watch = try await server.watch(Path.configMaps, query: [("timeoutSeconds", "1")])
    #expect(try await watch.next() == "end")
  }
}
