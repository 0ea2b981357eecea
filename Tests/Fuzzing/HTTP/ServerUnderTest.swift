import FoundationEssentials
import HTTPServing
import Kubernetes
import KubernetesServer
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// An embedded server of this process, served over TLS, whose time limits are short enough to be waited for.
package final class ServerUnderTest: Sendable {
  /// Within which the server must have answered or closed: its longest limit several times over, since the machine
  /// may be busy.
  package static let answerSecondsMax = 15.0

  package let server: EmbeddedAPIServer
  package let port: Int
  package let token: String
  private let directory: String
  private let authority: NIOSSLCertificate
  private let serving: Task<Void, any Error>
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  package static var limits: HTTPLimits {
    var limits = HTTPLimits()
    limits.handshakeSecondsMax = 1
    limits.headerSecondsMax = 1
    limits.idleSecondsMax = 1
    limits.bodySecondsMax = 1
    limits.stalledSecondsMax = 1
    limits.lingerSecondsMax = 1
    limits.headerBytesMax = 16 << 10
    return limits
  }

  /// Waits until the server serves: not to be called on a thread that tasks need.
  package init(limits: HTTPLimits = ServerUnderTest.limits) throws {
    let directory =
      FileManager.default.temporaryDirectory.path + "/sakigake-fuzz-\(UInt64.random(in: 0...UInt64.max))"
    let started = ConditionLock<Bool>(value: false)
    let result = Mutex<(server: EmbeddedAPIServer?, port: Int, failure: (any Error)?)>((nil, 0, nil))
    serving = Task {
      do {
        var configuration = EmbeddedAPIServer.Configuration(dataDirectory: directory)
        configuration.limits = limits
        let server = try await EmbeddedAPIServer(configuration, providers: .init())
        async let running: Void = server.run()
        let port = await server.boundPort
        result.withLock { ($0.server, $0.port) = (server, port) }
        started.lock()
        started.unlock(withValue: true)
        try await running
      } catch {
        result.withLock { $0.failure = error }
        started.lock()
        started.unlock(withValue: true)
      }
    }
    started.lock(whenValue: true)
    started.unlock()
    let (server, port, failure) = result.withLock { $0 }
    if let failure { throw failure }
    guard let server, port != 0 else { throw Finding("the server does not serve") }
    self.server = server
    self.port = port
    self.directory = directory
    func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: directory + path)), as: UTF8.self)
    }
    token = try text("/token").split(separator: "\n").first.map(String.init) ?? ""
    authority = try NIOSSLCertificate(bytes: Array(try text("/pki/ca.crt").utf8), format: .pem)
  }

  /// Waits for nothing: the last to let go may be the thread of a connection.
  deinit {
    serving.cancel()
    group.shutdownGracefully { _ in }
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// - Parameters:
  ///   - protocols: to be agreed on in the handshake; nil speaks no TLS.
  ///   - reads: false for a client that does not read, until it is told to.
  package func connect(_ protocols: [String]?, reads: Bool = true) throws -> RawConnection {
    let connection = RawConnection(to: self)
    let tls = try protocols.map { protocols in
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.trustRoots = .certificates([authority])
      configuration.certificateVerification = .noHostnameVerification
      configuration.applicationProtocols = protocols
      return try NIOSSLContext(configuration: configuration)
    }
    let opened = ClientBootstrap(group: group)
      .channelOption(.allowRemoteHalfClosure, value: false)
      .channelOption(.socketOption(.so_rcvbuf), value: 64 << 10)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(try NIOSSLClientHandler(context: tls, serverHostname: nil))
          }
          try channel.pipeline.syncOperations.addHandler(connection)
        }
      }
      .connect(host: "127.0.0.1", port: port)
    connection.opened(try opened.wait())
    if !reads { connection.stopReading() }
    return connection
  }
}
