import Kubernetes
import KubernetesClient
import Testing

@Suite struct WatchTests {
  let api = ScriptedAPI()

  @Test func aCutWatchResumesWhereItWas() async throws {
    await api.serve(.pods)
    var events = client(api).watch(.pods, from: "100").makeAsyncIterator()
    await api.put(pod("a"), .pods)
    #expect(try await events.next()?.object[path: ["metadata", "name"]] == "a")
    await api.cutWatches()
    await api.put(pod("b"), .pods)
    await api.put(pod("a", node: "n"), .pods)
    let second = try await events.next()
    #expect(second?.kind == .added && second?.object[path: ["metadata", "name"]] == "b")
    #expect(try await events.next()?.kind == .modified)
    await api.cutWatches(with: TransportError(.connection, "reset"))
    await api.remove("default", "b", .pods)
    #expect(try await events.next()?.kind == .deleted)
    #expect(await api.requests.map { $0.query("resourceVersion") } == ["100", "101", "103"])
  }

  @Test func lostHistoryIsThrown() async throws {
    await api.serve(.pods)
    await api.loseHistory()
    await api.put(pod("a"), .pods)
    await api.loseHistory()
    var events = client(api).watch(.pods, from: "100").makeAsyncIterator()
    do {
      _ = try await events.next()
      Issue.record("should have thrown")
    } catch let error as APIError { #expect(error.code == 410) }
  }

  @Test func anEventMayComeInPieces() async throws {
    await api.serve(.pods)
    let stream = client(api).watch(.pods, from: "100")
    async let first: WatchEvent? = {
      var events = stream.makeAsyncIterator(); return try await events.next()
    }()
    await api.untilWatched(by: 1)
    let line = (["type": "BOOKMARK", "object": ["metadata": ["resourceVersion": "555"]]] as JSONValue).bytes
    for byte in line { await api.sendRaw([byte]) }
    await api.sendRaw([0x0A])
    #expect(try await first?.resourceVersion == "555")
  }

  @Test func linesAreCutAndLimited() throws {
    var splitter = LineSplitter(lineBytesMax: 5)
    #expect(try splitter.lines(adding: Array("ab".utf8)).isEmpty)
    #expect(
      try splitter.lines(adding: Array("c\n\nde\nf".utf8)).map { String(decoding: $0, as: UTF8.self) } == ["abc", "de"])
    #expect(try splitter.lines(adding: Array("\n".utf8)).map { String(decoding: $0, as: UTF8.self) } == ["f"])
    #expect(throws: TransportError.self) { try splitter.lines(adding: Array("abcdef".utf8)) }
  }

  @Test func stoppingToReadEndsTheWatch() async throws {
    await api.serve(.pods)
    let task = Task { for try await _ in client(api).watch(.pods, from: "100") {} }
    await api.untilWatched(by: 1)
    task.cancel()
    try await task.value
  }
}
