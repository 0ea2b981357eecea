/// How a build reads files: from a disc, or from a tree in memory.
///
/// Paths are absolute, their parts separated by `/`.
public struct FileTree: Sendable {
  public enum Kind: Sendable { case file, directory }

  /// The path with every symbolic link followed, and what is there; nil where nothing is.
  public var resolve: @Sendable (String) -> (path: String, kind: Kind)?
  /// A file's bytes; nil where it cannot be read.
  public var read: @Sendable (String) -> [UInt8]?

  public init(
    resolve: @escaping @Sendable (String) -> (path: String, kind: Kind)?,
    read: @escaping @Sendable (String) -> [UInt8]?
  ) {
    self.resolve = resolve
    self.read = read
  }

  /// A tree in memory: texts by their absolute path.
  public init(memory files: [String: [UInt8]]) {
    var directories: Set<String> = ["/"]
    for path in files.keys {
      var parts = path.pieces("/")
      while !parts.isEmpty {
        parts.removeLast()
        directories.insert("/" + parts.joined(separator: "/"))
      }
    }
    let known = directories
    self.init(
      resolve: { path in
        let clean = FilePath.clean(path)
        if files[clean] != nil { return (clean, .file) }
        return known.contains(clean) ? (clean, .directory) : nil
      }, read: { files[$0] })
  }
}

/// Paths as texts.
enum FilePath {
  /// Without `.`, `..` and doubled slashes. A relative path stays one.
  static func clean(_ path: String) -> String {
    let isAbsolute = path.hasPrefix("/")
    var parts: [Substring] = []
    for part in path.pieces("/") {
      switch part {
      case ".": continue
      case "..":
        if let last = parts.last, last != ".." {
          parts.removeLast()
        } else if !isAbsolute {
          parts.append(part)
        }
      default: parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
  }

  static func join(_ base: String, _ path: String) -> String {
    base.isEmpty ? clean(path) : clean(base + "/" + path)
  }

  static func lastPart(_ path: String) -> String { path.pieces("/").last.map(String.init) ?? path }

  /// Whether a path is a directory, or in or below it.
  static func isInside(_ path: String, _ directory: String) -> Bool {
    directory == "/" || path == directory || path.hasPrefix(directory + "/")
  }

  /// Whether a text is the address of something that is not on this machine
  /// (`NewRepoSpecFromURL` of kustomize's api/internal/git/repospec.go).
  static func isRemote(_ path: String) -> Bool {
    path.contains("://") || path.hasPrefix("git@") || path.hasPrefix("git::") || path.hasPrefix("gh:")
      || path.hasPrefix("github.com/") || path.hasPrefix("github.com:") || path.contains(".git/")
      || path.contains("?ref=")
  }
}

/// The directory of a kustomization, from which its files are read.
struct Root {
  let files: FileTree
  /// With links followed.
  let path: String
  /// As messages name it.
  let shownPath: String
  let allowsFilesOutside: Bool
  /// The directories that led here.
  let visited: [String]

  /// The most kustomizations that may lead from one to the next.
  static let depthMax = 64

  static func top(
    _ path: String, shownAs shownPath: String, files: FileTree, allowsFilesOutside: Bool
  ) throws(KustomizeError) -> Root {
    guard let found = files.resolve(path) else {
      throw KustomizeError(file: shownPath, "'\(shownPath)' doesn't exist")
    }
    guard found.kind == .directory else {
      throw KustomizeError(file: shownPath, "is a file", remedy: "name the directory that holds its kustomization")
    }
    return Root(
      files: files, path: found.path, shownPath: shownPath, allowsFilesOutside: allowsFilesOutside, visited: [])
  }

  func shown(_ path: String) -> String {
    path.hasPrefix("/") ? path : FilePath.join(shownPath == "." ? "" : shownPath, path)
  }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : FilePath.join(self.path, path) }

  func kind(of path: String) -> FileTree.Kind? { files.resolve(absolute(path))?.kind }

  /// - Parameter place: where the file is named.
  func load(_ path: String, namedAt place: Place) throws(KustomizeError) -> [UInt8] {
    if FilePath.isRemote(path), path.hasPrefix("http://") || path.hasPrefix("https://") {
      throw Self.remote(path, place)
    }
    guard !path.isEmpty else { throw KustomizeError(at: place, "a path is empty") }
    guard let found = files.resolve(absolute(path)) else {
      throw KustomizeError(at: place, "'\(shown(path))' doesn't exist")
    }
    guard found.kind == .file else { throw KustomizeError(at: place, "\(shown(path)) is a directory, not a file") }
    guard allowsFilesOutside || FilePath.isInside(found.path, self.path) else {
      throw KustomizeError(
        at: place, "security; file '\(shown(path))' is not in or below '\(shownPath)'",
        remedy: "move it there, or allow it with --load-restrictor=LoadRestrictionsNone")
    }
    guard let bytes = files.read(found.path) else {
      throw KustomizeError(.unreadable, file: shown(path), "the file cannot be read")
    }
    return bytes
  }

  static func remote(_ path: String, _ place: Place) -> KustomizeError {
    KustomizeError(
      at: place, "\(path) is not on this machine, and nothing is fetched from a network here",
      remedy: "fetch it first and name the local copy")
  }

  /// The directory of another kustomization.
  func child(_ path: String, namedAt place: Place) throws(KustomizeError) -> Root {
    guard let found = files.resolve(absolute(path)) else {
      if FilePath.isRemote(path) { throw Self.remote(path, place) }
      throw KustomizeError(at: place, "'\(shown(path))' doesn't exist")
    }
    guard found.kind == .directory else {
      throw KustomizeError(at: place, "must build at directory: '\(shown(path))' is a file")
    }
    guard !path.hasPrefix("/") else {
      throw KustomizeError(
        at: place, "the directory \(path) is named by an absolute path", remedy: "use a relative one")
    }
    for directory in visited + [self.path] where FilePath.isInside(directory, found.path) {
      throw KustomizeError(
        at: place, "a cycle: \(shown(path)) is or contains \(directory), whose kustomization led here")
    }
    guard visited.count < Self.depthMax else {
      throw KustomizeError(at: place, "more than \(Self.depthMax) kustomizations lead from one to the next")
    }
    return Root(
      files: files, path: found.path, shownPath: shown(path), allowsFilesOutside: allowsFilesOutside,
      visited: visited + [self.path])
  }
}
