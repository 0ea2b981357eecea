import FoundationEssentials

/// Paths that say nothing of the machine.
enum RepositoryPath {
  private static let levelsMax = 32

  /// A file's path from the root of its repository; where it is in none, from the directory of the platform's file; and
  /// where that is not above it, its name alone.
  static func of(_ file: String, below platform: String) -> String {
    let parts = components(of: file)
    for count in stride(from: parts.count - 1, through: max(0, parts.count - levelsMax), by: -1) {
      if Files.exists("/" + (parts.prefix(count) + [".git"]).joined(separator: "/")) {
        return parts.dropFirst(count).joined(separator: "/")
      }
    }
    let root = components(of: platform).dropLast()
    guard parts.starts(with: root) else { return parts.last ?? file }
    return parts.dropFirst(root.count).joined(separator: "/")
  }

  /// Of the absolute path, without `.` and `..`.
  private static func components(of path: String) -> [String] {
    var parts: [String] = []
    for part in Files.absolute(path).split(separator: "/").map(String.init) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts
  }
}
