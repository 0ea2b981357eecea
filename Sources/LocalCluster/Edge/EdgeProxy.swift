public import ChildProcesses
import Kubernetes
public import Logging
import Mesh
import Synchronization

/// One Envoy where elsewhere an ALB and the nodes' ports are: it serves every NodePort on this machine's loopback
/// address and spreads requests over the ready pods.
public struct EdgeProxy: Sendable {
  private let command: Command
  private let watchdog: Watchdog
  private let logger: Logger

  /// - Parameters:
  ///   - envoy: the program's path.
  ///   - controlPlanePort: of the mesh's control plane, on 127.0.0.1.
  public init(envoy: String, controlPlanePort: Int, watchdog: Watchdog, logger: Logger) {
    let bootstrap = EdgeBootstrap.json(
      xdsHost: "127.0.0.1", xdsPort: controlPlanePort, adminAddress: "127.0.0.1", adminPort: 0)
    command = Command(
      envoy, ["--config-yaml", bootstrap.text, "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning"])
    self.watchdog = watchdog
    self.logger = logger
  }

  /// Keeps the proxy running until the task is cancelled; one that ends is started again after a second.
  /// - Parameter refusals: an element whenever the proxy refused what it was told, such as a port that another program
  ///   has at the moment. A refused listener is not offered again, so the proxy starts anew.
  public func run(refusals: AsyncStream<Void>) async {
    let current = Current()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in refusals {
          guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
          current.child.withLock { $0 }?.signal(15)
        }
      }
      group.addTask { await keep(current) }
    }
  }

  /// The proxy that runs now.
  private final class Current: Sendable {
    let child = Mutex<ChildProcess?>(nil)
  }

  private func keep(_ current: Current) async {
    while !Task.isCancelled {
      do {
        let child = try await ChildProcess.spawn(command, watchdog: watchdog)
        current.child.withLock { $0 = child }
        await withTaskGroup(of: Void.self) { group in
          group.addTask { await log(child.standardOutput) }
          group.addTask { await log(child.standardError) }
          let status = await withTaskCancellationHandler {
            await child.exit()
          } onCancel: {
            Task { await child.stop(graceSeconds: 2) }
          }
          if !Task.isCancelled { logger.warning("the edge proxy ended with \(status) and is started again") }
          await group.waitForAll()
        }
      } catch {
        logger.error("the edge proxy cannot be started: \(error)")
      }
      _ = try? await Task.sleep(for: .seconds(1))
    }
  }

  private func log(_ output: PipeReader) async {
    var splitter = LineSplitter()
    while let bytes = await output.next() {
      for line in splitter.take(bytes) { logger.warning("edge: \(String(decoding: line.bytes, as: UTF8.self))") }
    }
  }
}
