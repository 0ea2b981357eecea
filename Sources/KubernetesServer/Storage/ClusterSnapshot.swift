import SQLiteShim

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Copies of a cluster's state: all its objects as they were at one moment, in one file.
///
/// Keys and the token stay with the data directory; what a restored cluster signs, it signs with its own.
public enum ClusterSnapshot {
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public var description: String
  }

  /// Writes the state of a data directory into a file, whether its cluster runs or not.
  /// - Throws: `Failure` where there is no state, where it is damaged, or where the file cannot be written; then there
  ///   is no new file.
  public static func save(dataDirectory: String, to target: String) throws(Failure) {
    let source = dataDirectory + "/state.db"
    guard access(source, F_OK) == 0 else {
      throw Failure(description: "\(dataDirectory) holds no cluster: there is no \(source)")
    }
    try copied(from: source, to: target + ".new")
    guard rename(target + ".new", target) == 0 else { throw system("write", target) }
  }

  /// Puts a saved state in the place of a data directory's own, which is kept beside it.
  /// - Returns: the directory that the old state is in now; nil where there was none.
  /// - Throws: `Failure` where the file is no snapshot, where the cluster runs, or where something cannot be written;
  ///   then the old state is still in its place.
  public static func restore(_ file: String, into dataDirectory: String) throws(Failure) -> String? {
    guard access(file, F_OK) == 0 else { throw Failure(description: "there is no \(file)") }
    let lock: DirectoryLock
    do {
      try PrivateFile.makeDirectory(dataDirectory)
      lock = try DirectoryLock(directory: dataDirectory)
    } catch {
      throw Failure(description: "\(error): end the cluster before its state is replaced")
    }
    return try withExtendedLifetime(lock) { () throws(Failure) -> String? in
      let draft = dataDirectory + "/state.db.restored"
      try copied(from: file, to: draft)
      let aside = try setAside(dataDirectory)
      guard rename(draft, dataDirectory + "/state.db") == 0 else { throw system("write", dataDirectory + "/state.db") }
      try flush(dataDirectory)
      return aside
    }
  }

  /// Moves the state's files into a directory of their own.
  private static func setAside(_ dataDirectory: String) throws(Failure) -> String? {
    guard access(dataDirectory + "/state.db", F_OK) == 0 else { return nil }
    var number = 1
    var aside: String { "\(dataDirectory)/replaced-\(number)" }
    while mkdir(aside, 0o700) != 0 {
      guard errno == EEXIST else { throw system("create", aside) }
      number += 1
    }
    // The log first: a state without its log would lack what was written last.
    for name in ["state.db-wal", "state.db-shm", "state.db"] {
      guard rename("\(dataDirectory)/\(name)", "\(aside)/\(name)") == 0 || errno == ENOENT else {
        throw system("move", "\(dataDirectory)/\(name)")
      }
    }
    return aside
  }

  /// A checked copy in one file, without a log beside it.
  private static func copied(from source: String, to target: String) throws(Failure) {
    unlink(target)
    do {
      try PrivateFile.touch(target)
      let from = try SQLiteFile(source, .readWrite)
      let to = try SQLiteFile(target, .readWrite)
      try from.copy(to: to)
      try to.execute("PRAGMA journal_mode = DELETE")
      try StateSchema.check(to)
      guard try to.integer("PRAGMA user_version") == StateSchema.version else {
        throw Failure(description: "\(source) is not the state of a cluster, or of another version of this program")
      }
      try StateFile.verify(to)
    } catch {
      for suffix in ["", "-wal", "-shm", "-journal"] { unlink(target + suffix) }
      throw error as? Failure ?? Failure(description: "\(error)")
    }
    try flush(target)
  }

  private static func flush(_ path: String) throws(Failure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw system("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw system("write", path) }
  }

  private static func system(_ operation: String, _ path: String) -> Failure {
    Failure(description: "\(FileFailure(operation: operation, path: path, code: errno))")
  }
}
