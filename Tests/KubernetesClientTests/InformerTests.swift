import Kubernetes
import KubernetesClient
import Synchronization
import Testing

@Suite struct InformerTests {
  let api = ScriptedAPI()

  /// Runs an informer beside `body` and ends it afterwards.
  func following<O: JSONConvertible>(_ informer: Informer<O>, _ body: (Informer<O>) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await informer.run() }
      try await informer.waitUntilSynced()
      try await body(informer)
      group.cancelAll()
    }
  }

  func pods(streamsList: Bool = false) -> Informer<Pod> {
    Informer(
      Pod.self, client: client(api), indexes: [.init("node") { $0.spec.nodeName.isEmpty ? [] : [$0.spec.nodeName] }],
      streamsList: streamsList)
  }

  static func told(_ event: Informer<Pod>.Event?) -> String {
    switch event {
    case .added(let pod): "+\(pod.name)"
    case .updated(let old, let new): "~\(new.name) \(old.spec.nodeName)>\(new.spec.nodeName)"
    case .deleted(let pod): "-\(pod.name)"
    case nil: "end"
    }
  }

  @Test func objectsAreFoundByNameAndByIndex() async throws {
    await api.serve(.pods)
    await api.put(pod("a", node: "n1"), .pods)
    await api.put(pod("b", node: "n2"), .pods)
    try await following(pods()) { informer async throws in
      #expect(informer.hasSynced && informer.count == 2 && informer.resourceVersion == "102")
      #expect(try informer.object("a", namespace: "default")?.spec.nodeName == "n1")
      #expect(try informer.object("a", namespace: "other") == nil)
      #expect(try informer.objects("node", "n2").map(\.name) == ["b"])
      var events = informer.events().makeAsyncIterator()
      #expect(Set([Self.told(await events.next()), Self.told(await events.next())]) == ["+a", "+b"])
      await api.put(pod("b", node: "n1"), .pods)
      #expect(Self.told(await events.next()) == "~b n2>n1")
      #expect(try informer.objects("node", "n1").map(\.name) == ["a", "b"])
      #expect(try informer.objects("node", "n2").isEmpty)
      await api.remove("default", "a", .pods)
      #expect(Self.told(await events.next()) == "-a")
      #expect(informer.keys == [NamespacedName("default", "b")])
    }
  }

  @Test func aSlowReaderFindsTheSumOfWhatHappened() async throws {
    await api.serve(.pods)
    await api.put(pod("a"), .pods)
    try await following(pods()) { informer async throws in
      var events = informer.events().makeAsyncIterator()
      #expect(Self.told(await events.next()) == "+a")
      let witness = informer.events()
      for node in ["n1", "n2", "n3"] { await api.put(pod("a", node: node), .pods) }
      await api.put(pod("gone"), .pods)
      await api.remove("default", "gone", .pods)
      await api.put(pod("last"), .pods)
      for await event in witness where Self.told(event) == "+last" { break }
      #expect(Self.told(await events.next()) == "~a >n3")
      #expect(Self.told(await events.next()) == "+last")
    }
  }

  @Test func anotherObjectOfTheNameIsTwoEvents() async throws {
    func born(_ uid: String) -> JSONValue {
      var object = pod("a")
      object[path: ["metadata", "uid"]] = .string(uid)
      return object
    }
    await api.serve(.pods)
    await api.put(born("1"), .pods)
    try await following(pods()) { informer async throws in
      var events = informer.events().makeAsyncIterator()
      #expect(Self.told(await events.next()) == "+a")
      let witness = informer.events()
      await api.remove("default", "a", .pods)
      await api.put(born("2"), .pods)
      await api.put(pod("last"), .pods)
      for await event in witness where Self.told(event) == "+last" { break }
      let rest = [await events.next(), await events.next(), await events.next()].map(Self.told)
      #expect(rest == ["-a", "+a", "+last"])
    }
  }

  @Test func lostHistoryTellsDifferencesOnly() async throws {
    await api.serve(.pods)
    for name in ["a", "b", "c"] { await api.put(pod(name), .pods) }
    try await following(pods()) { informer async throws in
      var events = informer.events().makeAsyncIterator()
      for _ in 0..<3 { _ = await events.next() }
      await api.untilWatched(by: 1)
      await api.cutWatches()
      await api.remove("default", "a", .pods)
      await api.put(pod("b", node: "n"), .pods)
      await api.loseHistory()
      let seen = Set([Self.told(await events.next()), Self.told(await events.next())])
      #expect(seen == ["-a", "~b >n"])
    }
  }

  @Test func managedFieldsAreLeftOut() async throws {
    await api.serve(.configMaps)
    var map: JSONValue = ["metadata": ["name": "m", "namespace": "default", "labels": ["app": "x"]]]
    map[path: ["metadata", "managedFields"]] = [["manager": "kubectl"]]
    await api.put(map, .configMaps)
    let informer = Informer<DynamicObject>(client: client(api), resource: .configMaps)
    try await following(informer) { informer async throws in
      let object = try #require(try informer.objects().first)
      #expect(object["metadata", "managedFields"] == nil && object.labels == ["app": "x"] && object.key.name == "m")
    }
  }

  @Test func aRefusedStreamIsListedInPages() async throws {
    await api.serve(.pods)
    await api.put(pod("a"), .pods)
    await api.answer(422) { $0.query("sendInitialEvents") == "true" }
    try await following(pods(streamsList: true)) { #expect($0.count == 1) }
    let requests = await api.requests
    #expect(requests[0].query("resourceVersionMatch") == "NotOlderThan")
    #expect(requests[1].query("watch") == nil && requests[1].query("limit") == "500")
  }

  @Test func aStreamedListIsWholeAtItsBookmark() async throws {
    await api.serve(.pods)
    let informer = pods(streamsList: true)
    let running = Task { await informer.run() }
    await api.untilWatched(by: 1)
    func line(_ type: String, _ object: JSONValue) -> [UInt8] {
      (["type": .string(type), "object": object] as JSONValue).bytes + [0x0A]
    }
    await api.sendRaw(line("ADDED", pod("a")))
    #expect(!informer.hasSynced)
    // A cut before the end makes what came void.
    await api.cutWatches()
    await api.untilWatched(by: 1)
    await api.sendRaw(line("ADDED", pod("b")))
    await api.sendRaw(
      line("BOOKMARK", ["metadata": ["resourceVersion": "900", "annotations": ["k8s.io/initial-events-end": "true"]]]))
    try await informer.waitUntilSynced()
    #expect(informer.keys.map(\.name) == ["b"] && informer.resourceVersion == "900")
    running.cancel()
    await running.value
  }

  @Test func theEndEndsReaders() async throws {
    await api.serve(.pods)
    let informer = pods()
    let running = Task { await informer.run() }
    try await informer.waitUntilSynced()
    var events = informer.events().makeAsyncIterator()
    running.cancel()
    #expect(Self.told(await events.next()) == "end")
    let never = Informer(Pod.self, client: client(api))
    let waiting = Task { try await never.waitUntilSynced() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }
}
