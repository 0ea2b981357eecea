#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file operation that failed, with the file and the system's reason.
struct FileFailure: Error, CustomStringConvertible {
  var operation: String
  var path: String
  var code: Int32

  var description: String { "cannot \(operation) \(path): \(String(cString: strerror(code)))" }
}

/// Files that only their owner may read: keys, the token, the kubeconfig.
enum PrivateFile {
  /// Makes a directory, and those above it that are missing, for the owner alone.
  static func makeDirectory(_ path: String) throws {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex, access(path, F_OK) != 0 {
      try makeDirectory(String(path[..<slash]))
    }
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw FileFailure(operation: "create", path: path, code: errno) }
  }

  /// Makes an empty file where there is none, and takes it from everybody else.
  static func touch(_ path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFailure(operation: "open", path: path, code: errno) }
    defer { close(descriptor) }
    guard fchmod(descriptor, 0o600) == 0 else { throw FileFailure(operation: "protect", path: path, code: errno) }
  }

  /// - Returns: nil where there is no such file.
  static func read(_ path: String) throws -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw FileFailure(operation: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = readBytes(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw FileFailure(operation: "read", path: path, code: errno) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Writes beside the file and moves the new text in its place, so that nobody reads half of it.
  static func write(_ text: String, to path: String) throws {
    let draft = path + ".new"
    unlink(draft)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFailure(operation: "create", path: draft, code: errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw FileFailure(operation: "write", path: draft, code: errno) }
      written += count
    }
    guard fsync(descriptor) == 0, rename(draft, path) == 0 else {
      throw FileFailure(operation: "write", path: path, code: errno)
    }
  }
}

/// Holds a data directory against other processes, until it is let go or the process ends.
final class DirectoryLock: Sendable {
  private let descriptor: Int32

  init(directory: String) throws {
    let path = directory + "/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFailure(operation: "open", path: path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw FileFailure(operation: "hold (is another server running on it?)", path: directory, code: code)
    }
  }

  deinit { close(descriptor) }
}

private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

private func writeBytes(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
