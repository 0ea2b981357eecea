import Kubernetes
import NIOCore

/// Port-forward over SPDY: for each connection of its own the client opens a pair of streams, `error` and `data`, with
/// the same `requestID` and `port` (`portforward/httpstream.go` in the kubelet). Used on its event loop only.
final class SPDYPorts {
  static let version = "portforward.k8s.io"
  /// For the second stream of a pair.
  private static let pairSecondsMax = 30.0
  private static let pairsMax = 256

  private let session: SPDYSession
  private let connect: PortConnector
  private let connections: ConnectionLoop
  private var halves: [String: SPDYStream] = [:]

  init(_ session: SPDYSession, _ connect: @escaping PortConnector, _ connections: ConnectionLoop) {
    self.session = session
    self.connect = connect
    self.connections = connections
    session.onStream = { self.take($0) }
    session.onEnd = { self.halves = [:] }
  }

  private func take(_ stream: SPDYStream) -> Bool {
    guard let port = stream.header("port").flatMap({ UInt16($0) }), port > 0, let type = stream.header("streamtype"),
      type == "error" || type == "data"
    else { return false }
    let request = stream.header("requestid") ?? Self.request(of: stream.identifier, type)
    guard let other = halves.removeValue(forKey: request) else {
      guard halves.count < Self.pairsMax else { return false }
      halves[request] = stream
      let bound = NIOLoopBound(self, eventLoop: connections.loop)
      connections.loop.scheduleTask(in: .seconds(Self.pairSecondsMax)) {
        guard let lonely = bound.value.halves[request], lonely === stream else { return }
        bound.value.halves[request] = nil
        bound.value.session.reset(stream)
      }
      return true
    }
    guard other.header("streamtype") != type else { return false }
    let (data, errors) = type == "data" ? (stream, other) : (other, stream)
    connections.run { [connect] in await Self.forward(data, errors, port, connect) }
    return true
  }

  /// Clients before requestID open both streams one after the other, the error stream first.
  private static func request(of identifier: UInt32, _ type: String) -> String {
    String(type == "error" ? Int(identifier) : Int(identifier) - 2)
  }

  private static func forward(
    _ data: SPDYStream, _ errors: SPDYStream, _ port: UInt16, _ connect: PortConnector
  ) async {
    do {
      let target = try await connect(port)
      await data.forwarded(to: target)
      await errors.close()
    } catch {
      try? await errors.send(Array("\(error)".utf8))
      await errors.finishSending()
      await data.reset()
      await errors.reset()
    }
  }
}
