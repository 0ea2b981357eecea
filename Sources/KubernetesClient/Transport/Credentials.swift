import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Who a client says it is. A token from a file is read again every minute, for clusters replace it.
final class Credentials: Sendable {
  private enum Source { case none, fixed(String), file(String) }
  private struct Cached { var token: String; var readAt: ContinuousClock.Instant }

  private let source: Source
  private let cached = Mutex<Cached?>(nil)
  private static let rereadAfter = Duration.seconds(60)

  init(token: String?, tokenFile: String?) {
    if let token {
      source = .fixed(token)
    } else if let tokenFile {
      source = .file(tokenFile)
    } else {
      source = .none
    }
  }

  func bearerToken() throws -> String? {
    switch source {
    case .none: return nil
    case .fixed(let token): return token
    case .file(let path):
      return try cached.withLock { cached in
        let now = ContinuousClock.now
        if let cached, now - cached.readAt < Self.rereadAfter { return cached.token }
        let token = try String(decoding: SmallFile.read(path, what: "the token file"), as: UTF8.self)
          .trimmedOfSpace
        cached = Cached(token: token, readAt: now)
        return token
      }
    }
  }
}

/// Reads the small files that credentials live in.
enum SmallFile {
  static let bytesMax = 1 << 20

  static func read(_ path: String, what: String) throws -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw KubeconfigError("cannot read \(what) \(path): it does not exist or may not be read")
    }
    guard data.count <= bytesMax else {
      throw KubeconfigError("\(what) \(path) is larger than \(bytesMax) bytes")
    }
    return data
  }
}

extension String {
  var trimmedOfSpace: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
