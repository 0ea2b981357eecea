import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Every service of the example fleet is this one program: it holds a request for a stated time on one of a stated
/// number of slots, asks the services behind it, and answers. Its capacity is therefore known: slots ÷ service time.
@main
struct NewsService {
  static func main() async throws {
    let settings: Settings
    do {
      settings = try Settings(environment: ProcessEnvironment.all)
    } catch {
      write("news-service: \(error)\n", to: STDERR_FILENO)
      exit(2)
    }
    // A program that takes a while until it can serve, as most do.
    try await Task.sleep(for: .milliseconds(settings.startMilliseconds))

    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let server = try await loop.submit { NIOLoopBound(Server(settings: settings, loop: loop), eventLoop: loop) }.get()
    let listener = try await ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try server.value.configure(channel) }
      }
      .bind(host: settings.address, port: settings.port).get()
    write(
      "\(settings.name) serves \(settings.address):\(settings.port), \(settings.slots) × \(settings.serviceMilliseconds) ms\n"
    )

    await Termination.requested()
    write("\(settings.name) drains\n")
    try await listener.close()
    try await loop.flatSubmit { server.value.drain(within: .seconds(10)) }.get()
    write("\(settings.name) served \(try await loop.submit { server.value.served }.get()) requests\n")
    try await group.shutdownGracefully()
  }

  static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
    _ = text.withCString { unsafe_write(descriptor, $0, strlen($0)) }
  }
}

private func unsafe_write(_ descriptor: Int32, _ bytes: UnsafePointer<CChar>, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}
