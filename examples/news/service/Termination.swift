@preconcurrency import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum Termination {
  /// Returns at the first SIGTERM or SIGINT.
  static func requested() async {
    let (requests, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
    for await _ in requests { break }
    sources.forEach { $0.cancel() }
  }
}
