import Kubernetes
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// Serves requests to an `HTTPService` over HTTP/1.1 and, with TLS, HTTP/2.
///
/// Every connection lives on one of a few event loops; what a service answers at once is written in the same turn.
package struct HTTPServer: Sendable {
  package struct Configuration: Sendable {
    package var host: String
    /// 0 takes any free port.
    package var port: Int
    /// Nil serves HTTP/1.1 in the clear.
    package var tls: TLSConfiguration?
    package var limits = HTTPLimits()
    /// Fields that every answer has.
    package var headers: [(name: String, value: String)] = []
    package var threads = 2

    package init(host: String, port: Int, tls: TLSConfiguration?) {
      self.host = host
      self.port = port
      self.tls = tls
    }
  }

  private static let backlog: Int32 = 1024

  private let configuration: Configuration
  private let service: any HTTPService

  package init(_ configuration: Configuration, service: any HTTPService) {
    self.configuration = configuration
    self.service = service
  }

  /// Serves until the task is cancelled: then no connection is accepted, idle ones are closed, watches end, and what
  /// is being answered has `shutdownSecondsMax` to be.
  /// - Parameter onServing: called with the port once it is served.
  /// - Throws: where the port cannot be had or TLS cannot be set up; what `onServing` throws.
  package func run(onServing: (Int) async throws -> Void) async throws {
    var tls = configuration.tls
    tls?.applicationProtocols = ["h2", "http/1.1"]
    let tlsContext = try tls.map { try NIOSSLContext(configuration: $0) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
    do {
      try await serve(on: group, tlsContext, onServing)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
    try await group.shutdownGracefully()
  }

  private func serve(
    on group: MultiThreadedEventLoopGroup, _ tls: NIOSSLContext?, _ onServing: (Int) async throws -> Void
  ) async throws {
    var loops: [NIOLoopBound<ConnectionLoop>] = []
    for loop in group.makeIterator() {
      loops.append(
        try await loop.submit { [limits = configuration.limits] in
          let connections = ConnectionLoop(loop, limits: limits)
          connections.start()
          return NIOLoopBound(connections, eventLoop: loop)
        }.get())
    }
    let acceptor = Acceptor(
      service: service, tls: tls, limits: configuration.limits, fixedHeaders: FixedHeaders(configuration.headers),
      loops: loops)
    let listener: any Channel
    do {
      listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: Self.backlog)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { acceptor.accept($0) }
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelOption(
          .writeBufferWaterMark,
          value: .init(low: configuration.limits.unsentBytesMax / 2, high: configuration.limits.unsentBytesMax)
        )
        .bind(host: configuration.host, port: configuration.port).get()
    } catch {
      await acceptor.shutDown()
      throw error
    }
    do {
      try await onServing(listener.localAddress?.port ?? configuration.port)
      let (never, end) = AsyncStream<Void>.makeStream()
      listener.closeFuture.whenComplete { _ in end.finish() }
      for await _ in never {}
    } catch {
      try? await listener.close().get()
      await acceptor.shutDown()
      throw error
    }
    try? await listener.close().get()
    await acceptor.shutDown()
  }
}
