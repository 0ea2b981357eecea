import FoundationEssentials
import HTTPServing
import Kubernetes

/// A Kubernetes API server inside this process, for one machine: kubectl, client-go and the Python client accept it.
///
/// State is one SQLite file under the data directory; an acknowledged write survives the death of the process.
public final class EmbeddedAPIServer: Sendable {
  /// What an acknowledged write survives.
  public enum Durability: String, Sendable {
    /// The end of the process, and of the machine: each commit is flushed to the disk.
    case powerCut
    /// The end of the process; a machine that loses power may forget the last seconds, and nothing else.
    case process
  }

  public struct Configuration: Sendable {
    /// Holds `state.db`, `pki/`, `token`, `kubeconfig` and `lock`; made where it is missing.
    public var dataDirectory: String
    public var host: String
    /// 0 takes any free port.
    public var port: Int
    /// What an acknowledged write survives.
    public var durability: Durability
    /// Events older than this are forgotten, in seconds.
    public var eventLifetimeSeconds: Double
    /// The moment, for tests.
    public var clock: @Sendable () -> Timestamp
    /// What clients may ask of a connection. Bodies have a limit of their own, `RequestBody.bytesMax`.
    package var limits = HTTPLimits()

    public init(
      dataDirectory: String, host: String = "127.0.0.1", port: Int = 0, durability: Durability = .powerCut,
      eventLifetimeSeconds: Double = 3600,
      clock: @escaping @Sendable () -> Timestamp = { EmbeddedAPIServer.systemTime() }
    ) {
      self.dataDirectory = dataDirectory
      self.host = host
      self.port = port
      self.durability = durability
      self.eventLifetimeSeconds = eventLifetimeSeconds
      self.clock = clock
    }
  }

  /// What the server asks others for.
  public struct Providers: Sendable {
    /// What `metrics.k8s.io` shows.
    public var metrics: @Sendable () async -> ClusterView.Metrics
    /// A container's log; throws `APIError`.
    public var logs:
      @Sendable (_ pod: NamespacedName, _ container: String, _ options: LogOptions) async throws -> APIResponse.Body
    /// Runs a program in a container and gives its exit code back; the task is cancelled when the client is gone.
    public var exec: ContainerProgram
    /// The same for the process that runs there already.
    public var attach: ContainerProgram
    /// Connects to a port of a pod.
    public var portForward: @Sendable (_ pod: NamespacedName, _ port: UInt16) async throws -> any ByteStream
    /// Asked before anything else; nil where a request is not for it.
    public var routes: @Sendable (APIRequest) async -> APIResponse?

    public typealias ContainerProgram =
      @Sendable (
        _ pod: NamespacedName, _ container: String, _ options: ProgramOptions, _ streams: any ContainerStreams
      ) async throws -> Int32

    public init(
      metrics: @escaping @Sendable () async -> ClusterView.Metrics = { ClusterView.Metrics() },
      logs: @escaping @Sendable (NamespacedName, String, LogOptions) async throws -> APIResponse.Body = {
        pod, container, _ in
        throw APIError.badRequest("container \"\(container)\" in pod \"\(pod.name)\" has no log: nothing runs it")
      },
      exec: @escaping ContainerProgram = nothingRuns,
      attach: @escaping ContainerProgram = nothingRuns,
      portForward: @escaping @Sendable (NamespacedName, UInt16) async throws -> any ByteStream = { pod, _ in
        throw APIError.badRequest("nothing runs pod \"\(pod.name)\"")
      },
      routes: @escaping @Sendable (APIRequest) async -> APIResponse? = { _ in nil }
    ) {
      self.metrics = metrics
      self.logs = logs
      self.exec = exec
      self.attach = attach
      self.portForward = portForward
      self.routes = routes
    }

    /// For servers without nodes.
    public static let nothingRuns: ContainerProgram = { pod, container, _, _ in
      throw APIError.badRequest("nothing runs container \"\(container)\" of pod \"\(pod.name)\"")
    }
  }

  /// Namespaces that every cluster has.
  static let firstNamespaces = ["default", "kube-system", "kube-public", "sakigake-system"]

  /// What every cluster has from its beginning.
  private static let firstObjects: [(ResourceType, JSONValue)] =
    firstNamespaces.map { (.namespaces, ["metadata": ["name": .string($0)]]) }
    + PriorityClasses.system.sorted { $0.key < $1.key }.map { name, value in
      (
        .priorityClasses,
        [
          "metadata": ["name": .string(name)], "value": .integer(value),
          "description": "Used for system critical pods that must not be moved from their current node.",
        ]
      )
    }

  private let configuration: Configuration
  private let lock: DirectoryLock
  private let store: Store
  private let service: APIService
  private let token: BearerToken
  private let access: AccessControl
  private let authority: CertificateAuthority
  private let port = FirstValue<Int>()

  /// Opens or makes the state under the data directory.
  /// - Throws: errors that name the file and what is wrong with it; `DamagedState` where the state cannot be trusted.
  public init(_ configuration: Configuration, providers: Providers) async throws {
    self.configuration = configuration
    let directory = configuration.dataDirectory
    try PrivateFile.makeDirectory(directory)
    lock = try DirectoryLock(directory: directory)
    store = try Self.open(directory, configuration.durability)
    token = try BearerToken(path: directory + "/token")
    authority = try CertificateAuthority(directory: directory + "/pki", now: configuration.clock())
    access = try AccessControl(
      directory: directory + "/pki", administrator: token, rootCertificate: authority.certificatePEM, store: store,
      clock: configuration.clock)
    service = try APIService(store: store, access: access, providers: providers, clock: configuration.clock)
    for (type, object) in Self.firstObjects {
      let response = await service.handle(
        APIRequest(
          .post, type.path(), query: [("fieldManager", "sakigake")], body: object.bytes,
          user: .master("sakigake")))
      guard response.status == 201 || response.status == 409 else {
        let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
        throw APIError(
          code: response.status, reason: "InternalError", message: "\(type.kind) \"\(name)\" cannot be created")
      }
    }
    try await service.bootstrap()
  }

  /// The state in a data directory is not what was stored; nothing of it was touched.
  public struct DamagedState: Error, Sendable, CustomStringConvertible {
    public var description: String
  }

  private static func open(_ directory: String, _ durability: Durability) throws -> Store {
    do { return try Store(path: directory + "/state.db", durability: durability) } catch let failure as SQLiteFailure {
      guard failure.cause == .damaged else { throw failure }
      throw DamagedState(
        description: "\(failure). It was left as it is. A saved state is put in its place, and this one kept aside, by "
          + "`sakigake local snapshot restore FILE --data-dir \(directory)`")
    }
  }

  /// Answers a request of the same process, from `request.user`, who is taken to be who he says; most callers are a
  /// `UserInfo.master`.
  public func handle(_ request: APIRequest) async -> APIResponse {
    var response = await service.handle(request)
    if case .pulled(let body) = response.body { response.body = .stream(body.stream) }
    return response
  }

  /// Serves HTTPS, and writes `kubeconfig` into the data directory once it does; returns when cancelled.
  /// - Throws: where the port cannot be had or the certificate cannot be made.
  public func run() async throws {
    defer { port.set(0) }
    let tls = try authority.serverConfiguration(
      directory: configuration.dataDirectory + "/pki", host: configuration.host, now: configuration.clock())
    var serving = HTTPServer.Configuration(host: configuration.host, port: configuration.port, tls: tls)
    serving.headers = HTTPFront.headers
    serving.limits = configuration.limits
    serving.limits.bodyBytesMax = RequestBody.bytesMax
    let server = HTTPServer(serving, service: HTTPFront(authenticator: access.authenticator, service: service))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await server.run { [self] bound in
          try writeKubeconfig(port: bound)
          port.set(bound)
        }
      }
      group.addTask { [self] in await forgetOldEvents() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// The port that is served, as soon as it is; 0 where serving failed.
  public var boundPort: Int { get async { await port.value() } }

  /// The text of the kubeconfig for a port: with a secret in it.
  private func writeKubeconfig(port: Int) throws {
    let text = ServerKubeconfig.text(
      host: configuration.host, port: port, authority: authority.certificatePEM, user: "sakigake", .token(token.text))
    try PrivateFile.write(text, to: configuration.dataDirectory + "/kubeconfig")
  }

  /// Seconds between two looks at the events.
  private static let eventSweepSeconds = 60.0

  private func forgetOldEvents() async {
    while (try? await Task.sleep(for: .seconds(Self.eventSweepSeconds))) != nil {
      await service.forgetEvents(before: configuration.clock() - configuration.eventLifetimeSeconds)
    }
  }

  /// The system's clock, read here and nowhere else.
  public static func systemTime() -> Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }
}
