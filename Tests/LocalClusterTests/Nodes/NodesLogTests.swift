import ChildProcesses
import Kubernetes
import KubernetesServer
import LocalCluster
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct NodesLogTests {
  /// A clock that goes on by a second each time somebody looks.
  final class Ticking: Sendable {
    private let seconds = Mutex(1_700_000_000.0)
    var now: Timestamp {
      seconds.withLock {
        $0 += 1; return Timestamp(seconds: $0)
      }
    }
  }

  private let directory: TemporaryDirectory
  private let store: LogStore
  private var pod = Pod()

  init() throws {
    directory = try TemporaryDirectory()
    let clock = Ticking()
    store = LogStore(
      dataDirectory: directory.path, limits: LogLimits(fileBytesMax: 600, rotatedFilesMax: 2), now: { clock.now })
    pod.metadata = ObjectMeta(name: "web", namespace: "default")
    pod.metadata.uid = "0001"
  }

  private func line(_ text: String, isPartial: Bool = false) -> LineSplitter.Line {
    LineSplitter.Line(bytes: Array(text.utf8), isPartial: isPartial)
  }

  private func read(_ edit: (inout LogOptions) -> Void = { _ in }) async throws -> String {
    var options = LogOptions()
    edit(&options)
    return try await NodesCluster.text(try store.read(pod.key, "app", options))
  }

  @Test func linesComeBackAsTheyWere() async throws {
    let log = try store.begin(pod, "app", restart: 0)
    log.append([line("one"), line("two ", isPartial: true)], .stdout)
    log.append([line("halves"), line("")], .stderr)
    #expect(try await read() == "one\ntwo halves\n\n")
    #expect(try await read { $0.tailLines = 1 } == "\n")
    #expect(try await read { $0.tailLines = 0 } == "")
    #expect(try await read { $0.tailLines = 100 } == "one\ntwo halves\n\n")
    #expect(try await read { $0.limitBytes = 5 } == "one\nt")
    #expect(try await read { $0.timestamps = true }.hasPrefix("2023-11-14T22:13:21.000000000Z one\n"))
    #expect(try await read { $0.since = Timestamp(seconds: 1_700_000_001.5) } == "halves\n\n")
    let raw = try PrivateDirectory.read(store.directory(of: pod) + "/app/0.log") ?? []
    #expect(String(decoding: raw, as: UTF8.self).hasPrefix("2023-11-14T22:13:21.000000000Z stdout F one\n"))
  }

  @Test func rotationKeepsTheNewestAndReadersSeeAllThatIsThere() async throws {
    let log = try store.begin(pod, "app", restart: 0)
    for number in 0..<60 { log.append([line("line \(number)")], .stdout) }
    let names = PrivateDirectory.entries(store.directory(of: pod) + "/app")
    #expect(names.count == 3, "the current file and two set aside")
    let text = try await read()
    #expect(text.hasSuffix("line 58\nline 59\n"))
    let numbers = text.split(separator: "\n").compactMap { Int($0.dropFirst(5)) }
    #expect(numbers == Array((numbers.first ?? 0)..<60), "nothing is missing in between")
    #expect(try await read { $0.tailLines = 20 }.split(separator: "\n").first == "line 40", "across files")
  }

  @Test func followersSeeEveryLineOverTwoQuickRotationsAndTheEnd() async throws {
    let log = try store.begin(pod, "app", restart: 0)
    log.append([line("line 0")], .stdout)
    var options = LogOptions()
    options.follow = true
    guard case .stream(let stream) = try store.read(pod.key, "app", options) else {
      Issue.record("a log is a stream")
      return
    }
    var iterator = stream.makeAsyncIterator()
    #expect(try await iterator.next() == Array("line 0\n".utf8))
    // The reader has the first file open; it is renamed twice over before it reads on.
    for number in 1..<25 { log.append([line("line \(number)")], .stdout) }
    log.close()
    var text = "line 0\n"
    while let chunk = try await iterator.next() { text += String(decoding: chunk, as: UTF8.self) }
    #expect(text.split(separator: "\n").map(String.init) == (0..<25).map { "line \($0)" })
  }

  @Test func previousRunsAndWhatIsNotThere() async throws {
    #expect(throws: APIError.self) { try store.read(pod.key, "app", LogOptions()) }
    try store.begin(pod, "app", restart: 0).append([line("first run")], .stdout)
    await #expect(throws: APIError.self) { try await read { $0.previous = true } }
    try store.begin(pod, "app", restart: 1).append([line("second run")], .stdout)
    #expect(try await read() == "second run\n")
    #expect(try await read { $0.previous = true } == "first run\n")
    try store.begin(pod, "app", restart: 2).append([line("third run")], .stdout)
    #expect(PrivateDirectory.entries(store.directory(of: pod) + "/app") == ["1.log", "2.log"])
    store.remove(pod)
    #expect(PrivateDirectory.entries(store.directory(of: pod)).isEmpty)
  }
}
