#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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

  static func text(_ path: String, what: String) throws -> String {
    String(decoding: try read(path, what: what), as: UTF8.self).trimmedOfSpace
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
