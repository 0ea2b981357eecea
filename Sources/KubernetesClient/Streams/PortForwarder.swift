import Kubernetes
import NIOCore
import NIOPosix

/// A port of this machine (of its loopback address only) that leads to a port of a pod, as `kubectl port-forward` makes
/// it.
public final class PortForwarder: Sendable {
  public static let connectionsMax = 128

  private typealias Local = NIOAsyncChannel<ByteBuffer, ByteBuffer>
  private let client: KubernetesClient
  private let pod: NamespacedName
  private let podPort: Int
  private let listener: NIOAsyncChannel<Local, Never>
  private let report: @Sendable (any Error) -> Void

  /// The port of 127.0.0.1 that is listened on.
  public var port: Int { listener.channel.localAddress?.port ?? 0 }

  /// Listens; nothing is accepted before `run`.
  /// - Parameters:
  ///   - localPort: 0 for any that is free.
  ///   - report: called for connections that failed.
  public init(
    client: KubernetesClient, pod: NamespacedName, port: Int, localPort: Int = 0,
    report: @escaping @Sendable (any Error) -> Void = { _ in }
  ) async throws {
    self.client = client
    self.pod = pod
    podPort = port
    self.report = report
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .bind(host: "127.0.0.1", port: localPort) { channel in
        channel.eventLoop.makeCompletedFuture {
          try Local(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
  }

  /// Forwards until the task is cancelled.
  public func run() async throws {
    try await listener.executeThenClose { connections in
      await withDiscardingTaskGroup { group in
        let open = ConnectionCount(max: Self.connectionsMax)
        do {
          for try await local in connections {
            guard open.enter() else {
              try? await local.channel.close()
              continue
            }
            group.addTask {
              defer { open.leave() }
              do { try await self.forward(local) } catch { self.report(error) }
            }
          }
        } catch { self.report(error) }
        group.cancelAll()
      }
    }
  }

  private func forward(_ local: Local) async throws {
    try await local.executeThenClose { incoming, outgoing in
      let remote = try await client.connect(to: pod, port: podPort)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          // The end of what the local side sends cannot be told to the pod: its answer is still waited for.
          for try await chunk in incoming { try await remote.send(Array(buffer: chunk)) }
        }
        do {
          for try await chunk in remote.incoming { try await outgoing.write(ByteBuffer(bytes: chunk)) }
        } catch {
          await remote.close()
          throw error
        }
        outgoing.finish()
        group.cancelAll()
      }
      await remote.close()
    }
  }
}
