import HTTPServing
import Kubernetes
import Synchronization

/// Paths that tests ask for.
struct TestService: HTTPService {
  let endless = EndlessBody()
  let quiet = QuietBody()

  func admit(_ request: inout APIRequest, authorization: String?, from peer: HTTPPeer) -> APIResponse? {
    authorization == "Bearer wrong" ? APIResponse(APIError(code: 401, reason: "Unauthorized", message: "no")) : nil
  }

  func isLongRunning(_ request: APIRequest) -> Bool { request.path == "/watch" }

  func answerNow(_ request: APIRequest) -> APIResponse? {
    switch request.path {
    case "/now": Self.text("now \(request.query("n") ?? "")")
    case "/large": Self.text(String(repeating: "0123456789abcdef", count: 20_000))
    case "/endless": APIResponse(status: 200, body: .pulled(endless))
    case "/watch": APIResponse(status: 200, body: .pulled(quiet))
    case "/channels": APIResponse(status: 101, body: .channels { stream in await Self.echo(stream) })
    default: nil
    }
  }

  /// What is not answered now.
  func answer(_ request: APIRequest) async -> APIResponse {
    switch request.path {
    case "/later":
      await Task.yield()
      return Self.text("later \(request.query("n") ?? "")")
    case "/length": return Self.text("\(request.method.rawValue) \(request.body.count)")
    default: return APIResponse(APIError(code: 404, reason: "NotFound", message: request.path))
    }
  }

  private static func text(_ text: String) -> APIResponse {
    APIResponse(status: 200, contentType: "text/plain", body: .bytes(Array(text.utf8)))
  }

  private static func echo(_ stream: any ChannelStream) async {
    do {
      for try await message in stream.messages {
        if message.bytes == Array("end".utf8) { return }
        try await stream.send(ChannelMessage(message.channel + 1, message.bytes))
      }
    } catch {}
  }
}

/// Gives as much as anybody takes.
final class EndlessBody: PulledBody {
  private let counter = Atomic(0)
  private let ends = AsyncStream<Void>.makeStream()

  var bytesPulled: Int { counter.load(ordering: .relaxed) }
  func onReady(_ wake: @escaping @Sendable () -> Void) {}
  func pull() -> BodyPiece {
    counter.add(10_000, ordering: .relaxed)
    return .bytes([UInt8](repeating: 0x78, count: 10_000))
  }
  func cancel() { ends.continuation.finish() }
  func untilCancelled() async { for await _ in ends.stream {} }
}

/// A watch on which nothing happens.
final class QuietBody: PulledBody {
  func onReady(_ wake: @escaping @Sendable () -> Void) {}
  func pull() -> BodyPiece { .later }
  func cancel() {}
}

/// Serves while `body` runs, in the clear.
func serving(
  _ change: (inout HTTPLimits) -> Void = { _ in }, _ body: @Sendable (Int, TestService) async throws -> Void
) async throws {
  let service = TestService()
  var configuration = HTTPServer.Configuration(host: "127.0.0.1", port: 0, tls: nil)
  configuration.limits.bodyBytesMax = 1000
  configuration.limits.shutdownSecondsMax = 0.5
  change(&configuration.limits)
  let server = HTTPServer(configuration, service: service)
  let (ports, bound) = AsyncStream<Int>.makeStream()
  let running = Task { try await server.run { bound.yield($0) } }
  for await port in ports {
    do { try await body(port, service) } catch {
      running.cancel()
      throw error
    }
    break
  }
  running.cancel()
  try await running.value
}
