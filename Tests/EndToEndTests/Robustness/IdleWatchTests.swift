import Foundation
import Kubernetes
import KubernetesClient
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension EndToEnd {
  /// Ten thousand watchers, each on a TLS connection of its own, of objects that do not change.
  @Suite(.serialized) struct IdleWatchTests {
    static let watches = 10_000
    /// What all of them may cost the server, in bytes: TLS takes most of it.
    static let bytesMax = 1 << 30

    @Test func tenThousandIdleWatchesLeaveTheServerQuick() async throws {
      try Self.raiseOpenFilesLimit(to: Self.watches + 500)
      try await Cluster.withDirectory { cluster in
        let server = try await ServingProcess.start(in: cluster.directory)
        let kubeconfig = try Kubeconfig.load(path: cluster.kubeconfig, context: nil)
        let transport = try kubeconfig.transport(userAgent: "idle-watches")
        let before = try Self.memoryBytes(server.pid)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
          try await Self.check(kubeconfig, transport, group, server.pid, before)
        } catch {
          server.kill()
          try await group.shutdownGracefully()
          throw error
        }
        server.kill()
        _ = await server.ended
        try await group.shutdownGracefully()
      }
    }

    static func check(
      _ kubeconfig: Kubeconfig, _ transport: any KubernetesTransport, _ group: MultiThreadedEventLoopGroup,
      _ pid: Int32,
      _ before: Int
    ) async throws {
      let watchers = try await IdleWatchers.open(watches, kubeconfig, on: group)
      #expect(watchers.begun == watches)
      let used = try memoryBytes(pid) - before
      let seconds = try await secondsOfSlowestRequest(transport)
      print(
        "\(watches) idle watches: \(used >> 20) MiB, \(used / watches) bytes each; slowest of 200 requests \(seconds) s"
      )
      #expect(used < bytesMax)
      #expect(seconds < 1, "others wait for \(seconds) s")
      // One change reaches all of them.
      let object: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "seen-by-all"]]
      let response = try await transport.send(
        APIRequest(.post, "/api/v1/namespaces/kube-public/configmaps", body: object.bytes))
      #expect(response.status == 201)
      try await eventually("every watcher sees the change", within: .seconds(30)) { watchers.informed >= watches }
      #expect(watchers.lost == 0)
    }

    private static func secondsOfSlowestRequest(_ transport: any KubernetesTransport) async throws -> Double {
      var slowest = Duration.zero
      for _ in 0..<200 {
        let start = ContinuousClock.now
        let response = try await transport.send(APIRequest(.get, "/api/v1/namespaces/default"))
        _ = try await response.gathered()
        #expect(response.status == 200)
        slowest = max(slowest, ContinuousClock.now - start)
      }
      return Double(slowest.components.seconds) + Double(slowest.components.attoseconds) / 1e18
    }

    private static func memoryBytes(_ pid: Int32) throws -> Int {
      let entry = try #require(ProcessTable.entry(pid))
      return ProcessTable.memoryBytes(of: [entry])
    }

    private static func raiseOpenFilesLimit(to count: Int) throws {
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      guard limit.rlim_cur < count else { return }
      limit.rlim_cur = min(limit.rlim_max, rlim_t(count))
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      guard limit.rlim_cur >= count else {
        throw Shell.Failed(
          description: "\(count) open files are needed, \(limit.rlim_max) are allowed: raise `ulimit -Hn`")
      }
    }
  }
}

/// Watches that only count what comes.
final class IdleWatchers: Sendable {
  private let beginnings = Atomic(0)
  private let informedCount = Atomic(0)
  private let losses = Atomic(0)

  var begun: Int { beginnings.load(ordering: .relaxed) }
  var informed: Int { informedCount.load(ordering: .relaxed) }
  var lost: Int { losses.load(ordering: .relaxed) }

  /// Connections that are being opened at one time: a backlog holds no more.
  private static let openingMax = 64

  static func open(_ count: Int, _ kubeconfig: Kubeconfig, on group: MultiThreadedEventLoopGroup) async throws
    -> IdleWatchers
  {
    let watchers = IdleWatchers()
    guard let url = URL(string: kubeconfig.server), let host = url.host(), let port = url.port,
      let authority = kubeconfig.certificateAuthority
    else { throw Shell.Failed(description: "the kubeconfig lacks a server or its CA") }
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authority))
    configuration.certificateVerification = .noHostnameVerification
    configuration.applicationProtocols = ["http/1.1"]
    let tls = try NIOSSLContext(configuration: configuration)
    let request = """
      GET /api/v1/namespaces/kube-public/configmaps?watch=true&timeoutSeconds=3600 HTTP/1.1\r
      Host: \(host)\r
      Authorization: Bearer \(kubeconfig.user.token ?? "")\r
      \r

      """
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for opened in 0..<count {
        if opened >= openingMax { try await tasks.next() }
        tasks.addTask {
          let begun = group.any().makePromise(of: Void.self)
          _ = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
              channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                  try NIOSSLClientHandler(context: tls, serverHostname: nil))
                try channel.pipeline.syncOperations.addHandler(Watcher(watchers, request, begun))
              }
            }
            .connect(host: host, port: port).get()
          try await begun.futureResult.get()
        }
      }
      try await tasks.waitForAll()
    }
    return watchers
  }

  private final class Watcher: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let watchers: IdleWatchers
    private let request: String
    private let begun: EventLoopPromise<Void>
    private var hasBegun = false

    init(_ watchers: IdleWatchers, _ request: String, _ begun: EventLoopPromise<Void>) {
      self.watchers = watchers
      self.request = request
      self.begun = begun
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case TLSUserEvent.handshakeCompleted = event {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: request)), promise: nil)
      }
      context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let text = String(buffer: unwrapInboundIn(data))
      if !hasBegun, text.hasPrefix("HTTP/1.1 200") {
        hasBegun = true
        watchers.beginnings.add(1, ordering: .relaxed)
        begun.succeed()
      }
      if text.contains("seen-by-all") { watchers.informedCount.add(1, ordering: .relaxed) }
    }

    func channelInactive(context: ChannelHandlerContext) {
      watchers.losses.add(1, ordering: .relaxed)
      begun.fail(ChannelError.eof)
    }
  }
}
